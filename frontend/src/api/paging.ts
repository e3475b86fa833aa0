/** Lists that come by pages, each with the cursor of the next. */

/**
 * Every page of a list, one after another; stop whenever you have enough.
 *
 * @example
 * const all = pages((cursor) => data(client.GET("/api/leads", { params: { query: { ...cursor && { cursor } } } })));
 * for await (const page of all) console.log(page.leads.length);
 */
export async function* pages<Cursor, Page extends { next: Cursor | null }>(
  read: (cursor: Cursor | undefined) => Promise<Page>,
): AsyncGenerator<Page, void, undefined> {
  let cursor: Cursor | undefined;
  for (;;) {
    const page = await read(cursor);
    yield page;
    if (page.next === null) return;
    cursor = page.next;
  }
}
