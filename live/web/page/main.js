// Puts the page together: one connection to the show, and what each part makes of its news.

import { Link } from "./link.js";
import { Screen } from "./screen.js";
import { Panels } from "./panels.js";
import { Controls } from "./controls.js";
import { showFigures } from "./figures.js";
import { Plots } from "./plots.js";

const at = (id) => document.getElementById(id);
const phone = matchMedia("(pointer: coarse), (max-width: 820px)").matches;
const now = at("now");
const line = at("line");
const link = new Link(new URL("live", document.baseURI));
const screen = new Screen(at("frame"), at("picture"), link);
const panels = new Panels(at("panels"));
const controls = new Controls(at("controls"), link);
const plots = new Plots(at("spans"), { heard: at("heard"), latency: at("latency"), memory: at("memory") });
const rate = at("rate");
const meter = at("level");

rate.value = phone ? "10" : "25";
rate.addEventListener("change", () => screen.look(Number(rate.value)));
at("whole").addEventListener("click", () => at("frame").requestFullscreen?.());

function say(text, fault) {
  now.textContent = text;
  now.className = fault ? "bad" : "good";
}

link.on("hello", (said) => {
  controls.build(said.controls, said.role);
  screen.look(Number(rate.value));
  plots.refresh();
});
link.on("control", (said) => controls.show(said));
link.on("words", (said) => controls.offer(said));
link.on("refused", (said) => controls.refuse(said));
link.on("line", (said) => { line.textContent = said.text; });
link.on("state", (said) => {
  const seen = [said.light, said.season, said.style].filter(Boolean).join(", ");
  say(said.fault || `listening to ${said.input}${seen ? ` · ${seen}` : ""}`, said.fault);
  if (said.message) line.textContent = said.message;
  meter.firstElementChild.style.transform = `scaleX(${said.level})`;
  meter.setAttribute("aria-valuenow", said.level);
  panels.show(said.panels);
  showFigures(at("figures"), said, screen.figures());
  controls.window(said.window);
});
link.on("picture", (number, jpeg) => screen.show(number, jpeg));
link.on("away", (seconds) => {
  screen.away();
  say(`the show does not answer; trying again in ${seconds} s`, true);
});
link.on("blocked", () => screen.fallBack());
link.open();
plots.start();
