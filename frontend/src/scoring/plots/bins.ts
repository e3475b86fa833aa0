/** Scores, put together by tens. */

export interface Bin {
  from: number;
  to: number;
  leads: number;
}

/** Ten bins: 0 to 9, …, 90 to 100. */
export function byTens(scores: readonly { score: number; leads: number }[]): Bin[] {
  const bins = Array.from({ length: 10 }, (_, at) => ({
    from: 10 * at,
    to: at === 9 ? 100 : 10 * at + 9,
    leads: 0,
  }));
  for (const { score, leads } of scores) {
    const bin = bins[Math.min(9, Math.floor(score / 10))];
    if (bin) bin.leads += leads;
  }
  return bins;
}
