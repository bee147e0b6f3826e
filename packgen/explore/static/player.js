// Playback: one sound at a time, cut at its handles just as packs are.

const FADE = 0.002; // seconds at a cut, as in the pack
const RELEASE = 0.005; // seconds in which a sound gives way to the next

export class Player {
  #context;
  #playing;

  /**
   * Play a buffer from `start` to `end`, in seconds.
   * Returns a function that tells where playback is, or null once it is over.
   */
  play(buffer, start, end) {
    this.#context ??= new AudioContext({ latencyHint: "interactive" });
    const context = this.#context;
    context.resume(); // browsers hold it until the first click or key
    this.stop();
    const source = new AudioBufferSourceNode(context, { buffer });
    const gain = new GainNode(context);
    source.connect(gain).connect(context.destination);
    const now = context.currentTime;
    if (start > 0) {
      gain.gain.setValueAtTime(0, now);
      gain.gain.linearRampToValueAtTime(1, now + FADE);
    }
    if (end < buffer.duration) {
      gain.gain.setValueAtTime(1, now + Math.max(FADE, end - start - FADE));
      gain.gain.linearRampToValueAtTime(0, now + end - start);
    }
    source.start(now, start, end - start);
    const playing = { source, gain };
    this.#playing = playing;
    return () => {
      const at = start + context.currentTime - now;
      return this.#playing === playing && at < end ? at : null;
    };
  }

  /** Let the sound at hand fade. */
  stop() {
    if (!this.#playing) return;
    const { source, gain } = this.#playing;
    const now = this.#context.currentTime;
    gain.gain.cancelScheduledValues(now);
    gain.gain.setTargetAtTime(0, now, RELEASE / 3);
    source.stop(now + 2 * RELEASE);
    this.#playing = undefined;
  }
}
