"""The checkpointed solve: the gradient of odeint, and what it keeps."""

import gc
import tracemalloc

import numpy as np
import pytest

from refdgm.cases import draw, flatten, options_grid
from refdgm.nets.field import VELOCITIES, Field
from refdgm.ode.odeint import odeint
from refdgm.ode.odeint_adjoint import odeint_adjoint
from refdgm.ode.odeint_checkpointed import odeint_checkpointed
from refdgm.ode.tableau import TABLEAUS

from ..kit import verify

TestOdeintCheckpointed = verify(odeint_checkpointed)

BATCH, SIZE, HIDDEN = 64, 16, 48
STATE = BATCH * SIZE * 8  # bytes of one state


def problem(rng):
    theta = {"W1": rng.normal(size=(HIDDEN, SIZE + 1)) / 4, "b1": rng.normal(size=HIDDEN),
             "W2": rng.normal(size=(SIZE, HIDDEN)) / 8, "b2": rng.normal(size=SIZE)}
    return rng.normal(size=(BATCH, SIZE)), np.array(0.0), np.array(1.0), theta


def memory(ref, args, method, steps):
    """(bytes kept between value and pullback, the most at any time during both), beyond inputs and value."""
    options = {"velocity": VELOCITIES["mlp_tanh"], "method": method, "steps": steps}
    bar = np.ones_like(args[0])
    ref.body(*args, **options)[1](bar)  # what is made once
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        value, pullback = ref.body(*args, **options)
        kept = tracemalloc.get_traced_memory()[0] - before - value.nbytes
        pullback(bar)
        return kept, tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


def growth(ref, args, method):
    """What a further step adds to both, in states."""
    few, many = (memory(ref, args, method, steps) for steps in (10, 30))
    return [(b - a) / 20 / STATE for a, b in zip(few, many, strict=True)]


class TestLaws:
    @pytest.mark.parametrize("options", options_grid(odeint), ids=lambda o: "-".join(map(str, o.values())))
    def test_value_and_gradient_of_odeint_bit_for_bit(self, options):
        """Kills: a recomputed step at another state, time, step size or method, and a state computed backwards."""
        for steps in (1, 5):
            case = draw(odeint, 3, options=options | {"steps": steps})
            (value, pullback), (want, right) = (
                ref.vjp(*case.arguments().values(), **case.options) for ref in (odeint_checkpointed, odeint)
            )
            assert value.tobytes() == want.tobytes()
            got, want = (flatten(each(*case.cotangents())) for each in (pullback, right))
            for name, x in got.items():
                assert x.tobytes() == want[name].tobytes(), name

    @pytest.mark.parametrize("method", TABLEAUS)
    def test_a_step_adds_one_state(self, rng, method):
        """Kept and at most: one state a step, whatever the number of stages. The rest is 2 % for list and header.

        Kills: stages, slopes or pullbacks that stay alive, in the solve or in the pullback.
        """
        for each in growth(odeint_checkpointed, problem(rng), method):
            assert 0.99 < each < 1.1

    @pytest.mark.parametrize("method", TABLEAUS)
    def test_odeint_keeps_the_stages_and_the_adjoint_nothing(self, rng, method):
        """The measure sees what it should: s stages of a network a step, and a memory that does not grow."""
        args, stages = problem(rng), len(TABLEAUS[method].b)
        assert min(growth(odeint, args, method)) > stages * (1 + HIDDEN / SIZE)
        few, many = (memory(odeint_adjoint, args, method, steps)[1] for steps in (25, 400))
        assert many < 1.05 * few

    def test_every_velocity_is_evaluated_twice(self):
        """Ten steps of rk4: 40 evaluations on the way there, 40 with a pullback on the way back, again for another.

        Kills: stages kept after all; a step that is taken again more than once; slopes that nobody asks for.
        """
        calls, plain = [], VELOCITIES["theta_sin"]

        def noted(function):
            return lambda *args: (calls.append(function), function(*args))[1]

        counted = Field("counted", ("z", "t"), noted(plain.value), noted(plain.vjp))
        z0, theta = np.array([[0.5, 1.0]]), {"theta": np.array([0.3, -0.4])}
        _, pullback = odeint_checkpointed.vjp(z0, 0.0, 1.0, theta, velocity=counted, method="rk4", steps=10)
        counts = [calls.count(plain.value)]
        for _ in range(2):
            pullback(np.ones_like(z0))
            counts.append(calls.count(plain.vjp))
        assert counts == [40, 40, 80] and calls.count(plain.value) == 40

    def test_where_the_flow_contracts(self):
        """z_dot = −40 z over a unit of time, 50 steps of Euler: z_bar₀ = 0.2⁵⁰, and θ_bar = Σ h z_n λ_{n+1} = 0.2⁴⁹.

        The states shrink by 36 orders of magnitude. Kills: states that are found again by stepping backwards.
        """
        theta = {"A": np.array([[-40.0]]), "b": np.zeros(1)}
        one = np.ones((1, 1))
        value, pullback = odeint_checkpointed.vjp(one, 0.0, 1.0, theta, velocity="linear", method="euler", steps=50)
        grads = pullback(one)
        np.testing.assert_allclose([value[0, 0], grads["z0"][0, 0]], 0.2**50, rtol=1e-12)
        np.testing.assert_allclose(grads["theta"]["A"], 0.2**49, rtol=1e-12)
