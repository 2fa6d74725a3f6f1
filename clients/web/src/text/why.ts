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

type Refused = Pick<SampleMindError, "reason" | "message" | "fields">;

/** Why something was refused and what can be done about it, in a sentence or two. */
export function whyOf({ reason, message, fields }: Refused): string {
  const said = sentence(message || Object.values(fields).join("; ") || "the daemon refused it without a word");
  return [said, ADVICE[reason]].filter(Boolean).join(" ");
}

/** What is wrong with a field of a form, and what can be done about it; nothing if it is not this one. */
export function whyAt(refusal: Refused | undefined, field: string): string | undefined {
  const fault = refusal?.fields[field];
  return refusal && fault && whyOf({ ...refusal, message: fault });
}

/** Why a form was refused, where none of its fields says it already. */
export function whyElse(refusal: Refused | undefined, ...fields: string[]): string | undefined {
  return refusal && !fields.some((field) => refusal.fields[field]) ? whyOf(refusal) : undefined;
}

/** A fault as a sentence: with a capital and an end. */
export function sentence(fault: string): string {
  return `${fault.charAt(0).toUpperCase()}${fault.slice(1)}${/[.!?]$/.test(fault) ? "" : "."}`;
}
