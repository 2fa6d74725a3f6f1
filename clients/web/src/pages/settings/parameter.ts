import type { Parameter } from "../../generated/samplemind/v1/plugin_pb";
import { formatNumber } from "../../text/number";

type Bounds = Pick<Parameter, "type" | "unit"> & Partial<Pick<Parameter, "low" | "high">>;

const isNumber = (type: string) => type === "float" || type === "int";

/** The value of a parameter as it is written in a field. */
export function textOf({ valueJson, type }: Pick<Parameter, "valueJson" | "type">): string {
  const value: unknown = JSON.parse(valueJson || "null");
  return value === null ? "" : isNumber(type) || typeof value !== "string" ? String(value) : value;
}

/** What is written in a field as the JSON that the daemon takes. */
export function jsonOf({ type }: Pick<Parameter, "type">, text: string): string {
  if (isNumber(type)) return String(Number(text)); // ".5" is a number, and no JSON
  return type === "bool" ? text : JSON.stringify(text);
}

/** What is wrong with what is written, in a sentence; nothing if it will do. */
export function faultOf({ type, low, high, unit }: Bounds, text: string): string | undefined {
  if (type === "File") return !text || text.startsWith("/") ? undefined : "A full path begins with /";
  if (!isNumber(type)) return undefined;
  const value = Number(text);
  if (!text.trim() || !Number.isFinite(value)) return "A number is needed";
  if (type === "int" && !Number.isInteger(value)) return "A whole number is needed";
  if ((low === undefined || value >= low) && (high === undefined || value <= high)) return undefined;
  const bound = (number: number) => `${formatNumber(number, Number.isInteger(number) ? 0 : 2)}${unit && ` ${unit}`}`;
  if (low === undefined) return `At most ${bound(high!)}`;
  return high === undefined ? `At least ${bound(low)}` : `From ${bound(low)} to ${bound(high)}`;
}

/** How far a slider goes in a step: about a hundredth of its way, a power of ten. */
export function stepOf({ type, low = 0, high = 1 }: Omit<Bounds, "unit">): number {
  return type === "int" ? 1 : 10 ** Math.floor(Math.log10((high - low || 1) / 100));
}
