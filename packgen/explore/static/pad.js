// The XY pad: a grid of cells over P1 × P2. A cell shows its sound: colour its brightness, size its decay.

import { ramp, surface, theme } from "./colours.js";
import { urlAt } from "./sounds.js";

export const CELLS = 11; // on a side; odd, so that one stands in the middle of the class

export class Pad {
  #element;
  #canvas;
  #sounds;
  #moved;
  #drawing = false;
  #state = { drum: "", range: 2, p3: 0, place: [0, 0], off: false, stars: [] };

  /** `moved(place, settled)` is called as somebody moves on the pad. */
  constructor(element, sounds, moved) {
    this.#element = element;
    this.#canvas = element.querySelector("canvas");
    this.#sounds = sounds;
    this.#moved = moved;
    element.addEventListener("pointerdown", (event) => this.#pointerDown(event));
    new ResizeObserver(() => this.draw()).observe(element);
  }

  /** What to show: class, range, P3, place [P1, P2], whether the sound lies off the pad's plane, stars. */
  show(state) {
    this.#state = { ...this.#state, ...state };
    this.draw();
  }

  /** Coordinate of a cell's middle, counted from the left or the bottom. */
  coordinate(cell) {
    return this.#state.range * ((2 * cell) / (CELLS - 1) - 1);
  }

  /** The cell nearest to a coordinate. */
  cell(coordinate) {
    const cell = Math.round(((coordinate / this.#state.range + 1) / 2) * (CELLS - 1));
    return Math.min(Math.max(cell, 0), CELLS - 1);
  }

  /** Addresses of all cells, nearest to the place first. */
  urls() {
    const [x, y] = this.#state.place;
    const cells = [];
    for (let row = 0; row < CELLS; row++) {
      for (let column = 0; column < CELLS; column++) {
        const place = [this.coordinate(column), this.coordinate(row)];
        cells.push({ far: (place[0] - x) ** 2 + (place[1] - y) ** 2, url: this.#url(place) });
      }
    }
    return cells.sort((a, b) => a.far - b.far).map((cell) => cell.url);
  }

  #url(place) {
    return urlAt(this.#state.drum, [...place, this.#state.p3]);
  }

  #pointerDown(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    this.#element.focus({ preventScroll: true });
    this.#element.setPointerCapture(event.pointerId);
    let last;
    const move = (at) => {
      const box = this.#element.getBoundingClientRect();
      const column = Math.floor(((at.clientX - box.left) / box.width) * CELLS);
      const row = CELLS - 1 - Math.floor(((at.clientY - box.top) / box.height) * CELLS);
      const cell = [column, row].map((value) => Math.min(Math.max(value, 0), CELLS - 1));
      if (last && cell[0] === last[0] && cell[1] === last[1]) return;
      last = cell;
      this.#moved(cell.map((value) => this.coordinate(value)));
    };
    const up = () => {
      this.#element.removeEventListener("pointermove", move);
      this.#element.removeEventListener("pointerup", up);
      this.#element.removeEventListener("pointercancel", up);
    };
    this.#element.addEventListener("pointermove", move);
    this.#element.addEventListener("pointerup", up);
    this.#element.addEventListener("pointercancel", up);
    move(event);
  }

  /** Draw soon; many calls draw once. */
  draw() {
    if (this.#drawing) return;
    this.#drawing = true;
    requestAnimationFrame(() => {
      this.#drawing = false;
      this.#paint();
    });
  }

  #paint() {
    const { context, width, height } = surface(this.#canvas);
    const across = width / CELLS, down = height / CELLS;
    for (let row = 0; row < CELLS; row++) {
      for (let column = 0; column < CELLS; column++) {
        const url = this.#url([this.coordinate(column), this.coordinate(row)]);
        const x = (column + 0.5) * across, y = height - (row + 0.5) * down;
        this.#paintCell(context, x, y, Math.min(across, down), url);
      }
    }
    this.#paintMarks(context, width, height, across, down);
  }

  #paintCell(context, x, y, size, url) {
    const sound = this.#sounds.peek(url);
    context.globalAlpha = 1;
    if (!sound) {
      context.fillStyle = theme(this.#sounds.isSilent(url) ? "ground" : "line");
      context.beginPath();
      context.arc(x, y, 2.5, 0, 2 * Math.PI);
      context.fill();
      return;
    }
    const { shade, ring, probability } = sound.facts;
    const side = size * (0.34 + 0.54 * ring);
    context.globalAlpha = 0.25 + 0.75 * probability;
    context.fillStyle = `rgb(${ramp(0.22 + 0.68 * shade).join(" ")})`;
    context.beginPath();
    context.roundRect(x - side / 2, y - side / 2, side, side, side * 0.28);
    context.fill();
  }

  #paintMarks(context, width, height, across, down) {
    const { range, place, off, stars } = this.#state;
    const toX = (value) => across / 2 + ((value / range + 1) / 2) * (width - across);
    const toY = (value) => height - down / 2 - ((value / range + 1) / 2) * (height - down);
    const within = (value, most) => Math.min(Math.max(value, 7), most - 7);
    context.globalAlpha = 1;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.font = "15px system-ui, sans-serif";
    context.lineWidth = 3;
    context.strokeStyle = theme("ground");
    context.fillStyle = "#fff";
    for (const [p1, p2] of stars) {
      if (Math.max(Math.abs(p1), Math.abs(p2)) > range * 1.05) continue;
      context.strokeText("★", toX(p1), toY(p2));
      context.fillText("★", toX(p1), toY(p2));
    }
    const x = within(toX(place[0]), width), y = within(toY(place[1]), height);
    context.globalAlpha = 0.25;
    context.fillRect(x - 0.5, 0, 1, height);
    context.fillRect(0, y - 0.5, width, 1);
    context.globalAlpha = 1;
    context.setLineDash(off ? [4, 4] : []);
    const size = Math.min(across, down) * 0.94;
    for (const [colour, line] of [[theme("ground"), 5], ["#fff", 2.5]]) {
      context.strokeStyle = colour;
      context.lineWidth = line;
      context.beginPath();
      context.roundRect(x - size / 2, y - size / 2, size, size, off ? size / 2 : size * 0.25);
      context.stroke();
    }
    context.setLineDash([]);
  }
}
