import { describe, expect, it } from "vitest";

import { daysSince, lastContactOf } from "./knobs";

const now = Date.parse("2026-03-01T23:30:00Z");

describe("the day of the last contact", () => {
  it("is so many days back", () => {
    expect(daysSince("2026-02-28", now)).toBe(1);
    expect(lastContactOf(1, now)).toBe("2026-02-28");
  });

  it("is today if it lies ahead", () => {
    expect(daysSince("2026-03-02", now)).toBe(0);
  });
});
