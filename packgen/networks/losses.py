"""Losses of both networks, by the paper's equations, and what packgen adds to them."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

MMD_SCALES = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


def imq_kernel(x: Tensor, y: Tensor) -> Tensor:
    """Inverse multiquadratic kernel, summed over scales: (n, D), (m, D) -> (n, m).

    ``k(x, y) = Σ_s C_s / (C_s + ‖x - y‖²)`` with ``C_s = 2 · D · s`` for a prior of unit variance, as in
    Tolstikhin et al., *Wasserstein Auto-Encoders*, 2018.
    """
    squared = torch.cdist(x, y, compute_mode="donot_use_mm_for_euclid_dist").square()
    dimension = x.shape[1]
    return torch.stack([2 * dimension * s / (2 * dimension * s + squared) for s in MMD_SCALES]).sum(0)


def mmd(x: Tensor, y: Tensor) -> Tensor:
    """Unbiased estimate (U-statistic) of the squared maximum mean discrepancy (Gretton et al., 2012, eq. 3).

    Shapes: (n, D), (m, D) -> scalar. It may be slightly negative when the distributions agree.
    """
    n, m = len(x), len(y)
    within_x = (imq_kernel(x, x).sum() - _self_similarity(n)) / (n * (n - 1))
    within_y = (imq_kernel(y, y).sum() - _self_similarity(m)) / (m * (m - 1))
    return within_x + within_y - 2 * imq_kernel(x, y).mean()


def _self_similarity(n: int) -> float:
    """Sum of the kernel's diagonal: every scale gives one at distance zero."""
    return float(n * len(MMD_SCALES))


def class_mmd(codes: Tensor, labels: Tensor, num_classes: int, generator: torch.Generator) -> Tensor:
    """Mean over classes of the MMD between its codes and N(0, I): second term of the paper's CWAE loss.

    Args:
        codes: latent codes (B, D).
        labels: class indices (B,); classes with fewer than two sounds in the batch are left out.
        num_classes: C.
        generator: source of the prior's draws, on the codes' device.
    """
    prior = torch.randn(codes.shape, generator=generator, device=codes.device)
    terms = [
        mmd(codes[members], prior[members])
        for label in range(num_classes)
        if int((members := labels == label).sum()) > 1
    ]
    return torch.stack(terms).mean()


def reconstruction(predicted: Tensor, target: Tensor) -> Tensor:
    """Mean squared error over all elements of standardised log-mel spectrograms: the CWAE's first term.

    The mean, not the sum: this fixes the scale of β.
    """
    return functional.mse_loss(predicted, target)


def spectral_convergence(predicted: Tensor, target: Tensor) -> Tensor:
    """Frobenius norm of the difference over the norm of the target, mean over the batch (paper, eq. SC).

    Shapes: (B, F, T), (B, F, T) -> scalar.
    """
    difference = torch.linalg.vector_norm(predicted - target, dim=(1, 2))
    ratio: Tensor = difference / torch.linalg.vector_norm(target, dim=(1, 2)).clamp_min(1e-3)
    return ratio.mean()


def log_convergence(predicted: Tensor, target: Tensor) -> Tensor:
    """L1 difference of log magnitudes relative to the target's (paper, eq. SClog; Arık et al. 2018, eq. 3).

    Both are compressed spectrograms, whose logarithm is zero at silence, so that the ratio has a meaning.
    Shapes: (B, F, T), (B, F, T) -> scalar.
    """
    difference = (predicted - target).abs().flatten(1).sum(1)
    return (difference / target.abs().flatten(1).sum(1).clamp_min(1.0)).mean()


def mask_loss(logits: Tensor, target: Tensor) -> Tensor:
    """Binary cross-entropy of the mask (paper, section 3.3): (B, N), (B, N) -> scalar."""
    return functional.binary_cross_entropy_with_logits(logits, target)


def multi_resolution(predicted: Tensor, target: Tensor, windows: tuple[int, ...]) -> Tensor:
    """Spectral convergence and log-magnitude L1, averaged over STFT windows (Yamamoto et al., 2020).

    The mel loss is blind to what happens inside its 1024-sample window; windows down to 64 samples see
    the attack. Shapes: (B, N), (B, N) -> scalar.
    """
    total = predicted.new_zeros(())
    for size in windows:
        window = torch.hann_window(size, device=predicted.device)
        a, b = (
            torch.stft(
                x, size, size // 4, size, window, center=True, pad_mode="constant", return_complex=True
            )
            .abs()
            .clamp_min(1e-7)
            for x in (predicted, target)
        )
        floor = 1e-3 * size**0.5  # about -80 dB re a full-scale noise in every window
        total = (
            total + spectral_convergence(a, b) + (torch.log(a + floor) - torch.log(b + floor)).abs().mean()
        )
    return total / len(windows)


BAND_EDGES = (
    0.0,
    250.0,
    500.0,
    1000.0,
    2000.0,
    4000.0,
    8000.0,
    16_000.0,
    1e9,
)  # hertz, of `spectral_distance`
FEWEST_BINS = 3  # of a group; narrower ones join the next
FLOOR = 1e-3  # level under which a difference counts ever less: 60 dB below noise of unit variance
LINEAR = 4.0  # weight of the linear magnitudes beside the logarithmic ones


@functools.cache
@torch.inference_mode(False)
def octave_groups(window: int, rate: int) -> Tensor:
    """Which bins of an STFT count together: (bins, groups), columns of sum one.

    Groups are an octave wide, so that each octave counts alike: most bins of a long window lie above 8 kHz.
    """
    hertz = torch.linspace(0.0, rate / 2, window // 2 + 1)
    groups: list[Tensor] = []
    below = 0.0
    for edge in BAND_EDGES[1:]:
        inside = (hertz >= below) & (hertz < edge)
        if int(inside.sum()) >= FEWEST_BINS:
            groups.append(inside.float() / inside.sum())
            below = edge
    return torch.stack(groups, 1)


def spectra(audio: Tensor, windows: Sequence[int]) -> list[Tensor]:
    """Magnitudes of STFTs of several windows, hop a quarter: (B, N) -> (B, frames, bins) each."""
    found = []
    for size in windows:
        window = torch.hann_window(size, device=audio.device)
        spectrum = torch.stft(audio, size, size // 4, window=window, pad_mode="constant", return_complex=True)
        magnitude = torch.view_as_real(spectrum).square().sum(-1).add(1e-12).sqrt()
        found.append(magnitude.transpose(1, 2) / size**0.5)
    return found


def spectral_distance(a: Sequence[Tensor], b: Sequence[Tensor], windows: Sequence[int], rate: int) -> Tensor:
    """Distance of two sounds by their `spectra`, a metric of negative type: (B,).

    In each frame and octave, the Euclidean norm of the difference of logarithms; and the same of linear magnitudes,
    which weighs what is loud. The means over frames, octaves and windows are means of norms, so that the energy
    distance made of it is a proper score.
    """
    total = a[0].new_zeros(len(a[0]))
    for size, p, q in zip(windows, a, b, strict=True):
        groups = octave_groups(size, rate).to(p.device)
        logs = torch.log((p + FLOOR) / (q + FLOOR)).square() @ groups
        lines = (p - q).square() @ groups
        total = total + (logs + 1e-6).sqrt().mean((1, 2)) + LINEAR * (lines + 1e-8).sqrt().mean((1, 2))
    return total / len(windows)


def energy_distance(real: Tensor, first: Tensor, second: Tensor, windows: Sequence[int], rate: int) -> Tensor:
    """Generalised energy distance of two draws to a recording: ``d(x, y) + d(x, y') - d(y, y')``.

    Gritsenko et al., *A Spectral Energy Distance for Parallel Speech Synthesis* (2020), eq. 4. The third term
    rewards draws that differ as recordings do: without it the best answer to noise is its mean, which is no noise.

    Args:
        real: recordings (B, N).
        first, second: two draws for each (B, N).
        windows: of the spectra.
        rate: in hertz.

    Returns:
        (B,)
    """
    x, y, z = (spectra(audio, windows) for audio in (real, first, second))
    return (
        spectral_distance(x, y, windows, rate)
        + spectral_distance(x, z, windows, rate)
        - spectral_distance(y, z, windows, rate)
    )
