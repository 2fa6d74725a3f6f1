import { useEffect, useState } from "react";

import { formatNumber } from "../../text/number";

interface ShareProps {
  label: string;
  /** Of users, 0 to 100. */
  percent: number;
  /** Answers whether it was taken. */
  onSet: (percent: number) => Promise<boolean>;
}

const SETTLE_MS = 500; // a slider passes many values on its way: the one that it rests at is meant

/** A share of users, set where the slider comes to rest. */
export function Share({ label, percent, onSet }: ShareProps) {
  const [now, setNow] = useState(percent);
  useEffect(() => setNow(percent), [percent]);
  useEffect(() => {
    if (now === percent) return;
    const timer = setTimeout(() => void onSet(now).then((taken) => taken || setNow(percent)), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [now, percent]);
  return (
    <div className="flex items-center gap-3">
      <input type="range" aria-label={label} aria-valuetext={`${now} percent`} min={0} max={100} value={now} onChange={(event) => setNow(Number(event.target.value))} className="h-1 min-w-0 flex-1 accent-blue" />
      <span className="w-12 text-right">{formatNumber(now)} <span className="text-label text-dim">%</span></span>
    </div>
  );
}
