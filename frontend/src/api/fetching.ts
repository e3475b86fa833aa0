/** `fetch` that throws ApiError for what is no success, and tries again where that is safe. */

import { ApiError } from "./errors.js";

const WORTH_RETRYING = new Set([429, 502, 503, 504]);
/** The server is still at the first try of the same call. */
const STILL_RUNNING = "still_running";
const FIRST_WAIT_MS = 300;
/** Whoever has to wait longer is told so instead. */
const LONGEST_WAIT_MS = 5_000;

export interface FetchOptions {
  /** How often a call that may be repeated is tried again after no answer, 429, 502, 503 or 504. */
  retries: number;
  /** How long each try may wait for the beginning of its answer; without it, as `fetch` does. */
  timeoutMs?: number | undefined;
  fetch: (request: Request) => Promise<Response>;
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Rejects with the signal's reason when it is aborted. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}

/**
 * A GET may be tried again, and what has an `Idempotency-Key`: the server answers it once only. The
 * answer to another change may have got lost after it was made.
 */
export function throwingFetch(options: FetchOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    const mayRepeat = request.method === "GET" || request.headers.has("Idempotency-Key");
    const retries = mayRepeat ? options.retries : 0;
    for (let tried = 0; ; tried += 1) {
      const outcome = await attempt(options, tried < retries ? request.clone() : request);
      if (outcome instanceof Response) return outcome;
      const wait = waitBefore(outcome, tried);
      if (tried >= retries || wait > LONGEST_WAIT_MS) throw outcome;
      await options.sleep(wait, request.signal);
    }
  };
}

/** Throws only what the caller's own signal says. */
async function attempt(options: FetchOptions, request: Request): Promise<Response | ApiError> {
  const limit = new AbortController();
  const { timeoutMs } = options;
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => limit.abort(), timeoutMs);
  let response: Response;
  try {
    response = await options.fetch(timer === undefined ? request : limited(request, limit.signal));
  } catch {
    if (request.signal.aborted) throw request.signal.reason as Error;
    return limit.signal.aborted ? ApiError.timedOut() : ApiError.unreachable();
  } finally {
    clearTimeout(timer);
  }
  return response.ok ? response : ApiError.fromResponse(response);
}

function limited(request: Request, limit: AbortSignal): Request {
  return new Request(request, { signal: AbortSignal.any([request.signal, limit]) });
}

function waitBefore(error: ApiError, tried: number): number {
  const passes = error.status === 0 || WORTH_RETRYING.has(error.status);
  if (!passes && error.code !== STILL_RUNNING) return Infinity;
  if (error.retryAfter !== null) return error.retryAfter * 1000;
  // Not all at the same moment after a restart.
  return FIRST_WAIT_MS * 2 ** tried * (0.5 + Math.random() / 2);
}
