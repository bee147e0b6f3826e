// Sounds from the server: fetched, decoded, kept. What was asked for last comes first.

const KEPT = 300; // decoded sounds, some 150 kB each
const PREFETCHING = 2; // requests at a time for neighbours; browsers allow six in all
const URGENT = 2; // requests at a time for what somebody clicked on

/** An answer of the server that is no sound; `status` is 0 where none came at all. */
export class Failure extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/** Fetch and check; errors carry the server's own line. */
export async function request(url, options) {
  let response;
  try {
    response = await fetch(url, options);
  } catch {
    throw new Failure("packgen explore does not answer: start it again and reload", 0);
  }
  if (response.ok) return response;
  let message = `the server answered ${response.status}`;
  try {
    message = (await response.json()).error ?? message;
  } catch {} // not ours: the number must do
  throw new Failure(message, response.status);
}

/** Address of the sound at P1, P2, P3. Rounded, so that a place has one address. */
export const urlAt = (drum, place) =>
  `/api/sound/${drum}?at=${place.map((value) => (Math.round(value * 1000) / 1000 || 0).toString()).join(",")}`;
export const urlOf = (drum, code) => `/api/sound/${drum}?code=${encodeURIComponent(code)}`;
export const urlRandom = (drum, seed) => `/api/sound/${drum}?seed=${seed}`;
export const urlVaried = (drum, code, amount, seed) => `${urlOf(drum, code)}&amount=${amount}&seed=${seed}`;

/** A seed for the server: 53 bits. */
export function newSeed() {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2));
  return (high & 0x1fffff) * 2 ** 32 + low;
}

/** Fetched sounds: {url, facts, buffer}. */
export class Sounds {
  #decoder;
  #kept = new Map(); // address -> sound, the one just used last
  #loading = new Map(); // address -> promise
  #silent = new Set(); // addresses where there is no sound
  #queue = [];
  #prefetching = 0;
  #urgent = 0;
  #turn = 0;
  #freed = [];

  constructor(rate) {
    // Decodes before the first click allows a context that plays, and without resampling.
    this.#decoder = new OfflineAudioContext(1, 1, rate);
  }

  /** A sound that is here already, or undefined. */
  peek(url) {
    const sound = this.#kept.get(url);
    if (sound) {
      this.#kept.delete(url);
      this.#kept.set(url, sound);
    }
    return sound;
  }

  /** Whether the server said that there is no sound. */
  isSilent(url) {
    return this.#silent.has(url);
  }

  /** The sound that somebody waits for, or null if a newer one was wanted meanwhile. */
  async want(url) {
    const turn = ++this.#turn;
    const kept = this.peek(url);
    if (kept) return kept;
    while (this.#urgent >= URGENT) {
      await new Promise((resolve) => this.#freed.push(resolve));
      if (turn !== this.#turn) return null;
    }
    this.#urgent++;
    try {
      const sound = await this.#load(url);
      return turn === this.#turn ? sound : null;
    } catch (error) {
      if (turn !== this.#turn) return null;
      throw error;
    } finally {
      this.#urgent--;
      this.#freed.splice(0).forEach((resolve) => resolve());
    }
  }

  /** Fetch sounds before they are wanted, in this order, instead of those still queued. */
  prefetch(urls, arrived) {
    this.#queue = urls.filter((url) => !this.#kept.has(url) && !this.#loading.has(url) && !this.#silent.has(url));
    while (this.#prefetching < PREFETCHING && this.#queue.length) this.#fetchNext(arrived);
  }

  async #fetchNext(arrived) {
    this.#prefetching++;
    while (this.#queue.length) {
      try {
        await this.#load(this.#queue.shift());
      } catch (error) {
        if (error.status !== 422) this.#queue = []; // the server is gone or busy: a click will tell
      }
      arrived();
    }
    this.#prefetching--;
  }

  #load(url) {
    let loading = this.#loading.get(url);
    if (!loading) {
      loading = this.#fetch(url).finally(() => this.#loading.delete(url));
      this.#loading.set(url, loading);
    }
    return loading;
  }

  async #fetch(url) {
    try {
      const response = await request(url);
      const facts = JSON.parse(response.headers.get("Packgen-Sound"));
      const buffer = await this.#decoder.decodeAudioData(await response.arrayBuffer());
      const sound = { url, facts, buffer };
      this.#kept.set(url, sound);
      for (const oldest of this.#kept.keys()) {
        if (this.#kept.size <= KEPT) break;
        this.#kept.delete(oldest);
      }
      return sound;
    } catch (error) {
      if (error.status === 422) this.#silent.add(url);
      throw error;
    }
  }
}
