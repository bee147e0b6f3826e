// Waveform and spectrogram of one sound on one time axis, with handles that cut it and a line that plays it.

import { surface, theme } from "./colours.js";
import { LOWEST, spectrogram } from "./spectrogram.js";

const SHORTEST = 0.01; // seconds between the handles, as in packs
const STEP = 0.001, LONG_STEP = 0.01; // seconds that a handle moves by a key, and with Shift

/** Lowest and highest sample in each of `count` parts of a buffer. */
export function outline(buffer, count) {
  const samples = buffer.getChannelData(0);
  return Array.from({ length: count }, (_, part) => {
    const first = Math.floor((part * samples.length) / count);
    const last = Math.max(first + 1, Math.floor(((part + 1) * samples.length) / count));
    let low = 0, high = 0;
    for (let n = first; n < last; n++) {
      if (samples[n] < low) low = samples[n];
      if (samples[n] > high) high = samples[n];
    }
    return [low, high];
  });
}

/** Draw an outline into a canvas; parts between `first` and `last` (0…1) shine. */
export function drawOutline(canvas, parts, first = 0, last = 1) {
  const { context, width, height } = surface(canvas);
  const step = width / parts.length;
  parts.forEach(([low, high], part) => {
    const middle = (part + 0.5) / parts.length;
    context.fillStyle = theme(middle >= first && middle <= last ? "accent" : "line");
    const top = (0.5 - 0.46 * high) * height, bottom = (0.5 - 0.46 * low) * height;
    context.fillRect(part * step, top, Math.max(step * 0.8, 0.8), Math.max(bottom - top, 1));
  });
  return { context, width, height };
}

const milliseconds = (seconds) => `${Math.round(1000 * seconds)} ms`;

export class View {
  #waveform = document.getElementById("waveform");
  #spectrogram = document.getElementById("spectrogram");
  #handles = { start: document.getElementById("start"), end: document.getElementById("end") };
  #heads = document.querySelectorAll(".playhead");
  #trimText = document.getElementById("trim");
  #highest;
  #sound;
  #trim = { start: 0, end: 0 };
  #trimmed;
  #playing;

  /**
   * Spectrograms reach to `highest` hertz: the network makes nothing above. `trimmed(start, end)` is called when
   * somebody has moved a handle; `end` is null at the sound's own end.
   */
  constructor(highest, trimmed) {
    this.#highest = highest;
    this.#trimmed = trimmed;
    this.#spectrogram.ariaLabel = `Spectrogram, ${LOWEST} hertz to ${Math.round(highest / 1000)} kilohertz`;
    for (const name of ["start", "end"]) this.#bind(name);
    new ResizeObserver(() => this.draw()).observe(this.#waveform);
  }

  /** Show a sound and where it is cut. */
  show(sound, start = 0, end = null) {
    this.#sound = sound;
    sound.picture ??= spectrogram(sound.buffer, this.#highest);
    this.#trim = { start, end: end ?? sound.buffer.duration };
    this.draw();
  }

  /** Where the sound is cut, in seconds; `end` is null at the sound's own end. */
  get trim() {
    const { start, end } = this.#trim;
    return { start, end: this.#sound && end >= this.#sound.buffer.duration - 1e-4 ? null : end };
  }

  /** Follow playback; `position` gives seconds, or null when it is over. */
  follow(position) {
    this.#playing = position;
    const step = () => {
      if (this.#playing !== position) return;
      const at = position();
      for (const head of this.#heads) {
        head.style.opacity = at === null ? 0 : 1;
        if (at !== null) head.style.left = `${(100 * at) / this.#sound.buffer.duration}%`;
      }
      if (at !== null) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  /** Draw everything anew. */
  draw() {
    if (!this.#sound) return;
    const { duration } = this.#sound.buffer;
    const first = this.#trim.start / duration, last = this.#trim.end / duration;
    const count = Math.max(40, Math.round(this.#waveform.clientWidth / 2));
    const parts = outline(this.#sound.buffer, count);
    const { context, width, height } = drawOutline(this.#waveform, parts, first, last);
    this.#drawRuler(context, width, height, duration);
    this.#drawSpectrogram(first, last);
    for (const name of ["start", "end"]) {
      const handle = this.#handles[name], seconds = this.#trim[name];
      handle.style.left = `${(100 * seconds) / duration}%`;
      handle.setAttribute("aria-valuemax", Math.round(1000 * duration));
      handle.setAttribute("aria-valuenow", Math.round(1000 * seconds));
      handle.setAttribute("aria-valuetext", milliseconds(seconds));
    }
    const { start, end } = this.trim;
    const cut = start > 0 || end !== null;
    this.#trimText.textContent = cut
      ? `Cut to ${milliseconds(this.#trim.start)} – ${milliseconds(this.#trim.end)}; double-click a handle to undo`
      : "Drag the handles to cut the sound";
  }

  #drawRuler(context, width, height, duration) {
    const step = [0.01, 0.02, 0.05, 0.1, 0.2].find((seconds) => duration / seconds <= 8) ?? 0.5;
    context.font = "11px system-ui, sans-serif";
    context.fillStyle = theme("dim");
    for (let n = 1; n * step < duration * 0.97; n++) {
      const x = (n * step * width) / duration;
      context.globalAlpha = 0.25;
      context.fillRect(x, 0, 1, height);
      context.globalAlpha = 0.9;
      context.fillText(milliseconds(n * step), x + 4, height - 5);
    }
    context.globalAlpha = 1;
  }

  #drawSpectrogram(first, last) {
    const { context, width, height } = surface(this.#spectrogram);
    context.drawImage(this.#sound.picture, 0, 0, width, height);
    context.fillStyle = "#0d0f13b0";
    context.fillRect(0, 0, first * width, height);
    context.fillRect(last * width, 0, (1 - last) * width, height);
    context.font = "11px system-ui, sans-serif";
    context.fillStyle = "#fffc";
    context.strokeStyle = "#0d0f13c0";
    context.lineWidth = 3;
    for (const [hertz, text] of [[100, "100 Hz"], [1000, "1 kHz"], [5000, "5 kHz"]]) {
      const y = height * (1 - Math.log(hertz / 40) / Math.log(11025 / 40));
      context.fillRect(0, y, 5, 1);
      context.strokeText(text, 9, y + 4);
      context.fillText(text, 9, y + 4);
    }
  }

  #bind(name) {
    const handle = this.#handles[name];
    handle.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      handle.focus({ preventScroll: true });
      handle.setPointerCapture(event.pointerId);
      const box = this.#waveform.getBoundingClientRect();
      const move = (at) => {
        this.#move(name, ((at.clientX - box.left) / box.width) * (this.#sound?.buffer.duration ?? 0));
      };
      const up = () => {
        handle.removeEventListener("pointermove", move);
        this.#trimmed(this.trim);
      };
      handle.addEventListener("pointermove", move);
      handle.addEventListener("lostpointercapture", up, { once: true });
    });
    handle.addEventListener("dblclick", () => {
      this.#move(name, name === "start" ? 0 : Infinity);
      this.#trimmed(this.trim);
    });
    handle.addEventListener("keydown", (event) => {
      const step = event.shiftKey ? LONG_STEP : STEP;
      const to = {
        ArrowLeft: this.#trim[name] - step, ArrowDown: this.#trim[name] - step,
        ArrowRight: this.#trim[name] + step, ArrowUp: this.#trim[name] + step,
        Home: 0, End: Infinity,
      }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      event.stopPropagation(); // the arrows are the pad's elsewhere
      this.#move(name, to);
      this.#trimmed(this.trim);
    });
  }

  #move(name, seconds) {
    if (!this.#sound) return;
    const { duration } = this.#sound.buffer, { start, end } = this.#trim;
    this.#trim[name] = name === "start"
      ? Math.max(0, Math.min(seconds, end - SHORTEST))
      : Math.min(duration, Math.max(seconds, start + SHORTEST));
    this.draw();
  }
}
