"""The other order."""

from typing import Any

from refdgm.evidence.declare import variant
from refdgm.evidence.sde.predictor_corrector.mistakes import walked
from refdgm.namespace import Array
from refdgm.nets.field import Field
from refdgm.sde.predictor_corrector import predictor_corrector


@variant("corrector first, at the old time", predictor_corrector)
def corrector_first(x: Array, eps: Array, corrector_eps: Array, times: Array, h: Array, slope: Array, diffusion: Array,
                    step: Array, theta: dict[str, Array], *, score: Field) -> Any:
    """Corrections at t_n come before the step from t_n, as in the code that the authors published, whose last state is
    then not corrected."""
    return walked(x, eps, corrector_eps, times, h, slope, diffusion, step, theta, score, first=True)
