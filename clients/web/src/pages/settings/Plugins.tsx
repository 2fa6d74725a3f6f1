import { useCallback, useState } from "react";

import { plugins as service, requestId } from "../../api/client";
import { useAuth } from "../../api/useAuth";
import { useAsked, useRefresh } from "../../api/useAsked";
import { classes } from "../../blocks/classes";
import { Switch } from "../../blocks/Switch";
import type { Analyzer, Plugin } from "../../generated/samplemind/v1/plugin_pb";
import { Fault } from "../../shell/Fault";
import { Parameters } from "./Parameters";
import { NotYours, Section } from "./Section";
import { StaleResults, useStale } from "./StaleResults";
import { useAct } from "./useAct";

const MOST = 1000; // in one answer

const listPlugins = async (signal: AbortSignal) => (await service.list({ pageSize: MOST }, { signal })).plugins;

/** The plugins that listen, and the parameters of their analyzers. */
export function Plugins() {
  const { isOwner } = useAuth();
  const found = useAsked(useCallback(listPlugins, []));
  const stale = useStale();
  const again = () => (found.again(), stale.again());
  useRefresh(["plugin."], again);
  const [chosen, choose] = useState<string>();
  const analyzers = found.answer?.flatMap((plugin) => plugin.analyzers) ?? [];
  const current = analyzers.find((one) => one.name === chosen) ?? analyzers.find((one) => one.parameters.some((parameter) => parameter.high !== undefined)) ?? analyzers[0];
  return (
    <Section id="plugins" title="Plugins" note="A change counts from the next sound on and marks what is stale; nothing restarts.">
      {found.refusal && <Fault refusal={found.refusal} again={again} />}
      {!isOwner && <NotYours>Plugins listen for everybody here, so only the owner sets them. What is stale of your sounds you can have made again.</NotYours>}
      <StaleResults stale={stale} />
      <div className="grid border-t border-line first:border-0 desk:grid-cols-2">
        <ul className="max-h-[480px] overflow-auto border-line [scrollbar-width:thin] max-desk:max-h-72 max-desk:border-b desk:border-r">
          {found.answer?.map((plugin) => <PluginRow key={`${plugin.name} ${plugin.origin}`} plugin={plugin} chosen={current?.name} mayChange={isOwner} onChoose={choose} onChange={again} />)}
        </ul>
        {current && <Parameters key={current.name} analyzer={current} mayChange={isOwner} sounds={Number(stale.answer?.total ?? 0n)} onSaved={again} />}
      </div>
    </Section>
  );
}

interface PluginRowProps {
  plugin: Plugin;
  chosen: string | undefined;
  mayChange: boolean;
  onChoose: (analyzer: string) => void;
  onChange: () => void;
}

function PluginRow({ plugin, chosen, mayChange, onChoose, onChange }: PluginRowProps) {
  const { busy, act } = useAct();
  const turn = (on: boolean) => {
    const which = { name: plugin.name, requestId: requestId() };
    void act<unknown>(() => (on ? service.enable(which) : service.disable(which)), `${plugin.name} is ${on ? "on" : "off"} from the next sound on`).then(onChange);
  };
  return (
    <li className="flex items-start gap-3 border-t border-line px-4 py-2.5 first:border-0">
      <span className="pt-0.5"><Switch label={plugin.name} on={plugin.enabled} disabled={!mayChange || busy} onSwitch={turn} /></span>
      <div className="min-w-0 flex-1">
        <div className={classes("flex gap-2 text-cell font-medium", !plugin.enabled && "text-dim")}>{plugin.name}<span className="truncate font-normal text-label leading-5 text-dim" title={plugin.origin}>{plugin.origin}{!plugin.enabled && ", off"}</span></div>
        {plugin.problem && <div className="text-label break-words text-bad">Cannot be used: {plugin.problem}</div>}
        <div className="-ml-1.5 flex flex-wrap gap-x-1 pt-0.5">{plugin.analyzers.map((one) => <AnalyzerButton key={one.name} analyzer={one} off={!plugin.enabled} chosen={one.name === chosen} onChoose={() => onChoose(one.name)} />)}</div>
      </div>
    </li>
  );
}

interface AnalyzerButtonProps {
  analyzer: Analyzer;
  /** With its plugin: no fault of its own. */
  off: boolean;
  chosen: boolean;
  onChoose: () => void;
}

function AnalyzerButton({ analyzer, off, chosen, onChoose }: AnalyzerButtonProps) {
  const bad = !!analyzer.problem && !off;
  return (
    <button
      type="button"
      aria-pressed={chosen}
      title={analyzer.problem || analyzer.description.split("\n\n")[0]}
      onClick={onChoose}
      className={classes("touch rounded-tiny px-1.5 text-label leading-5 transition-colors hover:bg-line aria-pressed:bg-chosen aria-pressed:text-text", bad ? "text-bad" : "text-dim")}
    >
      {analyzer.name} {analyzer.version}{bad && ": left out"}
    </button>
  );
}
