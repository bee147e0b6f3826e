"""The texture network's task: decoded spectrograms of recordings, to sounds that are told from them less easily.

It learns from pairs: a recording, and what decoder and vocoder make of its code. They are made before the first step,
by the auto-encoder and the vocoder as they stand, and kept in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from packgen.audio.mel import LOUDEST
from packgen.audio.modes import strongest_share
from packgen.audio.samples import Samples
from packgen.audio.shaping import pad
from packgen.classes import BY_NAME
from packgen.engine.chain import Chain, sounding_frames
from packgen.errors import NoSound
from packgen.networks import losses
from packgen.networks.cwae import CWAE
from packgen.networks.mcnn import MCNN
from packgen.networks.texture import Controls, Texture, TextureConfig, textured
from packgen.training.augment import Variants
from packgen.training.batches import CHUNK, Indices, balanced, log_mels, one_hot
from packgen.training.corpus import Corpus, counts
from packgen.training.distributed import ALONE, Ranks


@dataclass(frozen=True)
class TextureLoss:
    """How the texture network is trained.

    Attributes:
        batch: sounds a step and rank.
        seconds: of a crop.
        windows: of the energy distance's spectra, samples.
        chosen: of them a step: each is as good an estimate of the whole.
        most: recordings of a class that are used.
        repeats: pairs that a recording may be in, where a class has few.
        least: pairs of a class, as far as the repeats go.
        strays: of codes in half of the pairs, in deviations of the class's codes: draws stray as much.
        fresh: share of the pairs whose recording is varied first. None: draws lie near the codes of training
            recordings, so what the decoder makes of these is what has to be textured. With four in five varied,
            a fresh classifier told packs from recordings with an AUC of .83, with none .73.
        crowding: power of a class's pairs by which each is drawn less often.
        polish: steps, as sounds are rendered with.
    """

    batch: int = 16
    seconds: float = 0.58
    windows: tuple[int, ...] = (64, 128, 256, 512, 1024, 2048, 4096)
    chosen: int = 4
    most: int = 500
    repeats: int = 6
    least: int = 240
    strays: float = 0.3
    fresh: float = 0.0
    crowding: float = 0.5
    polish: int = 10


CONTRASTS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5)
STRUCK = ("snare", "rim")  # classes with modes below 1.5 kHz, beside the pitched ones
COMPARED = 24  # recordings of a class whose modes the contrast is fitted to
FROM_ONSET = 0.7  # share of crops that begin with the sound
VALIDATED = 12  # sounds of a class
PROBED = 8  # pairs of a class that it is measured on, likewise


@dataclass(frozen=True)
class Pairs:
    """Recordings and what decoder and vocoder make of their codes.

    Attributes:
        labels: classes (n,).
        real: the recordings (n, N), peak 1, half precision.
        decoded: spectrograms (n, F, T), half precision.
        vocoded: sounds (n, N), half precision.
    """

    labels: Indices
    real: NDArray[np.float16]
    decoded: NDArray[np.float16]
    vocoded: NDArray[np.float16]


class TextureTask:
    """The texture network on recordings and their decoded spectrograms."""

    name = "texture"

    def __init__(
        self,
        corpus: Corpus,
        network: Texture,
        cwae: CWAE,
        mcnn: MCNN,
        weights: TextureLoss,
        device: str = "cpu",
    ) -> None:
        self.corpus, self.network, self.weights, self.device = corpus, network.to(device), weights, device
        self.cwae, self.chain = cwae.eval(), Chain(mcnn, corpus.signal)
        self.labels = corpus.labels()
        self.train: Pairs | None = None
        self.val: Pairs | None = None

    @property
    def config(self) -> TextureConfig:
        """Sizes of the network."""
        return self.network.config

    def prepare(self, report: Callable[[int, int], None]) -> None:
        """Choose each class's contrast if none is known, and make the pairs."""
        train = self._pool()
        val = balanced(
            self.labels, self.corpus.where("val", ["recorded"]), VALIDATED, np.random.default_rng(0)
        )
        val = np.unique(val)
        unknown = not bool(self.network.contrast.any())
        compared = self._compared() if unknown else np.array([], np.int64)
        total = len(train) + len(val) + len(compared) * len(CONTRASTS)
        done = 0

        def count() -> None:
            nonlocal done
            done += 1
            report(done, total)

        with one_thread_each() as pool:
            if unknown:
                self._fit_contrast(compared, pool, count)
            rng = np.random.default_rng(1)
            varied = Variants(self.corpus, self.weights.fresh).draw(train, np.arange(len(train)))
            self.train = self._pairs(self.labels[train], varied, self.weights.strays, rng, pool, count)
            sounds = [self.corpus.sound(int(i)) for i in val]
            self.val = self._pairs(self.labels[val], sounds, 0.0, rng, pool, count)

    def _pool(self) -> Indices:
        """Training recordings, and those of small classes several times."""
        weights, chosen = self.weights, []
        recorded = self.corpus.where("train", ["recorded"])
        for label in range(len(self.corpus.classes)):
            members = recorded[self.labels[recorded] == label]
            if len(members) > weights.most:
                members = members[np.linspace(0, len(members) - 1, weights.most).round().astype(int)]
            if len(members):
                times = max(1, min(weights.repeats, weights.least // len(members)))
                chosen.append(np.repeat(members, times))
        return np.concatenate(chosen)

    def _compared(self) -> Indices:
        recorded = self.corpus.where("train", ["recorded"])
        modal = [
            label for label, name in enumerate(self.corpus.classes) if BY_NAME[name].pitched or name in STRUCK
        ]
        recorded = recorded[np.isin(self.labels[recorded], modal)]
        return np.unique(balanced(self.labels, recorded, COMPARED, np.random.default_rng(2)))

    def _fit_contrast(self, indices: Indices, pool: ThreadPoolExecutor, count: Callable[[], None]) -> None:
        """Give each class the contrast by which its modes stand out as those of recordings do, in the median."""
        rate = self.corpus.signal.sample_rate
        recordings = [self.corpus.sound(int(i)) for i in indices]
        decoded = self._decode(self.labels[indices], recordings, 0.0, np.random.default_rng(0))

        def measure(task: tuple[int, float]) -> float:
            place, contrast = task
            count()
            sound = self._vocode(decoded[place], contrast)
            return _share(sound, rate)

        tasks = [(place, contrast) for place in range(len(indices)) for contrast in CONTRASTS]
        found = np.array(list(pool.map(measure, tasks))).reshape(len(indices), -1)
        real = np.array([_share(sound, rate) for sound in recordings])
        for label in range(len(self.corpus.classes)):
            mine = (self.labels[indices] == label) & np.isfinite(real)
            if mine.any() and np.isfinite(found[mine]).any():
                off = np.abs(np.nanmedian(found[mine], axis=0) - np.median(real[mine]))
                self.network.contrast[label] = CONTRASTS[int(np.nanargmin(off))]

    def _decode(
        self, labels: Indices, sounds: Sequence[Samples], strays: float, rng: np.random.Generator
    ) -> Tensor:
        """Decoded spectrograms of sounds (n, F, T), of half of their codes a little off; in half precision."""
        found = []
        with torch.inference_mode():
            for start in range(0, len(sounds), CHUNK):
                mels = log_mels(sounds[start : start + CHUNK], self.corpus.signal)
                classes = one_hot(labels[start : start + CHUNK], len(self.corpus.classes))
                codes = self.cwae.encode(mels, classes)
                noise = torch.from_numpy(rng.standard_normal(codes.shape, np.float32))
                off = torch.from_numpy(rng.random(len(codes)) < 0.5).float()[:, None] * strays
                decoded = self.cwae.decode(codes + off * noise, classes)
                found.append(decoded.clamp(0.0, LOUDEST).half())
        return torch.cat(found)

    def _vocode(self, decoded: Tensor, contrast: float) -> Samples | None:
        """What decoder and vocoder make of a code; None if that is no sound."""
        with torch.inference_mode():  # the setting is each thread's own
            log_mel = decoded.float()
            try:
                frames = sounding_frames(log_mel.numpy())
                return self.chain.coherent(log_mel[:, :frames], self.weights.polish, contrast)
            except NoSound:
                return None

    def _pairs(
        self,
        labels: Indices,
        sounds: Sequence[Samples],
        strays: float,
        rng: np.random.Generator,
        pool: ThreadPoolExecutor,
        count: Callable[[], None],
    ) -> Pairs:
        """Sounds (n) of some classes (n,) with what becomes of their codes; codes that give no sound are left out."""
        decoded = self._decode(labels, sounds, strays, rng)
        contrasts = self.network.contrast.tolist()
        real, vocoded = (
            np.zeros((len(sounds), self.corpus.signal.num_samples), np.float16) for _ in range(2)
        )

        def vocode(place: int) -> bool:
            count()
            if (found := self._vocode(decoded[place], contrasts[int(labels[place])])) is None:
                return False
            vocoded[place] = pad(found, vocoded.shape[1])
            real[place] = pad(sounds[place], real.shape[1])
            return True

        kept = np.array(list(pool.map(vocode, range(len(sounds)))))
        return Pairs(labels[kept], real[kept], decoded.numpy()[kept], vocoded[kept])

    def loss(self, rng: np.random.Generator, ranks: Ranks = ALONE) -> tuple[Tensor, dict[str, float]]:
        """Energy distance of two draws to recordings, on crops of them."""
        assert self.train is not None, "prepare comes first"
        pairs, weights = self.train, self.weights
        each = np.bincount(pairs.labels, minlength=len(self.corpus.classes)).astype(float)
        odds = each[pairs.labels] ** -weights.crowding
        chosen = rng.choice(len(pairs.labels), weights.batch * ranks.size, p=odds / odds.sum())
        shares = rng.random((len(chosen), 2))
        seeds = rng.integers(2**62, size=len(chosen))
        sizes = sorted(rng.choice(len(weights.windows), weights.chosen, replace=False))
        chosen, shares, seeds = ranks.share(chosen), ranks.share(shares), ranks.share(seeds)
        draws = self._draws(self.network, pairs, chosen, int(seeds[0]), shares)
        windows = [weights.windows[i] for i in sizes]
        distance = losses.energy_distance(*draws, windows, self.corpus.signal.sample_rate).mean()
        return distance, {"energy": distance.item()}

    def _draws(
        self,
        network: Texture,
        pairs: Pairs,
        chosen: Indices,
        seed: int,
        shares: NDArray[np.float64] | None = None,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Crops of the chosen recordings, and two draws for each: (B, N) each. Whole sounds without shares."""
        hop, signal = self.config.hop, self.corpus.signal
        size = signal.num_samples // hop * hop
        real = torch.from_numpy(pairs.real[chosen, :size].astype(np.float32))
        vocoded = torch.from_numpy(pairs.vocoded[chosen, :size].astype(np.float32))
        decoded = torch.from_numpy(pairs.decoded[chosen].astype(np.float32))
        classes = one_hot(pairs.labels[chosen], len(self.corpus.classes))
        controls: Controls = network(decoded.to(self.device), classes.to(self.device))
        if shares is not None:
            length = round(self.weights.seconds * signal.sample_rate) // hop
            lengths = np.array([int(np.abs(row).nonzero()[0][-1:].sum()) for row in real.numpy()]) // hop
            last = np.clip(lengths - length // 4, 0, size // hop - length)
            starts = np.where(shares[:, 0] < FROM_ONSET, 0, (shares[:, 1] * (last + 1)).astype(np.int64))
            real, vocoded = (cropped(each, starts * hop, length * hop) for each in (real, vocoded))
            points = self.config.points
            controls = Controls(
                cropped(controls.gain, starts, length + 1),
                cropped(controls.gate, starts, length + 1),
                cropped(controls.envelope, starts * points, (length + 1) * points),
            )
        real, vocoded = real.to(self.device), vocoded.to(self.device)
        generator = torch.Generator(self.device).manual_seed(seed)
        first, second = (
            textured(
                controls,
                vocoded,
                torch.randn(vocoded.shape, generator=generator, device=self.device),
                self.config,
            )
            for _ in range(2)
        )
        return real, first, second

    def validate(self, network: nn.Module) -> dict[str, float]:
        """Energy distance of whole draws, in all windows: to recordings of unseen instruments, and to trained ones.

        The score is that to trained ones. Draws lie near their codes, and the distance to others, which grows after
        a few hundred steps, chose weights that were told from recordings more often (AUC .87) than the last (.73).
        """
        assert isinstance(network, Texture) and self.train is not None and self.val is not None
        known = balanced(
            self.train.labels, np.arange(len(self.train.labels)), PROBED, np.random.default_rng(4)
        )
        score = self._energy(network, self.train, known)
        return {"score": score, "unseen": self._energy(network, self.val, np.arange(len(self.val.labels)))}

    def _energy(self, network: Texture, pairs: Pairs, chosen: Indices) -> float:
        found = []
        for start in range(0, len(chosen), self.weights.batch):
            draws = self._draws(network, pairs, chosen[start : start + self.weights.batch], start)
            found.append(
                losses.energy_distance(*draws, self.weights.windows, self.corpus.signal.sample_rate).cpu()
            )
        return torch.cat(found).mean().item()

    def describe(self) -> dict[str, Any]:
        """Data and loss, and the contrasts that were fitted."""
        contrast = dict(zip(self.corpus.classes, self.network.contrast.tolist(), strict=True))
        return {"data": counts(self.corpus.entries), "loss": asdict(self.weights), "contrast": contrast}


def _share(sound: Samples | None, rate: int) -> float:
    """The share of a sound's strongest mode, dB; nan where there is no sound, or none of its low end."""
    found = None if sound is None else strongest_share(sound, rate)
    return float("nan") if found is None else found


def cropped(rows: Tensor, starts: Indices, length: int) -> Tensor:
    """A part of each row's last axis, from a start of its own: (B, …, N) -> (B, …, length)."""
    return torch.stack([row[..., s : s + length] for row, s in zip(rows, starts.tolist(), strict=True)])


@contextmanager
def one_thread_each() -> Iterator[ThreadPoolExecutor]:
    """Threads for sounds side by side, each of which computes on its own."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with ThreadPoolExecutor(threads) as pool:
            yield pool
    finally:
        torch.set_num_threads(threads)
