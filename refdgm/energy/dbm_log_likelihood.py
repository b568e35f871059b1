"""The log-likelihood of a deep Boltzmann machine of two hidden layers, by the states of the one between."""

from refdgm.declaration.domain import NAT, real, scale
from refdgm.energy.layered import BIASES, LAYERS, LISTED, UNITS, VISIBLE, apart, middle, upper
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.enumeration import normalised
from refdgm.numerics.logistic_step import softplus_step
from refdgm.numerics.smaller_terms import smaller_terms
from refdgm.numerics.tilted import law_excess
from refdgm.reference import reference


@reference(
    args={"v": UNITS, **LAYERS, "b": VISIBLE, **BIASES},
    wrt=("v", "W1", "W2", "b", "c1", "c2"),
    result=real("B", meaning="log P(v), in nats"),
    source="salakhutdinov2009dbm",
    conventions={"the negative log-likelihood, a loss": {"value": scale(-1.0)}, "in bits": {"value": scale(NAT)}},
    bounds=LISTED,
)
def dbm_log_likelihood(v: Array, W1: Array, W2: Array, b: Array, c1: Array, c2: Array) -> Result:
    """log P(v), where both hidden layers are summed over.

        log P(v) = bᵀv + log Σ_h e^{hᵀ(W¹v + c¹)} Π_k (1 + e^{(W²h + c²)_k}) − log Z      (1)
        log Z = log Σ_h e^{c¹ᵀh} Π_j (1 + e^{(W¹ᵀh + b)_j}) Π_k (1 + e^{(W²h + c²)_k})    (2)

    over the states h of the first layer. The second is summed in its product, and so are, in log Z, the visible units.
    Cotangents for J_bar, with q = P(h | v) of each example, p = P(h), d(h) = Σ J_bar (q(h) − p(h)), s = σ(W²h + c²),
    the second layer's means where h is known, and ⟨·⟩ the mean under the machine, ⟨h⟩_q that of q:

        v_bar = J_bar (b + W¹ᵀ⟨h⟩_q)                                                      (3)
        W_bar¹ = Σ J_bar ⟨h⟩_q vᵀ − (Σ J_bar) ⟨h vᵀ⟩,   W_bar² = Σ_h d(h) s hᵀ            (4)
        b_bar = Σ J_bar (v − ⟨v⟩),   c_bar¹ = Σ_h d(h) h,   c_bar² = Σ_h d(h) s           (5)

    Given the data the first layer still hears from the second, so that q is no product, and the second layer's mean is
    one of s, outside of the logistic function. q/p is e^{hᵀW¹v}/Π_j (1 + e^{(W¹ᵀh + b)_j}) over its sum: the second
    layer is in both, and not in what is between them. At small W¹ all q are nearly p, and q − p is formed from that
    ratio. Σ_h d = 0, so that h may be measured from ⟨h⟩, and s from σ(W²⟨h⟩ + c²), which it hardly leaves where W² is
    small or units are nearly certain. A difference of two chances x − y is x (1 − y) − (1 − x) y, or what is smaller,
    as in rbm_log_likelihood.
    A grey v is no state, and P(v) of it no probability: it is the same formula. dbm_bound is below it. log P near zero
    has the rounding of what it is a difference of.
    Source: Salakhutdinov & Hinton (2009), of the model; both sums are exact here, where they bound and estimate them.
    """
    xp = namespace(v)
    model = middle(W1, W2, b, c1, c2)                                         # (2)
    h, p = model.states, model.law
    clamped, q = normalised((v @ W1.T + c1) @ h.T + model.second_sum)
    value = v @ b + clamped - model.log_z                                     # (1)

    def pullback(value_bar: Array) -> dict[str, Array]:
        bar, told, off, (on, less) = value_bar[:, None], h @ W1, 1 - h, model.visible
        tilt = -(v @ softplus_step(-b, -told).T + (1 - v) @ softplus_step(b, told).T)
        excess, _ = law_excess(tilt, p, q)
        mean, none = p @ h, p @ off
        gap = bar * ((excess @ h) * none - (excess @ off) * mean)             # J_bar (⟨h⟩_q − ⟨h⟩)
        given, both, alone = (bar * (q @ h)).T, (h.T * p) @ on, (h.T * p) @ less    # of h alone, with v, without
        lacking = xp.sum(bar * (q @ off), axis=0)[:, None] + given @ (1 - v)
        lifted = xp.sum(gap, axis=0)
        of_second, of_pairs = upper(value_bar @ excess, lifted, (h, off), p, W2, model.second, c2)
        return {
            "v": bar * (b + q @ h @ W1),                                      # (3)
            "W1": smaller_terms(((given @ v) * (none[:, None] + alone), -lacking * both),
                                (gap.T @ v, (value_bar @ v) * alone, -(value_bar @ (1 - v)) * both)),
            "W2": of_pairs,                                                   # (4)
            "b": apart(value_bar, (v, 1 - v), p, model.visible),
            "c1": lifted,
            "c2": of_second,                                                  # (5)
        }

    return value, pullback
