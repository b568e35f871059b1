"""What Hypothesis draws: structure. The numbers come from the case's own counter-based generator.

So shrinking looks for the smallest sizes and the plainest regime, and never for strange digits.
"""

import numpy as np
from hypothesis import assume, settings
from hypothesis import given as given_by
from hypothesis import strategies as st

from refdgm.cases import REGIMES, Case, draw, each_choice, options_grid, within
from refdgm.declaration.symbols import SYMBOLS
from refdgm.declaration.symbols import sizes as sizes_of

from .. import turns

# log(1 + eᵃ), the textbook softplus, is exactly 0 below a = −45 in extended precision too: no judge of what
# is small there, nor is the logarithm of a probability that rounds to 1. These tails are judged by laws (tests/nets,
# tests/primitives) and by the certification.
NEAR_ZERO = ("unit", "tiny", "near")
# References, or words of options.
TAILS = ("softplus", "sigmoid", "bernoulli", "log_softmax", "planar", "info_nce", "gelu",
         "attention")
# Of references by their whole names: differences of chances near one, of which the textbook has nothing left, and
# weights that are thousands of nats apart, whose logarithms round by more than one in float32.
SATURATED = ("contrastive_divergence", "rbm_pseudo_log_likelihood", "importance_weighted_bound", "cross_entropy",
             "discretized_logistic_log_likelihood", "boltzmann_marginal_log_likelihood", "dbn_bound")
# Words of options under which components are exponentials of exponentials of others, without a bound: a problem that
# is drawn beyond the square root of the largest number is drawn anew.
RUNS_AWAY = ("exp",)
LANE_SIZES = sizes_of("lane")
FEWER = 5  # examples by so many times of what is settled


@st.composite
def cases(draw_one, ref, regimes=tuple(REGIMES), dtype="float64") -> Case:
    sizes = {symbol: draw_one(st.sampled_from(row.tried), label=symbol) for symbol, row in SYMBOLS.items()}
    sizes = within(ref, sizes)
    options = dict(draw_one(st.sampled_from(options_grid(ref)), label="options"))
    for name in ref.options:
        least, most = ref.args[name].least, ref.args[name].most
        if least is not None:
            largest = min(least + 2, sizes[most]) if most else least + 2
            options[name] = least + ref.args[name].multiple * draw_one(st.integers(0, largest - least), label=name)
    if ref.name in SATURATED or any(tail in str(choice) for choice in (ref.name, *options.values()) for tail in TAILS):
        regimes = tuple(regime for regime in regimes if regime in NEAR_ZERO)
    regime = draw_one(st.sampled_from(regimes), label="regime")
    seed = draw_one(st.integers(0, 2**32 - 1), label="seed")
    case = draw(ref, seed, regime=regime, sizes=sizes, options=options, dtype=dtype)
    if any(word in options.values() for word in RUNS_AWAY):
        assume(moderate(ref, case))
    return case


def given(ref, **how):
    """A property of drawn cases of a reference; of fewer where nothing has changed since it was asked of all."""
    many = settings().max_examples // (FEWER if turns.settled(ref.name) else 1)
    return lambda test: settings(max_examples=many)(given_by(case=cases(ref, **how))(test))


def part(ref, every: list) -> list:
    """All, or so many times fewer where nothing has changed since they were asked."""
    return every[::FEWER] if turns.settled(ref.name) else every


@np.errstate(all="ignore")
def moderate(ref, case) -> bool:
    return all(np.all(np.abs(x) < np.sqrt(np.finfo(x.dtype).max)) for x in ref.answers(case).values())


def lane_cases(ref, dtype="float64") -> list[Case]:
    """One plain case for every combination of options, with networks for every choice: a lane tests the library
    beneath, not the numbers."""
    sizes = within(ref, LANE_SIZES)
    return [draw(ref, n, sizes=sizes, options=o, dtype=dtype) for n, o in enumerate(each_choice(ref), 1)]
