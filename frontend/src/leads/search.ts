/** What the list shows, as the address says it: a link to it shows the same. */

import type { paths } from "../api/index";
import { GRADES, STATUSES } from "../shared/types";

type LeadsQuery = NonNullable<paths["/api/leads"]["get"]["parameters"]["query"]>;
export type Ordering = NonNullable<LeadsQuery["ordering"]>;
export type LeadFilters = Pick<
  LeadsQuery,
  "search" | "status" | "grade" | "industry" | "size" | "owner" | "minScore" | "maxScore" | "segment" | "segmentVersion"
> & { ordering: Ordering };

const SORTS = ["id", "updatedAt", "score", "lastContact", "seenOn", "budget", "expectedValue"];
const DEFAULT_ORDERING: Ordering = "-score";
const TEXTS = ["search", "industry", "size", "owner", "segment"] as const;
const NUMBERS = ["minScore", "maxScore"] as const;

/** What the address asks for; whatever in it makes no sense is passed over. */
export function readFilters(params: URLSearchParams): LeadFilters {
  const ordering = params.get("ordering") ?? "";
  const filters: LeadFilters = {
    ordering: SORTS.includes(ordering.replace(/^-/, "")) ? (ordering as Ordering) : DEFAULT_ORDERING,
  };
  for (const name of TEXTS) {
    const text = params.get(name)?.trim().slice(0, 200);
    if (text) filters[name] = text;
  }
  for (const name of NUMBERS) {
    const text = params.get(name) ?? "";
    const number = Number(text);
    if (text !== "" && Number.isInteger(number) && number >= 0 && number <= 100) {
      filters[name] = number;
    }
  }
  const version = Number(params.get("segmentVersion"));
  if (filters.segment && Number.isInteger(version) && version > 0) filters.segmentVersion = version;
  const status = STATUSES.find((each) => each.value === params.get("status"));
  if (status) filters.status = status.value;
  const grade = GRADES.find((each) => each === params.get("grade"));
  if (grade) filters.grade = grade;
  return filters;
}

/** The address with a filter set, or taken away by `null` or an empty text. */
export function withFilter(
  params: URLSearchParams,
  changes: Partial<Record<keyof LeadFilters, string | number | null>>,
): URLSearchParams {
  const next = new URLSearchParams(params);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === "") next.delete(name);
    else next.set(name, String(value));
  }
  return next;
}

/** The list of the leads that a segment of a version's training means. */
export function segmentPath(segment: string, version: number): string {
  return `/leads?${new URLSearchParams({ segment, segmentVersion: String(version) }).toString()}`;
}

/** How a click on a column's head orders: largest first, then smallest first. */
export function nextOrdering(current: Ordering, sort: string): Ordering {
  return (current === `-${sort}` ? sort : `-${sort}`) as Ordering;
}

/** Whether anything but the order is asked for. */
export function isFiltered(filters: LeadFilters): boolean {
  return Object.keys(filters).some((name) => name !== "ordering");
}
