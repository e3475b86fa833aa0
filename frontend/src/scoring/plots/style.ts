/** What all charts have in common. The colours are variables of Plot.module.css. */

import { type ModelDetail, modelTypeLabel } from "../../shared/types";

export const FIRST = "var(--first)";
export const SECOND = "var(--second)";
export const LINE = "var(--line)";

/** 10%, but 2.5% */
export const percentTick = (value: number) =>
  value.toLocaleString(undefined, { style: "percent", maximumFractionDigits: 1 });
export const chart = {
  margin: { top: 8, right: 16, bottom: 18, left: 4 },
  // A picture is left out for those who cannot see it: nothing in it may take the keys.
  accessibilityLayer: false,
};
export const label = (value: string) => ({
  value,
  position: "insideBottom" as const,
  offset: -12,
  fontSize: 12,
});
export const tooltip = {
  isAnimationActive: false,
  contentStyle: {
    background: "var(--mantine-color-body)",
    border: "1px solid var(--mantine-color-default-border)",
    borderRadius: 8,
    color: "var(--mantine-color-text)",
  },
  itemStyle: { color: "var(--mantine-color-text)" },
};

export function legendOf(model: ModelDetail): string {
  return `${modelTypeLabel(model.modelType)} (${model.number})`;
}
