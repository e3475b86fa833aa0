/** The fields of a lead that people fill in. */

import type { Lead } from "../shared/types";

export interface LeadField {
  name: keyof Lead;
  label: string;
  kind: "text" | "number" | "date" | "email";
}

export const LEAD_FIELDS: readonly LeadField[] = [
  { name: "name", label: "Name", kind: "text" },
  { name: "company", label: "Company", kind: "text" },
  { name: "email", label: "E-mail", kind: "email" },
  { name: "position", label: "Position", kind: "text" },
  { name: "industry", label: "Industry", kind: "text" },
  { name: "size", label: "Company size", kind: "text" },
  { name: "budget", label: "Budget", kind: "number" },
  { name: "lastContact", label: "Last contact", kind: "date" },
  { name: "interactions", label: "Interactions", kind: "number" },
  { name: "previousPurchases", label: "Previous purchases", kind: "number" },
];
