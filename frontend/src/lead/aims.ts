/** Which grades a lead can be brought to. */

import type { Grade } from "../shared/types";

export type Aim = Exclude<Grade, "D">;

const AIMS: readonly Aim[] = ["A", "B", "C"];

/** Those above its own, best first; none for a lead that has no grade yet. */
export function aimsAbove(grade: Grade | null): readonly Aim[] {
  if (grade === null) return [];
  return AIMS.filter((each) => each < grade);
}
