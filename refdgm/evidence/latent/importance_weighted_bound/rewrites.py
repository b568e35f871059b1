"""The importance weighted bound, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.latent.gaussian_reparameterization import gaussian_reparameterization
from refdgm.latent.importance_weighted_bound import importance_weighted_bound
from refdgm.primitives.bernoulli_log_likelihood import bernoulli_log_likelihood
from refdgm.primitives.gaussian_log_density import gaussian_log_density
from refdgm.primitives.softmax import log_sum_exp


@rewrite(importance_weighted_bound)
def of_four_references(x: Any, eps: Any, phi: Any, theta: Any, *, encoder: Any, decoder: Any, likelihood: str) -> Any:
    """Draw by draw of the references for the draw, for both densities and for the logarithm of the sum."""
    code, front = encoder.vjp(x, phi)
    mean, logvar = np.split(code, 2, axis=1)
    logs, kept = [], []
    for noise in np.moveaxis(eps, 1, 0):
        z, of_draw = gaussian_reparameterization.body(mean, logvar, noise)
        out, back = decoder.vjp(z, theta)
        if likelihood == "gaussian":
            log_p, of_law = gaussian_log_density.body(x, out, 0 * x)
        else:
            log_p, of_law = bernoulli_log_likelihood.body(out, x)
        log_prior, of_prior = gaussian_log_density.body(z, 0 * z, 0 * z)
        log_q = gaussian_log_density.body(noise, 0 * noise, 0 * noise)[0] - np.sum(logvar, axis=1) / 2
        logs.append(log_p + log_prior - log_q)
        kept.append((of_draw, back, of_law, of_prior))
    value, of_sum = log_sum_exp.body(np.stack(logs, axis=1))

    def pullback(bar: Any) -> dict[str, Any]:
        x_bar, sums, code_bar = 0 * x, {n: 0 * w for n, w in theta.items()}, 0 * code
        for each, (of_draw, back, of_law, of_prior) in zip(of_sum(bar)["logits"].T, kept, strict=True):
            law = of_law(each)
            decoded = back(law["mean" if likelihood == "gaussian" else "logits"])
            draw = of_draw(decoded["x"] + of_prior(each)["x"])
            code_bar = code_bar + np.concatenate([draw["mean"], draw["logvar"] + each[:, None] / 2], axis=1)
            x_bar = x_bar + law["x"]
            sums = {n: w + decoded["theta"][n] for n, w in sums.items()}
        encoded = front(code_bar)
        return {"x": x_bar + encoded["x"], "phi": encoded["theta"], "theta": sums}

    return value - np.log(eps.shape[1]), pullback
