"""Rendering of velocity layers: proposals of `rendering.velocity`, measured, repaired, brought to their levels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from packgen.audio.descriptors import describe
from packgen.audio.shaping import amplitude, peak
from packgen.engine.protocol import SoundEngine
from packgen.errors import NoSound
from packgen.latent import space as latent
from packgen.latent.streams import Stream, generator
from packgen.planning.plan import Entry, take_codes
from packgen.planning.recipe import Recipe
from packgen.rendering import velocity
from packgen.rendering.takes import (
    RenderedSound,
    RenderedTake,
    render_take,
    sibling,
    treat,
)

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
        below, drop = self.recipe.layers - 1 - layer, velocity.drop_db(layer, self.recipe.layers)
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
        for attempt, (length, aside) in enumerate(velocity.TRIES):
            code = velocity.softened(self.space, predictor, self.base.code, softness, length)
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
            if known and velocity.lawful(take.descriptors, harder.descriptors, darkest):
                return take
            tried.append((not known, take.descriptors.brightness, take))
        return min(tried, key=lambda trial: trial[:2])[2] if tried else self._make(self.base, drop)

    def _stray(self, code: latent.Vector, first: latent.Vector, darkest: float, drop: float) -> RenderedTake:
        """A take near its layer's first, drawn back to it while it is as bright as the harder layer."""
        for _ in range(HALVINGS + 1):
            raw, failed = sibling(self.engine, self.recipe, self.drum, first, code)
            self.degenerate += failed
            take = self._make(raw, drop)
            if take.descriptors.brightness <= velocity.LAWFUL * darkest:
                break
            code = ((raw.code + first) / 2).astype(np.float32)
        return take

    def _make(self, raw: RenderedTake, drop: float) -> RenderedTake:
        """A raw take, played as softly as its layer is, through the effects."""
        stray = raw.descriptors.level - self.base.descriptors.level
        return treat(self.engine, self.chain, raw, self.gain * amplitude(drop - stray))

    def _darkened(self, take: RenderedTake, darkest: float) -> RenderedTake:
        if take.descriptors.brightness <= velocity.LAWFUL * darkest:
            return take
        self.darkened += 1
        samples = velocity.darken(take.samples, self.rate, velocity.LAWFUL * darkest)
        log_mel = self.engine.analyse(samples / peak(samples))
        return replace(take, samples=samples, log_mel=log_mel, descriptors=describe(samples, self.rate))

    def _levelled(self, take: RenderedTake, drop: float) -> RenderedTake:
        """A take at most `STRAY_DB` from its layer's level."""
        stray = take.descriptors.level - self.reference - drop
        return self._level(take, drop + float(np.clip(stray, -velocity.STRAY_DB, velocity.STRAY_DB)))

    def _level(self, take: RenderedTake, drop: float) -> RenderedTake:
        """A take at a level relative to the hardest layer's first, dB."""
        level = self.reference + drop
        gain = amplitude(level - take.descriptors.level)
        samples = (take.samples * gain).astype(np.float32)
        return replace(take, samples=samples, descriptors=replace(take.descriptors, level=level))


def _placed(take: RenderedTake, layer: int, layers: int) -> RenderedTake:
    low, high = velocity.velocities(layer, layers)
    return replace(take, layer=layer, low_velocity=low, high_velocity=high)
