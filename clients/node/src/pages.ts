/** A list that comes page by page, fetched when it is come to: `for await (const value of list)`. */
export class Pages<V, P extends { readonly nextPageToken: string }> implements AsyncIterable<V> {
  constructor(
    private readonly fetch: (pageToken: string) => Promise<P>,
    private readonly valuesOf: (page: P) => readonly V[],
  ) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<V, void, undefined> {
    for await (const page of this.pages()) {
      yield* this.valuesOf(page);
    }
  }

  /** The pages as the daemon answers them; no more than one is in memory. */
  async *pages(): AsyncGenerator<P, void, undefined> {
    let pageToken = "";
    do {
      const page = await this.fetch(pageToken);
      yield page;
      pageToken = page.nextPageToken;
    } while (pageToken !== "");
  }
}
