import { timestampDate, type Timestamp } from "@bufbuild/protobuf/wkt";

import { formatNumber } from "./number";

/** A length as a clock shows it: "0:07.50", "3:34.20", "1:02:03". */
export function formatClock(seconds: number): string {
  const hundredths = Math.round(seconds * 100);
  const [hours, minutes] = [Math.floor(hundredths / 360_000), Math.floor(hundredths / 6000) % 60];
  const two = (value: number) => String(value).padStart(2, "0");
  if (hours) return `${hours}:${two(minutes)}:${two(Math.floor(hundredths / 100) % 60)}`;
  return `${minutes}:${two(Math.floor(hundredths / 100) % 60)}.${two(hundredths % 100)}`;
}

const STEPS: [seconds: number, unit: string][] = [[86_400, "d"], [3600, "h"], [60, "min"], [1, "s"]];

/** How long ago something was: "4 s ago"; "never" where it was not. */
export function formatAgo(at: Timestamp | undefined, now = Date.now()): string {
  if (!at) return "never";
  const seconds = Math.max(0, Math.round((now - timestampDate(at).getTime()) / 1000));
  const [size, unit] = STEPS.find(([size]) => seconds >= size) ?? [1, "s"];
  return seconds ? `${formatNumber(Math.floor(seconds / size))} ${unit} ago` : "just now";
}

/** A day: "14 November", with the year where it is not this one. */
export function formatDay(at: Timestamp, now = new Date()): string {
  const date = timestampDate(at);
  const year = date.getFullYear() === now.getFullYear() ? {} : ({ year: "numeric" } as const);
  return date.toLocaleDateString("en-GB", { day: "numeric", month: "long", ...year });
}
