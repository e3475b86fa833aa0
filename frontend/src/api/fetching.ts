/** `fetch` that throws ApiError for what is no success, and tries again where that is safe. */

import { ApiError } from "./errors";

const WORTH_RETRYING = new Set([429, 502, 503, 504]);
const FIRST_WAIT_MS = 300;
/** Whoever has to wait longer is told so instead. */
const LONGEST_WAIT_MS = 5_000;

export interface FetchOptions {
  /** How often a GET is tried again after no answer, 429, 502, 503 or 504. */
  retries: number;
  fetch: (request: Request) => Promise<Response>;
  sleep: (ms: number) => Promise<void>;
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Only a GET is tried again: the answer to a change may have got lost after it was made. */
export function throwingFetch(options: FetchOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    const retries = request.method === "GET" ? options.retries : 0;
    for (let tried = 0; ; tried += 1) {
      const outcome = await attempt(options.fetch, request.clone());
      if (outcome instanceof Response) return outcome;
      const wait = waitBefore(outcome, tried);
      if (tried >= retries || wait > LONGEST_WAIT_MS || request.signal.aborted) throw outcome;
      await options.sleep(wait);
    }
  };
}

async function attempt(
  fetch: FetchOptions["fetch"],
  request: Request,
): Promise<Response | ApiError> {
  let response: Response;
  try {
    response = await fetch(request);
  } catch (error) {
    if (request.signal.aborted) throw error;
    return ApiError.unreachable();
  }
  return response.ok ? response : ApiError.fromResponse(response);
}

function waitBefore(error: ApiError, tried: number): number {
  if (error.status !== 0 && !WORTH_RETRYING.has(error.status)) return Infinity;
  if (error.retryAfter !== null) return error.retryAfter * 1000;
  // Not all at the same moment after a restart.
  return FIRST_WAIT_MS * 2 ** tried * (0.5 + Math.random() / 2);
}
