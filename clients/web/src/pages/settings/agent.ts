/** What a browser writes of itself holds several names; the first of these that is there is the one that it goes by. */
const BROWSERS: readonly [mark: RegExp, name: string][] = [
  [/\bEdgA?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\b(?:Firefox|FxiOS)\//, "Firefox"],
  [/\b(?:Chrome|Chromium|CriOS|HeadlessChrome)\//, "Chrome"],
  [/\bVersion\/\S+ .*Safari\//, "Safari"],
];
const SYSTEMS: readonly [mark: RegExp, name: string][] = [
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b|\bMacintosh\b/, "macOS"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bLinux\b/, "Linux"],
];

/** A client in words, by what it says that it is: "Firefox on Linux"; the first word of what is no browser's. */
export function agentInWords(agent: string | undefined): string {
  if (!agent?.trim()) return "A client without a name";
  const named = (names: typeof BROWSERS) => names.find(([mark]) => mark.test(agent))?.[1];
  const [browser, system] = [named(BROWSERS), named(SYSTEMS)];
  return browser ? [browser, system].filter(Boolean).join(" on ") : agent.trim().split(/\s+/)[0]!;
}
