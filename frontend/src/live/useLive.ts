import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { LiveFeed, type LiveState, readNews, scoresAddress } from "../api/index";
import { api } from "../app/api";
import { may } from "../app/session";
import { applyMessage } from "./apply";

/** Keeps what the page shows up to date; whether it does at the moment. */
export function useLive(): LiveState {
  const queryClient = useQueryClient();
  const [state, setState] = useState<LiveState>("connecting");
  useEffect(() => {
    if (!may("GET", "events")) return;
    const feed = new LiveFeed({
      open: (cursor) => new WebSocket(scoresAddress(window.location.origin, cursor)),
      read: (cursor) => readNews(api, cursor),
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
