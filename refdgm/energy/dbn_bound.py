"""The greedy bound of a deep belief network: a layer of choices under a restricted machine."""

from refdgm.declaration.domain import NAT, PARAMETER, real, scale
from refdgm.energy.layered import LISTED, UNITS, upper
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.enumeration import normalised, states
from refdgm.numerics.halves import halves
from refdgm.numerics.logistic_step import softplus_step
from refdgm.numerics.tilted import law_excess
from refdgm.primitives.softplus import softplus
from refdgm.reference import reference


@reference(
    args={
        "v": UNITS,
        "R": real("H", "D", kind=PARAMETER, meaning="R, recognition weights, upwards from the data"),
        "r": real("H", kind=PARAMETER, meaning="r, their biases"),
        "G": real("D", "H", kind=PARAMETER, meaning="G, generative weights, downwards to the data"),
        "g": real("D", kind=PARAMETER, meaning="g, their biases"),
        "W": real("E", "H", kind=PARAMETER, meaning="W, of the machine on top, (its hidden units, h)"),
        "b": real("H", kind=PARAMETER, meaning="b, the biases of h in it"),
        "c": real("E", kind=PARAMETER, meaning="c, those of its hidden units"),
    },
    wrt=("v", "R", "r", "G", "g", "W", "b", "c"),
    result=real("B", meaning="J ≤ log P(v), in nats"),
    source="hinton2006dbn",
    conventions={"minus the bound, a loss": {"value": scale(-1.0)}, "in bits": {"value": scale(NAT)}},
    bounds=LISTED,
)
def dbn_bound(v: Array, R: Array, r: Array, G: Array, g: Array, W: Array, b: Array, c: Array) -> Result:
    """What the layer h that data are recognised as is worth for their likelihood.

        q(h|v) = Π_i σ(a_i)^{h_i} σ(−a_i)^{1−h_i},   a = R v + r                                    (1)
        p(v|h) = Π_j σ(f_j)^{v_j} σ(−f_j)^{1−v_j},   f = G h + g                                    (2)
        p(h) = e^{bᵀh} Π_k (1 + e^{(W h + c)_k}) / Z                                                (3)
        J = Σ_h q M,   M = log p(v|h) + log p(h) − log q(h|v)                                       (4)

    J ≤ log P(v), P(v) = Σ_h p(h) p(v|h), and equal where q is the posterior. Raising log p(h) under q, R and G held,
    raises J: that is how layers are added. Cotangents for J_bar, with d(h) = Σ J_bar (q − p(h)) and s = σ(W h + c):

        a_bar_i = J_bar (σ(−a_i) Σ_h q (M − J) h_i − σ(a_i) Σ_h q (M − J)(1 − h_i))                 (5)
        R_bar = Σ a_bar vᵀ,   r_bar = Σ a_bar
        f_bar(h) = Σ J_bar q (v σ(−f) − (1 − v) σ(f)),   G_bar = Σ_h f_bar hᵀ,   g_bar = Σ_h f_bar  (6)
        W_bar = Σ_h d s hᵀ,   b_bar = Σ_h d h,   c_bar = Σ_h d s                                    (7)
        v_bar = Rᵀa_bar + J_bar Σ_h q f                                                             (8)

    The slope of log q has the mean zero under q: hence M − J, and no gradient through the entropy itself; both may be
    measured from M(0), from which little weights hardly move them. a_bar with h − σ(a) is the same sum, and has nothing
    left of units that are nearly sure. log q is a sum of logarithms, never the logarithm of a product. A deeper network
    has the next bound in the place of log p(h).
    Source: Hinton, Osindero & Teh (2006), the bound of the section on greedy learning.
    """
    xp = namespace(v)
    h, a = states(r.shape[0], v), v @ R.T + r
    off, f, told = 1 - h, h @ G.T + g, h @ W.T
    log_q = -(softplus.body(-a)[0] @ h.T + softplus.body(a)[0] @ off.T)       # (1)
    seen = -(v @ softplus.body(-f)[0].T + (1 - v) @ softplus.body(f)[0].T)    # (2)
    top = h @ b + xp.sum(softplus.body(told + c)[0], axis=-1)
    log_z, p = normalised(top)                                                # (3)
    q, worth = xp.exp(log_q), seen + top - log_q - log_z
    value = xp.sum(q * worth, axis=-1)                                        # (4)

    def pullback(value_bar: Array) -> dict[str, Array]:
        bar, (on, rest) = value_bar[:, None], halves(a)
        pass_down, each = h @ G.T, bar * q
        raised = xp.sum(softplus_step(c, told), axis=-1)
        gain = (v @ -softplus_step(-g, -pass_down).T - (1 - v) @ softplus_step(g, pass_down).T - (a - b) @ h.T
                + raised)                                                     # M, less that of no unit
        better = q * (gain - xp.sum(q * gain, axis=1, keepdims=True))
        a_bar = bar * (rest * (better @ h) - on * (better @ off))             # (5)
        up, down = halves(f)
        f_bar = (each.T @ v) * down - (each.T @ (1 - v)) * up                 # (6)
        excess, near = law_excess((a - b) @ h.T - raised, p, q)
        mean, none = p @ h, p @ off
        apart = xp.where(near, (excess @ h) * none - (excess @ off) * mean, on * none - rest * mean)
        lifted = xp.sum(bar * apart, axis=0)
        of_c, of_pairs = upper(value_bar @ excess, lifted, (h, off), p, W, halves(told + c), c)
        return {
            "v": a_bar @ R + each @ f,                                        # (8)
            "R": a_bar.T @ v,
            "r": xp.sum(a_bar, axis=0),
            "G": f_bar.T @ h,
            "g": xp.sum(f_bar, axis=0),
            "W": of_pairs,                                                    # (7)
            "b": lifted,
            "c": of_c,
        }

    return value, pullback
