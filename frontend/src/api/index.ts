export {
  type Batch,
  batchDone,
  type BatchFile,
  isOver,
  startBatch,
  type WaitOptions,
} from "./batches.js";
export { type ApiClient, type ClientOptions, createClient, csrfCookie, data } from "./client.js";
export { ApiError, TIMED_OUT, UNREACHABLE } from "./errors.js";
export { LiveFeed, type FeedOptions, type LiveState, type Message, type News } from "./feed.js";
export { readNews, scoresAddress, watchScores, type WatchOptions } from "./live.js";
export { pages } from "./paging.js";
export type { components, paths } from "./schema.js";
