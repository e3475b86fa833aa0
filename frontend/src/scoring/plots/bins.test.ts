import { expect, it } from "vitest";

import { byTens } from "./bins";

it("counts a score of 100 with the nineties, and every lead once", () => {
  const bins = byTens([
    { score: 0, leads: 1 },
    { score: 9, leads: 2 },
    { score: 10, leads: 4 },
    { score: 100, leads: 8 },
  ]);
  expect(bins.map((bin) => bin.leads)).toEqual([3, 4, 0, 0, 0, 0, 0, 0, 0, 8]);
  expect(bins.at(-1)).toMatchObject({ from: 90, to: 100 });
});
