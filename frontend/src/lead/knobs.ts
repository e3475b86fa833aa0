/** What can be dragged in a what-if, and how far. */

import type { Lead } from "../shared/types";

export type KnobName = "interactions" | "previousPurchases" | "budget" | "lastContact";

export const KNOBS: readonly { name: KnobName; label: string }[] = [
  { name: "lastContact", label: "Last contact" },
  { name: "interactions", label: "Interactions" },
  { name: "previousPurchases", label: "Previous purchases" },
  { name: "budget", label: "Budget" },
];

const DAY_MS = 86_400_000;
const LEAST_RANGE: Record<KnobName, number> = {
  interactions: 30,
  previousPurchases: 10,
  budget: 100_000,
  lastContact: 180,
};

/** Whole days from a day ("2026-01-31") until today; what lies ahead counts as today. */
export function daysSince(day: string, now = Date.now()): number {
  return Math.max(0, Math.floor(now / DAY_MS) - Math.floor(Date.parse(day.slice(0, 10)) / DAY_MS));
}

/** The day that lies so many days back. */
export function lastContactOf(days: number, now = Date.now()): string {
  return new Date(now - days * DAY_MS).toISOString().slice(0, 10);
}

/** Twice as far as the lead is, at least as far as is usual. */
export function mostOf(name: KnobName, lead: Lead): number {
  const own = lead[name];
  const now = typeof own === "string" ? daysSince(own) : (own ?? 0);
  return Math.max(LEAST_RANGE[name], 2 * now);
}
