import { timestampDate } from "@bufbuild/protobuf/wkt";
import type { Tokens as TokensMessage } from "../generated/samplemind/v1/auth_pb.js";

/** The share of an access token's life after which it is renewed. */
const EARLY = 0.8;

/** An access token, and the refresh token that is good for one new pair. */
export interface Tokens {
  readonly access: string;
  readonly refresh: string;
  /** By this machine's clock. */
  readonly obtainedAt: Date;
  /** When the access token ends, by the daemon's clock. */
  readonly expiresAt: Date;
}

/** The tokens in a message, obtained now. */
export function readTokens(message: TokensMessage | undefined): Tokens {
  if (!message?.accessExpiresAt) {
    throw new TypeError("the daemon answered without tokens");
  }
  return {
    access: message.accessToken,
    refresh: message.refreshToken,
    obtainedAt: new Date(),
    expiresAt: timestampDate(message.accessExpiresAt),
  };
}

/**
 * Whether the access token should be renewed before it is used.
 *
 * Never where it seems to have ended before it was obtained: then one of the clocks is wrong, and only the daemon's
 * refusal tells.
 */
export function isDue(tokens: Tokens, now: Date): boolean {
  const life = tokens.expiresAt.getTime() - tokens.obtainedAt.getTime();
  return life > 0 && now.getTime() >= tokens.obtainedAt.getTime() + EARLY * life;
}
