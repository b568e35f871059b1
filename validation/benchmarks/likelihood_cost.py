"""What a likelihood along the probability flow and its gradient cost, here and by PyTorch: CPU time of one thread.

    OMP_NUM_THREADS=1 python -m validation.benchmarks.likelihood_cost
"""

import time

import numpy as np
import torch

from refdgm.check.candidates.fields import plain
from refdgm.flow.probability_flow_log_density import probability_flow_log_density
from validation.corpus.probability_flow import logp_exact

B, D, H, STEPS, TIMES = 64, 2, 32, 10, 7
OPTIONS = {"process": "vp", "method": "rk4", "steps": STEPS}


def best(run):
    """Of several runs the shortest, in seconds of the process."""
    found = []
    for _ in range(TIMES):
        start = time.process_time()
        run()
        found.append(time.process_time() - start)
    return min(found)


def main():
    torch.set_num_threads(1)
    rng = np.random.default_rng(1)
    theta = {"W1": rng.normal(size=(H, D + 1)), "b1": rng.normal(size=H), "W2": rng.normal(size=(D, H)) / H,
             "b2": rng.normal(size=D)}
    given = (rng.normal(size=(B, D)), 0.001, 1.0, 0.1, 20.0)

    def ours():
        _, pullback = probability_flow_log_density.vjp(*given, theta, score="mlp_tanh", **OPTIONS)
        return pullback(np.ones(B))["x"]

    def theirs():
        leaf = lambda x: torch.tensor(x, dtype=torch.float64, requires_grad=True)
        x, *rest = map(leaf, given)
        own = {name: leaf(entry) for name, entry in theta.items()}
        logp_exact(x, *rest, own, score=plain("mlp_tanh", "torch"), **OPTIONS).sum().backward()
        return x.grad.numpy()

    np.testing.assert_allclose(ours(), theirs(), rtol=1e-9)
    mine, other = best(ours), best(theirs)
    print(f"{1e3 * mine:.1f} ms, PyTorch {1e3 * other:.1f} ms: {other / mine:.1f} times")


if __name__ == "__main__":
    main()
