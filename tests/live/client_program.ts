// Run by test_packed_client.py from the packed package: a line on standard output for each thing seen.
import { createInterface } from "node:readline";

import { ApiError, batchDone, createClient, data, startBatch, watchScores, type Message } from "leadscoring-client";

const [baseUrl = "", apiKey = "", silent = ""] = process.argv.slice(2);
const tell = (...said: unknown[]) => console.log(JSON.stringify(said));
const failure = (error: unknown) =>
  error instanceof ApiError ? [error.status, error.code, Object.keys(error.fields)] : String(error);

const client = createClient({ baseUrl, apiKey });
const lead = { id: "packed-1", budget: 25_000, interactions: 8 };
const answer = await data(client.POST("/api/predict", { body: { leads: [lead] } }));
tell("predict", answer.predictions[0]?.id);

// Errors.
const wrong = client.POST("/api/predict", { body: { leads: [{ id: "x", budget: -1 }] } });
await wrong.catch((error: unknown) => tell("error", failure(error)));
const stranger = createClient({ baseUrl, apiKey: "wrong" });
await stranger.GET("/api/leads").catch((error: unknown) => tell("error", failure(error)));

// The answer is lost on its way: the same call again, one effect.
let lost = 0;
const unlucky = createClient({
  baseUrl,
  apiKey,
  fetch: async (request) => {
    const given = await fetch(request);
    if (lost++ > 0) {
      tell("replayed", given.headers.get("Idempotency-Replayed"));
      return given;
    }
    await given.text();
    throw new TypeError("The network is gone.");
  },
});
const header = { "Idempotency-Key": "packed-outcome" };
const outcomes = [{ id: "packed-1", result: "won" as const }];
const noted = await data(unlucky.POST("/api/outcomes", { params: { header }, body: { outcomes } }));
tell("outcome", noted.created);

// Nobody answers; somebody loses patience.
const patient = createClient({ baseUrl: silent, apiKey, retries: 0, timeoutMs: 200 });
await patient.GET("/api/leads").catch((error: unknown) => tell("silent", failure(error)));
const signal = AbortSignal.abort(new Error("changed my mind"));
await client.GET("/api/leads", { signal }).catch((error: unknown) => tell("aborted", failure(error)));

// A file.
const rows = Array.from({ length: 50 }, (_, n) => `row-${n},${n * 100}`);
const file = new Blob([["lead,budget", ...rows, ""].join("\n")]);
const sent = { file, mediaType: "text/csv", query: { id: "lead" }, idempotencyKey: "packed-file" } as const;
const batch = await startBatch(client, sent);
const again = await startBatch(client, sent);
const seen: string[] = [];
const over = await batchDone(client, batch.id, { everyMs: 100, onProgress: ({ state }) => seen.push(state) });
const params = { path: { id: batch.id } };
const results = await data(client.GET("/api/batches/{id}/results", { params, parseAs: "text" }));
tell("batch", over.state, seen.at(-1), again.id === batch.id, results.trim().split("\n").length - 1);

// Live: what happens, a gap that is too long to be told, and on.
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const messages: Message[] = [];
let heard: (() => void) | undefined;
const feed = watchScores({
  client,
  baseUrl,
  onMessage: (message) => {
    messages.push(message);
    heard?.();
  },
  onError: (error) => tell("live error", failure(error)),
});
async function until(isIt: (message: Message) => boolean): Promise<Message> {
  for (;;) {
    const found = messages.find(isIt);
    if (found) return found;
    await new Promise<void>((resolve) => (heard = resolve));
  }
}
feed.start();
await until(({ kind }) => kind === "hello");
tell("live");
tell("told", (await until(({ kind }) => kind === "told")).payload["n"]);
feed.stop();
tell("away");
await lines.next(); // much has happened
messages.length = 0;
feed.start();
await until(({ kind }) => kind === "resync");
tell("resynced", messages.filter(({ kind }) => kind === "told").length);
tell("told", (await until(({ payload }) => payload["text"] === "after the gap")).payload["n"]);
feed.stop();
process.exit(0);
