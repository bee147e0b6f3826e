// History and favourites: cards of sounds. Favourites stay in this browser, apart for each model.

import { request } from "./sounds.js";
import { drawOutline, outline } from "./view.js";

const MOST_HISTORY = 30;
const OUTLINE = 44; // parts of a card's little waveform

/** Words for people: "Kick", "dark long · F♯1". */
export const keyName = (key) => key?.replace("s", "♯") ?? "";
export const describe = (facts) => [facts.words.join(" "), keyName(facts.key)].filter(Boolean).join(" · ");

/** A sound as shelves keep it: all that is needed to show it, and to ask for it again. */
export function toItem(sound, trim) {
  return { facts: sound.facts, ...trim, outline: outline(sound.buffer, OUTLINE), duration: sound.buffer.duration };
}

export class Shelf {
  #history = [];
  #favourites = [];
  #lists = { history: document.getElementById("history"), favourites: document.getElementById("favourites") };
  #current = "";
  #storage;
  #titles;
  #chosen;
  #most;

  /** `chosen(item)` is called when somebody picks a card. */
  constructor(about, chosen) {
    this.#storage = `packgen.favourites.${about.model.digest}`;
    this.#titles = Object.fromEntries(about.classes.map((drum) => [drum.name, drum.title]));
    this.#most = about.most_sounds;
    this.#chosen = chosen;
    try {
      const stored = JSON.parse(localStorage.getItem(this.#storage) ?? "[]");
      this.#favourites = stored.filter((item) => item.facts.drum in this.#titles && Array.isArray(item.outline));
    } catch {} // another version's, or none: start afresh
    document.getElementById("save").addEventListener("submit", (event) => event.preventDefault());
    this.#draw("history");
    this.#draw("favourites");
  }

  get favourites() {
    return this.#favourites;
  }

  /** The favourite of that code. */
  find(code) {
    return this.#favourites.find((item) => item.facts.code === code);
  }

  /** The sound before a code in the history. */
  before(code) {
    const at = this.#history.findIndex((item) => item.facts.code === code);
    return this.#history[at + 1];
  }

  /** Mark the cards of the sound that is shown. */
  mark(code) {
    this.#current = code;
    for (const card of document.querySelectorAll(".card")) {
      card.setAttribute("aria-current", String(card.dataset.code === code));
    }
  }

  /** Put a sound first in the history, unless it is there. */
  remember(item) {
    if (this.#history.some((other) => other.facts.code === item.facts.code)) return;
    this.#history = [item, ...this.#history].slice(0, MOST_HISTORY);
    this.#draw("history");
    this.#lists.history.scrollLeft = 0;
  }

  /** Keep a sound, or keep it no longer; returns a line that says what happened. */
  toggle(item) {
    const title = this.#titles[item.facts.drum];
    if (this.find(item.facts.code)) {
      this.#favourites = this.#favourites.filter((other) => other.facts.code !== item.facts.code);
      this.#store();
      return `${title} is no favourite any more`;
    }
    if (this.#favourites.length >= this.#most) return `A pack holds ${this.#most} sounds at most`;
    this.#favourites.push(item);
    this.#store();
    this.#lists.favourites.scrollLeft = this.#lists.favourites.scrollWidth;
    return `${title} is a favourite: ${this.#favourites.length} now`;
  }

  /** Cut a favourite anew. */
  trim(code, trim) {
    const item = this.find(code);
    if (!item) return;
    Object.assign(item, trim);
    this.#store();
  }

  /** Save the favourites as a pack; returns the server's answer: {folder, sounds}. */
  async save(name) {
    const sounds = this.#favourites.map(({ facts, start, end }) => ({ class: facts.drum, code: facts.code, start, end }));
    const response = await request("/api/pack", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ name, sounds }),
    });
    return response.json();
  }

  #store() {
    try {
      localStorage.setItem(this.#storage, JSON.stringify(this.#favourites));
    } catch {} // a private window keeps them for as long as it is open
    this.#draw("favourites");
  }

  #draw(which) {
    const items = which === "history" ? this.#history : this.#favourites;
    this.#lists[which].replaceChildren(...items.map((item) => this.#card(item, which === "favourites")));
    for (const card of this.#lists[which].querySelectorAll(".card")) card.paint();
    if (which === "favourites") {
      const button = document.getElementById("save-button");
      button.disabled = items.length === 0;
      button.textContent = items.length ? `Save ${items.length} as pack` : "Save as pack";
    }
  }

  #card(item, removable) {
    const title = this.#titles[item.facts.drum];
    const entry = document.createElement("li");
    const card = document.createElement("button");
    card.type = "button";
    card.className = "card";
    card.dataset.code = item.facts.code;
    card.setAttribute("aria-label", `${title}, ${describe(item.facts)}`);
    card.setAttribute("aria-current", String(item.facts.code === this.#current));
    const canvas = document.createElement("canvas");
    const label = document.createElement("span");
    label.textContent = `${title} ${keyName(item.facts.key)}`;
    card.append(canvas, label);
    card.paint = () =>
      drawOutline(canvas, item.outline, item.start / item.duration, (item.end ?? item.duration) / item.duration);
    card.addEventListener("click", () => this.#chosen(item));
    entry.append(card);
    if (removable) {
      const remove = document.createElement("button");
      remove.type = "button";
      remove.className = "remove";
      remove.setAttribute("aria-label", `Remove ${title}, ${describe(item.facts)}`);
      remove.innerHTML = '<svg aria-hidden="true"><use href="#i-cross"/></svg>';
      remove.addEventListener("click", () => {
        this.toggle(item);
        document.dispatchEvent(new CustomEvent("favourites"));
      });
      entry.append(remove);
    }
    return entry;
  }
}
