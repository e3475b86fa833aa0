/** Files scored in the background: sent, watched to their end. */

import { type ApiClient, data } from "./client.js";
import { sleep } from "./fetching.js";
import type { components, operations } from "./schema.js";

export type Batch = components["schemas"]["Batch"];
type StartBatch = operations["startBatch"];

export interface BatchFile {
  /** A text, or bytes as they are. */
  file: string | Blob | Uint8Array<ArrayBuffer>;
  mediaType: Exclude<keyof StartBatch["requestBody"]["content"], "application/json">;
  /** Which column is what, the model type, whether to explain. */
  query?: NonNullable<StartBatch["parameters"]["query"]>;
  /** The same call again, with the same key, starts no second batch; so it is tried again. */
  idempotencyKey?: string;
  signal?: AbortSignal;
}

/** Sends a file. Its rows are scored in the background: see {@link batchDone}. */
export function startBatch(client: ApiClient, sent: BatchFile): Promise<Batch> {
  const { file, mediaType, query = {}, idempotencyKey, signal } = sent;
  return data(
    client.POST("/api/batches", {
      params: { query, header: idempotencyKey ? { "Idempotency-Key": idempotencyKey } : {} },
      headers: { "Content-Type": mediaType },
      // The schema knows no bytes.
      body: file as string,
      bodySerializer: (body) => body,
      ...(signal && { signal }),
    }),
  );
}

const OVER: readonly string[] = ["succeeded", "failed", "cancelled"];

/** Whether nothing more will happen in this state. */
export const isOver = (state: string): boolean => OVER.includes(state);

export interface WaitOptions {
  /** Told whenever it has been looked at, the last time when it is over. */
  onProgress?: (batch: Batch) => void;
  /** Between two looks (default 1,000). */
  everyMs?: number;
  /** Ends the waiting, not the batch. */
  signal?: AbortSignal;
}

/** The batch when it is over, however it ended: look at its `state`. */
export async function batchDone(
  client: ApiClient,
  id: string,
  options: WaitOptions = {},
): Promise<Batch> {
  const { onProgress, everyMs = 1_000, signal = new AbortController().signal } = options;
  for (;;) {
    const batch = await data(client.GET("/api/batches/{id}", { params: { path: { id } }, signal }));
    onProgress?.(batch);
    if (isOver(batch.state)) return batch;
    await sleep(everyMs, signal);
  }
}
