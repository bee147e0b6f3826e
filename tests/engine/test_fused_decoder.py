"""The fused decoder gives what the network as written gives."""

from __future__ import annotations

import pytest
import torch

from packgen.engine.fused_decoder import FusedDecoder
from packgen.networks.cwae import CWAE, CWAEConfig

CLASSES = ("kick", "snare", "clap")


def trained() -> CWAE:
    """A network whose norms have met some sounds, so that none of their numbers is zero or one."""
    torch.manual_seed(0)
    cwae = CWAE(CWAEConfig(CLASSES))
    for norm in cwae.decoder.norms:
        torch.nn.init.normal_(norm.scale.weight, 1.0, 0.3)  # type: ignore[union-attr, arg-type]
        torch.nn.init.normal_(norm.shift.weight, 0.0, 0.3)  # type: ignore[union-attr, arg-type]
    cwae.mean.normal_(2.0, 1.0)
    cwae.std.uniform_(0.5, 2.0)
    with torch.no_grad():
        cwae.decode(torch.randn(12, 64), torch.eye(3).repeat(4, 1))
    return cwae.eval()


@pytest.mark.parametrize(
    "classes", [(1.0, 0.0, 0.0), (0.0, 0.0, 1.0), (0.2, 0.5, 0.3)], ids=["first", "last", "hybrid"]
)
@torch.inference_mode()
def test_same_numbers_as_the_network(classes: tuple[float, ...]) -> None:
    """To 40 dB at least: what 255 steps leave of a layer's precision."""
    cwae, vector = trained(), torch.tensor(classes)
    fused = FusedDecoder(cwae)
    for seed in range(3):
        code = torch.randn(64, generator=torch.Generator().manual_seed(seed))
        expected = cwae.decode(code[None], vector[None])[0]
        found = fused(code, vector)
        assert found.shape == expected.shape
        around = expected - cwae.mean
        assert float((found - expected).norm()) < 0.01 * float(around.norm())


@torch.inference_mode()
def test_a_code_gives_the_same_bytes_whatever_came_before() -> None:
    fused = FusedDecoder(trained())
    codes = [torch.randn(64, generator=torch.Generator().manual_seed(seed)) for seed in range(3)]
    vector = torch.tensor([0.0, 1.0, 0.0])
    first = [fused(code, vector) for code in codes]
    again = [fused(code, vector) for code in reversed(codes)][::-1]
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
