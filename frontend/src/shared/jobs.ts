/** Work in the background, as the pages look at it. */

import { isOver } from "../api/index";

/** Live messages tell how far a job is; looking again tells of its start and end, or if none come. */
const POLL_MS = 2_000;

/** How long to wait before looking again: for ever once it is over, or if there is no job. */
export function pollInterval(job: { state: string } | null | undefined): number | false {
  return job && !isOver(job.state) ? POLL_MS : false;
}
