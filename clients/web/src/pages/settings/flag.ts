import { Audience, type FlagChange, type FlagOverride } from "../../generated/samplemind/v1/flag_pb";

export const AUDIENCES = [
  { value: "ALL", label: "all users" },
  { value: "BETA", label: "beta users" },
  { value: "PREMIUM", label: "premium users" },
  { value: "SHARE", label: "a share of users" },
  { value: "NOBODY", label: "nobody" },
] as const;
export type AudienceName = (typeof AUDIENCES)[number]["value"];

/** An audience by its name; "ALL" for one that this page does not know yet. */
export function audienceName(audience: Audience): AudienceName {
  return AUDIENCES.find(({ value }) => Audience[value] === audience)?.value ?? "ALL";
}

/** A user as the owner knows them: "you", an e-mail address where it is known, else the first part of the id. */
export function whoIs(id: string, me: { id: string }, known: readonly FlagOverride[]): string {
  if (id === me.id) return "you";
  return known.find((one) => one.userId === id)?.email ?? `user ${id.slice(0, 8)}`;
}

/** A change in words: "all users: on, then 20 %". */
export function changeInWords({ userId, before, after }: FlagChange, name: (id: string) => string): string {
  return `${userId ? `for ${name(userId)}` : "for all"}: ${before || "as it came"}, then ${after}`;
}
