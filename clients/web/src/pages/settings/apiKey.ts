import { timestampDate, timestampFromDate, type Timestamp } from "@bufbuild/protobuf/wkt";

import { Scope, type ApiKey } from "../../generated/samplemind/v1/auth_pb";
import { formatAgo, formatDay } from "../../text/time";

export const SCOPES = [
  { value: "READ", label: "read", note: "look and listen" },
  { value: "ANALYZE", label: "analyse", note: "and add, change, analyse" },
  { value: "ADMIN", label: "admin", note: "and keys, folders, plugins" },
] as const;
export type ScopeName = (typeof SCOPES)[number]["value"];

/** A scope in a word. */
export const scopeWord = (scope: Scope): string => SCOPES.find(({ value }) => Scope[value] === scope)?.label ?? "unknown";

/** The scopes that somebody may give a key: never more than their own. */
export const scopesUpTo = (own: Scope) => SCOPES.filter(({ value }) => Scope[value] <= own);

export const EXPIRIES = [
  { value: "30", label: "in 30 days" },
  { value: "90", label: "in 90 days" },
  { value: "365", label: "in a year" },
  { value: "day", label: "on a day" },
  { value: "never", label: "never" },
] as const;
export type Expiry = (typeof EXPIRIES)[number]["value"];

const DAY_MS = 86_400_000;

/** When a key shall end; nothing for never. A day, "2027-01-31", is good until its end where the reader is. */
export function expiryOf(expiry: Expiry, day: string, now = new Date()): Timestamp | undefined {
  if (expiry === "never") return undefined;
  return timestampFromDate(expiry === "day" ? endOf(day) : new Date(now.getTime() + Number(expiry) * DAY_MS));
}

/** Why a day cannot be when a key ends; nothing if it can. */
export function dayFault(day: string, now = new Date()): string | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || Number.isNaN(endOf(day).getTime())) return "Choose a day";
  return endOf(day) > now ? undefined : "This day is past";
}

function endOf(day: string): Date {
  return new Date(`${day}T23:59:59`);
}

export type Standing = "good" | "ending" | "ended" | "revoked";

const SOON_DAYS = 7;

/** Whether a key is good, and how it stands in words. */
export function standingOf(key: ApiKey, now = new Date()): [standing: Standing, words: string] {
  if (key.revokedAt) return ["revoked", `revoked on ${formatDay(key.revokedAt, now)}`];
  const used = key.lastUsedAt ? `used ${formatAgo(key.lastUsedAt, now.getTime())}` : "never used";
  if (!key.expiresAt) return ["good", `${used}, never ends`];
  const left = timestampDate(key.expiresAt).getTime() - now.getTime();
  if (left <= 0) return ["ended", `ended on ${formatDay(key.expiresAt, now)}, ${used}`];
  return [left < SOON_DAYS * DAY_MS ? "ending" : "good", `${used}, ends on ${formatDay(key.expiresAt, now)}`];
}
