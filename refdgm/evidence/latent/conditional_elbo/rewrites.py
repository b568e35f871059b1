"""The bound given a condition, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.latent.conditional_elbo import conditional_elbo
from refdgm.latent.gaussian_reparameterization import gaussian_reparameterization
from refdgm.primitives.bernoulli_log_likelihood import bernoulli_log_likelihood
from refdgm.primitives.gaussian_log_density import gaussian_log_density


@rewrite(conditional_elbo)
def draw_by_draw(x: Any, y: Any, eps: Any, phi: Any, theta: Any, psi: Any, *, encoder: Any, decoder: Any, prior: Any,
                 likelihood: str) -> Any:
    """Of the references that it is made of, one draw after the other, with the sums of their gradients; the divergence
    by variances, its slope in λ_p from those in μ_q and λ_q."""
    code, into_encoder = encoder.vjp(np.concatenate([x, y], axis=1), phi)
    law, into_prior = prior.vjp(y, psi)
    mean, logvar, mean_p, logvar_p = *np.split(code, 2, axis=1), *np.split(law, 2, axis=1)
    variance, weight, apart = np.exp(logvar - logvar_p), np.exp(-logvar_p), mean - mean_p
    kl = np.sum(apart**2 * weight + variance - 1 - (logvar - logvar_p), axis=1) / 2
    total, kept = 0 * kl, []
    for noise in np.moveaxis(eps, 1, 0):
        z, into_draw = gaussian_reparameterization.body(mean, logvar, noise)
        out, into_decoder = decoder.vjp(np.concatenate([z, y], axis=1), theta)
        if likelihood == "gaussian":
            log_p, into_law = gaussian_log_density.body(x, out, 0 * x)
        else:
            log_p, into_law = bernoulli_log_likelihood.body(out, x)
        total = total + log_p / eps.shape[1]
        kept.append((into_draw, into_decoder, into_law))

    def pullback(bar: Any) -> dict[str, Any]:
        each, size = bar[:, None], eps.shape[2]
        mean_bar, logvar_bar = -each * apart * weight, -each * np.expm1(logvar - logvar_p) / 2
        before = into_prior(np.concatenate([-mean_bar, -mean_bar * apart / 2 - logvar_bar], axis=1))
        g = {"x": 0 * x, "y": before["x"], "theta": {name: 0 * entry for name, entry in theta.items()}}
        for into_draw, into_decoder, into_law in kept:
            of_law = into_law(bar / eps.shape[1])
            back = into_decoder(of_law["mean" if likelihood == "gaussian" else "logits"])
            draw = into_draw(back["x"][:, :size])
            mean_bar, logvar_bar = mean_bar + draw["mean"], logvar_bar + draw["logvar"]
            g["x"], g["y"] = g["x"] + of_law["x"], g["y"] + back["x"][:, size:]
            g["theta"] = {name: entry + back["theta"][name] for name, entry in g["theta"].items()}
        front = into_encoder(np.concatenate([mean_bar, logvar_bar], axis=1))
        x_bar, y_bar = np.split(front["x"], [x.shape[1]], axis=1)
        return {"x": g["x"] + x_bar, "y": g["y"] + y_bar, "phi": front["theta"], "theta": g["theta"],
                "psi": before["theta"]}

    return total - kl, pullback
