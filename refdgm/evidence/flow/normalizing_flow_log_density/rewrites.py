"""Flows of several layers, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.flow.normalizing_flow_log_density import normalizing_flow_log_density, normalizing_flow_sample


def taken(theta: Any, number: int) -> Any:
    return {name: entry[number] for name, entry in theta.items()}


def written(theta: Any) -> Any:
    return {name: np.zeros_like(entry) for name, entry in theta.items()}


@rewrite(normalizing_flow_log_density)
def from_the_sample(x: Any, theta: Any, *, transform: Any, order: str) -> Any:
    """The inverses find z, and the log-density is that of the sample there: the layers' own log-determinants,
    subtracted. Its gradient is that of a point that is held, by the layers of the way back."""
    count, state, rights = len(next(iter(theta.values()))), x, []
    for number in reversed(range(count)):
        (state, _), right = transform.inverse(state, taken(theta, number))
        rights.append(right)
        state = state[:, ::-1] if order == "reverse" and number else state
    value = normalizing_flow_sample.body(state, theta, transform=transform, order=order)[0][1]

    def pullback(bar: Any) -> dict[str, Any]:
        along, grads = -bar[:, None] * state, written(theta)
        for number in range(count):
            along = along[:, ::-1] if order == "reverse" and number else along
            g = rights[count - 1 - number](along, bar)
            along = g["x"]
            for name, entry in g["theta"].items():
                grads[name][number] = entry
        return {"x": 1 * along, "theta": grads}

    return value, pullback


@rewrite(normalizing_flow_sample)
def one_example_at_a_time(z: Any, theta: Any, *, transform: Any, order: str) -> Any:
    """Every example on its own; the parameters' gradients are added up in a loop."""
    single = [normalizing_flow_sample.body(row[None], theta, transform=transform, order=order) for row in z]

    def pullback(x_bar: Any, bar: Any) -> dict[str, Any]:
        each = [right(x_bar[i : i + 1], bar[i : i + 1]) for i, (_, right) in enumerate(single)]
        grads = written(theta)
        return {"z": np.concatenate([0 * z[:0], *[g["z"] for g in each]]),
                "theta": {name: sum([g["theta"][name] for g in each], start=grads[name]) for name in theta}}

    outputs = [[0 * z[:0], 0 * z[:0, 0]], *[one for one, _ in single]]
    return tuple(np.concatenate(every) for every in zip(*outputs, strict=True)), pullback


@rewrite(normalizing_flow_sample)
def all_log_dets_at_the_end(z: Any, theta: Any, *, transform: Any, order: str) -> Any:
    """The log-determinants are kept layer by layer and summed with the base in one go."""
    count, x, dets, rights = len(next(iter(theta.values()))), z, [], []
    for number in range(count):
        (x, log_det), right = transform.forward(x[:, ::-1] if order == "reverse" and number else x,
                                                taken(theta, number))
        dets.append(-log_det)
        rights.append(right)
    each = np.concatenate([-(z * z) / 2 - np.log(2 * np.pi) / 2, *[one[:, None] for one in dets]], axis=1)

    def pullback(x_bar: Any, bar: Any) -> dict[str, Any]:
        along, grads = x_bar, written(theta)
        for number in reversed(range(count)):
            g = rights[number](along, -bar)
            along = g["x"][:, ::-1] if order == "reverse" and number else g["x"]
            for name, entry in g["theta"].items():
                grads[name][number] = entry
        return {"z": along - z * bar[:, None], "theta": grads}

    return (1 * x, np.sum(each, axis=1)), pullback
