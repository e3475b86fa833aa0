/**
 * What happens on the server, as it happens (docs/live.md).
 *
 * A socket that breaks is opened again after a while, from the last message on; meanwhile the same
 * news is read over REST. Nothing is told twice, and after a gap `resync` says to reload.
 */

export interface Message {
  kind: string;
  cursor: string;
  payload: Record<string, unknown>;
}

export type LiveState = "connecting" | "live" | "offline";

/** What the REST side of the feed says: the same messages, and where to go on. */
export interface News {
  events: readonly Message[];
  next: string;
  resync: boolean;
}

export interface FeedOptions {
  /** Opens a socket that begins after `cursor`, or now. */
  open: (cursor: string | null) => WebSocket | Promise<WebSocket>;
  /** News after `cursor`; without one, where to begin. */
  read: (cursor: string | null) => Promise<News>;
  onMessage: (message: Message) => void;
  onState?: (state: LiveState) => void;
  /** Why a try failed, if that is known; the next one follows until `stop()`. */
  onError?: (error: unknown) => void;
}

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 20_000;
/** Cursors are numbers, too large for some, written as texts. */
const isAfter = (cursor: string, other: string | null) =>
  other === null || BigInt(cursor) > BigInt(other);

export class LiveFeed {
  private cursor: string | null = null;
  private socket: WebSocket | null = null;
  private isOpening = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private tries = 0;
  private stopped = false;
  private readonly options: FeedOptions;

  constructor(options: FeedOptions) {
    this.options = options;
  }

  start(): void {
    this.stopped = false;
    this.connect();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.socket?.close();
    this.socket = null;
  }

  /** At once, without waiting for the next try: the network is said to be back. */
  retryNow(): void {
    if (this.stopped || this.socket || this.isOpening) return;
    clearTimeout(this.timer);
    this.tries = 0;
    this.connect();
  }

  private connect(): void {
    const opened = this.options.open(this.cursor);
    if (!(opened instanceof Promise)) {
      this.use(opened);
      return;
    }
    this.isOpening = true;
    opened.then(
      (socket) => this.use(socket),
      (error: unknown) => {
        this.isOpening = false;
        this.options.onError?.(error);
        this.later();
      },
    );
  }

  private use(socket: WebSocket): void {
    this.isOpening = false;
    if (this.stopped) {
      socket.close();
      return;
    }
    this.socket = socket;
    socket.onmessage = (event: MessageEvent<string>) => {
      if (this.socket !== socket) return;
      this.tries = 0;
      this.options.onState?.("live");
      this.take(JSON.parse(event.data) as Message);
    };
    // Its close follows and is enough; some sockets throw what nobody listens to.
    socket.onerror = () => undefined;
    socket.onclose = () => {
      if (this.socket !== socket) return;
      this.socket = null;
      this.later();
    };
  }

  private later(): void {
    if (this.stopped) return;
    this.options.onState?.(this.tries === 0 ? "connecting" : "offline");
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.tries);
    this.tries += 1;
    this.timer = setTimeout(
      () => {
        void this.catchUp().finally(() => {
          if (!this.stopped && !this.socket && !this.isOpening) this.connect();
        });
      },
      // Not all browsers at the same moment after a restart.
      wait * (0.7 + 0.3 * Math.random()),
    );
  }

  /** Where no socket gets through, this alone keeps the page up to date. */
  private async catchUp(): Promise<void> {
    try {
      const news = await this.options.read(this.cursor);
      if (this.stopped) return;
      if (news.resync) this.options.onMessage({ kind: "resync", cursor: news.next, payload: {} });
      for (const message of news.events) this.take(message);
      if (isAfter(news.next, this.cursor)) this.cursor = news.next;
    } catch (error) {
      this.options.onError?.(error);
    }
  }

  private take(message: Message): void {
    const isNews = isAfter(message.cursor, this.cursor);
    if (isNews) this.cursor = message.cursor;
    // What only steers the socket may stand at the same cursor as what came before it.
    const isSteering = ["hello", "resync", "closing"].includes(message.kind);
    if (isNews || isSteering) this.options.onMessage(message);
  }
}
