import type { SampleMindError } from "../api/refusal";

/** What can be done about it, by reason, where the daemon's own sentence does not say so. */
const ADVICE: Readonly<Record<string, string>> = {
  OWNERS_ONLY: "Ask the owner of this daemon for it.",
  FEATURE_OFF: "The owner can switch it on, under feature flags.",
  SCOPE_TOO_SMALL: "Sign in to do more than this key may.",
  FOLDER_NOT_WATCHED: "Resume it first.",
  FOLDER_OVERLAPS: "Remove that one first, or watch this one without the folders below it.",
  NO_SUCH_FOLDER: "Is the drive mounted, and the path as the daemon's machine writes it?",
  UNREADABLE_FOLDER: "Let the daemon's user read it, and try again.",
  TOO_MANY_FOLDERS: "Remove one, or watch a folder above several of them.",
  USER_NOT_FOUND: "Give the e-mail address that the account was made with.",
  WRITING: "It goes on by itself in a moment.",
};

/** Why something was refused and what can be done about it, in a sentence or two. */
export function whyOf({ reason, message, fields }: Pick<SampleMindError, "reason" | "message" | "fields">): string {
  const said = message || Object.values(fields).join("; ") || "The daemon refused it without a word.";
  const advice = ADVICE[reason];
  return advice ? `${/[.!?]$/.test(said) ? said : `${said}.`} ${advice}` : said;
}
