/** What a model was measured by, in words. */

import { formatNumber, formatShare, NOTHING } from "../shared/format";
import type { ModelDetail } from "../shared/types";

export interface Measured {
  value: number | null;
  low: number | null;
  high: number | null;
}

/** Metrics by name, and what they were measured on. */
export type Figures = Readonly<Record<string, unknown>>;

export interface Metric {
  name: string;
  label: string;
  meaning: (value: number, measured: Measured, figures: Figures) => string;
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
    meaning: (value, { low, high }) => {
      if (value >= 0.9 && value <= 1.1) {
        return "Honest: of a hundred leads with score 30, about thirty are won.";
      }
      const [fault, comesTrue] =
        value < 1 ? ["too sure of itself", "less"] : ["too cautious", "more"];
      if (low !== null && high !== null && low <= 1 && high >= 1) {
        return `Perhaps ${fault}; but it may be 1, which is honest.`;
      }
      return `${capitalised(fault)}: high scores come true ${comesTrue} often than they say.`;
    },
    format: (value) => formatNumber(value, 2),
    better: "one",
  },
  {
    name: "logLoss",
    label: "Log loss",
    meaning: (_, __, figures) => {
      const base = figures["logLossBase"];
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

/** A metric; null where it was not measured. */
export function measured(figures: Figures, name: string): Measured | null {
  const found = figures[name];
  if (typeof found !== "object" || found === null) return null;
  const { value = null, low = null, high = null } = found as Partial<Measured>;
  return value === null ? null : { value, low, high };
}

/**
 * The figures of two versions from the same leads, if one training measured both on them. What each
 * version is known by comes from leads of its own: the best of a training is judged on newer ones.
 */
export function onSameLeads(one: ModelDetail, two: ModelDetail): [Figures, Figures] | null {
  const [first, second] = [one, two].map(({ report }) => report["backtest"] as Figures | undefined);
  return first && second && haveOneSplit(one, two) && first["rows"] === second["rows"]
    ? [first, second]
    : null;
}

/** Whether the curves of two versions, and the figures each is known by, are of different leads. */
export function hasOwnLeads(one: ModelDetail, two: ModelDetail): boolean {
  const [first, second]: Figures[] = [one.metrics, two.metrics];
  return !haveOneSplit(one, two) || first?.["measured_on"] !== second?.["measured_on"];
}

function haveOneSplit(one: ModelDetail, two: ModelDetail): boolean {
  return JSON.stringify(one.report["split"]) === JSON.stringify(two.report["split"]);
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
