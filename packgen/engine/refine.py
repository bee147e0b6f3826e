"""Refining a latent code: the encoder's guess is moved to where the decoder comes closest to the sound.

The encoder learnt its guess from training sounds and is less sure of others; the decoder can do better than it is
asked to. The gap is known from variational auto-encoders (Cremer, Li, Duvenaud, *Inference Suboptimality in
Variational Autoencoders*, 2018) and closed as there: a few steps of descent on the code of the one sound.
"""

from __future__ import annotations

import torch
from torch import Tensor

from packgen.audio.mel import LOUDEST, expand
from packgen.networks import losses
from packgen.networks.cwae import CWAE

CONVERGENCE = 2.0  # weight of the spectral convergence of linear magnitudes beside the standardised squares
HISTORY = 20  # steps that L-BFGS remembers


def refine(cwae: CWAE, log_mel: Tensor, classes: Tensor, code: Tensor, steps: int) -> Tensor:
    """Fit a code to a sound by L-BFGS, on the terms of the auto-encoder's training.

    Args:
        cwae: the trained auto-encoder; its weights stay as they are.
        log_mel: compressed mel spectrogram (F, T).
        classes: class vector (C,).
        code: where to start (D,): the encoder's code.
        steps: of L-BFGS at the most, each about one decoding and one backward pass; 0 returns the code.

    Returns:
        The refined code (D,), never worse than the first by the measure that is minimised.
    """
    if steps == 0:
        return code
    target, vector = log_mel[None], classes[None]
    wanted = expand(target, cwae.config.signal)
    found = code[None].clone().requires_grad_()
    optimiser = torch.optim.LBFGS(
        [found], max_iter=steps, max_eval=2 * steps, history_size=HISTORY, line_search_fn="strong_wolfe"
    )

    def closure() -> Tensor:
        decoded = cwae.decode(found, vector)
        loss = losses.reconstruction(decoded / cwae.std, target / cwae.std)
        convergence = losses.spectral_convergence(
            expand(decoded.clamp_max(LOUDEST), cwae.config.signal), wanted
        )
        loss = loss + CONVERGENCE * convergence
        (found.grad,) = torch.autograd.grad(loss, found)  # of the code alone: the weights need none
        return loss

    with torch.enable_grad():
        optimiser.step(closure)  # type: ignore[no-untyped-call]
    refined = found.detach()[0]
    return refined if bool(torch.isfinite(refined).all()) else code
