/** The server's limits of a field (src/api/limits.json is made from its schema), said at once. */

import limits from "../api/limits.json";
import { formatWhole } from "./format";

export interface Limit {
  type?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
}

export const LEAD_LIMITS: Readonly<Record<string, Limit>> = limits.lead;
export const OUTCOME_LIMITS: Readonly<Record<string, Limit>> = limits.outcome;

const DAY_MS = 86_400_000;

/** What is wrong with a typed text, in a sentence; null if nothing is. Empty means "not known". */
export function problem(text: string, limit: Limit, now = Date.now()): string | null {
  if (text === "") return null;
  if (limit.type === "number" || limit.type === "integer") return numberProblem(text, limit);
  if (limit.maxLength !== undefined && text.length > limit.maxLength) {
    return `At most ${formatWhole(limit.maxLength)} characters.`;
  }
  if (limit.format === "email" && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(text)) {
    return "Not an e-mail address.";
  }
  if (limit.format === "date" && Date.parse(text) > now + DAY_MS) {
    return "Must not lie in the future.";
  }
  return null;
}

function numberProblem(text: string, { type, minimum, maximum }: Limit): string | null {
  const number = Number(text);
  if (Number.isNaN(number)) return "Must be a number.";
  if (type === "integer" && !Number.isInteger(number)) return "Must be a whole number.";
  if (minimum !== undefined && number < minimum) return `Must be ${formatWhole(minimum)} or more.`;
  if (maximum !== undefined && number > maximum) return `Must be ${formatWhole(maximum)} or less.`;
  return null;
}

/** A typed text as the API takes it; empty is null, "not known". */
export function wireValue(text: string, limit: Limit): string | number | null {
  if (text.trim() === "") return null;
  return limit.type === "number" || limit.type === "integer" ? Number(text) : text.trim();
}
