"""Sliced score matching of toy_gradlogp, the score and its directions those of the question; and the score of its
energies."""

from types import SimpleNamespace

import torch
from bare import absent

absent("torch.utils.tensorboard")

from toy_gradlogp.energy import Energy, Trainer  # noqa: E402


def sliced(loss, x, probe, theta, score):
    model = SimpleNamespace(score=lambda x: score(x, theta))
    asked = SimpleNamespace(model=model, n_slices=probe.shape[1])
    return loss(asked, x, probe.transpose(0, 1).flatten(0, 1))


def sliced_score_matching(x, probe, theta, *, score):
    return sliced(Trainer.ssm_loss, x, probe, theta, score)


def sliced_score_matching_vr(x, probe, theta, *, score):
    return sliced(Trainer.ssm_vr_loss, x, probe, theta, score)


def energy_score(x, theta, *, activation):
    phi = {"softplus": torch.nn.functional.softplus, "silu": torch.nn.functional.silu, "tanh": torch.tanh}[activation]
    depth = len(theta) // 2

    def network(h):
        for n in range(1, depth + 1):
            h = torch.nn.functional.linear(h, theta[f"W{n}"], theta[f"b{n}"])
            h = phi(h) if n < depth else h
        return h

    model = Energy(torch.nn.Identity())
    del model.net
    object.__setattr__(model, "net", network)
    return model(x)[:, 0], model.score(x)


MEAN = {"framework": "torch", "reduction": "mean"}
CANDIDATES = {
    "sliced_score_matching": {"function": sliced_score_matching, **MEAN},
    "sliced_score_matching_vr": {"function": sliced_score_matching_vr, **MEAN},
    "energy_score": {"function": energy_score, "framework": "torch"},
}
