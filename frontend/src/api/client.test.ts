import { describe, expect, it, vi } from "vitest";

import { createClient, data } from "./client";
import { ApiError } from "./errors";
import { sleep as realSleep, throwingFetch } from "./fetching";
import { pages } from "./paging";

function answer(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers });
}

const busy = { error: { code: "busy", message: "Later.", fields: {}, requestId: "r1" } };

function replying(...answers: (Response | Error)[]) {
  const sleeps: number[] = [];
  const fetch = vi.fn<(request: Request) => Promise<Response>>(() => {
    const next = answers.shift();
    return next instanceof Response ? Promise.resolve(next) : Promise.reject(next ?? new Error());
  });
  const sleep = (ms: number) => {
    sleeps.push(ms);
    return Promise.resolve();
  };
  return { fetch, sleeps, call: throwingFetch({ retries: 2, fetch, sleep }) };
}

const get = new Request("https://x.test/api/leads");
const post = new Request("https://x.test/api/leads", { method: "POST", body: "{}" });

describe("a call that fails", () => {
  it("throws what the server says of each field", async () => {
    const fields = { "leads.0.budget": "Must be 0 or more." };
    const said = { code: "invalid", message: "One field is not valid.", fields, requestId: "r2" };
    const { call } = replying(answer(400, { error: said }));
    await expect(call(post)).rejects.toMatchObject({ status: 400, code: "invalid", fields });
  });

  it("throws an ApiError for a page of a proxy, too", async () => {
    const { call } = replying(new Response("<h1>No</h1>", { status: 500 }));
    await expect(call(get)).rejects.toBeInstanceOf(ApiError);
  });

  it("is tried again if it was a GET and the server was busy or silent", async () => {
    const { call, fetch, sleeps } = replying(answer(503, busy), new Error("no net"), answer(200, 1));
    expect(await (await call(get)).json()).toBe(1);
    expect(fetch).toHaveBeenCalledTimes(3);
    expect(sleeps[1]).toBeGreaterThan(sleeps[0] ?? 0);
  });

  it("is not tried again if it may have changed something", async () => {
    const { call, fetch } = replying(answer(503, busy), answer(200, 1));
    await expect(call(post)).rejects.toMatchObject({ code: "busy" });
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  it("is tried again if it carries a key that makes it one", async () => {
    const keyed = new Request(post.clone(), { headers: { "Idempotency-Key": "k" } });
    const running = { error: { ...busy.error, code: "still_running" } };
    const { call, fetch } = replying(new Error("no net"), answer(409, running), answer(200, 1));
    expect(await (await call(keyed)).json()).toBe(1);
    const bodies = fetch.mock.calls.map(([request]) => request.text());
    expect(await Promise.all(bodies)).toEqual(["{}", "{}", "{}"]);
  });

  it("is not tried again if trying cannot help", async () => {
    const keyed = new Request(post.clone(), { headers: { "Idempotency-Key": "k" } });
    const reused = { error: { ...busy.error, code: "idempotency_key_reused" } };
    const { call, fetch } = replying(answer(422, reused), answer(200, 1));
    await expect(call(keyed)).rejects.toMatchObject({ status: 422 });
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  it("waits as long as the server asks, unless that is long", async () => {
    const soon = replying(answer(429, busy, { "Retry-After": "1" }), answer(200, 1));
    await soon.call(get);
    expect(soon.sleeps).toEqual([1000]);
    const late = replying(answer(429, busy, { "Retry-After": "3000" }), answer(200, 1));
    await expect(late.call(get)).rejects.toMatchObject({ status: 429, retryAfter: 3000 });
  });
});

describe("a call that takes too long", () => {
  /** Answers nothing until it is aborted, as a real fetch does. */
  const silent = (request: Request) =>
    new Promise<Response>((_, reject) => {
      request.signal.addEventListener("abort", () => reject(request.signal.reason as Error));
    });

  it("says so after the time that was set", async () => {
    const call = throwingFetch({ retries: 0, timeoutMs: 1, fetch: silent, sleep: realSleep });
    await expect(call(get)).rejects.toMatchObject({ status: 0, code: "timed_out" });
  });

  it("ends with the caller's own reason when the caller aborts it, also while it waits", async () => {
    const reason = new Error("changed my mind");
    for (const fetch of [silent, () => Promise.reject(new Error("no net"))]) {
      const caller = new AbortController();
      const call = throwingFetch({ retries: 2, timeoutMs: 60_000, fetch, sleep: realSleep });
      const called = call(new Request(get, { signal: caller.signal }));
      caller.abort(reason);
      await expect(called).rejects.toBe(reason);
    }
  });
});

describe("the client", () => {
  it("sends the CSRF token with what changes something, and only with that", async () => {
    const seen: (string | null)[] = [];
    const client = createClient({
      baseUrl: "https://x.test",
      csrfToken: () => "token",
      fetch: (request) => {
        seen.push(request.headers.get("X-CSRFToken"));
        return Promise.resolve(answer(200, { leads: [], next: null }));
      },
    });
    await data(client.GET("/api/leads"));
    await data(client.POST("/api/outcomes", { body: { outcomes: [{ id: "1", result: "won" }] } }));
    expect(seen).toEqual([null, "token"]);
  });
});

describe("pages", () => {
  it("follows the cursor to the end", async () => {
    const asked: (string | undefined)[] = [];
    const read = (cursor: string | undefined) => {
      asked.push(cursor);
      return Promise.resolve({ next: cursor === "b" ? null : cursor === "a" ? "b" : "a" });
    };
    const found: (string | null)[] = [];
    for await (const page of pages(read)) found.push(page.next);
    expect(found).toEqual(["a", "b", null]);
    expect(asked).toEqual([undefined, "a", "b"]);
  });
});
