const MINUS = "\u2212";

/** A number with so many decimals, grouped by thousands, with a true minus sign. */
export function formatNumber(value: number, decimals = 0): string {
  const text = value.toLocaleString("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return text.replace(/^-(?=[0.,]*$)/, "").replace("-", MINUS);
}

/** Bytes as people say them: "96.0 MB"; thousands, not 1,024s. */
export function formatBytes(bytes: number | bigint): string {
  let value = Number(bytes);
  for (const unit of ["B", "kB", "MB", "GB"]) {
    if (value < 1000) return `${formatNumber(value, unit === "B" ? 0 : 1)} ${unit}`;
    value /= 1000;
  }
  return `${formatNumber(value, 1)} TB`;
}

/** "1 sound", "2 sounds". */
export function count(number: number | bigint, one: string, many = `${one}s`): string {
  return `${formatNumber(Number(number))} ${Number(number) === 1 ? one : many}`;
}
