// The last hours, drawn on canvases: which sounds were heard when, how late, how much memory.

const HOURS = [1, 3, 6];
const MOST_NAMES = 9;
const LEFT = 92;
const BOTTOM = 18;
const COLOURS = { ink: "#ebeef4", quiet: "#a0a7b6", edge: "#2a3142", p50: "#7f9fe0", p95: "#e8a45c", memory: "#6fbf8b" };

export class Plots {
  constructor(spans, canvases) {
    this.canvases = canvases;
    this.points = [];
    this.hours = HOURS[0];
    this.step = 10;
    this.buttons = HOURS.map((hours) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = `${hours} h`;
      button.addEventListener("click", () => { this.hours = hours; this.draw(); });
      spans.append(button);
      return button;
    });
  }

  start() {
    addEventListener("resize", () => this.draw());
    setInterval(() => this.refresh(), 10000);
    this.draw();
  }

  async refresh() {
    if (document.hidden || this.asking) return;
    this.asking = true;
    try {
      const since = this.points.at(-1)?.at ?? 0;
      const answer = await fetch(new URL(`api/history?since=${since}`, document.baseURI));
      if (!answer.ok) return;
      const said = await answer.json();
      this.step = said.step_s;
      this.points.push(...said.points);
      const oldest = (this.points.at(-1)?.at ?? 0) - 3600 * said.hours;
      while (this.points.length && this.points[0].at < oldest) this.points.shift();
      this.draw();
    } catch {
      // The show does not answer: what is known stays on the page.
    } finally {
      this.asking = false;
    }
  }

  draw() {
    this.buttons.forEach((button, index) => button.setAttribute("aria-pressed", HOURS[index] === this.hours));
    const until = this.points.at(-1)?.at ?? Date.now() / 1000;
    const seen = { from: until - 3600 * this.hours, until, step: this.step };
    const points = this.points.filter((point) => point.at >= seen.from);
    drawHeard(this.canvases.heard, points, seen);
    drawLines(this.canvases.latency, points, seen, [["p95_ms", COLOURS.p95], ["p50_ms", COLOURS.p50]], "ms");
    drawLines(this.canvases.memory, points, seen, [["memory_mb", COLOURS.memory]], "MB");
  }
}

function begin(canvas, seen) {
  const scale = devicePixelRatio || 1;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  canvas.width = Math.round(scale * width);
  canvas.height = Math.round(scale * height);
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  pen.font = "11px system-ui, sans-serif";
  const x = (at) => LEFT + ((at - seen.from) / (seen.until - seen.from)) * (width - LEFT);
  hours(pen, x, seen, height);
  return { pen, x, width, height: height - BOTTOM };
}

function hours(pen, x, seen, height) {
  const stride = (seen.until - seen.from) / 6;
  pen.fillStyle = COLOURS.quiet;
  pen.textBaseline = "bottom";
  for (let part = 0; part < 6; part += 1) {
    const at = seen.from + part * stride;
    const time = new Date(1000 * at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    pen.fillText(time, x(at), height - 2);
    pen.fillStyle = COLOURS.edge;
    pen.fillRect(x(at), 0, 1, height - BOTTOM);
    pen.fillStyle = COLOURS.quiet;
  }
}

function drawHeard(canvas, points, seen) {
  const sums = new Map();
  for (const point of points) {
    for (const [name, share] of Object.entries(point.heard)) sums.set(name, (sums.get(name) ?? 0) + share);
  }
  const names = [...sums].sort((a, b) => b[1] - a[1]).slice(0, MOST_NAMES).map(([name]) => name);
  const { pen, x, height } = begin(canvas, seen);
  const tall = height / MOST_NAMES;
  const wide = Math.max(1, x(seen.from + seen.step) - x(seen.from));
  pen.textBaseline = "middle";
  names.forEach((name, row) => {
    pen.fillStyle = COLOURS.ink;
    pen.fillText(name, 0, (row + 0.5) * tall, LEFT - 8);
    pen.fillStyle = `hsl(${(row * 137.5 + 215) % 360} 62% 66%)`;
    for (const point of points) {
      const share = point.heard[name];
      if (!share) continue;
      pen.globalAlpha = 0.25 + 0.75 * share;
      pen.fillRect(x(point.at) - wide, row * tall + 2, wide + 0.5, tall - 4);
    }
    pen.globalAlpha = 1;
  });
  canvas.setAttribute("aria-label", names.length ? `heard: ${names.join(", ")}` : "nothing was heard yet");
}

function drawLines(canvas, points, seen, lines, unit) {
  const values = points.flatMap((point) => lines.map(([field]) => point[field])).filter((value) => value !== null);
  const { pen, x, height, width } = begin(canvas, seen);
  const top = nice(Math.max(1, ...values));
  const y = (value) => height - (value / top) * (height - 8);
  pen.textBaseline = "middle";
  for (const part of [0, 0.5, 1]) {
    pen.fillStyle = COLOURS.quiet;
    pen.fillText(`${top * part} ${unit}`, 0, y(top * part), LEFT - 8);
    pen.fillStyle = COLOURS.edge;
    pen.fillRect(LEFT, y(top * part), width - LEFT, 1);
  }
  for (const [field, colour] of lines) {
    pen.strokeStyle = colour;
    pen.lineWidth = 1.5;
    pen.beginPath();
    let before = -Infinity;
    for (const point of points) {
      if (point[field] === null) continue;
      // A line over a gap would say that something was measured there.
      if (point.at - before > 3 * seen.step) pen.moveTo(x(point.at - seen.step), y(point[field]));
      pen.lineTo(x(point.at), y(point[field]));
      before = point.at;
    }
    pen.stroke();
  }
  const newest = points.at(-1);
  const said = lines.map(([field]) => `${field} ${newest?.[field] ?? "not yet known"}`).join(", ");
  canvas.setAttribute("aria-label", said);
}

// The next round number above: where an axis ends.
function nice(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 2.5, 5, 10].map((step) => step * power).find((step) => step >= value);
}
