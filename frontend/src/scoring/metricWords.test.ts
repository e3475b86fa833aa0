import { describe, expect, it } from "vitest";

import type { ModelDetail } from "../shared/types";
import { hasOwnLeads, METRICS, onSameLeads } from "./metricWords";

describe("the calibration slope", () => {
  const slope = METRICS.find(({ name }) => name === "calibrationSlope");

  it.each([
    [0.86, 0.64, 1.09, "Perhaps too sure of itself"],
    [0.7, 0.6, 0.8, "Too sure of itself"],
    [1.2, 0.9, 1.5, "Perhaps too cautious"],
    [1.3, 1.1, 1.5, "Too cautious"],
    [1.05, 0.9, 1.2, "Honest"],
  ])("%d in %d to %d", (value, low, high, words) => {
    expect(slope?.meaning(value, { value, low, high }, {})).toMatch(new RegExp(`^${words}`));
  });
});

describe("figures of two versions", () => {
  const version = (report: object, metrics: object = {}) =>
    ({ report, metrics }) as unknown as ModelDetail;
  const split = { cut: "2026-05-01" };
  const backtest = (rows: number) => ({ rows, rocAuc: { value: 0.7, low: 0.6, high: 0.8 } });

  it("are from the same leads if one training measured both", () => {
    const one = version({ split, backtest: backtest(10) });
    const two = version({ split, backtest: backtest(10) });
    expect(onSameLeads(one, two)).toEqual([backtest(10), backtest(10)]);
  });

  it("go with curves of other leads if only one was judged on the newest", () => {
    const measured = (on: string) => version({ split }, { measured_on: on });
    expect(hasOwnLeads(measured("newest slice"), measured("backtest"))).toBe(true);
    expect(hasOwnLeads(measured("backtest"), measured("backtest"))).toBe(false);
  });

  it.each([
    ["another training", { split: { cut: "2026-06-01" }, backtest: backtest(10) }],
    ["other rows", { split, backtest: backtest(9) }],
    ["no backtest", { split }],
  ])("are not, with %s", (_, report) => {
    expect(onSameLeads(version({ split, backtest: backtest(10) }), version(report))).toBeNull();
  });
});
