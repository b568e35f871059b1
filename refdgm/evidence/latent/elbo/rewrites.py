"""The evidence lower bound, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.latent.elbo import elbo
from refdgm.latent.gaussian_reparameterization import gaussian_reparameterization
from refdgm.primitives.bernoulli_log_likelihood import bernoulli_log_likelihood
from refdgm.primitives.gaussian_kl import gaussian_kl
from refdgm.primitives.gaussian_log_density import gaussian_log_density


@rewrite(elbo)
def draw_by_draw(x: Any, eps: Any, beta: Any, phi: Any, theta: Any, *, encoder: Any, decoder: Any,
                 likelihood: str) -> Any:
    """Of the references that it is made of, one draw after the other, with the sums of their gradients."""
    code, into_encoder = encoder.vjp(x, phi)
    mean, logvar = np.split(code, 2, axis=1)
    kl, into_kl = gaussian_kl.body(mean, logvar)
    total, kept = 0 * kl, []
    for noise in np.moveaxis(eps, 1, 0):
        z, into_draw = gaussian_reparameterization.body(mean, logvar, noise)
        out, into_decoder = decoder.vjp(z, theta)
        if likelihood == "gaussian":
            log_p, into_law = gaussian_log_density.body(x, out, 0 * x)
        else:
            log_p, into_law = bernoulli_log_likelihood.body(out, x)
        total = total + log_p / eps.shape[1]
        kept.append((into_draw, into_decoder, into_law))

    def pullback(bar: Any) -> dict[str, Any]:
        of_kl = into_kl(-beta * bar)
        g = {"x": 0 * x, "theta": {name: 0 * entry for name, entry in theta.items()}}
        code_bar = np.concatenate([of_kl["mean"], of_kl["logvar"]], axis=1)
        for into_draw, into_decoder, into_law in kept:
            law = into_law(bar / eps.shape[1])
            back = into_decoder(law["mean" if likelihood == "gaussian" else "logits"])
            draw = into_draw(back["x"])
            code_bar = code_bar + np.concatenate([draw["mean"], draw["logvar"]], axis=1)
            g["x"] = g["x"] + law["x"]
            g["theta"] = {name: entry + back["theta"][name] for name, entry in g["theta"].items()}
        front = into_encoder(code_bar)
        return {"x": g["x"] + front["x"], "beta": -np.sum(bar * kl), "phi": front["theta"], "theta": g["theta"]}

    return total - beta * kl, pullback
