// The live line: a websocket that says "look again", and comes back by itself after a cut.

/** What the page shows about the line; `ended` means that the log-in has. */
export type LineState = 'live' | 'cut' | 'off' | 'ended';

const NOT_LOGGED_IN = 4401; // the close code of every socket of the platform

/** Keeps one websocket open. `onChange` gets every message as text, and null after every reconnection, since messages
 * may have been missed meanwhile. */
export class LiveLine {
  private socket: WebSocket | null = null;
  private wait = 1000;
  private timer = 0;
  private closed = false;
  private opened = false;

  constructor(
    private readonly url: string,
    private readonly onChange: (message: string | null) => void,
    private readonly onState: (state: LineState) => void,
  ) {}

  /** Connect, now and whenever the line is cut (after 1, 2, 4 … 30 s, with a little chance so that not all come at once). */
  open(): void {
    if (this.closed || this.socket) return;
    const address = new URL(this.url, window.location.href);
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(address.href);
    this.socket = socket;
    socket.onopen = () => {
      this.wait = 1000;
      this.onState('live');
      if (this.opened) this.onChange(null);
      this.opened = true;
    };
    socket.onmessage = (event: MessageEvent) => this.onChange(String(event.data));
    socket.onclose = (event) => {
      this.socket = null;
      if (this.closed) return;
      if (event.code >= 4000) {
        this.onState(event.code === NOT_LOGGED_IN ? 'ended' : 'off'); // refused: trying again would change nothing
        return;
      }
      this.onState('cut');
      this.timer = window.setTimeout(() => this.open(), this.wait * (0.8 + 0.4 * Math.random()));
      this.wait = Math.min(30000, this.wait * 2);
    };
  }

  /** Hang up for good. */
  close(): void {
    this.closed = true;
    window.clearTimeout(this.timer);
    this.socket?.close();
    this.socket = null;
  }
}
