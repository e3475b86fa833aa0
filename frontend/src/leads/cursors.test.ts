import { describe, expect, it } from "vitest";

import { learned, pagesAround, START } from "./cursors";

describe("the pages of the list", () => {
  it("become known one by one", () => {
    expect(learned(learned(START, 0, "b"), 1, "c")).toEqual([null, "b", "c"]);
  });

  it("stay the same while they say the same", () => {
    const cursors = [null, "b", "c"];
    expect(learned(cursors, 0, "b")).toBe(cursors);
    expect(learned(cursors, 1, "c")).toBe(cursors);
  });

  it("are forgotten behind one that ends elsewhere now", () => {
    expect(learned([null, "b", "c", "d"], 0, "x")).toEqual([null, "x"]);
  });

  it("end with the last", () => {
    expect(learned([null, "b", "c"], 1, null)).toEqual([null, "b"]);
  });

  it("are loaded where somebody looks, one before, and some ahead", () => {
    expect(pagesAround(0, 30, 100, 2)).toEqual([0, 1, 2]);
    expect(pagesAround(480, 510, 100, 2)).toEqual([3, 4, 5, 6, 7]);
  });
});
