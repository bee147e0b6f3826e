// The spectrogram of a short sound: Hann windows, a radix-2 FFT, frequency on a logarithmic axis.

import { ramp } from "./colours.js";

const SIZE = 2048; // of the FFT
const WINDOW = 1024; // samples; the rest is zeros, which draws smooth low frequencies
const COLUMNS = 220;
const ROWS = 120;
export const LOWEST = 40; // hertz
const FLOOR = -75; // decibels under the loudest point

const hann = Float64Array.from({ length: WINDOW }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / WINDOW));
const cosine = Float64Array.from({ length: SIZE / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / SIZE));
const sine = Float64Array.from({ length: SIZE / 2 }, (_, k) => -Math.sin((2 * Math.PI * k) / SIZE));
const reversed = new Uint16Array(SIZE);
for (let n = 0; n < SIZE; n++) reversed[n] = (reversed[n >> 1] >> 1) | (n & 1 ? SIZE >> 1 : 0);

/** In-place FFT of SIZE points whose input stands in bit-reversed order. */
function transform(re, im) {
  for (let half = 1; half < SIZE; half *= 2) {
    const step = SIZE / (2 * half);
    for (let block = 0; block < SIZE; block += 2 * half) {
      for (let k = 0; k < half; k++) {
        const a = block + k, b = a + half, c = cosine[k * step], s = sine[k * step];
        const x = re[b] * c - im[b] * s, y = re[b] * s + im[b] * c;
        re[b] = re[a] - x;
        im[b] = im[a] - y;
        re[a] += x;
        im[a] += y;
      }
    }
  }
}

/** An image of an AudioBuffer's spectrogram, time across and frequency up, to `highest` hertz. */
export function spectrogram(buffer, highest) {
  const samples = buffer.getChannelData(0);
  const bins = Float64Array.from(
    { length: ROWS },
    (_, row) => (LOWEST * (highest / LOWEST) ** (1 - row / (ROWS - 1)) * SIZE) / buffer.sampleRate,
  );
  const power = new Float64Array(COLUMNS * ROWS);
  const re = new Float64Array(SIZE), im = new Float64Array(SIZE);
  let most = 1e-12;
  for (let column = 0; column < COLUMNS; column++) {
    re.fill(0);
    im.fill(0);
    const first = Math.round((column / (COLUMNS - 1)) * samples.length) - WINDOW / 2;
    for (let n = 0; n < WINDOW; n++) re[reversed[n]] = hann[n] * (samples[first + n] ?? 0);
    transform(re, im);
    for (let row = 0; row < ROWS; row++) {
      const bin = Math.floor(bins[row]), part = bins[row] - bin;
      const low = re[bin] ** 2 + im[bin] ** 2, high = re[bin + 1] ** 2 + im[bin + 1] ** 2;
      const value = low + (high - low) * part;
      power[row * COLUMNS + column] = value;
      if (value > most) most = value;
    }
  }
  const image = new ImageData(COLUMNS, ROWS);
  for (let i = 0; i < power.length; i++) {
    const level = 10 * Math.log10(power[i] / most + 1e-12);
    image.data.set([...ramp(1 - level / FLOOR), 255], 4 * i);
  }
  const canvas = new OffscreenCanvas(COLUMNS, ROWS);
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}
