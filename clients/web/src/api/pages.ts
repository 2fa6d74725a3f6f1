import { refusalOf, type SampleMindError } from "./refusal";

/** A page of a list. */
export interface Page<T> {
  rows: T[];
  /** For the next page; empty if this was the last. */
  next: string;
  /** How many there are in all. */
  total: number;
}

export type AskPage<T> = (token: string, signal: AbortSignal) => Promise<Page<T>>;

/** A list as far as it is here. */
export interface PagesState<T> {
  rows: readonly T[];
  total: number;
  /** Whether the first page has come. */
  known: boolean;
  refusal: SampleMindError | undefined;
}

/**
 * A list that comes page by page, as far as it is looked at.
 *
 * A page can be asked for only behind the one before, so whoever jumps waits for those between; one at a time.
 */
export class Pages<T> {
  private state: PagesState<T> = { rows: [], total: 0, known: false, refusal: undefined };
  private token: string | undefined = "";
  private wanted = 1;
  private leave = new AbortController();
  private busy = false;
  private readonly hearers = new Set<() => void>();

  constructor(private readonly ask: AskPage<T>) {}

  readonly current = (): PagesState<T> => this.state;

  readonly listen = (hear: () => void): (() => void) => {
    this.hearers.add(hear);
    return () => this.hearers.delete(hear);
  };

  /** Has everything up to a row come. */
  want(row: number): void {
    this.wanted = Math.max(this.wanted, row + 1);
    void this.come();
  }

  /** Asks for everything anew, as far as it was here up to a row; what is there stays until then. */
  async renew(upTo: number): Promise<void> {
    this.stop();
    this.busy = true; // what is wanted meanwhile comes behind it
    this.wanted = upTo + 1;
    const { signal } = this.leave;
    try {
      let [rows, token, total]: [T[], string, number] = [[], "", 0];
      do {
        const page = await this.ask(token, signal);
        [rows, token, total] = [[...rows, ...page.rows], page.next, page.total];
      } while (token && rows.length <= upTo);
      if (signal.aborted) return;
      this.token = token || undefined;
      this.put({ rows, total: token ? total : rows.length, known: true, refusal: undefined });
      this.busy = false;
      void this.come();
    } catch (thrown) {
      if (signal.aborted) return;
      this.busy = false;
      this.put({ ...this.state, refusal: refusalOf(thrown) });
    }
  }

  /** Puts another row in the place of one, where it is here. */
  replace(is: (row: T) => boolean, by: T): void {
    this.put({ ...this.state, rows: this.state.rows.map((row) => (is(row) ? by : row)) });
  }

  /** Asks for nothing more. */
  stop(): void {
    this.leave.abort();
    this.leave = new AbortController();
    this.busy = false;
  }

  private async come(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    const { signal } = this.leave;
    try {
      while (this.token !== undefined && this.state.rows.length < this.wanted) {
        const page = await this.ask(this.token, signal);
        if (signal.aborted) return;
        this.token = page.next || undefined;
        const rows = [...this.state.rows, ...page.rows];
        this.put({ rows, total: page.next ? page.total : rows.length, known: true, refusal: undefined });
      }
    } catch (thrown) {
      if (!signal.aborted) this.put({ ...this.state, refusal: refusalOf(thrown) });
    } finally {
      if (!signal.aborted) this.busy = false;
    }
  }

  private put(state: PagesState<T>): void {
    this.state = state;
    this.hearers.forEach((hear) => hear());
  }
}
