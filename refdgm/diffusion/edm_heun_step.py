"""One step of Heun's method from one noise level to the next, in the denoiser's predictions."""

from typing import Any

from refdgm.declaration.domain import positive, real
from refdgm.namespace import Array, Result
from refdgm.numerics.components import against, inner
from refdgm.reference import reference


@reference(
    args={
        "x": real("B", "...", meaning="x, the sample at the level σ"),
        "denoised": real("B", "...", meaning="D = D(x; σ), the data predicted from x"),
        "denoised_next": real("B", "...", meaning="D′ = D(x_e; σ′), the data predicted where Euler's step has led"),
        "sigma": positive("B", meaning="σ, the noise level that the step leaves"),
        "sigma_next": positive("B", meaning="σ′, the level that it reaches",
                               instead="to σ′ = 0 the step is Euler's, and ends at the denoised itself"),
    },
    wrt=("x", "denoised", "denoised_next", "sigma", "sigma_next"),
    result=real("B", "...", meaning="x′, the sample at the level σ′"),
    source="karras2022edm",
)
def edm_heun_step(x: Array, denoised: Array, denoised_next: Array, sigma: Array, sigma_next: Array) -> Result:
    """Heun's step along the probability flow dx/dσ = (x − D(x; σ))/σ, from σ to σ′.

        x_e = x + (σ′ − σ) (x − D)/σ                                                      (1)
        x′ = x + (σ′ − σ) ((x − D)/σ + (x_e − D′)/σ′)/2                                   (2)

    With q = σ′/σ, p = (σ − σ′)/σ and w = (σ − σ′)/(2σ′) the same is

        x_e = q x + p D                                                                   (3)
        x′ = q x + p D + w (D′ − D)                                                       (4)

    Cotangents for the cotangent of x′, written y_bar, every ⟨·,·⟩ a sum over one example:

        x_bar = q y_bar,   of D′: w y_bar,   D_bar = (p − w) y_bar = w (2σ′ − σ)/σ y_bar  (5)
        σ_bar = ⟨y_bar, r − q (x − D)/σ⟩,   of σ′: ⟨y_bar, (x − D)/σ − r/q⟩               (6)

    where r = (D′ − D)/(2σ′). D′ is asked at x_e and σ′, which the caller does; what it owes to x, D and the levels
    is not in (5) and (6). (4) divides no residual x_e − D′ by a small σ′, and where the predictions agree it is Euler's
    step (3). A step may lead to a higher level. The last step of a sampler, to σ′ = 0, has no second slope and gives D.
    Source: Karras, Aittala, Aila & Laine (2022), algorithm 1 with σ(t) = t and s(t) = 1.
    """
    stepped, step_pullback = heun_step(x, denoised, denoised_next, against(sigma, x), against(sigma_next, x))

    def pullback(stepped_bar: Array) -> dict[str, Array]:
        grads = step_pullback(stepped_bar)
        return {
            "x": grads["x"],
            "denoised": grads["denoised"],
            "denoised_next": grads["denoised_next"],
            "sigma": inner(stepped_bar, grads["sigma"]),                      # (6)
            "sigma_next": inner(stepped_bar, grads["sigma_next"]),
        }

    return stepped, pullback


def euler_step(x: Array, denoised: Array, sigma: Array, sigma_next: Array) -> tuple[Array, Any]:
    """x_e of (3) and its pullback, for levels that broadcast against the sample; the cotangents of the levels are not
    yet multiplied by that of x_e and summed."""
    ratio, share = sigma_next / sigma, (sigma - sigma_next) / sigma

    def pullback(euler_bar: Array) -> dict[str, Array]:
        slope = (x - denoised) / sigma
        return {"x": ratio * euler_bar, "denoised": share * euler_bar, "sigma": -ratio * slope, "sigma_next": slope}

    return ratio * x + share * denoised, pullback                             # (1), (3)


def heun_step(x: Array, denoised: Array, denoised_next: Array, sigma: Array, sigma_next: Array) -> tuple[Array, Any]:
    """x′ of (4) and its pullback, likewise."""
    euler, euler_pullback = euler_step(x, denoised, sigma, sigma_next)
    second, turn = (sigma - sigma_next) / (2 * sigma_next), denoised_next - denoised

    def pullback(stepped_bar: Array) -> dict[str, Array]:
        grads, mended = euler_pullback(stepped_bar), turn / (2 * sigma_next)
        return {                                                              # (5), (6)
            "x": grads["x"],
            "denoised": second * ((sigma_next - (sigma - sigma_next)) / sigma) * stepped_bar,
            "denoised_next": second * stepped_bar,
            "sigma": mended + grads["sigma"],
            "sigma_next": grads["sigma_next"] - mended / (sigma_next / sigma),
        }

    return euler + second * turn, pullback                                    # (2), (4)
