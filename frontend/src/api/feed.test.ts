import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { LiveFeed, type LiveState, type Message, type News } from "./feed";

class FakeSocket {
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  close() {
    this.onclose?.();
  }
  send(kind: string, cursor: string, payload = {}) {
    this.onmessage?.({ data: JSON.stringify({ kind, cursor, payload }) });
  }
}

function feed(read: (cursor: string | null) => Promise<News> = () => Promise.reject(new Error())) {
  const sockets: FakeSocket[] = [];
  const opened: (string | null)[] = [];
  const messages: Message[] = [];
  const states: LiveState[] = [];
  const live = new LiveFeed({
    open: (cursor) => {
      opened.push(cursor);
      sockets.push(new FakeSocket());
      return sockets.at(-1) as unknown as WebSocket;
    },
    read,
    onMessage: (message) => messages.push(message),
    onState: (state) => states.push(state),
  });
  live.start();
  const socket = () => {
    const latest = sockets.at(-1);
    if (!latest) throw new Error("No socket was opened.");
    return latest;
  };
  return { live, socket, opened, messages, states };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it("goes on after the last message when a socket breaks", async () => {
  const { socket, opened, states } = feed();
  socket().send("hello", "5");
  socket().send("score.updated", "9");
  socket().close();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(opened).toEqual([null, "9"]);
  expect(states).toEqual(["live", "live", "connecting"]);
});

it("tells nothing twice, whatever comes again", async () => {
  const again = { kind: "score.updated", cursor: "10", payload: { id: "1" } };
  const { socket, messages } = feed(() =>
    Promise.resolve({ events: [again], next: "10", resync: false }),
  );
  socket().send("score.updated", "9");
  socket().close();
  await vi.advanceTimersByTimeAsync(1_000);
  socket().send("score.updated", "10");
  socket().send("score.updated", "11");
  expect(messages.map((message) => message.cursor)).toEqual(["9", "10", "11"]);
});

it("says to reload after a gap that cannot be filled", async () => {
  const { socket, messages } = feed(() => Promise.resolve({ events: [], next: "90", resync: true }));
  socket().send("hello", "5");
  socket().close();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(messages.map((message) => message.kind)).toEqual(["hello", "resync"]);
});

it("waits longer each time that nothing answers, and is offline then", async () => {
  const { socket, opened, states } = feed();
  socket().close();
  await vi.advanceTimersByTimeAsync(1_000);
  socket().close();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(opened).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(opened).toHaveLength(3);
  expect(states.at(-1)).toBe("offline");
});

it("tries at once when the network is back, and not at all once stopped", async () => {
  const { live, socket, opened } = feed();
  socket().close();
  live.retryNow();
  expect(opened).toHaveLength(2);
  live.stop();
  live.retryNow();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(opened).toHaveLength(2);
});

it("opens one socket however long its ticket takes, and none once stopped", async () => {
  const tickets: ((socket: FakeSocket) => void)[] = [];
  const messages: Message[] = [];
  const live = new LiveFeed({
    open: () =>
      new Promise<WebSocket>((resolve) => {
        tickets.push((socket) => resolve(socket as unknown as WebSocket));
      }),
    read: () => Promise.reject(new Error()),
    onMessage: (message) => messages.push(message),
  });
  live.start();
  live.retryNow();
  expect(tickets).toHaveLength(1);
  const socket = new FakeSocket();
  tickets[0]?.(socket);
  await vi.advanceTimersByTimeAsync(0);
  socket.send("hello", "5");
  expect(messages).toHaveLength(1);
  socket.close();
  await vi.advanceTimersByTimeAsync(1_000);
  live.stop();
  const late = new FakeSocket();
  const close = vi.spyOn(late, "close");
  tickets[1]?.(late);
  await vi.advanceTimersByTimeAsync(0);
  expect(close).toHaveBeenCalled();
});

it("tells why no socket can be opened, and tries again", async () => {
  const errors: unknown[] = [];
  const open = vi.fn(() => Promise.reject(new Error("401")));
  const live = new LiveFeed({
    open,
    read: () => Promise.reject(new Error("401 too")),
    onMessage: () => undefined,
    onError: (error) => errors.push(error),
  });
  live.start();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(open).toHaveBeenCalledTimes(2);
  expect(errors.map(String)).toEqual(["Error: 401", "Error: 401 too", "Error: 401"]);
  live.stop();
});
