import { Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useLocation, useSearchParams } from "wouter";

import { Input } from "../blocks/Input";

/** Words, or clauses such as bpm:124 key:8A kind:loop; "/" leads here, Enter searches. */
export function SearchBox() {
  const [parameters] = useSearchParams();
  const [at, go] = useLocation();
  const asked = at === "/library" ? (parameters.get("q") ?? "") : "";
  const [text, setText] = useState(asked);
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => setText(asked), [asked]);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const typing = (event.target as HTMLElement).matches("input, textarea, select");
      if (event.key !== "/" || typing || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      box.current?.focus();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
  return (
    <form
      role="search"
      className="ml-auto w-80 min-w-0 max-desk:w-auto max-desk:flex-1"
      onSubmit={(event) => (event.preventDefault(), go(`/library?q=${encodeURIComponent(text.trim())}`))}
    >
      <Input
        ref={box}
        type="search"
        aria-label="Search"
        placeholder="Search, or bpm:124 key:8A kind:loop"
        value={text}
        onChange={(event) => setText(event.target.value)}
        icon={<Search className="size-4 shrink-0" aria-hidden />}
        end={<kbd className="max-desk:hidden">/</kbd>}
      />
    </form>
  );
}
