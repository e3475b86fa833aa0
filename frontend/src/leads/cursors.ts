/** Which pages of the list are known: page i begins at cursor i. */

export type Cursors = readonly (string | null)[];

/** Of the first page; it has no cursor. */
export const START: Cursors = [null];

/**
 * What is known once page `index` has told where the next one begins (null: it was the last).
 *
 * If the next page begins elsewhere than before, what followed may have moved, too: it is
 * forgotten and asked for again when somebody scrolls there.
 */
export function learned(cursors: Cursors, index: number, next: string | null): Cursors {
  if (index >= cursors.length) return cursors;
  if (next === null) return index + 1 < cursors.length ? cursors.slice(0, index + 1) : cursors;
  if (cursors[index + 1] === next) return cursors;
  return [...cursors.slice(0, index + 1), next];
}

/** The pages to load for the rows from `first` to `last`, and some beyond, so none is waited for. */
export function pagesAround(first: number, last: number, size: number, ahead: number): number[] {
  const from = Math.max(0, Math.floor(first / size) - 1);
  const to = Math.floor(last / size) + ahead;
  return Array.from({ length: to - from + 1 }, (_, offset) => from + offset);
}
