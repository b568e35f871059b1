"""The continuous adjoint tends to the gradient of the flow, with the order of its method.

The flow's gradient comes without any adjoint equation: autograd through the textbook's rk4 steps,
extrapolated. An order is observed on the largest error over seeds and entries, so that no entry whose error
happens to cross zero can feign or spoil it.
"""

from functools import cache
from itertools import pairwise, product

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import make_vjp

from refdgm.cases import draw, flatten
from refdgm.evidence.definitions import definition
from refdgm.evidence.find import mistakes
from refdgm.nets.field import VELOCITIES
from refdgm.ode.odeint_adjoint import odeint_adjoint

from ..kit.orders import observed

FIELDS = ("mlp_tanh", "mlp_silu", "linear", "theta_sin")
ORDERS = odeint_adjoint.derivative_of.orders
SPANS = {"forwards": (-0.3, 0.6), "backwards": (0.6, -0.3)}
SEEDS = (2, 3, 4)
SIZES = {"B": 3, "D": 2, "hidden": (4,)}
# With fewer steps of the midpoint rule an error of t_bar₀ crosses zero: orders 3.25, 2.23, 1.92 from 32 on.
STEPS = {"euler": (32, 64), "heun": (32, 64), "midpoint": (128, 256), "rk4": (16, 32)}
SLACK = 0.5  # orders are whole numbers; the next term of the error moves these by up to 0.33
ROLES = ("z0", "t0", "t1", "theta")
MISTAKES = [wrong for wrong in mistakes("odeint_adjoint") if "value" in wrong.hides]  # N + 1 steps tend to it too

# θ_bar by the rectangle rule is what euler does: right with it, of order one with the others; it has no later stages.
RIGHT = {("parameters_by_euler", "euler"), ("adjoint_held_within_a_step", "euler"), ("stage_times_ahead", "euler")}
# Not what the adjoint equation gives at any N, but the same in the limit: only the numbers tell them apart.
RIGHT |= {(name, method) for name in ("gradient_of_the_solver", "start_time_at_the_given_state") for method in ORDERS}

every_method = pytest.mark.parametrize("method", ORDERS)
every_direction = pytest.mark.parametrize("direction", SPANS)


@cache
def problem(field, direction, seed):
    """Arguments and cotangent."""
    case = draw(odeint_adjoint, seed, sizes=SIZES, options={"velocity": field})
    t0, t1 = map(np.array, SPANS[direction])
    return case.arguments() | {"t0": t0, "t1": t1}, case.cotangents()[0]


@cache
def gradient_of_the_flow(field, direction, seed, coarsest=8):
    """Autograd of rk4 at N, 2N and 4N steps, the errors of order four and five extrapolated away."""
    arguments, bar = problem(field, direction, seed)

    def at(steps):
        def solve(given):
            return definition("odeint").value(anp, **given, velocity=field, method="rk4", steps=steps)

        return flatten(make_vjp(solve)(arguments)[0](bar))

    found = [at(coarsest * 2**level) for level in range(3)]
    for order in (4, 5):
        found = [
            {name: g + (g - coarse[name]) / (2**order - 1) for name, g in fine.items()}
            for coarse, fine in pairwise(found)
        ]
    return found[0]


def orders(body, field, direction, method):
    """The observed order of every gradient of a body."""

    def error_at(steps):
        worst = dict.fromkeys(ROLES, 0.0)
        for seed in SEEDS:
            arguments, bar = problem(field, direction, seed)
            _, pullback = body(*arguments.values(), velocity=VELOCITIES[field], method=method, steps=steps)
            ours = flatten(pullback(bar))
            for name, g in gradient_of_the_flow(field, direction, seed).items():
                role = name.partition(".")[0]
                worst[role] = np.maximum(worst[role], np.max(np.abs(ours[name] - g)))  # a NaN stays
        return worst

    errors = {steps: error_at(steps) for steps in STEPS[method]}
    return {role: observed(lambda n, role=role: errors[n][role], STEPS[method])[0] for role in ROLES}


def astray(body, field, direction, method):
    """The gradients that do not tend to those of the flow with the declared order."""
    found = orders(body, field, direction, method)
    return {role for role in ROLES if not abs(found[role] - ORDERS[method]) < SLACK}


@pytest.mark.parametrize("field", FIELDS)
@every_method
@every_direction
def test_tends_to_the_gradient_of_the_flow(field, method, direction):
    """Kills: a sign of a_dot, t_bar₀, t_bar₁ or θ_bar, a gradient left out, a factor, z or t that does not run back."""
    assert astray(odeint_adjoint.body, field, direction, method) == set()


@pytest.mark.parametrize("wrong", MISTAKES, ids=lambda wrong: wrong.name)
@pytest.mark.parametrize("method, direction", [
    pytest.param(*pair, marks=[pytest.mark.long] if pair == ("midpoint", "backwards") else [])
    for pair in product(ORDERS, SPANS)
])  # fmt: skip
def test_mistakes_do_not(wrong, method, direction):
    """Each in exactly the gradients in which it is wrong. The midpoint rule needs four times the steps of the others,
    and is asked backwards in the long run."""
    reveals = {role.partition(".")[2] for role in wrong.reveals}
    expected = set() if (wrong.name.partition("/")[2], method) in RIGHT else reveals
    assert astray(wrong.body, "mlp_silu", direction, method) == expected
