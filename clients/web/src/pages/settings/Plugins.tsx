import { useCallback, useState } from "react";

import { library, plugins as service, requestId } from "../../api/client";
import { useAuth } from "../../api/useAuth";
import { useAsked, useRefresh } from "../../api/useAsked";
import { Button } from "../../blocks/Button";
import { classes } from "../../blocks/classes";
import { Switch } from "../../blocks/Switch";
import type { Analyzer, Plugin } from "../../generated/samplemind/v1/plugin_pb";
import { count, formatNumber } from "../../text/number";
import { Parameters } from "./Parameters";
import { Section } from "./Section";
import { useAct } from "./useAct";

/** The plugins that listen, and the parameters of their analyzers. */
export function Plugins() {
  const { isOwner } = useAuth();
  const found = useAsked(useCallback(async (signal: AbortSignal) => (await service.list({}, { signal })).plugins, []));
  const stale = useAsked(useCallback(async (signal: AbortSignal) => (await library.previewReanalyze({}, { signal })).sounds, []));
  const again = () => (found.again(), stale.again());
  useRefresh(["plugin."], again);
  const [chosen, choose] = useState<string>();
  const analyzers = found.answer?.flatMap((plugin) => plugin.analyzers) ?? [];
  const current = analyzers.find((one) => one.name === chosen) ?? analyzers.find((one) => one.parameters.length);
  const { busy, act } = useAct();
  const makeAgain = () => act(() => library.reanalyzeStale({ requestId: requestId(), query: {} }), "Queued what is stale");
  const note = stale.answer ? `${count(stale.answer, "sound has", "sounds have")} stale results.` : "";
  return (
    <Section
      id="plugins"
      title="Plugins"
      note={`A change marks what is stale; nothing restarts. ${note}`}
      act={!!stale.answer && <Button size="small" busy={busy} onClick={() => void makeAgain()}>Analyse {formatNumber(Number(stale.answer))} again</Button>}
    >
      <div className="grid desk:grid-cols-2">
        <ul className="max-h-[480px] overflow-auto border-line [scrollbar-width:thin] desk:border-r">
          {found.answer?.map((plugin) => <PluginRow key={plugin.name} plugin={plugin} chosen={current?.name} mayChange={isOwner} onChoose={choose} onChange={again} />)}
        </ul>
        {current && <Parameters key={current.name} analyzer={current} mayChange={isOwner} onSaved={again} />}
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
    void act(() => (on ? service.enable(which) : service.disable(which)), `${plugin.name} is ${on ? "on" : "off"}`).then(onChange);
  };
  return (
    <li className="flex items-start gap-3 border-t border-line px-4 py-2.5 first:border-0">
      <span className="pt-0.5"><Switch label={plugin.name} on={plugin.enabled} disabled={!mayChange || busy} onSwitch={turn} /></span>
      <div className="min-w-0 flex-1">
        <div className={classes("text-cell font-medium", !plugin.enabled && "text-dim")}>{plugin.name} <span className="font-normal text-label text-dim">{plugin.origin}</span></div>
        {plugin.problem && <div className="text-label text-bad">{plugin.problem}</div>}
        <div className="flex flex-wrap gap-x-1 pt-0.5">{plugin.analyzers.map((one) => <AnalyzerButton key={one.name} analyzer={one} chosen={one.name === chosen} onChoose={() => onChoose(one.name)} />)}</div>
      </div>
    </li>
  );
}

function AnalyzerButton({ analyzer, chosen, onChoose }: { analyzer: Analyzer; chosen: boolean; onChoose: () => void }) {
  return (
    <button
      type="button"
      aria-pressed={chosen}
      title={analyzer.problem || analyzer.description}
      onClick={onChoose}
      className={classes("rounded-tiny px-1.5 text-label leading-5 transition-colors hover:bg-line aria-pressed:bg-soft aria-pressed:text-text", analyzer.problem ? "text-bad" : "text-dim")}
    >
      {analyzer.name} {analyzer.version}
    </button>
  );
}
