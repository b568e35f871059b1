"""DPM-Solver++(2M): one step of the second order, from two predictions of the data."""

from refdgm.declaration.domain import positive, real, word
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.components import against
from refdgm.primitives.softplus import log_sigmoid
from refdgm.reference import reference


@reference(
    args={
        "x": real("B", "...", meaning="x, the sample at λ"),
        "x0": real("B", "...", meaning="x₀, the data predicted from x at λ"),
        "x0_prev": real("B", "...", meaning="x₀⁻, the data predicted a step before, at λ − h₀"),
        "lam": real("B", finite=True, meaning="λ = log(α/σ), half the log of the signal-to-noise ratio; it grows"),
        "step": positive("B", meaning="h, the length of this step: it ends at λ + h",
                         instead="a step of zero is the identity; to σ = 0, at λ = ∞, the step is x₀ itself"),
        "step_prev": positive("B", meaning="h₀, the length of the step before",
                              instead="the first step has none before it and is of the first order: give x₀ for x₀⁻"),
        "process": word(
            "vp", "ve",
            refused={"edm": "its x is that of ve: α = 1 and λ = −log σ",
                     "flow_matching": "there α = 1 − σ, neither of the two: divide x by √(α² + σ²) and it is vp"},
            meaning="variance-preserving, α² + σ² = 1, or variance-exploding, α = 1",
        ),
    },
    wrt=("x", "x0", "x0_prev"),
    result=real("B", "...", meaning="x′, the sample at λ + h"),
    source="lu2022dpmpp",
)
def dpm_solver_pp_2m_step(
    x: Array, x0: Array, x0_prev: Array, lam: Array, step: Array, step_prev: Array, *, process: str
) -> Result:
    """A step of the exponential integrator in λ whose prediction of the data is extrapolated from two of them.

        vp: α = 1/√(1 + e^{−2λ}),  σ = 1/√(1 + e^{2λ});   ve: α = 1,  σ = e^{−λ}                  (1)
        c = h/(2h₀),   D = x₀ + c (x₀ − x₀⁻)                                                      (2)
        x′ = (σ′/σ) x − α′ (e^{−h} − 1) D,   with α′, σ′ at λ + h                                 (3)

    without the difference of two logarithms that nearly agree:

        n² = α² + σ² e^{−2h} (of ve 1),   σ′/σ = e^{−h}/n,   α′ = α/n                             (4)

    Cotangents for the cotangent of x′, written y_bar:

        x_bar = (σ′/σ) y_bar,   P = −α′ (e^{−h} − 1) y_bar,   x_bar₀ = (1 + c) P,   of x₀⁻: −c P  (5)

    D is the prediction at λ + h/2, by the line through both. The paper's 1/(2r) is c, with r = h₀/h. Where both agree
    it is the DDIM step with η = 0; so are the first step, and the last, to σ′ = 0, which must not extrapolate. The type
    "heun" or "taylor" of other code integrates the line itself, and is a variant. Predicted noise in the place of data
    is another method. The schedule is not differentiated.
    Source: Lu et al. (2022), DPM-Solver++, algorithm 2.
    """
    xp = namespace(x)
    shrink, alpha = -step, xp.ones_like(lam)
    if process == "vp":
        signal = log_sigmoid.body(2 * lam)[0]                                 # (1), log α²
        noise = log_sigmoid.body(-2 * lam)[0] - 2 * step                      # log σ² − 2h
        log_n2 = xp.maximum(signal, noise) + xp.log1p(xp.exp(-xp.abs(signal - noise)))
        shrink, alpha = shrink - log_n2 / 2, xp.exp((signal - log_n2) / 2)    # (4)
    of_x, of_data = against(xp.exp(shrink), x), against(-alpha * xp.expm1(-step), x)
    c = against(step / (2 * step_prev), x)
    stepped = of_x * x + of_data * (x0 + c * (x0 - x0_prev))                  # (2), (3)

    def pullback(stepped_bar: Array) -> dict[str, Array]:
        data_bar = of_data * stepped_bar
        return {"x": of_x * stepped_bar, "x0": (1 + c) * data_bar, "x0_prev": -c * data_bar}   # (5)

    return stepped, pullback
