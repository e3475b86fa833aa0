/** What a model was measured by, in words. */

import { formatNumber, formatShare, NOTHING } from "../shared/format";
import type { ModelDetail } from "../shared/types";

export interface Measured {
  value: number | null;
  low: number | null;
  high: number | null;
}

export interface Metric {
  name: string;
  label: string;
  meaning: (value: number, model: ModelDetail) => string;
  format: (value: number | null) => string;
  /** Whether more is better, less is, or near one is. */
  better: "more" | "less" | "one";
}

const share = (value: number | null) => formatShare(value, 0);
const number = (value: number | null) => formatNumber(value, 3);

export const METRICS: readonly Metric[] = [
  {
    name: "rocAuc",
    label: "ROC AUC",
    meaning: (value) =>
      `Of two leads, one won and one not, the won one scores higher ${share(value)} of the time; a coin would manage ${share(0.5)}.`,
    format: number,
    better: "more",
  },
  {
    name: "liftAt10",
    label: `Lift at ${formatShare(0.1, 0)}`,
    meaning: (value) =>
      `Calling the top tenth wins ${formatNumber(value, 1)} times as many as calling at random.`,
    format: (value) => (value === null ? NOTHING : `${formatNumber(value, 2)}×`),
    better: "more",
  },
  {
    name: "calibrationSlope",
    label: "Calibration slope",
    meaning: (value) =>
      value < 0.9
        ? "Too sure of itself: high scores come true less often than they say."
        : value > 1.1
          ? "Too cautious: high scores come true more often than they say."
          : "Honest: of a hundred leads with score 30, about thirty are won.",
    format: (value) => formatNumber(value, 2),
    better: "one",
  },
  {
    name: "logLoss",
    label: "Log loss",
    meaning: (_, model) => {
      const base = model.metrics["logLossBase"];
      return typeof base === "number"
        ? `How far off the probabilities are; always naming the share won would be ${number(base)} off.`
        : "How far off the probabilities are; less is better.";
    },
    format: number,
    better: "less",
  },
  {
    name: "accuracy",
    label: "Accuracy",
    meaning: (value) => `${share(value)} of all leads are put on the right side of the threshold.`,
    format: share,
    better: "more",
  },
  {
    name: "precision",
    label: "Precision",
    meaning: (value) => `Of the leads above the threshold, ${share(value)} are won.`,
    format: share,
    better: "more",
  },
  {
    name: "recall",
    label: "Recall",
    meaning: (value) => `Of the leads that are won, ${share(value)} are above the threshold.`,
    format: share,
    better: "more",
  },
  {
    name: "f1Score",
    label: "F1",
    meaning: () => "Precision and recall in one figure; it is low if either is.",
    format: number,
    better: "more",
  },
];

/** A metric of a version; null where it was not measured. */
export function measured(model: ModelDetail, name: string): Measured | null {
  const found: unknown = model.metrics[name];
  if (typeof found !== "object" || found === null) return null;
  const { value = null, low = null, high = null } = found as Partial<Measured>;
  return value === null ? null : { value, low, high };
}
