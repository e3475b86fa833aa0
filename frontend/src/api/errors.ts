/** Every way in which a call can fail, as one class. */

import type { components } from "./schema.js";

type ErrorBody = components["schemas"]["ErrorBody"];

/** The code of a call that never reached the server. */
export const UNREACHABLE = "unreachable";
/** The code of a call whose answer did not begin within `timeoutMs`. */
export const TIMED_OUT = "timed_out";

export class ApiError extends Error {
  override readonly name = "ApiError";
  /** HTTP status; 0 if there was no answer. */
  readonly status: number;
  /** For programs: "invalid", "forbidden", "rate_limited", …; "unreachable" or "timed_out" for no answer. */
  readonly code: string;
  /** Path of a field ("leads.0.budget") -> what is wrong with it. */
  readonly fields: Readonly<Record<string, string>>;
  /** To quote when asking for help. */
  readonly requestId: string | null;
  /** Seconds to wait before trying again, if the server said so. */
  readonly retryAfter: number | null;

  constructor(status: number, body: ErrorBody, retryAfter: number | null = null) {
    super(body.message);
    this.status = status;
    this.code = body.code;
    this.fields = body.fields;
    this.requestId = body.requestId;
    this.retryAfter = retryAfter;
  }

  static unreachable(): ApiError {
    return noAnswer(UNREACHABLE, "The server cannot be reached. Check the connection.");
  }

  static timedOut(): ApiError {
    return noAnswer(TIMED_OUT, "The server did not answer in time. Try again.");
  }

  /** The error that an answer tells of; also of one that is not ours, such as a proxy's. */
  static async fromResponse(response: Response): Promise<ApiError> {
    const wait = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
    const retryAfter = Number.isNaN(wait) ? null : wait;
    return new ApiError(response.status, await readBody(response), retryAfter);
  }
}

function noAnswer(code: string, message: string): ApiError {
  return new ApiError(0, { code, message, fields: {}, requestId: null });
}

async function readBody(response: Response): Promise<ErrorBody> {
  const requestId = response.headers.get("X-Request-ID");
  const unknown = {
    code: "unexpected",
    message: `The server answered with status ${response.status}.`,
    fields: {},
    requestId,
  };
  try {
    const body = (await response.json()) as { error?: ErrorBody };
    return body.error ?? unknown;
  } catch {
    return unknown;
  }
}
