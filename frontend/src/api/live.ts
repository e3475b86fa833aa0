/** The feed of the server's news, over `WS /ws/scores` and `GET /api/events`. */

import { type ApiClient, data } from "./client.js";
import { LiveFeed, type FeedOptions, type News } from "./feed.js";

/** Where the socket is, beginning after `cursor` if one is given. */
export function scoresAddress(baseUrl: string, cursor: string | null, ticket?: string): string {
  const url = new URL("/ws/scores", baseUrl);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  if (cursor !== null) url.searchParams.set("after", cursor);
  if (ticket !== undefined) url.searchParams.set("ticket", ticket);
  return url.href;
}

/** What happened after `cursor`; without one, where to begin. */
export function readNews(client: ApiClient, cursor: string | null): Promise<News> {
  const query = cursor === null ? {} : { after: Number(cursor) };
  return data(client.GET("/api/events", { params: { query } }));
}

export interface WatchOptions extends Pick<FeedOptions, "onMessage" | "onState" | "onError"> {
  /** With a key of the scope `leads`: each socket is opened by a ticket that it asks for. */
  client: ApiClient;
  /** Origin of the server. */
  baseUrl: string;
  /** Where there is no global one (Node.js before 22): that of the package `ws`, for one. */
  WebSocket?: new (url: string) => WebSocket;
}

/** A feed for a program with an API key; `start()` it. */
export function watchScores(options: WatchOptions): LiveFeed {
  const { client, baseUrl, onMessage, onState, onError } = options;
  return new LiveFeed({
    open: async (cursor) => {
      const { ticket } = await data(client.POST("/api/ws-ticket"));
      const Socket = options.WebSocket ?? globalThis.WebSocket;
      return new Socket(scoresAddress(baseUrl, cursor, ticket));
    },
    read: (cursor) => readNews(client, cursor),
    onMessage,
    ...(onState && { onState }),
    ...(onError && { onError }),
  });
}
