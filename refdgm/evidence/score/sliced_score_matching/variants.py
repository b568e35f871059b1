"""Sliced score matching along directions of one length."""

from typing import Any

from refdgm.evidence.declare import variant, variants
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field
from refdgm.score.sliced_score_matching import sliced_score_matching, sliced_score_matching_vr


def length(probe: Array) -> Array:
    return namespace(probe).linalg.vector_norm(probe, axis=-1, keepdims=True)


@variant("directions divided by their length", sliced_score_matching)
def unit_directions(x: Array, probe: Array, theta: dict[str, Array], *, score: Field) -> Any:
    """v/‖v‖ for v, so that E v vᵀ = I/D and all of the objective is divided by D: the authors' own code."""
    return sliced_score_matching.body(x, probe / length(probe), theta, score=score)


@variants("directions on the sphere of radius √D", sliced_score_matching, sliced_score_matching_vr)
def on_the_sphere(body: Any) -> Any:
    """√D v/‖v‖ for v, so that E v vᵀ = I: the authors' noise_type="sphere"."""

    def other(x: Array, probe: Array, theta: dict[str, Array], *, score: Field) -> Any:
        return body(x, probe / length(probe) * x.shape[1] ** 0.5, theta, score=score)

    return other
