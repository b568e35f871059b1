"""What the gradient of an evidence lower bound costs, here and where a library differentiates.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python -m validation.benchmarks.elbo_cost

One process, one thread, CPU time; the calls alternate, so that a ratio is of one moment.
"""

import json
import statistics
from types import SimpleNamespace

import numpy as np

from refdgm import elbo
from refdgm.nets.field import NETWORKS

from .worker import seconds_a_call
from .workloads import parameters

ROUNDS = 9
SIZES = {
    "small": SimpleNamespace(batch=32, draws=2, data=32, latents=4, hidden=(32,)),
    "medium": SimpleNamespace(batch=128, draws=4, data=256, latents=16, hidden=(128,)),
}


def ours(x, eps, phi, theta, likelihood):
    options = {"encoder": NETWORKS["mlp_tanh"], "decoder": NETWORKS["mlp_tanh"], "likelihood": likelihood}
    one, beta = np.ones(len(x), x.dtype), np.asarray(1, x.dtype)
    value = lambda: elbo.body(x, eps, beta, phi, theta, **options)
    return {"value": value, "gradient": lambda: value()[1](one)}


def torch(x, eps, phi, theta, likelihood):
    import torch as library
    from torch.nn.functional import binary_cross_entropy_with_logits, linear

    library.set_num_threads(1)
    x, eps = library.tensor(x, requires_grad=True), library.tensor(eps)
    phi, theta = ({n: library.tensor(a, requires_grad=True) for n, a in part.items()} for part in (phi, theta))

    def network(h, part):
        return linear(library.tanh(linear(h, part["W1"], part["b1"])), part["W2"], part["b2"])

    def value():
        mean, logvar = network(x, phi).chunk(2, 1)
        out = network(mean[:, None] + (logvar / 2).exp()[:, None] * eps, theta)
        again = x[:, None].expand_as(out)
        if likelihood == "bernoulli":
            log_p = -binary_cross_entropy_with_logits(out, again, reduction="none").sum(-1)
        else:
            log_p = -((again - out) ** 2).sum(-1) / 2
        return log_p.mean(1) + (1 + logvar - mean**2 - logvar.exp()).sum(1) / 2

    every = [x, *phi.values(), *theta.values()]
    return {"value": value, "gradient": lambda: library.autograd.grad(value().sum(), every)}


def autograd(x, eps, phi, theta, likelihood):
    import autograd as library
    import autograd.numpy as anp

    def network(h, part):
        return anp.dot(anp.tanh(anp.dot(h, part["W1"].T) + part["b1"]), part["W2"].T) + part["b2"]

    def value(every):
        x, phi, theta = every
        mean, logvar = anp.split(network(x, phi), 2, axis=1)
        out = network(mean[:, None] + anp.exp(logvar / 2)[:, None] * eps, theta)
        again = x[:, None]
        if likelihood == "bernoulli":
            log_p = anp.sum(again * out - anp.logaddexp(0, out), axis=2)
        else:
            log_p = -anp.sum((again - out) ** 2, axis=2) / 2
        return anp.sum(anp.mean(log_p, axis=1) + anp.sum(1 + logvar - mean**2 - anp.exp(logvar), axis=1) / 2)

    slope = library.grad(value)
    return {"value": lambda: value((x, phi, theta)), "gradient": lambda: slope((x, phi, theta))}


def ratios(size: str, dtype: str, likelihood: str) -> dict[str, float]:
    """Medians over rounds of quotients of CPU times."""
    n, rng = SIZES[size], np.random.default_rng(2021)
    phi, theta = ({name: a.astype(dtype) for name, a in parameters(rng, inputs, n.hidden, outputs).items()}
                  for inputs, outputs in ((n.data, 2 * n.latents), (n.latents, n.data)))
    x = rng.uniform(size=(n.batch, n.data)).astype(dtype)
    eps = rng.normal(size=(n.batch, n.draws, n.latents)).astype(dtype)
    calls = {(who.__name__, what): call for who in (ours, torch, autograd)
             for what, call in who(x, eps, phi, theta, likelihood).items()}
    rounds = []
    for _ in range(ROUNDS):
        rounds.append({key: seconds_a_call(call, 20) for key, call in calls.items()})
    over = lambda above, below: round(statistics.median(r[above] / r[below] for r in rounds), 2)
    found = {f"{who}: gradient / value": over((who, "gradient"), (who, "value"))
             for who in ("ours", "torch", "autograd")}
    return found | {f"{who}'s gradient / ours": over((who, "gradient"), ("ours", "gradient"))
                    for who in ("torch", "autograd")}


if __name__ == "__main__":
    for size in SIZES:
        for dtype in ("float32", "float64"):
            for likelihood in ("gaussian", "bernoulli"):
                print(size, dtype, likelihood, json.dumps(ratios(size, dtype, likelihood)))
