import { Code } from "@connectrpc/connect";

import { refusalOf } from "./refusal";

/** Where the browser keeps, for all tabs, until when they are signed in. */
export const UNTIL = "samplemind.access-until"; // a time, no secret

/**
 * Keeps a session alive. Tokens lie in cookies that no script can read: here is only known when they end.
 *
 * Calls that are refused at the same moment share one renewal, and are made once more after it.
 */
export class Session {
  private renewing: Promise<void> | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `renew` spends the refresh cookie and says when the new access token ends; `ended` hears that there is no session. */
  constructor(
    private readonly renew: () => Promise<Date | undefined>,
    private readonly ended: () => void,
  ) {}

  /** Renews a minute before the access token ends; a page that is opened later knows when that is. */
  keep(until: Date | undefined): void {
    clearTimeout(this.timer);
    if (until) localStorage.setItem(UNTIL, until.toISOString());
    else localStorage.removeItem(UNTIL);
    if (!until) return;
    const wait = Math.max(1000, until.getTime() - Date.now() - 60_000);
    this.timer = setTimeout(() => void this.renewed().catch(() => undefined), Math.min(wait, 2 ** 31 - 1));
  }

  /** Goes on with the session of an earlier page, and renews it at once where nobody knows how long it lasts. */
  async resume(): Promise<void> {
    const until = new Date(localStorage.getItem(UNTIL) ?? 0);
    if (until.getTime() > Date.now()) this.keep(until);
    else await this.renewed();
  }

  /** Makes a call; one that is refused because the access token ended is made once more with a new one. */
  async call<T>(make: () => Promise<T>): Promise<T> {
    try {
      return await make();
    } catch (thrown) {
      if (refusalOf(thrown).code !== Code.Unauthenticated) throw thrown;
      await this.renewed();
      return make();
    }
  }

  /** Waits for the one renewal that is under way, or starts it. */
  renewed(): Promise<void> {
    this.renewing ??= this.renewNow().finally(() => (this.renewing = undefined));
    return this.renewing;
  }

  private async renewNow(): Promise<void> {
    try {
      this.keep(await this.renew());
    } catch (thrown) {
      if (refusalOf(thrown).code === Code.Unauthenticated) this.ended();
      throw thrown;
    }
  }
}
