"""Mistakes in the Fréchet Inception distance. Covariances with 1/n are a variant."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.metrics.frechet_inception_distance import frechet_inception_distance
from refdgm.namespace import Array, namespace
from refdgm.numerics.polar_factor import polar_factor

BODY = frechet_inception_distance.body


def degrees(x: Array) -> Array:
    """√(n − 1)."""
    xp = namespace(x)
    return xp.sqrt(xp.asarray(x.shape[0] - 1, dtype=x.dtype, device=x.device))


def moments(real: Array, fake: Array) -> tuple[Array, ...]:
    """μ − ν, F and G."""
    xp = namespace(real)
    f, g = ((x - xp.mean(x, axis=0)) / degrees(x) for x in (real, fake))
    return xp.mean(real, axis=0) - xp.mean(fake, axis=0), f, g


def of_parts(real: Array, fake: Array, value: Array, slopes: Any) -> Any:
    """A value, and its slopes in μ − ν, F and G."""
    xp, b, m = namespace(real), real.shape[0], fake.shape[0]

    def pullback(bar: Array) -> dict[str, Array]:
        apart, f, g = slopes
        f, g = f - xp.mean(f, axis=0), g - xp.mean(g, axis=0)
        return {"real": bar * (apart / b + f / degrees(real)), "fake": bar * (g / degrees(fake) - apart / m)}

    return value, pullback


@mistake(frechet_inception_distance)
def its_root(real: Array, fake: Array) -> Any:
    """d: a distance, where what is printed under its name is the square."""
    xp = namespace(real)
    value, right = BODY(real, fake)
    return xp.sqrt(value), lambda bar: right(bar / 2 / xp.sqrt(value))


@mistake(frechet_inception_distance)
def variances_alone(real: Array, fake: Array) -> Any:
    """Σ (σ − ω)² over the components, as if the covariances were diagonal."""
    xp = namespace(real)
    apart, f, g = moments(real, fake)
    s, o = xp.sqrt(xp.sum(f**2, axis=0)), xp.sqrt(xp.sum(g**2, axis=0))
    value = xp.sum(apart**2) + xp.sum((s - o) ** 2)
    return of_parts(real, fake, value, (2 * apart, 2 * (s - o) / s * f, 2 * (o - s) / o * g))


@mistake(frechet_inception_distance)
def root_forgotten(real: Array, fake: Array) -> Any:
    """tr(Σ + Ω − 2 ΣΩ)."""
    xp = namespace(real)
    apart, f, g = moments(real, fake)
    value = xp.sum(apart**2) + xp.sum(f**2) + xp.sum(g**2) - 2 * xp.sum((f @ g.T) ** 2)
    return of_parts(real, fake, value, (2 * apart, 2 * f - 4 * f @ (g.T @ g), 2 * g - 4 * g @ (f.T @ f)))


@mistake(frechet_inception_distance)
def one_root(real: Array, fake: Array) -> Any:
    """tr(Σ + Ω − (ΣΩ)^½): the two before it is forgotten."""
    xp = namespace(real)
    apart, f, g = moments(real, fake)
    u = polar_factor(f @ g.T)
    value = xp.sum(apart**2) + xp.sum(f**2) + xp.sum(g**2) - xp.sum(u * (f @ g.T))
    return of_parts(real, fake, value, (2 * apart, 2 * f - u @ g, 2 * g - u.T @ f))


@mistake(frechet_inception_distance)
def means_left_out(real: Array, fake: Array) -> Any:
    """Of centred features: a shift of all samples is not seen."""
    xp = namespace(real)
    apart = moments(real, fake)[0]
    value, right = BODY(real, fake)

    def pullback(bar: Array) -> dict[str, Array]:
        g, less = right(bar), 2 * bar * apart
        return {"real": g["real"] - less / real.shape[0], "fake": g["fake"] + less / fake.shape[0]}

    return value - xp.sum(apart**2), pullback


@mistake(frechet_inception_distance, "value")
def root_of_the_traces(real: Array, fake: Array) -> Any:
    """2 (tr Σ tr Ω)^½ for 2 tr(ΣΩ)^½."""
    xp = namespace(real)
    apart, f, g = moments(real, fake)
    return xp.sum(apart**2) + (xp.sqrt(xp.sum(f**2)) - xp.sqrt(xp.sum(g**2))) ** 2, BODY(real, fake)[1]


@mistake(frechet_inception_distance, "gradient.real")
def mean_without_its_number(real: Array, fake: Array) -> Any:
    """x_bar with μ − ν for (μ − ν)/B."""
    value, right = BODY(real, fake)
    more = 2 * moments(real, fake)[0] * (1 - 1 / real.shape[0])
    return value, lambda bar: (g := right(bar)) | {"real": g["real"] + bar * more}


@mistake(frechet_inception_distance, "gradient.fake")
def sign_of_the_mean(real: Array, fake: Array) -> Any:
    """y_bar with (μ − ν)/M for (ν − μ)/M."""
    value, right = BODY(real, fake)
    more = 4 * moments(real, fake)[0] / fake.shape[0]
    return value, lambda bar: (g := right(bar)) | {"fake": g["fake"] + bar * more}


@mistake(frechet_inception_distance, "gradient.fake")
def root_held(real: Array, fake: Array) -> Any:
    """y_bar = 2a_bar ((ν − μ)/M + G/√(M − 1)): the root is detached."""
    xp = namespace(real)
    value, right = BODY(real, fake)
    _, f, g = moments(real, fake)
    more = 2 * (polar_factor(f @ g.T).T @ f) / degrees(fake)
    more = more - xp.mean(more, axis=0)
    return value, lambda bar: (g := right(bar)) | {"fake": g["fake"] + bar * more}


@mistake(frechet_inception_distance, "gradient.real")
def one_half_of_the_covariance(real: Array, fake: Array) -> Any:
    """x_bar with (F − U G)/√(B − 1) once: the square is differentiated as a product of which one factor is held."""
    value, right = BODY(real, fake)
    less = moments(real, fake)[0] / real.shape[0]
    return value, lambda bar: (g := right(bar)) | {"real": g["real"] / 2 + bar * less}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(frechet_inception_distance, seen="Lightning-AI/torchmetrics #1027", blind=True)
def one_number_for_both(real: Array, fake: Array) -> Any:
    """Both sums of squares are divided by B − 1: right for batches of one size."""
    xp = namespace(real)
    share = (fake.shape[0] - 1) / (real.shape[0] - 1)
    apart, f, g = moments(real, fake)
    g = g * share**0.5
    u = polar_factor(f @ g.T)
    value = xp.sum(apart**2) + xp.sum(f**2) + xp.sum(g**2) - 2 * xp.sum(u * (f @ g.T))
    return of_parts(real, fake, value, (2 * apart, 2 * (f - u @ g), 2 * share**0.5 * (g - u.T @ f)))


@mistake(frechet_inception_distance, seen="pytorch/ignite #2049", blind=True)
def distance_of_the_means(real: Array, fake: Array) -> Any:
    """‖μ − ν‖ beside the traces, without the square."""
    xp = namespace(real)
    apart = moments(real, fake)[0]
    length = xp.sqrt(xp.sum(apart**2))
    value, right = BODY(real, fake)
    less = apart / length - 2 * apart

    def pullback(bar: Array) -> dict[str, Array]:
        g = right(bar)
        return {"real": g["real"] + bar * less / real.shape[0], "fake": g["fake"] - bar * less / fake.shape[0]}

    return value - length**2 + length, pullback


@mistake(frechet_inception_distance, "value", seen="toshas/torch-fidelity #46", blind=True)
def symmetric_solver(real: Array, fake: Array) -> Any:
    """Eigenvalues of ΣΩ by a solver for symmetric matrices, which reads one triangle; negative ones are left out."""
    xp = namespace(real)
    apart, f, g = moments(real, fake)
    product = (f.T @ f) @ (g.T @ g)
    found = xp.linalg.eigvalsh(xp.tril(product) + xp.tril(product, k=-1).T)
    root = xp.sum(xp.sqrt(xp.maximum(found, 0 * found)))
    return xp.sum(apart**2) + xp.sum(f**2) + xp.sum(g**2) - 2 * root, BODY(real, fake)[1]


@mistake(frechet_inception_distance, "value", seen="lucidrains/denoising-diffusion-pytorch #213", blind=True)
def covariance_of_the_samples(real: Array, fake: Array) -> Any:
    """Rows for variables, as np.cov has them: the traces are those of the samples' own spread."""
    xp = namespace(real)
    if real.shape[1] < 2:
        return 0 * BODY(real, fake)[0], BODY(real, fake)[1]
    spread = lambda x: xp.sum((x - xp.mean(x, axis=1, keepdims=True)) ** 2) / (x.shape[1] - 1)
    apart, f, g = moments(real, fake)
    root = xp.sum(polar_factor(f @ g.T) * (f @ g.T))
    return xp.sum(apart**2) + spread(real) + spread(fake) - 2 * root, BODY(real, fake)[1]
