"""What this machine's libraries make of a few products: their last digits tell one kind of CPU from another."""

from __future__ import annotations

import hashlib

import numpy as np
import soxr
import torch
from torch.nn import functional


@torch.inference_mode()
def fingerprint() -> str:
    """A digest of the arithmetic that sounds are made of, without any of packgen's own.

    Kernels for other instruction sets add up in another order. Where all of these agree, so do the bytes of packs.
    """
    rng = np.random.default_rng(0)

    def noise(*shape: int) -> torch.Tensor:
        return torch.from_numpy(rng.standard_normal(shape, np.float32))

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        image, signal, rows = noise(1, 4, 48, 20), noise(1, 16, 90), noise(33, 96)
        found = [
            functional.linear(rows, noise(64, 96)),
            functional.conv2d(image, noise(8, 4, 3, 3), padding=1),
            functional.conv_transpose2d(image, noise(4, 4, 11, 5), None, (3, 2), (5, 2)),
            functional.conv1d(signal, noise(8, 16, 7), padding=3),
            torch.bmm(noise(2, 20, 30), noise(2, 30, 10)),
            torch.fft.irfft(torch.fft.rfft(rows)),
            torch.softmax(rows, 1),
            torch.log1p(rows.abs()).exp(),
        ]
        arrays = [each.numpy() for each in found]
    finally:
        torch.set_num_threads(threads)
    sound = rng.standard_normal(5000).astype(np.float32)
    arrays += [sound[:4000].reshape(40, 100) @ sound[:3000].reshape(100, 30), np.abs(np.fft.rfft(sound))]
    arrays += [
        np.asarray(soxr.resample(sound, 22_050, 44_100, quality="VHQ")),
        np.linalg.svd(rows.numpy())[1],
    ]
    return hashlib.sha256(b"".join(np.ascontiguousarray(each).tobytes() for each in arrays)).hexdigest()[:16]
