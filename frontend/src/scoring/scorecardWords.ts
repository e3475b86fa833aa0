/** The rules of a scorecard in words, out of the API's loosely typed JSON. */

import { formatNumber, formatWhole } from "../shared/format";
import type { ModelDetail } from "../shared/types";

export interface CardRule {
  column: string;
  condition: { kind: string; words: readonly string[]; low?: number; high?: number };
  points: number;
}

export interface Card {
  rules: readonly CardRule[];
  /** Share won, of leads with `averagePoints`. */
  expectedRate: number;
  averagePoints: number;
  /** So many points more double the odds. */
  pointsToDouble: number;
}

/** The scorecard that a version is, or null if it is another model. */
export function cardOf(model: ModelDetail): Card | null {
  return Array.isArray(model.recipe["rules"]) ? (model.recipe as unknown as Card) : null;
}

/** "attributes.day_of_week" -> "Day of week" */
export function columnLabel(column: string): string {
  const words = column.replace(/^attributes\./, "").replaceAll(/[_.-]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const amount = (value = 0) => (Number.isInteger(value) ? formatWhole(value) : formatNumber(value, 2));

/** What the field must be, to go on after its name. */
export function conditionWords({ kind, words, low, high }: CardRule["condition"]): string {
  switch (kind) {
    case "one-of":
      return `is ${words.join(" or ")}`;
    case "contains":
      return `contains ${words.join(" or ")}`;
    case "known":
      return "is known";
    case "unknown":
      return "is not known";
    case "at-least":
      return `is at least ${amount(low)}`;
    case "at-most":
      return `is at most ${amount(high)}`;
    case "between":
      return `is between ${amount(low)} and ${amount(high)}`;
    case "within-days":
      return `is at most ${amount(high)} days away`;
    default:
      return kind;
  }
}
