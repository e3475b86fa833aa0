import { describe, expect, it } from "vitest";

import { isFiltered, nextOrdering, readFilters, segmentPath, withFilter } from "./search";

describe("the address of the list", () => {
  it("says what is shown", () => {
    const params = new URLSearchParams("status=open&grade=A&minScore=30&search= ada &ordering=budget");
    expect(readFilters(params)).toEqual({
      status: "open",
      grade: "A",
      minScore: 30,
      search: "ada",
      ordering: "budget",
    });
  });

  it("names a segment with the version that found it", () => {
    const path = segmentPath("High Value, Low Volume", 7);
    const filters = readFilters(new URL(path, "http://x").searchParams);
    expect(filters).toEqual({
      segment: "High Value, Low Volume",
      segmentVersion: 7,
      ordering: "-score",
    });
    expect(readFilters(new URLSearchParams("segmentVersion=7"))).toEqual({ ordering: "-score" });
  });

  it("may hold nonsense", () => {
    const params = new URLSearchParams("status=x&grade=Z&minScore=-3&maxScore=&ordering=-name&lead=7");
    const filters = readFilters(params);
    expect(filters).toEqual({ ordering: "-score" });
    expect(isFiltered(filters)).toBe(false);
  });

  it("keeps what it does not know of when a filter changes", () => {
    const params = withFilter(new URLSearchParams("lead=7&grade=A"), { grade: null, search: "b c" });
    expect(params.toString()).toBe("lead=7&search=b+c");
  });

  it("orders by the largest first, then by the smallest", () => {
    expect(nextOrdering("-score", "budget")).toBe("-budget");
    expect(nextOrdering("-budget", "budget")).toBe("budget");
    expect(nextOrdering("budget", "budget")).toBe("-budget");
  });
});
