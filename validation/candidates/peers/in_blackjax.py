"""Langevin's algorithm in blackjax: the ratio of MALA, and the steps without acceptance, with the question's noise."""

import inspect
from unittest import mock

import jax
from blackjax.mcmc import diffusions, mala

RATIO = inspect.getclosurevars(mala.build_kernel()).nonlocals["compute_acceptance_ratio"]
GIVEN = mock.patch.object(diffusions, "generate_gaussian_noise", lambda key, position: key)  # for a key the noise


def mala_log_ratio(x, y, score_x, score_y, log_density_x, log_density_y, step):
    def one(x, y, score_x, score_y, log_density_x, log_density_y):
        states = mala.MALAState(x, log_density_x, score_x), mala.MALAState(y, log_density_y, score_y)
        return RATIO(*states, step_size=step)

    return jax.vmap(one)(x, y, score_x, score_y, log_density_x, log_density_y)


def langevin_step(x, score, eps, step):
    with GIVEN:
        return diffusions.overdamped_langevin(lambda x: (0.0, score))(eps, (x, 0.0, score), step).position


def langevin_chain(x, eps, step, theta, *, score):
    of = lambda x: (0.0, score(x, theta))
    state = diffusions.DiffusionState(x, *of(x))
    with GIVEN:
        for t in range(eps.shape[1]):
            state = diffusions.overdamped_langevin(of)(eps[:, t], state, step)
    return state.position


NAMES = ("mala_log_ratio", "langevin_step", "langevin_chain")
CANDIDATES = {name: {"function": globals()[name], "framework": "jax", "convention": "x + ε s + √(2ε) z"}
              for name in NAMES}
