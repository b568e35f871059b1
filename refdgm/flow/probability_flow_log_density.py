"""Likelihoods along the probability flow: with the exact trace, and with Hutchinson's."""

from typing import Any

from refdgm.declaration.domain import NAT, Map, field, noise, parameters, real, share
from refdgm.flow.cnf_log_density import NEGATIVE, with_log_density
from refdgm.flow.probability_flow import ENDS, HIGH, LOW, OPTIONS, probability_velocity, unpacked, within
from refdgm.namespace import Array, Result, namespace
from refdgm.nets.activation import KINKED
from refdgm.nets.directions import PROBED
from refdgm.nets.field import VELOCITIES, Field
from refdgm.ode.odeint import odeint
from refdgm.reference import reference

X = {"x": real("B", "D", meaning="x, the data")}
PROBE = {
    "probe": noise("rademacher", "B", "R", "D", nonempty=PROBED,
                   meaning="v, R probes an example, kept along its trajectory; any law with E vvᵀ = I will do"),
}
FLOW = {
    "t0": share(meaning="t₀, the data's time, a little above 0"),
    "t1": share(meaning="t₁, the prior's time: 1"),
    **ENDS,
    "theta": parameters("score"),
    "score": field("z", "t", known=VELOCITIES, refused={"mlp_relu": KINKED},
                   meaning="s(x, t), a smooth score network, with a tangent"),
    **OPTIONS,
}
WRT = ("x", "t0", "t1", "low", "high", "theta")
LOSSES = NEGATIVE | {
    "bits per dimension of bytes, which were divided by 128 and shifted to [−1, 1]": {"value": Map(-NAT, 7.0, "D")},
    "bits per dimension of bytes, which were divided by 256": {"value": Map(-NAT, 8.0, "D")},
}


def log_density(
    x: Array, left: Array, right: Array, t0: Array, t1: Array, low: Array, high: Array, theta: dict[str, Array],
    score: Field, process: str, method: str, steps: int,
) -> Result:
    """log N(x(t₁); 0, S² I) − ℓ(t₁), with ℓ_dot = −Σ_r ⟨left_r, (∂x_dot/∂x) right_r⟩, and its pullback."""
    xp = namespace(x)
    state, solve_pullback = odeint.body(
        xp.concat([x, xp.zeros((x.shape[0], 1), dtype=x.dtype, device=x.device)], axis=1), t0, t1,
        theta | {LOW: low, HIGH: high}, method=method, steps=steps,
        velocity=with_log_density(probability_velocity(score, process), left, right),
    )                                                                         # probability_flow_log_density (1, 2)
    spread = high if process == "ve" else xp.ones_like(high)                  # probability_flow_log_density (4)
    u, change = state[:, :-1] / spread, state[:, -1]
    constant = xp.log(xp.full_like(spread, 2 * xp.pi)) / 2 + xp.log(spread)

    def pullback(log_density_bar: Array, wrt: tuple[str, ...] = WRT) -> dict[str, Any]:
        bar = -log_density_bar[:, None]                                       # probability_flow_log_density (5)
        grads = unpacked(solve_pullback(xp.concat([bar * u / spread, bar], axis=1), wrt=within(wrt)))
        grads = grads | {"x": grads["x"][:, :-1]}
        if process == "ve" and "high" in wrt:
            own = -xp.sum(bar * ((u - 1) * (u + 1))) / spread                 # probability_flow_log_density (6)
            return grads | {"high": grads["high"] + own}
        return grads

    # probability_flow_log_density (3); ½ u before the product, for ‖u‖² may overflow where its half does not
    return -xp.sum(u * (u / 2), axis=1) - x.shape[1] * constant - change, pullback


@reference(
    args=X | FLOW,
    wrt=WRT,
    result=real("B", meaning="log p(x)"),
    source="song2021sde",
    conventions=LOSSES,
)
def probability_flow_log_density(
    x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: dict[str, Array], *,
    score: Field, process: str, method: str, steps: int,
) -> Result:
    """The log-density of data under a score network, along the probability flow to the prior, with the exact trace.

        x_dot = a x − q s(x, t, θ),   x(t₀) = x                               (1)
        ℓ_dot = −tr ∂x_dot/∂x = q tr ∂s/∂x − D a,   ℓ(t₀) = 0                 (2)
        log p(x) = log N(x(t₁); 0, S² I) − ℓ(t₁)                              (3)
        S = 1 for vp and sub_vp, and high for ve                              (4)

    with a and q = ½ g² of `probability_flow`, and both solved together by `odeint`. With u = x(t₁)/S the cotangents
    that the solve receives for p_bar are

        x_bar(t₁) = −p_bar u/S,   ℓ_bar = −p_bar                              (5)

    and for ve `high` hears of the prior too, every Σ over the batch and its components:

        of high: … + Σ p_bar (u² − 1)/high                                    (6)

    In every stage the divergence adds its share to all that f hears of, p_bar D to a_bar and −p_bar tr ∂s/∂x to q_bar.
    What is returned is the density of the model that flows from the prior, and not that of the process's own law: the
    prior is not p₁. Nor is it that of the reversed process with this network, which has another one unless s is a true
    score. The divergence is that of the flow, with ½; bytes are to be made continuous by the caller. The prior is
    centred at 0 for ve as well, where its mean is that of all data and not the x at hand.
    Source: Song et al. (2021), eq. 39 and appendix D.2.
    """
    xp = namespace(x)
    axes = xp.eye(x.shape[1], dtype=x.dtype, device=x.device)[None, :, :]
    return log_density(x, axes, axes, t0, t1, low, high, theta, score, process, method, steps)


@reference(
    args=X | PROBE | FLOW,
    wrt=WRT,
    result=real("B", meaning="an estimate of log p(x)"),
    source="song2021sde",
    conventions=LOSSES,
)
def probability_flow_log_density_estimate(
    x: Array, probe: Array, t0: Array, t1: Array, low: Array, high: Array, theta: dict[str, Array], *,
    score: Field, process: str, method: str, steps: int,
) -> Result:
    """The log-density of data along the probability flow, with Hutchinson's trace.

        ℓ_dot = −(1/R) Σ_r v_rᵀ (∂x_dot/∂x) v_r = (q/R) Σ_r v_rᵀ (∂s/∂x) v_r − (a/R) Σ_r ‖v_r‖²  (1)

    in place of the trace in `probability_flow_log_density`, all else as there. The probes are drawn once for a solve.
    The estimate is unbiased, also of what the solver makes of the exact trace, for x does not depend on the probes; its
    exponential is not. Of signs ‖v‖² is D, so that a x adds no variance; of normal probes it does, which code that
    estimates the divergence of the score alone has not.
    Source: Song et al. (2021), eq. 39 and appendix D.2.
    """
    share = probe / probe.shape[1]                                            # (1)
    return log_density(x, share, probe, t0, t1, low, high, theta, score, process, method, steps)
