/** The API's things, by the names that the pages use. */

import type { components } from "../api/index";

type Schemas = components["schemas"];

export type Lead = Schemas["Lead"];
export type Grade = NonNullable<Lead["grade"]>;
export type Status = Lead["status"];
export type Result = Schemas["Outcome"]["result"];
export type ModelType = NonNullable<Schemas["PredictRequest"]["modelType"]>;
export type ModelSummary = Schemas["ModelSummary"];
export type ModelDetail = Schemas["ModelDetail"];
export type Reason = Schemas["Reason"];

export const GRADES: readonly Grade[] = ["A", "B", "C", "D"];
export const MODEL_TYPES: readonly { value: ModelType; label: string }[] = [
  { value: "auto", label: "Champion" },
  { value: "logistic-regression", label: "Logistic regression" },
  { value: "random-forest", label: "Random forest" },
  { value: "gradient-boosting", label: "Gradient boosting" },
  { value: "neural-network", label: "Neural network" },
];
export const STATUSES: readonly { value: Status; label: string }[] = [
  { value: "open", label: "Open" },
  { value: "won", label: "Won" },
  { value: "lost", label: "Lost" },
  { value: "disqualified", label: "Disqualified" },
];

/** Types that answer but are not asked for by name. */
const OTHER_TYPES: Readonly<Record<string, string>> = {
  scorecard: "Scorecard",
  "base-rate": "Base rate",
  blend: "Blend",
};

export function modelTypeLabel(type: string): string {
  return MODEL_TYPES.find((each) => each.value === type)?.label ?? OTHER_TYPES[type] ?? type;
}

export function statusLabel(status: Status): string {
  return STATUSES.find((each) => each.value === status)?.label ?? status;
}

/** What a lead is called: nobody knows leads by their ids. */
export function leadTitle(lead: Pick<Lead, "id" | "name" | "company">): string {
  return lead.name ?? lead.company ?? lead.id;
}
