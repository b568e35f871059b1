"""The rescaling of guidance, written otherwise."""

from typing import Any

import numpy as np

from refdgm.diffusion.guidance_rescale import guidance_rescale
from refdgm.evidence.declare import rewrite


@rewrite(guidance_rescale)
def with_the_unbiased_deviation(guided: Any, cond: Any, phi: Any) -> Any:
    """Standard deviations over n − 1; the mixture term by term."""
    axes = tuple(range(1, guided.ndim))
    n = guided[0].size
    mean = lambda x: np.mean(x, axis=axes, keepdims=True)
    per = np.sqrt(n / (n - 1))
    std = lambda x: per * np.sqrt(np.mean((x - mean(x)) ** 2, axis=axes, keepdims=True))
    of_guided, of_cond = std(guided), std(cond)
    rescaled = guided / of_guided * of_cond

    def pullback(bar: Any) -> dict[str, Any]:
        of_cond_bar = np.sum(phi * bar * guided / of_guided, axis=axes, keepdims=True)
        of_guided_bar = -of_cond_bar * of_cond / of_guided
        slope = lambda x, s: (x - mean(x)) / ((n - 1) * s)
        return {
            "guided": phi * bar * of_cond / of_guided + (1 - phi) * bar + of_guided_bar * slope(guided, of_guided),
            "cond": of_cond_bar * slope(cond, of_cond),
            "phi": np.vdot(bar, rescaled - guided),
        }

    return phi * rescaled + (1 - phi) * guided, pullback
