/** A typed client of the API. Every path, parameter and answer is checked against docs/openapi.yaml. */

import createOpenApiClient, { type Client } from "openapi-fetch";

import { sleep, throwingFetch } from "./fetching.js";
import type { paths } from "./schema.js";

export type ApiClient = Client<paths>;

export interface ClientOptions {
  /** Origin of the server; without it, that of the page. */
  baseUrl?: string;
  /** On a server of your own only: whoever can read a page can read its key. */
  apiKey?: string | undefined;
  /** In a page with a session: Django's CSRF token, for calls that change something. */
  csrfToken?: () => string | undefined;
  /** How often a GET, or what has an `Idempotency-Key`, is tried again (default 2). */
  retries?: number;
  /** How long each try may wait for the beginning of its answer (default: no limit of its own). */
  timeoutMs?: number;
  fetch?: (request: Request) => Promise<Response>;
}

/**
 * `client.GET("/api/leads", { params: { query: { status: "open" } } })` and so on; wrap it in
 * {@link data} for the answer itself. A call that fails throws ApiError.
 */
export function createClient(options: ClientOptions = {}): ApiClient {
  const client = createOpenApiClient<paths>({
    baseUrl: options.baseUrl ?? globalThis.location.origin,
    headers: options.apiKey ? { Authorization: `Api-Key ${options.apiKey}` } : {},
    fetch: throwingFetch({
      retries: options.retries ?? 2,
      timeoutMs: options.timeoutMs,
      fetch: options.fetch ?? ((request) => globalThis.fetch(request)),
      sleep,
    }),
  });
  const { csrfToken } = options;
  if (csrfToken) {
    client.use({
      onRequest({ request }) {
        const token = request.method === "GET" ? undefined : csrfToken();
        if (token) request.headers.set("X-CSRFToken", token);
        return request;
      },
    });
  }
  return client;
}

/** The token that Django has put into a cookie of the page. */
export function csrfCookie(): string | undefined {
  return /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1];
}

/** What a call answered. */
export async function data<T>(call: Promise<{ data?: T }>): Promise<T> {
  // throwingFetch has thrown for everything that has no data.
  return (await call).data as T;
}
