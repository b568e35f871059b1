"""Rare but valid inputs, on which those later mistakes show that hide on the killing cases: see `killing.py`.

Each is a draw with a change that says what is rare about it.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from refdgm.cases import Case, draw
from refdgm.mistakes.killing import tied
from refdgm.reference import Reference

Change = Callable[[np.ndarray], np.ndarray]


def changed(case: Case, **by: Change) -> Case:
    """The case with the arrays of these names changed; `theta` means all its entries."""
    arrays = {
        role: next((f(x) for name, f in by.items() if f"{role}.".startswith(f"input.{name}.")), x)
        for role, x in case.arrays.items()
    }
    return replace(case, arrays=arrays)


def times(factor: float) -> Change:
    return lambda x: np.asarray(x * factor)


def all_equal(value: float) -> Change:
    return lambda x: np.full_like(x, value)


def put(value: float, *index: int) -> Change:
    """One element, in every example."""

    def change(x: np.ndarray) -> np.ndarray:
        x = x.copy()
        x[..., *index] = value
        return x

    return change


def two_equal_columns(x: np.ndarray) -> np.ndarray:
    """The largest of every row twice."""
    x = x.copy()
    x[:, 1] = x[:, -2] = np.max(x, axis=-1) + 1
    return x


def halfway(case: Case) -> Case:
    """Every latent lies halfway between the first code and the second."""
    code = case.arrays["input.codebook"][:1]
    return changed(case, z=lambda x: 0 * x + code + 2.0**-6,
                   codebook=lambda x: np.concatenate([code, code + 2.0**-5, code + 2 + np.abs(x[2:])]))


def uneven(x: np.ndarray) -> np.ndarray:
    """No signs: probes of different lengths."""
    return x * np.linspace(0.5, 1.75, x.size).reshape(x.shape)


def small_share(x: np.ndarray) -> np.ndarray:
    """The first share below a millionth, the others as they were to one another."""
    x = np.concatenate([0 * x[:, :1] + 2.0**-24, x[:, 1:]], axis=1)
    return x / np.sum(x, axis=1, keepdims=True)


def beside(x: np.ndarray) -> np.ndarray:
    """Nearly the same number, told apart in double precision alone."""
    return np.round(x) + 1e-9 * (x - np.round(x))


RARE: dict[str, tuple[Callable[[Case], Case], ...]] = {
    "log_sum_exp": (lambda case: changed(case, logits=two_equal_columns),),
    "softmax": (lambda case: changed(case, logits=put(-np.inf, 1)),),
    "log_softmax": (lambda case: changed(case, logits=put(-2000.0, 1)),),
    "softplus": (lambda case: changed(case, x=times(99)),),
    "gaussian_log_density": (lambda case: changed(case, logvar=lambda x: x - 15),),
    "gaussian_kl": (lambda case: changed(case, logvar=times(20)), lambda case: changed(case, logvar=lambda x: x - 40)),
    "mlp": (lambda case: changed(case, x=times(0), **{f"theta.b{layer}": times(0) for layer in (1, 2)}),),
    "gumbel_max": (lambda case: changed(case, logits=beside, gumbel=beside),),
    "gumbel_softmax": (lambda case: changed(case, logits=put(-np.inf, 1)),),
    "straight_through_gumbel_softmax": (tied,),
    "concrete_log_density": (lambda case: changed(case, c=small_share),),
    "vector_quantization": (
        halfway,
        lambda case: changed(case, z=lambda x: x / 64 + 3000, codebook=lambda x: x / 64 + 3000),
    ),
    "fisher_divergence": (lambda case: changed(case, score=times(30)),),
    "gaussian_mixture_log_density": (lambda case: changed(case, a=lambda x: -np.abs(x)),),
    "gaussian_mixture_hessian": (lambda case: changed(case, a=lambda x: -np.abs(x)),),
    "denoising_score_matching": (
        lambda case: changed(case, sigma=times(2.0**-10)), lambda case: changed(case, eps=times(9))),
    "langevin_step": (lambda case: changed(case, score=times(30)),),
    "cosine_schedule": (
        lambda case: replace(changed(case, offset=all_equal(2.0**-7)), options=case.options | {"steps": 1000}),),
    "linear_schedule": (lambda case: replace(case, options=case.options | {"steps": 1}),),
    "alpha_products": (lambda case: changed(case, beta=lambda x: 1 - x / 1024),),
    "score_from_eps": (lambda case: changed(case, alpha_prod=lambda x: 1 - x / 2048),),
    "diffusion_posterior": (lambda case: changed(case, alpha_prod_prev=all_equal(1.0)),),
    "reconstruction_loss": (lambda case: changed(case, beta=times(2.0**-11)),),
    "strided_schedule": (
        lambda case: replace(case, options=case.options | {"steps": 1, "spacing": "linspace"}),
        lambda case: replace(changed(case, beta=lambda x: np.resize(x, 6)),
                             options={"steps": 3, "spacing": "linspace"}),
    ),
    "guidance_rescale": (lambda case: changed(case, guided=lambda x: 0 * x + 2),),
    "residual_block": (lambda case: changed(case, z=times(2.0**20)),),
    "hutchinson_trace": (lambda case: changed(case, probe=uneven),),
    "ffjord_log_density": (lambda case: changed(case, probe=uneven),),
}
OPTIONS = {"mlp": {"activation": "relu"}}


def rare_cases(ref: Reference, seed: int = 30_000) -> list[Case]:
    """What is rare for this reference; for most there is nothing."""
    drawn = draw(ref, seed, options=OPTIONS.get(ref.name))
    return [change(drawn) for change in RARE.get(ref.name, ())]
