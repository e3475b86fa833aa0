/** The curves of a version, out of the API's loosely typed JSON. */

import type { ModelDetail } from "../../shared/types";

export interface Point {
  x: number;
  y: number;
}
export interface LiftBin {
  share: number;
  won: number;
  lift: number;
}
export interface ReliabilityBin {
  predicted: number;
  observed: number;
  low: number;
  high: number;
  leads: number;
}

function rows<T>(model: ModelDetail, name: string): T[] {
  const found: unknown = model.curves[name];
  return Array.isArray(found) ? (found as T[]) : [];
}

export const rocOf = (model: ModelDetail) => rows<Point>(model, "roc");
export const liftOf = (model: ModelDetail) => rows<LiftBin>(model, "lift");
export const reliabilityOf = (model: ModelDetail) => rows<ReliabilityBin>(model, "reliability");
