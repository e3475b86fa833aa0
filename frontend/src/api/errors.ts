/** Every way in which a call can fail, as one class. */

import type { components } from "./schema";

type ErrorBody = components["schemas"]["ErrorBody"];

/** The code of a call that never reached the server. */
export const UNREACHABLE = "unreachable";

export class ApiError extends Error {
  override readonly name = "ApiError";
  /** HTTP status; 0 if there was no answer. */
  readonly status: number;
  /** For programs: "invalid", "forbidden", "rate_limited", …, or "unreachable". */
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
    const message = "The server cannot be reached. Check the connection.";
    return new ApiError(0, { code: UNREACHABLE, message, fields: {}, requestId: null });
  }

  /** The error that an answer tells of; also of one that is not ours, such as a proxy's. */
  static async fromResponse(response: Response): Promise<ApiError> {
    const wait = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
    const retryAfter = Number.isNaN(wait) ? null : wait;
    return new ApiError(response.status, await readBody(response), retryAfter);
  }
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
