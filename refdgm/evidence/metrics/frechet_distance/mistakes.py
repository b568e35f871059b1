"""Mistakes in the Fréchet distance of two normal laws. Its root, the distance itself, is a variant."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.metrics.frechet_distance import frechet_distance
from refdgm.namespace import Array, namespace
from refdgm.numerics.polar_factor import polar_factor
from refdgm.numerics.triangular_factor import triangular_factor

BODY = frechet_distance.body
ROOT = ("value", "gradient.cov_p", "gradient.cov_q")


def traces(*arrays: Array) -> Array:
    """The sum of the traces."""
    return namespace(arrays[0]).sum(sum(x * one(x) for x in arrays))


def one(x: Array) -> Array:
    """I of its size."""
    return namespace(x).eye(x.shape[0], dtype=x.dtype, device=x.device)


def root_trace(sigma: Array, omega: Array) -> Array:
    """tr(ΣΩ)^½."""
    c = triangular_factor(sigma)[0] @ triangular_factor(omega)[0].T
    return namespace(c).sum(polar_factor(c) * c)


def of_slopes(args: tuple[Array, ...], value: Array, **slopes: Array) -> Any:
    """A value, and slopes in place of the right ones."""
    right = BODY(*args)[1]
    return value, lambda bar: right(bar) | {name: bar * slope for name, slope in slopes.items()}


def right_slopes(args: tuple[Array, ...]) -> dict[str, Array]:
    """Those for a_bar = 1."""
    value, right = BODY(*args)
    return dict(right(namespace(value).ones_like(value)))


@mistake(frechet_distance, *ROOT)
def variances_alone(mean_p: Array, cov_p: Array, mean_q: Array, cov_q: Array) -> Any:
    """Σ (σ − ω)² over the components, as if the covariances were diagonal."""
    xp = namespace(cov_p)
    s, o = (xp.sqrt(xp.sum(x * one(x), axis=1)) for x in (cov_p, cov_q))
    value = xp.sum((mean_p - mean_q) ** 2) + xp.sum((s - o) ** 2)
    return of_slopes((mean_p, cov_p, mean_q, cov_q), value,
                     cov_p=one(cov_p) * (1 - o / s), cov_q=one(cov_q) * (1 - s / o))


@mistake(frechet_distance, *ROOT)
def root_forgotten(mean_p: Array, cov_p: Array, mean_q: Array, cov_q: Array) -> Any:
    """tr(Σ + Ω − 2 ΣΩ)."""
    xp = namespace(cov_p)
    value = xp.sum((mean_p - mean_q) ** 2) + traces(cov_p, cov_q) - 2 * xp.sum(cov_p * cov_q)
    return of_slopes((mean_p, cov_p, mean_q, cov_q), value,
                     cov_p=one(cov_p) - 2 * cov_q, cov_q=one(cov_q) - 2 * cov_p)


@mistake(frechet_distance, *ROOT)
def one_root(mean_p: Array, cov_p: Array, mean_q: Array, cov_q: Array) -> Any:
    """tr(Σ + Ω − (ΣΩ)^½): the two before it is forgotten."""
    args = (mean_p, cov_p, mean_q, cov_q)
    g = right_slopes(args)
    return of_slopes(args, BODY(*args)[0] + root_trace(cov_p, cov_q),
                     **{name: (one(cov_p) + g[name]) / 2 for name in ("cov_p", "cov_q")})


@mistake(frechet_distance, "value", "gradient.mean_p", "gradient.mean_q")
def means_left_out(mean_p: Array, cov_p: Array, mean_q: Array, cov_q: Array) -> Any:
    """That of the covariances alone: a shift is not seen."""
    xp, args = namespace(cov_p), (mean_p, cov_p, mean_q, cov_q)
    zero = 0 * mean_p
    return of_slopes(args, BODY(*args)[0] - xp.sum((mean_p - mean_q) ** 2), mean_p=zero, mean_q=zero)


@mistake(frechet_distance, "value")
def root_of_the_traces(mean_p: Array, cov_p: Array, mean_q: Array, cov_q: Array) -> Any:
    """2 (tr Σ tr Ω)^½ for 2 tr(ΣΩ)^½."""
    xp, args = namespace(cov_p), (mean_p, cov_p, mean_q, cov_q)
    each = xp.sqrt(traces(cov_p)) - xp.sqrt(traces(cov_q))
    return xp.sum((mean_p - mean_q) ** 2) + each**2, BODY(*args)[1]


@mistake(frechet_distance, "gradient.cov_p", "gradient.cov_q")
def maps_exchanged(mean_p: Array, cov_p: Array, mean_q: Array, cov_q: Array) -> Any:
    """Σ_bar with the map from q to p, Ω_bar with that from p to q."""
    args = (mean_p, cov_p, mean_q, cov_q)
    g = right_slopes(args)
    return of_slopes(args, BODY(*args)[0], cov_p=g["cov_q"], cov_q=g["cov_p"])


@mistake(frechet_distance, "gradient.cov_p")
def inverse_of_the_map(mean_p: Array, cov_p: Array, mean_q: Array, cov_q: Array) -> Any:
    """Σ_bar = a_bar (I − T^{−1}) for a_bar (I − T), the other being right."""
    args = (mean_p, cov_p, mean_q, cov_q)
    return of_slopes(args, BODY(*args)[0], cov_p=right_slopes(args)["cov_q"])


@mistake(frechet_distance, "gradient.cov_q")
def root_held(mean_p: Array, cov_p: Array, mean_q: Array, cov_q: Array) -> Any:
    """Ω_bar = a_bar I: the root is detached."""
    args = (mean_p, cov_p, mean_q, cov_q)
    return of_slopes(args, BODY(*args)[0], cov_q=one(cov_q))


@mistake(frechet_distance, "gradient.cov_p")
def one_triangle(mean_p: Array, cov_p: Array, mean_q: Array, cov_q: Array) -> Any:
    """Σ_bar of the upper triangle, as if it stood for both: elements beside the diagonal twice, and none below."""
    xp, args = namespace(cov_p), (mean_p, cov_p, mean_q, cov_q)
    g = right_slopes(args)["cov_p"]
    return of_slopes(args, BODY(*args)[0], cov_p=xp.triu(g) + xp.triu(g, k=1))


@mistake(frechet_distance, "gradient.mean_p")
def half_of_the_mean(mean_p: Array, cov_p: Array, mean_q: Array, cov_q: Array) -> Any:
    """μ_bar = a_bar (μ − ν), without the two."""
    args = (mean_p, cov_p, mean_q, cov_q)
    return of_slopes(args, BODY(*args)[0], mean_p=mean_p - mean_q)


@mistake(frechet_distance, "gradient.mean_q")
def sign_of_the_mean(mean_p: Array, cov_p: Array, mean_q: Array, cov_q: Array) -> Any:
    """ν_bar = 2a_bar (μ − ν)."""
    args = (mean_p, cov_p, mean_q, cov_q)
    return of_slopes(args, BODY(*args)[0], mean_q=2 * (mean_p - mean_q))


# --- planted after public code, or as slips that no case was chosen for ---------------------------


@mistake(frechet_distance, "value", "gradient.mean_p", "gradient.mean_q", seen="pytorch/ignite #2049", blind=True)
def distance_of_the_means(mean_p: Array, cov_p: Array, mean_q: Array, cov_q: Array) -> Any:
    """‖μ − ν‖ beside the traces, without the square."""
    xp, args = namespace(cov_p), (mean_p, cov_p, mean_q, cov_q)
    apart = mean_p - mean_q
    length = xp.sqrt(xp.sum(apart**2))
    return of_slopes(args, BODY(*args)[0] - length**2 + length, mean_p=apart / length, mean_q=-apart / length)


@mistake(frechet_distance, "value", blind=True)
def root_of_every_element(mean_p: Array, cov_p: Array, mean_q: Array, cov_q: Array) -> Any:
    """The trace of NumPy's `sqrt` of ΣΩ, which is not the root of a matrix; negative numbers are left out."""
    xp, args = namespace(cov_p), (mean_p, cov_p, mean_q, cov_q)
    found = xp.sum(cov_p * cov_q, axis=1)
    root = xp.sum(xp.sqrt(xp.maximum(found, 0 * found)))
    return xp.sum((mean_p - mean_q) ** 2) + traces(cov_p, cov_q) - 2 * root, BODY(*args)[1]


@mistake(frechet_distance, "value", seen="toshas/torch-fidelity #46", blind=True)
def symmetric_solver(mean_p: Array, cov_p: Array, mean_q: Array, cov_q: Array) -> Any:
    """Eigenvalues of ΣΩ by a solver for symmetric matrices, which reads one triangle; negative ones are left out."""
    xp, args = namespace(cov_p), (mean_p, cov_p, mean_q, cov_q)
    product = cov_p @ cov_q
    found = xp.linalg.eigvalsh(xp.tril(product) + xp.tril(product, k=-1).T)
    root = xp.sum(xp.sqrt(xp.maximum(found, 0 * found)))
    return xp.sum((mean_p - mean_q) ** 2) + traces(cov_p, cov_q) - 2 * root, BODY(*args)[1]


@mistake(frechet_distance, *ROOT, blind=True)
def variances_with_an_epsilon(mean_p: Array, cov_p: Array, mean_q: Array, cov_q: Array) -> Any:
    """10⁻⁶ I is added to both covariances inside the root, as public code does where it has no digits, always."""
    args = (mean_p, cov_p + one(cov_p) / 10**6, mean_q, cov_q + one(cov_q) / 10**6)
    value, right = BODY(*args)
    return value - 2 * cov_p.shape[0] / namespace(value).asarray(10**6, dtype=value.dtype, device=value.device), right


@mistake(frechet_distance, "value", blind=True)
def distance_of_the_roots(mean_p: Array, cov_p: Array, mean_q: Array, cov_q: Array) -> Any:
    """‖Σ^½ − Ω^½‖², which is right of covariances that commute, and larger of others."""
    xp, args = namespace(cov_p), (mean_p, cov_p, mean_q, cov_q)

    def root(x: Array) -> Array:
        found, vectors = xp.linalg.eigh(x)
        return (vectors * xp.sqrt(found)) @ vectors.T

    return xp.sum((mean_p - mean_q) ** 2) + xp.sum((root(cov_p) - root(cov_q)) ** 2), BODY(*args)[1]


# --- by an author who had read neither the cases nor what stands above -----------------------------


def three_parts(mean_p: Array, cov_p: Array, mean_q: Array, cov_q: Array, means: float, traces: float,
                cross: float) -> Any:
    """means ‖μ − ν‖² + traces tr(Σ + Ω) − 2 cross tr(ΣΩ)^½: the last from the distance itself."""
    xp = namespace(mean_p)
    value, right = frechet_distance.body(mean_p, cov_p, mean_q, cov_q)
    apart, eye = mean_p - mean_q, xp.eye(cov_p.shape[0], dtype=cov_p.dtype, device=cov_p.device)
    squares, both = xp.sum(apart * apart), xp.sum(eye * (cov_p + cov_q))

    def pullback(bar: Array) -> dict[str, Array]:
        g = right(bar)
        rest = (traces - cross) * bar * eye
        return {"mean_p": 2 * means * bar * apart, "mean_q": -2 * means * bar * apart,
                "cov_p": cross * g["cov_p"] + rest, "cov_q": cross * g["cov_q"] + rest}

    return cross * value + (means - cross) * squares + (traces - cross) * both, pullback


@mistake(frechet_distance, "value", "gradient.mean_p", "gradient.mean_q", blind=True)
def mean_of_squared_means(mean_p: Array, cov_p: Array, mean_q: Array, cov_q: Array) -> Any:
    """The mean of (μ − ν)² over components, where their sum belongs."""
    return three_parts(mean_p, cov_p, mean_q, cov_q, 1 / mean_p.shape[0], 1.0, 1.0)



@mistake(frechet_distance, "gradient.cov_p", "gradient.cov_q", blind=True)
def root_without_gradient(mean_p: Array, cov_p: Array, mean_q: Array, cov_q: Array) -> Any:
    """Σ_bar = J_bar I: the root came from a library outside of the graph."""
    value, _ = frechet_distance.body(mean_p, cov_p, mean_q, cov_q)
    _, right = three_parts(mean_p, cov_p, mean_q, cov_q, 1.0, 1.0, 0.0)
    return value, right
