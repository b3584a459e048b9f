// The live picture: each is drawn, then the next is asked for, so that none waits in line.

const REMEMBERED_MS = 3000;

export class Screen {
  constructor(frame, canvas, link) {
    this.frame = frame;
    this.canvas = canvas;
    this.link = link;
    this.pen = canvas.getContext("2d", { alpha: false });
    this.rate = 0;
    this.drawn = [];
    // Nobody sees a page in the background: it asks for nothing.
    document.addEventListener("visibilitychange", () => this.ask());
  }

  look(rate) {
    this.rate = rate;
    this.frame.classList.remove("away");
    this.ask();
  }

  ask() { this.link.send({ look: document.hidden ? 0 : this.rate }); }

  async show(number, jpeg) {
    try {
      const picture = await createImageBitmap(jpeg);
      if (this.canvas.width !== picture.width || this.canvas.height !== picture.height) {
        this.canvas.width = picture.width;
        this.canvas.height = picture.height;
      }
      this.pen.drawImage(picture, 0, 0);
      picture.close();
      this.present();
    } finally {
      this.link.send({ drawn: number });
    }
  }

  present() {
    this.plain?.remove();
    this.plain = undefined;
    const now = performance.now();
    this.drawn.push(now);
    while (this.drawn[0] < now - REMEMBERED_MS) this.drawn.shift();
  }

  away() { if (!this.plain) this.frame.classList.add("away"); }

  fallBack() {
    if (this.plain) return;
    this.plain = new Image();
    this.plain.alt = "the live picture";
    this.plain.src = new URL("mjpeg?rate=10", document.baseURI).href;
    this.plain.addEventListener("load", () => this.frame.classList.remove("away"), { once: true });
    this.frame.append(this.plain);
  }

  figures() {
    const now = performance.now();
    const fresh = this.drawn.filter((at) => at > now - REMEMBERED_MS).length;
    return { perSecond: fresh / (REMEMBERED_MS / 1000), width: this.canvas.width, height: this.canvas.height };
  }
}
