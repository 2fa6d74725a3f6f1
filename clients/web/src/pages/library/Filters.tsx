import { Plus, X } from "lucide-react";
import { useState, type FormEvent } from "react";

import { useFacets } from "../../api/useAudio";
import { useStatus } from "../../api/useStatus";
import { Button } from "../../blocks/Button";
import { Checkbox } from "../../blocks/Checkbox";
import { Input } from "../../blocks/Input";
import { Menu } from "../../blocks/Menu";
import { Select } from "../../blocks/Select";
import { Tabs } from "../../blocks/Tabs";
import { folderName } from "../../shell/Rail";
import { useNarrow } from "../../shell/useNarrow";
import { formatNumber } from "../../text/number";
import { queryOf, withClause, wordsOf, type Clause, type Field, type Search } from "../../text/search";

interface FiltersProps {
  /** The words stand in a field of their own, and need no chip. */
  typed?: boolean;
  search: Search;
  onChange: (search: Search) => void;
}

const KINDS = [["", "All"], ["loop", "Loops"], ["one-shot", "One-shots"], ["song", "Songs"]] as const;

/** The kinds as tabs, and every other clause of the search as a chip in plain words. */
export function Filters({ typed, search, onChange }: FiltersProps) {
  const { folders } = useStatus();
  const nameOf = (id: string) => {
    const folder = folders.answer?.find((one) => one.id === id);
    return folder ? folderName(folder) : id;
  };
  const drop = (clause: Clause) => onChange({ ...search, clauses: search.clauses.filter((one) => one !== clause) });
  return (
    <>
      <KindTabs search={search} onChange={onChange} />
      {search.words && !typed && <Chip name="Words" value={search.words} onDrop={() => onChange({ ...search, words: "" })} />}
      {search.clauses.filter((clause) => clause.field !== "kind").map((clause) => {
        const [name, value] = wordsOf(clause, nameOf);
        return <Chip key={`${clause.field} ${clause.value}`} name={name} value={value} onDrop={() => drop(clause)} />;
      })}
      <AddFilter search={search} onChange={onChange} />
    </>
  );
}

function KindTabs({ search, onChange }: FiltersProps) {
  const { answer } = useFacets(queryOf(withClause(search, "kind")), ["kind"]);
  const counts = answer?.of.get("kind");
  const narrow = useNarrow();
  const tabs = KINDS.map(([value, name]) => {
    const count = value ? counts?.get(value) : answer?.total;
    return { value: value as string, label: answer && !narrow ? `${name} ${formatNumber(count ?? 0)}` : name };
  });
  const kinds = search.clauses.filter((clause) => clause.field === "kind");
  const choose = (value: string) => onChange(withClause(search, "kind", value ? { value, near: false } : undefined));
  return <Tabs segments label="Kind" tabs={tabs} value={kinds.length === 1 ? (kinds[0]?.value ?? "") : ""} onChoose={choose} />;
}

function Chip({ name, value, onDrop }: { name: string; value: string; onDrop: () => void }) {
  return (
    <span className="inline-flex h-7 max-w-full items-center gap-2 rounded-control bg-chosen pr-1 pl-2.5 text-label whitespace-nowrap ring-1 ring-blue-text/35 ring-inset">
      <span className="text-[hsl(220_25%_76%)]">{name}</span>
      <span className="truncate">{value}</span>
      <button type="button" aria-label={`Remove ${name} ${value}`} onClick={onDrop} className="touch grid size-5 shrink-0 place-items-center rounded-tiny transition-colors hover:bg-line-2">
        <X className="size-3.5" aria-hidden />
      </button>
    </span>
  );
}

const CHOICES: readonly { value: Field; label: string; hint: string }[] = [
  { value: "bpm", label: "Tempo, BPM", hint: "120-130" },
  { value: "key", label: "Key", hint: "8A or A minor" },
  { value: "tag", label: "Tag", hint: "warm" },
  { value: "genre", label: "Genre", hint: "house" },
  { value: "mood", label: "Mood", hint: "calm" },
  { value: "instrument", label: "Instrument", hint: "drums" },
  { value: "lufs", label: "Loudness, LUFS", hint: "-14..-8" },
  { value: "length", label: "Length, s", hint: "0-30" },
  { value: "state", label: "State", hint: "failed" },
];
const NEAR: Partial<Record<Field, string>> = { bpm: "half or double too", key: "what fits it too" };

function AddFilter({ search, onChange }: FiltersProps) {
  const add = (clause: Clause) => onChange({ ...search, clauses: [...search.clauses, clause] });
  return (
    <Menu id="add-filter" kind="plain" label={<><Plus className="size-3.5" aria-hidden /> Filter</>}>
      {(close) => <FilterForm onAdd={(clause) => (close(), add(clause))} />}
    </Menu>
  );
}

function FilterForm({ onAdd }: { onAdd: (clause: Clause) => void }) {
  const [field, setField] = useState<Field>("bpm");
  const [near, setNear] = useState(false);
  const add = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const value = String(new FormData(event.currentTarget).get("value")).trim();
    if (value) onAdd({ field, value, near: near && NEAR[field] !== undefined });
  };
  return (
    <form onSubmit={add} className="flex w-60 flex-col gap-3 p-1">
      <Select label="What" choices={CHOICES} value={field} onChoose={setField} />
      <Input aria-label="Value" name="value" autoFocus placeholder={CHOICES.find((one) => one.value === field)?.hint} />
      {NEAR[field] && <span className="flex items-center gap-2 text-label"><Checkbox label={NEAR[field]} checked={near} onCheck={setNear} />{NEAR[field]}</span>}
      <Button type="submit" kind="primary">Add filter</Button>
    </form>
  );
}
