import { expect, it } from "vitest";

import { aimsAbove } from "./aims";

it("aims at the grades above the lead's own, best first", () => {
  expect(aimsAbove("D")).toEqual(["A", "B", "C"]);
  expect(aimsAbove("B")).toEqual(["A"]);
  expect(aimsAbove("A")).toEqual([]);
  expect(aimsAbove(null)).toEqual([]);
});
