"""What value and gradient of the Fréchet Inception distance cost, by hand and on a tape.

    python -m validation.benchmarks.frechet_cost

Interleaved in this process, one thread, CPU time. On the tape: torch, by the eigenvalues of the product of covariances,
or by the nuclear norm of the batches.
"""

import json

import numpy as np

from refdgm import frechet_inception_distance as reference

from .solver_cost import ratio

SIZES = ((16, 24, 4), (96, 128, 64), (256, 256, 64))


def drawn(data: int, samples: int, components: int):
    rng = np.random.Generator(np.random.Philox(key=5))
    return rng.normal(size=(data, components)), 1.5 * rng.normal(size=(samples, components))


def ours(args):
    return lambda: reference.body(*args)[1](np.array(1.0))


def in_torch(args, trace_of_root):
    import torch

    torch.set_num_threads(1)
    real, fake = (torch.tensor(x, requires_grad=True) for x in args)

    def distance():
        f, g = ((x - x.mean(0)) / (len(x) - 1) ** 0.5 for x in (real, fake))
        gap = (real.mean(0) - fake.mean(0)).square().sum()
        value = gap + f.square().sum() + g.square().sum() - 2 * trace_of_root(torch, f, g)
        return torch.autograd.grad(value, (real, fake))

    return distance


def by_eigenvalues(torch, f, g):
    return torch.linalg.eigvals((f.T @ f) @ (g.T @ g)).sqrt().real.sum()


def by_singular_values(torch, f, g):
    return torch.linalg.matrix_norm(f @ g.T, "nuc")


def costs() -> dict[str, float]:
    found = {}
    for sizes in SIZES:
        args = drawn(*sizes)
        for name, root in (("eigenvalues", by_eigenvalues), ("nuclear norm", by_singular_values)):
            found[f"torch by {name} / ours, {sizes}"] = ratio(in_torch(args, root), ours(args))
    return found


if __name__ == "__main__":
    print(json.dumps({name: round(x, 2) for name, x in costs().items()}, indent=2))
