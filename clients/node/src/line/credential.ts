import { isDue, type Tokens } from "./tokens.js";

/** Trades a refresh token for new tokens. */
export type Refresh = (token: string) => Promise<Tokens>;

/** The metadata by which a caller shows who it is. */
export type Shown = Readonly<Record<string, string>>;

/** Something to show with each call. */
export interface Credential {
  /** What to send along. */
  show(refresh: Refresh): Promise<Shown>;
  /** Replaces what the daemon refused; false where there is nothing to replace it with. */
  renew(spent: Shown, refresh: Refresh): Promise<boolean>;
}

/** What stays as it is: an API key, a token from elsewhere, or nothing, which is enough for a few calls only. */
export class Fixed implements Credential {
  constructor(private readonly shown: Shown) {}

  show(): Promise<Shown> {
    return Promise.resolve(this.shown);
  }

  renew(): Promise<boolean> {
    return Promise.resolve(false);
  }
}

/** An API key. */
export function apiKey(secret: string): Credential {
  return new Fixed({ "x-api-key": secret });
}

/** An access token, which is not renewed. */
export function accessToken(token: string): Credential {
  return new Fixed(bearer(token));
}

/** Tokens that are renewed in time, by one request for all who need it: a refresh token used twice ends its session. */
export class Session implements Credential {
  #tokens: Tokens;
  #shown: Shown;
  #renewals = 0;
  #flight: Promise<void> | undefined;

  constructor(tokens: Tokens) {
    this.#tokens = tokens;
    this.#shown = bearer(tokens.access);
  }

  /** The tokens as they are now. */
  get tokens(): Tokens {
    return this.#tokens;
  }

  /** How often they were renewed. */
  get renewals(): number {
    return this.#renewals;
  }

  async show(refresh: Refresh): Promise<Shown> {
    if (isDue(this.#tokens, new Date())) {
      await this.#renewOnce(refresh);
    }
    return this.#shown;
  }

  async renew(spent: Shown, refresh: Refresh): Promise<boolean> {
    if (spent === this.#shown) {
      // else somebody else's request has renewed it already
      await this.#renewOnce(refresh);
    }
    return true;
  }

  /** Joins the renewal under way, or begins one; a caller that goes away does not stop it. */
  #renewOnce(refresh: Refresh): Promise<void> {
    this.#flight ??= this.#renewNow(refresh).finally(() => {
      this.#flight = undefined;
    });
    return this.#flight;
  }

  async #renewNow(refresh: Refresh): Promise<void> {
    this.#tokens = await refresh(this.#tokens.refresh);
    this.#shown = bearer(this.#tokens.access);
    this.#renewals += 1;
  }
}

function bearer(token: string): Shown {
  return { authorization: `Bearer ${token}` };
}
