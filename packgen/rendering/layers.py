"""Velocity layers: softer hits as other points of the latent space, darker, shorter and quieter by measure.

A proposal walks from a sound against its class's predicted brightness and decay. What it gives is measured; a
take that is not darker than every take of the harder layer is drawn back or tried further out, and the few that
stay too bright get a gentle low-pass, as a softer stroke has.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from packgen.audio.descriptors import Descriptors, describe
from packgen.audio.samples import Samples
from packgen.audio.shaping import amplitude, fade_out, peak
from packgen.engine.protocol import SoundEngine
from packgen.errors import NoSound
from packgen.latent import space as latent
from packgen.latent.predictor import PREDICTED, Predictor
from packgen.latent.streams import Stream, generator
from packgen.planning.plan import Entry, take_codes
from packgen.planning.recipe import Recipe
from packgen.rendering.takes import (
    RenderedSound,
    RenderedTake,
    render_take,
    sibling,
    treat,
)

SOFTENING = 1.6  # deviations of brightness that the softest layer is moved down by
DECAY_SHARE = 0.5  # of that for decay
# Lengths of a proposal and how far aside of it to look, in deviations; tried in this order.
PROPOSALS = ((1.0, 0.0), (1.6, 0.0), (1.0, 0.3), (1.6, 0.4), (2.2, 0.4), (0.6, 0.5))
DARKER = 0.94  # of the harder layer's darkest take: the brightness a softer layer starts from
LONGER = 1.1  # of the harder layer's decay that a softer one may have
LAWFUL = 0.995  # of the harder layer's darkest take: what every take must stay under
STRAY_DB = 1.0  # that takes of one layer differ in level at most: less than any two layers do
FADE = 0.002  # seconds
HALVINGS = 2  # of a take's way back to its layer's first, before it is darkened by a filter
FAITHFUL = 0.5  # share of the hardest layer's class probability that a softer one should keep


def soften_sound(engine: SoundEngine, recipe: Recipe, entry: Entry, sound: RenderedSound) -> RenderedSound:
    """Add the softer layers to a sound that has its hardest: each take darker and quieter than all harder ones.

    Args:
        sound: with the takes of its hardest layer, without effects.
    """
    return _Layers(engine, recipe, entry, sound.takes[0]).add_to(sound)


class _Layers:
    """The layers of one sound in the making; its raw first take is what all levels refer to."""

    def __init__(self, engine: SoundEngine, recipe: Recipe, entry: Entry, base: RenderedTake) -> None:
        self.engine, self.recipe, self.entry = engine, recipe, entry
        self.drum, self.space = entry.drum, engine.spaces[entry.drum]
        self.rate = engine.signal.sample_rate
        self.chain = recipe.style(entry.drum).effects
        self.base, self.gain = base, 1 / peak(base.samples)
        self.reference = 0.0  # level of the hardest layer's first take, after its effects
        self.degenerate = self.darkened = 0

    def add_to(self, sound: RenderedSound) -> RenderedSound:
        """The sound with its softer layers after its hardest, and with what they cost added to its counters."""
        layers = self.recipe.layers
        top = [treat(self.engine, self.chain, take, self.gain) for take in sound.takes]
        self.reference = top[0].descriptors.level
        finished = [[_placed(self._levelled(take, 0.0), layers - 1, layers) for take in top]]
        for layer in range(layers - 2, -1, -1):
            takes = self._layer(layer, finished[-1])
            finished.append([_placed(take, layer, layers) for take in takes])
        return replace(
            sound,
            takes=tuple(take for takes in finished for take in takes),
            degenerate=sound.degenerate + self.degenerate,
            darkened=self.darkened,
        )

    def _layer(self, layer: int, harder: list[RenderedTake]) -> list[RenderedTake]:
        below, drop = self.recipe.layers - 1 - layer, drop_db(layer, self.recipe.layers)
        softness = below / (self.recipe.layers - 1)
        darkest = min(take.descriptors.brightness for take in harder)
        first = self._propose(below, softness, harder[0], darkest, drop)
        takes = [self._level(self._darkened(first, darkest), drop)]
        for code in take_codes(self.recipe, self.entry, self.space, first.code, below)[1:]:
            take = self._stray(code, first.code, darkest, drop)
            takes.append(self._levelled(self._darkened(take, darkest), drop))
        return takes

    def _propose(
        self, below: int, softness: float, harder: RenderedTake, darkest: float, drop: float
    ) -> RenderedTake:
        """The first proposal that is lawful, or else the darkest; the hardest layer's own point where none sounds."""
        predictor = self.engine.predictors[self.drum]
        tried = []
        for attempt, (length, aside) in enumerate(PROPOSALS):
            code = softened(self.space, predictor, self.base.code, softness, length)
            # The prediction's own way has failed by now: look around it.
            rng = generator(
                self.recipe.seed, self.drum, self.entry.index, Stream.LAYER_SIDESTEP + below, attempt
            )
            steps = latent.draw_standard(rng, len(self.space.axes)) * np.float32(aside)
            code = latent.displace(self.space, code, steps)
            try:
                take = self._make(render_take(self.engine, self.drum, code, self.recipe.polish), drop)
            except NoSound:
                self.degenerate += 1
                continue
            known = take.probability >= FAITHFUL * self.base.probability
            if known and lawful(take.descriptors, harder.descriptors, darkest):
                return take
            tried.append((not known, take.descriptors.brightness, take))
        return min(tried, key=lambda trial: trial[:2])[2] if tried else self._make(self.base, drop)

    def _stray(self, code: latent.Vector, first: latent.Vector, darkest: float, drop: float) -> RenderedTake:
        """A take near its layer's first, drawn back to it while it is as bright as the harder layer."""
        codes = latent.drawn_back(code, first)
        for _ in range(HALVINGS + 1):
            raw, failed = sibling(self.engine, self.recipe, self.drum, codes)
            self.degenerate += failed
            take = self._make(raw, drop)
            if take.descriptors.brightness <= LAWFUL * darkest:
                break
        return take

    def _make(self, raw: RenderedTake, drop: float) -> RenderedTake:
        """A raw take, played as softly as its layer is, through the effects."""
        stray = raw.descriptors.level - self.base.descriptors.level
        return treat(self.engine, self.chain, raw, self.gain * amplitude(drop - stray))

    def _darkened(self, take: RenderedTake, darkest: float) -> RenderedTake:
        if take.descriptors.brightness <= LAWFUL * darkest:
            return take
        self.darkened += 1
        samples = darken(take.samples, self.rate, LAWFUL * darkest)
        log_mel = self.engine.analyse(samples / peak(samples))
        return replace(take, samples=samples, log_mel=log_mel, descriptors=describe(samples, self.rate))

    def _levelled(self, take: RenderedTake, drop: float) -> RenderedTake:
        """A take at most `STRAY_DB` from its layer's level."""
        stray = take.descriptors.level - self.reference - drop
        return self._level(take, drop + float(np.clip(stray, -STRAY_DB, STRAY_DB)))

    def _level(self, take: RenderedTake, drop: float) -> RenderedTake:
        """A take at a level relative to the hardest layer's first, dB."""
        level = self.reference + drop
        gain = amplitude(level - take.descriptors.level)
        samples = (take.samples * gain).astype(np.float32)
        return replace(take, samples=samples, descriptors=replace(take.descriptors, level=level))


def _placed(take: RenderedTake, layer: int, layers: int) -> RenderedTake:
    low, high = velocities(layer, layers)
    return replace(take, layer=layer, low_velocity=low, high_velocity=high)


def velocities(layer: int, layers: int) -> tuple[int, int]:
    """Lowest and highest MIDI velocity of a layer, 0 the softest.

    >>> [velocities(layer, 3) for layer in range(3)]
    [(1, 42), (43, 85), (86, 127)]
    """
    return 1 + round(127 * layer / layers), round(127 * (layer + 1) / layers)


def drop_db(layer: int, layers: int) -> float:
    """Level of a layer relative to the hardest: the square law of MIDI velocity, as SFZ players apply it.

    >>> drop_db(3, 4), round(drop_db(0, 2), 1)
    (0.0, -11.9)
    """
    return 40 * math.log10(velocities(layer, layers)[1] / 127)


def softened(
    space: latent.ClassSpace, predictor: Predictor, code: latent.Vector, softness: float, length: float = 1.0
) -> latent.Vector:
    """The code of a softer hit: the shortest way, in the class's deviations, to lower brightness and decay.

    Args:
        space, predictor: of the class.
        code: of the hardest layer (D,).
        softness: 0 (as hard) … 1 (the softest).
        length: of the step, for further tries.
    """
    brightness, decay = (predictor.weights[PREDICTED.index(name), :-1] for name in ("brightness", "decay"))
    slopes = [space.axes @ row * space.deviations for row in (brightness, decay)]
    wanted = -SOFTENING * softness * length * np.array([1.0, DECAY_SHARE])
    # Least-norm solution of the two equations; a little damping where the two slopes are alike.
    matrix = np.stack(slopes)
    gram = matrix @ matrix.T
    steps = matrix.T @ np.linalg.solve(gram + 0.05 * np.trace(gram) * np.eye(2) + 1e-9 * np.eye(2), wanted)
    norm = float(np.linalg.norm(steps))
    most = 3.0 * softness * length  # deviations: farther out the decoder invents
    return latent.displace(space, code, (steps * min(1.0, most / max(norm, 1e-9))).astype(np.float32))


def lawful(measured: Descriptors, harder: Descriptors, darkest: float) -> bool:
    """Whether a layer's sound is clearly darker, and not longer, than the harder layer."""
    return measured.brightness <= DARKER * darkest and measured.decay <= LONGER * harder.decay


def darken(samples: Samples, rate: int, brightness: float) -> Samples:
    """First-order low-passes, as few and as high as bring a sound's brightness under a value."""
    from scipy.signal import lfilter  # takes most of a second, and few packs need it

    filtered = samples
    for cutoff in np.geomspace(0.4 * rate, 40.0, 24):
        pole = math.exp(-2 * math.pi * cutoff / rate)
        filtered = np.asarray(lfilter([1 - pole], [1, -pole], filtered), np.float32)
        filtered = fade_out(filtered, round(FADE * rate))
        if describe(filtered, rate).brightness < brightness:
            break
    return filtered
