import { Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import { Input } from "../../blocks/Input";

interface WordsBoxProps {
  words: string;
  onChange: (words: string) => void;
}

const SETTLE_MS = 250;

/** Filters by words of names and tags while they are typed. */
export function WordsBox({ words, onChange }: WordsBoxProps) {
  const [text, setText] = useState(words);
  const told = useRef(words);
  useEffect(() => {
    if (words === told.current) return; // what was typed here comes back by the address
    told.current = words;
    setText(words);
  }, [words]);
  useEffect(() => {
    const next = text.trim().replace(/\s+/g, " ");
    if (next === told.current) return;
    const timer = setTimeout(() => {
      told.current = next;
      onChange(next);
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return <Input type="search" aria-label="Filter by name or tag" placeholder="Name or tag" value={text} icon={<Search className="size-4 shrink-0" aria-hidden />} onChange={(event) => setText(event.target.value)} className="w-44 max-desk:w-auto max-desk:flex-1" />;
}
