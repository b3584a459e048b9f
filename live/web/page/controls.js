// Every control of the show with its help, made from what the show declares.

const REST_MS = 400; // After a hand has moved something, what others say of it waits so long.
const SEND_MS = 30;

export class Controls {
  constructor(place, link) {
    this.place = place;
    this.link = link;
    this.made = new Map();
  }

  build(controls, role) {
    const sections = new Map();
    this.made.clear();
    for (const control of controls) {
      const held = make(control, (wish) => this.wish(control.name, wish));
      this.made.set(control.name, held);
      if (!sections.has(control.section)) sections.set(control.section, []);
      sections.get(control.section).push(held.row);
      if ("value" in control) held.show(control.value);
    }
    const order = ["Show", "Pictures", "Presets and cues"];
    const rank = (name) => (order.includes(name) ? order.indexOf(name) : order.length);
    const names = [...sections.keys()].sort((a, b) => rank(a) - rank(b));
    this.place.replaceChildren(...names.map((name) => section(name, sections.get(name), role)));
  }

  // Of what a hand does to a control within a moment, the newest is sent.
  wish(name, wish) {
    const held = this.made.get(name);
    held.touched = performance.now();
    held.note(held.control.help, false);
    held.wanted = wish;
    held.sending ??= setTimeout(() => {
      held.sending = undefined;
      this.link.send({ set: name, ...held.wanted });
    }, SEND_MS);
  }

  show({ name, value, origin }) {
    const held = this.made.get(name);
    if (!held || value === undefined) return;
    clearTimeout(held.later);
    const rest = REST_MS - (performance.now() - held.touched);
    if (rest > 0) held.later = setTimeout(() => held.show(value), rest);
    else held.show(value);
    held.row.title = origin ? `${held.control.allowed}; set by ${origin}` : held.control.allowed;
  }

  offer({ name, words }) { this.made.get(name)?.offer?.(words); }

  refuse({ name, text }) { this.made.get(name)?.note(text, true); }

  window(there) {
    for (const held of this.made.values()) {
      if (held.control.needs_window) held.row.hidden = !there;
    }
  }
}

function section(name, rows, role) {
  const made = document.createElement("section");
  const title = document.createElement("h2");
  const set = document.createElement("fieldset");
  title.textContent = name;
  set.disabled = role !== "operator";
  set.append(...rows);
  made.append(title, set);
  made.setAttribute("aria-label", name);
  return made;
}

function make(control, wish) {
  const row = document.createElement("div");
  const help = document.createElement("p");
  row.className = "control";
  row.dataset.control = control.name;
  row.title = control.allowed;
  const held = { control, row, touched: -Infinity, show() {} };
  held.note = (text, refused) => {
    help.textContent = text;
    help.className = refused ? "refused" : "";
  };
  MAKERS[control.kind](held, wish);
  held.note(control.help, false);
  row.append(help);
  return held;
}

function line(held, tag, ...parts) {
  const made = document.createElement(tag);
  const name = document.createElement("span");
  name.textContent = held.control.name;
  made.append(name, ...parts);
  held.row.append(made);
}

function number(held, wish) {
  const { control } = held;
  const slider = document.createElement("input");
  const shown = document.createElement("output");
  slider.type = "range";
  slider.min = control.low;
  slider.max = control.high;
  slider.step = control.kind === "whole" ? 1 : "any";
  const tell = (value) => { shown.textContent = `${Number(Number(value).toPrecision(3))} ${control.unit}`.trim(); };
  slider.addEventListener("input", () => {
    const whole = control.kind === "whole";
    const value = whole ? Number(slider.value) : Number(Number(slider.value).toPrecision(4));
    tell(value);
    wish({ to: Math.min(Math.max(value, control.low), control.high) });
  });
  held.show = (value) => { slider.value = value; tell(value); };
  line(held, "label", slider, shown);
}

function word(held, wish) {
  const select = document.createElement("select");
  held.offer = (words) => {
    const value = select.value;
    select.replaceChildren(...words.map((each) => new Option(each, each)));
    select.value = value;
  };
  held.offer(held.control.words);
  select.value = "";
  select.addEventListener("change", () => wish({ to: select.value }));
  held.show = (value) => { select.value = value; };
  line(held, "label", select);
}

function toggle(held, wish) {
  const box = document.createElement("input");
  box.type = "checkbox";
  box.addEventListener("change", () => wish({ to: box.checked }));
  held.show = (value) => { box.checked = value; };
  line(held, "label", box);
}

function action(held, wish) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "do it";
  button.setAttribute("aria-label", held.control.name);
  button.addEventListener("click", () => wish({ to: true }));
  line(held, "div", button);
}

function text(held, wish) {
  const field = document.createElement("input");
  const button = document.createElement("button");
  const tell = () => { wish({ to: field.value }); field.value = ""; };
  field.type = "text";
  field.maxLength = 200;
  field.setAttribute("aria-label", held.control.name);
  field.addEventListener("keydown", (event) => { if (event.key === "Enter") tell(); });
  button.type = "button";
  button.textContent = "do it";
  button.addEventListener("click", tell);
  line(held, "div", field, button);
}

const MAKERS = { number, whole: number, word, switch: toggle, action, text };
