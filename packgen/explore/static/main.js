// The page: what is chosen, and what happens when somebody chooses something else.

import { CELLS, Pad } from "./pad.js";
import { Player } from "./player.js";
import { Shelf, describe, toItem } from "./shelf.js";
import { Sounds, newSeed, request, urlAt, urlOf, urlRandom, urlVaried } from "./sounds.js";
import { View } from "./view.js";

const SETTLED = 400; // milliseconds after which a sound counts as heard, and a knob as set
const NOTICE = 4000; // milliseconds that a message stays

const element = (id) => document.getElementById(id);
const about = await request("/api/about").then((response) => response.json(), (error) => fail(error));
const titles = Object.fromEntries(about.classes.map((drum) => [drum.name, drum.title]));
const state = { drum: about.classes[0].name, range: 2, p3: 0, place: [0, 0], off: false };

const sounds = new Sounds(about.rate);
const player = new Player();
const pad = new Pad(element("pad"), sounds, (place) => move(place));
const view = new View(about.highest, (trim) => trimmed(trim));
const shelf = new Shelf(about, (item) => recall(item));
let current; // the sound that is shown
let settling;

// Messages

let noticeTimer;
function say(text, bad = false) {
  const status = element("status");
  status.textContent = text;
  status.className = bad ? "bad" : "";
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => status.classList.add("idle"), bad ? 2 * NOTICE : NOTICE);
}

function fail(error) {
  say(error.message, true);
  throw error;
}

// Sounds

/** Fetch and play a sound, unless another is wanted meanwhile. */
async function hear(url, item) {
  try {
    const sound = await sounds.want(url);
    if (sound) show(sound, item);
  } catch (error) {
    if (error.status === undefined) throw error; // a bug of this page
    say(error.message, true);
    pad.draw();
  }
}

function show(sound, item) {
  current = sound;
  const kept = item ?? shelf.find(sound.facts.code);
  view.show(sound, kept?.start, kept?.end);
  const { facts } = sound;
  element("title").textContent = `${titles[facts.drum]} · ${describe(facts)}`;
  element("measures").textContent = [
    `${Math.round(1000 * facts.seconds)} ms`,
    `${(facts.brightness / 1000).toFixed(1)} kHz bright`,
    `${Math.round(100 * facts.probability)} % ${titles[facts.drum].toLowerCase()}`,
  ].join(" · ");
  element("play").disabled = false;
  drawMarks();
  clearTimeout(settling);
  settling = setTimeout(() => {
    shelf.remember(toItem(sound, { start: 0, end: null }));
    shelf.mark(facts.code);
  }, SETTLED);
  if (document.body.dataset.ready) play(); // not before somebody did something
}

function play() {
  if (!current) return;
  const { start, end } = view.trim;
  view.follow(player.play(current.buffer, start, end ?? current.buffer.duration));
}

function drawMarks() {
  const code = current?.facts.code;
  element("favourite").setAttribute("aria-pressed", String(Boolean(shelf.find(code))));
  shelf.mark(code);
  const stars = shelf.favourites.filter((item) => item.facts.drum === state.drum).map((item) => item.facts.place);
  pad.show({ ...state, stars });
  element("axis-x").textContent = `P1 ${signed(state.place[0])}`;
  element("axis-y").textContent = `P2 ${signed(state.place[1])}`;
}

// Choices

function move(place) {
  Object.assign(state, { place, off: false });
  drawMarks();
  hear(urlAt(state.drum, [...place, state.p3])).then(prefetch);
}

const signed = (value) => `${value < -0.005 ? "−" : "+"}${Math.abs(value).toFixed(2)} σ`;

function prefetch() {
  sounds.prefetch(pad.urls(), () => pad.draw());
}

let turning;
function choose(change) {
  Object.assign(state, change);
  const within = (value) => Math.min(Math.max(value, -state.range), state.range);
  state.place = state.place.map(within);
  for (const radio of document.querySelectorAll("input[type=radio]")) {
    radio.checked = radio.value === (radio.name === "class" ? state.drum : String(state.range));
  }
  element(`class-${state.drum}`).parentElement.scrollIntoView({ block: "nearest", inline: "nearest" });
  element("p3").value = state.p3;
  element("p3-value").textContent = `${state.p3 < 0 ? "−" : ""}${Math.abs(state.p3).toFixed(1)} σ`;
  drawMarks();
  sounds.prefetch([], () => {}); // those of the plane that was left
  clearTimeout(turning);
  turning = setTimeout(() => move(state.place), "p3" in change ? SETTLED / 4 : 0);
}

function step(columns, rows, fine) {
  const size = (2 * state.range) / (CELLS - 1);
  const next = [columns, rows].map((steps, axis) => {
    const at = state.place[axis];
    if (fine) return Math.min(Math.max(at + (steps * size) / 10, -state.range), state.range);
    return pad.coordinate(Math.min(Math.max(pad.cell(at) + steps, 0), CELLS - 1));
  });
  move(next);
}

/** A sound from elsewhere: shown where it projects to, if it does not lie on the pad's plane. */
function leave(url, item) {
  return hear(url, item).then(() => {
    if (current?.url !== url) return;
    const { place, on_axes } = current.facts;
    const off = !on_axes || Math.abs(place[2] - state.p3) > 0.01;
    Object.assign(state, { place: place.slice(0, 2), off });
    drawMarks();
  });
}

const random = () => leave(urlRandom(state.drum, newSeed()));
const vary = () => current && leave(urlVaried(current.facts.drum, current.facts.code, element("amount").value, newSeed()));

function recall(item) {
  if (item.facts.drum !== state.drum) {
    clearTimeout(turning);
    choose({ drum: item.facts.drum });
    clearTimeout(turning); // the class's own sound is not what was asked for
  }
  const kept = shelf.find(item.facts.code) ?? item;
  leave(urlOf(item.facts.drum, item.facts.code), kept).then(prefetch);
}

function favourite() {
  if (!current) return;
  say(shelf.toggle(toItem(current, view.trim)));
  drawMarks();
}

function trimmed(trim) {
  if (!current) return;
  shelf.trim(current.facts.code, trim);
  play();
}

let saving = false;
async function save() {
  const name = element("pack-name").value.trim();
  if (saving || !shelf.favourites.length) return;
  if (!name) return say("Give the pack a name", true);
  saving = element("save-button").disabled = true;
  say("Saving …");
  try {
    const { folder, sounds: count } = await shelf.save(name);
    say(`Saved ${count} ${count === 1 ? "sound" : "sounds"} in ${folder}`);
  } catch (error) {
    if (error.status === undefined) throw error;
    say(error.message, true);
  } finally {
    saving = element("save-button").disabled = false;
  }
}

// Keys

function neighbour(by) {
  const at = about.classes.findIndex((drum) => drum.name === state.drum);
  return about.classes[(at + by + about.classes.length) % about.classes.length].name;
}

const turn = (by) => choose({ p3: Math.min(Math.max(Math.round(10 * (state.p3 + by)) / 10, -about.reach), about.reach) });

const KEYS = {
  ArrowLeft: (fine) => step(-1, 0, fine),
  ArrowRight: (fine) => step(1, 0, fine),
  ArrowUp: (fine) => step(0, 1, fine),
  ArrowDown: (fine) => step(0, -1, fine),
  " ": play,
  r: random,
  v: vary,
  f: favourite,
  s: save,
  z: () => current && shelf.before(current.facts.code) && recall(shelf.before(current.facts.code)),
  "[": () => choose({ drum: neighbour(-1) }),
  "]": () => choose({ drum: neighbour(1) }),
  ",": () => turn(-0.1),
  ".": () => turn(0.1),
  "?": () => element("help").showModal(),
  ...Object.fromEntries([1, 2, 3, 4].map((range) => [String(range), () => choose({ range })])),
};
const ONCE = new Set(["r", "v", "f", "s", "z", "?"]); // not while the key is held

function keyed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || element("help").open) return;
  const { target, key } = event;
  if (target.matches("input[type=text]")) return;
  if (target.matches("input[type=range], input[type=radio]") && key.startsWith("Arrow")) return;
  if (key === " " && target.matches("button, input")) return;
  const action = KEYS[key] ?? KEYS[key.toLowerCase()];
  if (!action) return;
  event.preventDefault();
  if (event.repeat && ONCE.has(key.toLowerCase())) return;
  action(event.shiftKey);
}

// Start

for (const drum of about.classes) {
  const label = document.createElement("label"), radio = document.createElement("input");
  const text = document.createElement("span");
  Object.assign(radio, { type: "radio", name: "class", value: drum.name, id: `class-${drum.name}` });
  text.textContent = drum.title;
  label.append(radio, text);
  element("classes").append(label);
}
element("classes").addEventListener("change", (event) => choose({ drum: event.target.value }));
element("range").addEventListener("change", (event) => choose({ range: Number(event.target.value) }));
element("p3").addEventListener("input", (event) => choose({ p3: Number(event.target.value) }));
element("amount").addEventListener("input", (event) => {
  element("amount-value").textContent = `${Math.round(100 * event.target.value)} %`;
});
for (const [id, action] of Object.entries({ play, random, vary, favourite })) {
  element(id).addEventListener("click", () => action());
}
element("save").addEventListener("submit", save);
element("help-open").addEventListener("click", KEYS["?"]);
document.addEventListener("favourites", drawMarks);
document.addEventListener("keydown", keyed);
for (const doing of ["pointerdown", "keydown"]) {
  document.addEventListener(doing, () => (document.body.dataset.ready = "yes"), { capture: true });
}
element("p3").min = -about.reach;
element("p3").max = about.reach;
choose({});
