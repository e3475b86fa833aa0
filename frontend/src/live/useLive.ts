import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { data } from "../api";
import { api } from "../app/api";
import { may } from "../app/session";
import { applyMessage } from "./apply";
import { LiveFeed, type LiveState } from "./feed";

/** Keeps what the page shows up to date; whether it does at the moment. */
export function useLive(): LiveState {
  const queryClient = useQueryClient();
  const [state, setState] = useState<LiveState>("connecting");
  useEffect(() => {
    if (!may("GET", "events")) return;
    const feed = new LiveFeed({
      open: (cursor) => new WebSocket(address(cursor)),
      read: (cursor) =>
        data(
          api.GET("/api/events", {
            params: { query: cursor === null ? {} : { after: Number(cursor) } },
          }),
        ),
      onMessage: (message) => applyMessage(queryClient, message),
      onState: setState,
    });
    const back = () => feed.retryNow();
    window.addEventListener("online", back);
    feed.start();
    return () => {
      window.removeEventListener("online", back);
      feed.stop();
    };
  }, [queryClient]);
  return state;
}

function address(cursor: string | null): string {
  const url = new URL("/ws/scores", window.location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  if (cursor !== null) url.searchParams.set("after", cursor);
  return url.href;
}
