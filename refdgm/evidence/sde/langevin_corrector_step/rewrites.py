"""A corrector step, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.sde.langevin_corrector_step import langevin_corrector_step


def wide(number: Any, x: Any) -> Any:
    return np.broadcast_to(number, len(x)).reshape(-1, *[1] * (x.ndim - 1))


def flat(x: Any) -> Any:
    return x.reshape(len(x), int(np.prod(x.shape[1:])))


@rewrite(langevin_corrector_step)
def by_the_step_size(x: Any, score: Any, eps: Any, snr: Any, *, norm: str) -> Any:
    """x + e s + √(2e) z with e = 2 r² Z²/S², differentiated by way of e and of S."""
    of_s, of_z = np.sqrt(np.sum(flat(score) ** 2, axis=1)), np.sqrt(np.sum(flat(eps) ** 2, axis=1))
    whole = norm == "batch"
    s, z = (np.mean(of_s), np.mean(of_z)) if whole else (of_s, of_z)
    e = 2 * snr**2 * z**2 / s**2
    root = np.sqrt(2 * e)

    def pullback(bar: Any) -> dict[str, Any]:
        e_bar = np.sum(flat(bar * score), axis=1) + np.sum(flat(bar * eps), axis=1) / root
        s_bar = -2 * e_bar * e / s
        s_bar = np.sum(s_bar) / len(x) if whole else s_bar
        return {"x": bar + 0, "score": wide(e, x) * bar + wide(s_bar / of_s, x) * score,
                "snr": np.sum(2 * e_bar * e) / snr}

    return x + wide(e, x) * score + wide(root, x) * eps, pullback


@rewrite(langevin_corrector_step)
def with_unit_vectors(x: Any, score: Any, eps: Any, snr: Any, *, norm: str) -> Any:
    """x + 2ρ (ρ s + z), one by one, and s_bar by its parts along and across s where the length is its own."""
    of_s, of_z = np.linalg.norm(flat(score), axis=1), np.linalg.norm(flat(eps), axis=1)
    whole = norm == "batch"
    rho = np.broadcast_to(snr * np.sum(of_z) / np.sum(of_s), len(x)) if whole else snr * of_z / of_s
    value = np.stack([x[b] + 2 * rho[b] * (rho[b] * score[b] + eps[b]) for b in range(len(x))])

    def pullback(bar: Any) -> dict[str, Any]:
        unit = score / wide(of_s, score)
        along = np.sum(flat(bar * unit), axis=1)
        by_rho = 4 * rho * of_s * along + 2 * np.sum(flat(bar * eps), axis=1)
        if whole:
            score_bar = 2 * wide(rho**2, x) * bar - unit * (np.sum(by_rho * rho) / np.sum(of_s))
        else:
            across = bar - wide(along, x) * unit
            inward = -2 * rho**2 * along - 2 * rho * np.sum(flat(bar * eps), axis=1) / of_s
            score_bar = 2 * wide(rho**2, x) * across + wide(inward, x) * unit
        return {"x": 1 * bar, "score": score_bar, "snr": np.sum(by_rho * rho) / snr}

    return value, pullback
