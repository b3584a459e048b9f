// The connection to the show: begun anew by itself, whatever ends it.

const FIRST_S = 1;
const LONGEST_S = 15;

export class Link {
  constructor(url) {
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    this.url = url;
    this.heard = {};
    this.wait = FIRST_S;
    this.failed = 0;
    // A phone that wakes up does not wait for the next try.
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.again(); });
    addEventListener("online", () => this.again());
  }

  on(kind, what) { this.heard[kind] = what; }

  tell(kind, ...said) { this.heard[kind]?.(...said); }

  open() {
    this.timer = undefined;
    this.socket = new WebSocket(this.url);
    this.socket.binaryType = "arraybuffer";
    this.socket.addEventListener("open", () => { this.wait = FIRST_S; this.failed = 0; });
    this.socket.addEventListener("message", (event) => this.take(event.data));
    this.socket.addEventListener("close", () => this.closed());
  }

  take(data) {
    if (typeof data === "string") {
      const said = JSON.parse(data);
      this.tell(said.kind, said);
      return;
    }
    this.tell("picture", new DataView(data).getUint32(0), new Blob([new Uint8Array(data, 4)], { type: "image/jpeg" }));
  }

  closed() {
    this.failed += 1;
    // Something between this page and the show may not let WebSockets through.
    if (this.failed === 3) this.tell("blocked");
    this.tell("away", this.wait);
    this.timer = setTimeout(() => this.open(), 1000 * this.wait);
    this.wait = Math.min(2 * this.wait, LONGEST_S);
  }

  again() {
    if (this.timer === undefined) return;
    clearTimeout(this.timer);
    this.wait = FIRST_S;
    this.open();
  }

  send(said) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(said));
  }
}
