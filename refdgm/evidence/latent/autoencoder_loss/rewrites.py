"""The loss of an autoencoder, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.latent.autoencoder_loss import autoencoder_loss


@rewrite(autoencoder_loss)
def example_by_example(x: Any, phi: Any, theta: Any, *, encoder: Any, decoder: Any) -> Any:
    """Each example by itself, its gradients of the parameters added up."""
    values, kept = [], []
    for row in x:
        code, front = encoder.vjp(row[None], phi)
        out, back = decoder.vjp(code, theta)
        apart = row[None] - out
        values.append(0.5 * np.sum(apart**2))
        kept.append((apart, front, back))

    def pullback(bar: Any) -> dict[str, Any]:
        x_bar, sums = [], [{n: 0 * w for n, w in part.items()} for part in (phi, theta)]
        for each, (apart, front, back) in zip(bar, kept, strict=True):
            of_decoder = back(-each * apart)
            of_encoder = front(of_decoder["x"])
            x_bar.append(each * apart[0] + of_encoder["x"][0])
            for total, more in zip(sums, (of_encoder["theta"], of_decoder["theta"]), strict=True):
                total.update({n: total[n] + more[n] for n in total})
        return {"x": np.reshape(x_bar, x.shape), "phi": sums[0], "theta": sums[1]}

    return np.asarray(values).reshape(len(x)), pullback
