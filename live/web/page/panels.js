// What sounds: each source with its picture, its name, how sure that is, and its level.

const PICTURE_MS = 1000;

export class Panels {
  constructor(list) {
    this.list = list;
    this.cards = new Map();
    setInterval(() => this.freshen(), PICTURE_MS);
  }

  show(panels) {
    const standing = new Set(panels.filter((panel) => panel.presence > 0).map((panel) => panel.track));
    for (const [track, card] of this.cards) {
      if (!standing.has(track)) {
        card.item.remove();
        this.cards.delete(track);
      }
    }
    for (const panel of panels) {
      if (!standing.has(panel.track)) continue;
      const card = this.cards.get(panel.track) ?? this.make(panel);
      card.painted = panel.painted;
      card.name.textContent = panel.label;
      card.name.style.color = panel.colour;
      card.sure.textContent = `${Math.round(100 * panel.probability)} %`;
      card.level.style.transform = `scaleX(${panel.level})`;
      card.level.style.background = panel.colour;
      card.item.style.opacity = panel.presence;
      card.item.style.order = panel.slot;
    }
  }

  make(panel) {
    const item = document.createElement("li");
    const picture = document.createElement("img");
    const text = document.createElement("div");
    const name = document.createElement("b");
    const sure = document.createElement("small");
    const level = document.createElement("i");
    const meter = document.createElement("span");
    picture.alt = "";
    // A source that has gone meanwhile has no picture: the browser's own sign for that says nothing.
    picture.addEventListener("error", () => { picture.style.visibility = "hidden"; });
    picture.addEventListener("load", () => { picture.style.visibility = ""; });
    meter.className = "level";
    meter.style.display = "block";
    meter.append(level);
    text.append(name, sure, meter);
    item.append(picture, text);
    this.list.append(item);
    const card = { item, picture, name, sure, level, painted: false, track: panel.track };
    this.cards.set(panel.track, card);
    this.load(card);
    return card;
  }

  freshen() {
    if (document.hidden) return;
    for (const card of this.cards.values()) this.load(card);
  }

  load(card) {
    if (!card.painted || !card.picture.complete) return;
    card.picture.src = new URL(`panels/${card.track}?${Date.now()}`, document.baseURI).href;
  }
}
