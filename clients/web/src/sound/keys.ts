/** The twelve hours of the Camelot wheel: the minor key and the major key of each. */
export const HOURS: readonly [minor: string, major: string][] = [
  ["G#", "B"], ["D#", "F#"], ["A#", "C#"], ["F", "G#"], ["C", "D#"], ["G", "A#"],
  ["D", "F"], ["A", "C"], ["E", "G"], ["B", "D"], ["F#", "A"], ["C#", "E"],
];

/** The Camelot hour of a key such as "A minor": "8A"; nothing where it is no key. */
export function camelotOf(key: string): string | undefined {
  const [tonic, mode] = key.split(" ");
  const hour = HOURS.findIndex(([minor, major]) => tonic === (mode === "minor" ? minor : major));
  return hour < 0 || (mode !== "minor" && mode !== "major") ? undefined : `${hour + 1}${mode === "minor" ? "A" : "B"}`;
}

/** The key of a Camelot hour: "8A" is "A minor". */
export function keyOf(camelot: string): string {
  const pair = HOURS[Number.parseInt(camelot) - 1];
  if (!pair) return "";
  return camelot.endsWith("A") ? `${pair[0]} minor` : `${pair[1]} major`;
}

/** "A minor" as "Am", "C major" as "C", with true sharps. */
export function shortKey(name: string): string {
  return sharp(name.replace(" minor", "m").replace(" major", ""));
}

/** Sharps as they are printed. */
export function sharp(name: string): string {
  return name.replace("#", "\u266f");
}

/** The hue of a Camelot hour, in degrees of OKLCH: neighbours on the wheel are neighbours in hue, 8A is cyan. */
export function keyHue(camelot: string): number {
  return (Number.parseInt(camelot) * 30 + 315) % 360;
}

/** The colour of a key; grey where there is none. */
export function keyColour(camelot: string | undefined): string {
  if (!camelot) return "hsl(220 10% 45%)";
  return `oklch(${camelot.endsWith("A") ? 0.7 : 0.82} 0.115 ${keyHue(camelot)})`;
}

/** The hours that go with one, itself first: an hour up and down, and the other mode. */
export function fits(camelot: string): string[] {
  const [hour, mode] = [Number.parseInt(camelot), camelot.slice(-1)];
  return [camelot, `${(hour % 12) + 1}${mode}`, `${((hour + 10) % 12) + 1}${mode}`, `${hour}${mode === "A" ? "B" : "A"}`];
}
