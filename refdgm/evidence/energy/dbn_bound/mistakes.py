"""Mistakes in the greedy bound of a deep belief network. Its negative is a convention and none of them."""

import itertools
from typing import Any

from refdgm.energy.dbn_bound import dbn_bound
from refdgm.evidence.declare import mistake
from refdgm.evidence.energy.restricted import turned
from refdgm.namespace import Array, namespace
from refdgm.numerics.enumeration import normalised, states
from refdgm.numerics.halves import halves
from refdgm.primitives.softplus import softplus

BODY = dbn_bound.body
RECOGNISED = ("gradient.v", "gradient.R", "gradient.r")
OF_TOP = ("gradient.W", "gradient.b", "gradient.c")
Given = tuple[Array, ...]


def entropies(a: Array) -> Array:
    """H of each example's units."""
    on, off = halves(a)
    return namespace(a).sum(on * softplus.body(-a)[0] + off * softplus.body(a)[0], axis=-1)


def less_entropy(given: Given, times: float, value_too: bool = True) -> Any:
    """The bound less so many times the entropy of q, rightly differentiated; or its gradients alone."""
    v, R, r = given[:3]
    value, right = BODY(*given)
    a = v @ R.T + r
    on, off = halves(a)

    def pullback(bar: Array) -> dict[str, Array]:
        moved = bar[:, None] * a * on * off * times
        g = right(bar)
        return g | {"v": g["v"] + moved @ R, "R": g["R"] + moved.T @ v,
                    "r": g["r"] + namespace(v).sum(moved, axis=0)}

    return (value - times * entropies(a) if value_too else value), pullback


def top(given: Given) -> Any:
    """The states of h, their law by the machine on top, log Z, and the means of its hidden units."""
    W, b, c = given[5:]
    h = states(b.shape[0], W)
    told = h @ W.T + c
    log_z, p = normalised(h @ b + namespace(W).sum(softplus.body(told)[0], axis=-1))
    return h, p, log_z, halves(told)[0]


def choices(given: Given) -> tuple[Array, Array]:
    """q(h|v) and its means."""
    v, R, r = given[:3]
    h, a = states(r.shape[0], v), v @ R.T + r
    return namespace(v).exp(-(softplus.body(-a)[0] @ h.T + softplus.body(a)[0] @ (1 - h).T)), halves(a)[0]


def of_data(given: Given, bar: Array) -> dict[str, Array]:
    """What the machine on top gets from the data's states alone."""
    h, _, _, s = top(given)
    told = bar @ choices(given)[0]
    return {"W": (told[:, None] * s).T @ h, "b": told @ h, "c": told @ s}


def with_gradients(given: Given, make: Any) -> Any:
    """The right value, and of the gradients what `make` says of them and of the cotangent."""
    value, right = BODY(*given)
    return value, lambda bar: (g := right(bar)) | make(g, bar)


# Wrong equations, rightly differentiated


@mistake(dbn_bound, "value", *RECOGNISED)
def no_entropy(v: Array, R: Array, r: Array, G: Array, g: Array, W: Array, b: Array, c: Array) -> Any:
    """−log q is left out: what is expected of log p(v, h), which is a bound, and a worse one."""
    return less_entropy((v, R, r, G, g, W, b, c), 1)


@mistake(dbn_bound, "value", *RECOGNISED)
def entropy_subtracted(v: Array, R: Array, r: Array, G: Array, g: Array, W: Array, b: Array, c: Array) -> Any:
    """+ log q: the entropy with its sign turned."""
    return less_entropy((v, R, r, G, g, W, b, c), 2)


@mistake(dbn_bound, "value", *OF_TOP)
def top_without_its_log_z(v: Array, R: Array, r: Array, G: Array, g: Array, W: Array, b: Array, c: Array) -> Any:
    """−F(h) for log p(h)."""
    given = v, R, r, G, g, W, b, c
    value, right = BODY(*given)
    return value + top(given)[2], lambda bar: right(bar) | of_data(given, bar)


@mistake(dbn_bound)
def square_weights_transposed(v: Array, R: Array, r: Array, G: Array, g: Array, W: Array, b: Array, c: Array) -> Any:
    """The transpose of all weights; only those that are not square complain."""
    value, right = BODY(v, turned(R), r, turned(G), g, turned(W), b, c)
    return value, lambda bar: (x := right(bar)) | {name: turned(x[name]) for name in ("R", "G", "W")}


@mistake(dbn_bound, "value")
def log_z_in_what_is_reported(v: Array, R: Array, r: Array, G: Array, g: Array, W: Array, b: Array, c: Array) -> Any:
    """The bound is reported without log Z; the gradients know of it."""
    value, right = BODY(v, R, r, G, g, W, b, c)
    return value + top((v, R, r, G, g, W, b, c))[2], right


# The value is right, a gradient is not


@mistake(dbn_bound, *RECOGNISED)
def recognition_held(v: Array, R: Array, r: Array, G: Array, g: Array, W: Array, b: Array, c: Array) -> Any:
    """q is a constant: no gradient through what is chosen."""
    value, right = BODY(v, R, r, G, g, W, b, c)

    def pullback(bar: Array) -> dict[str, Array]:
        x, xp = right(bar), namespace(v)
        q = choices((v, R, r, G, g, W, b, c))[0]
        return x | {"v": (bar[:, None] * q) @ (states(r.shape[0], v) @ G.T + g), "R": xp.zeros_like(x["R"]),
                    "r": xp.zeros_like(x["r"])}

    return value, pullback


@mistake(dbn_bound, *RECOGNISED)
def slope_without_the_entropy(v: Array, R: Array, r: Array, G: Array, g: Array, W: Array, b: Array, c: Array) -> Any:
    """a_bar with log p(v|h) + log p(h) for M."""
    return less_entropy((v, R, r, G, g, W, b, c), 1, value_too=False)


@mistake(dbn_bound, "gradient.v")
def data_by_recognition_alone(v: Array, R: Array, r: Array, G: Array, g: Array, W: Array, b: Array, c: Array) -> Any:
    """v_bar = Rᵀa_bar: the data are in log p(v|h) too."""
    q = choices((v, R, r, G, g, W, b, c))[0]
    return with_gradients((v, R, r, G, g, W, b, c), lambda x, bar: {
        "v": x["v"] - (bar[:, None] * q) @ (states(r.shape[0], v) @ G.T + g)})


@mistake(dbn_bound, "gradient.G", "gradient.g")
def generation_at_the_mean(v: Array, R: Array, r: Array, G: Array, g: Array, W: Array, b: Array, c: Array) -> Any:
    """G_bar and g_bar at the means of q in place of its states."""
    mean = choices((v, R, r, G, g, W, b, c))[1]

    def at_mean(x: Any, bar: Array) -> dict[str, Array]:
        wrong = bar[:, None] * (v - halves(mean @ G.T + g)[0])
        return {"G": wrong.T @ mean, "g": namespace(v).sum(wrong, axis=0)}

    return with_gradients((v, R, r, G, g, W, b, c), at_mean)


@mistake(dbn_bound, "gradient.W")
def product_of_the_data_s_means(v: Array, R: Array, r: Array, G: Array, g: Array, W: Array, b: Array, c: Array) -> Any:
    """W_bar with ⟨s⟩⟨h⟩ᵀ of q for ⟨s hᵀ⟩."""
    given = v, R, r, G, g, W, b, c
    q, mean = choices(given)
    return with_gradients(given, lambda x, bar: {
        "W": x["W"] - of_data(given, bar)["W"] + (bar[:, None] * (q @ top(given)[3])).T @ mean})


@mistake(dbn_bound, "gradient.c")
def hidden_mean_of_the_mean(v: Array, R: Array, r: Array, G: Array, g: Array, W: Array, b: Array, c: Array) -> Any:
    """c_bar with σ(W⟨h⟩ + c) for the mean of σ(W h + c)."""
    given = v, R, r, G, g, W, b, c
    return with_gradients(given, lambda x, bar: {
        "c": x["c"] - of_data(given, bar)["c"] + bar @ halves(choices(given)[1] @ W.T + c)[0]})


@mistake(dbn_bound, "gradient.b")
def biases_without_the_model(v: Array, R: Array, r: Array, G: Array, g: Array, W: Array, b: Array, c: Array) -> Any:
    """b_bar = Σ J_bar ⟨h⟩_q."""
    return with_gradients((v, R, r, G, g, W, b, c), lambda x, bar: {
        "b": bar @ choices((v, R, r, G, g, W, b, c))[1]})


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(dbn_bound, *OF_TOP, blind=True)
def top_learns_from_data_alone(v: Array, R: Array, r: Array, G: Array, g: Array, W: Array, b: Array, c: Array) -> Any:
    """The machine on top without its free phase."""
    given = v, R, r, G, g, W, b, c
    return with_gradients(given, lambda x, bar: of_data(given, bar))


@mistake(dbn_bound, *OF_TOP, blind=True)
def model_counted_once(v: Array, R: Array, r: Array, G: Array, g: Array, W: Array, b: Array, c: Array) -> Any:
    """The free phase with the mean of J_bar and not its sum; right for one example."""
    given = v, R, r, G, g, W, b, c

    def once(x: Any, bar: Array) -> dict[str, Array]:
        data = of_data(given, bar)
        return {name: d + (x[name] - d) / max(bar.shape[0], 1) for name, d in data.items()}

    return with_gradients(given, once)


@mistake(dbn_bound, "value", *RECOGNISED, "gradient.G", "gradient.g", blind=True)
def generation_by_recognition(v: Array, R: Array, r: Array, G: Array, g: Array, W: Array, b: Array, c: Array) -> Any:
    """Rᵀ in the place of G, as it is where a layer begins and the two are still tied."""
    value, right = BODY(v, R, r, R.T, g, W, b, c)
    return value, lambda bar: (x := right(bar)) | {"R": x["R"] + x["G"].T, "G": namespace(v).zeros_like(x["G"])}


# --- by an author who had read neither the cases nor what stands above -----------------------------


def every_state(c1: Array) -> Array:
    """All states of the middle layer."""
    xp = namespace(c1)
    rows = list(itertools.product((0.0, 1.0), repeat=c1.shape[0]))
    return xp.asarray(rows, dtype=c1.dtype, device=c1.device)


def logistic(xp: Any, a: Array) -> Array:
    return 1 / (1 + xp.exp(-a))


def total(xp: Any, a: Array) -> tuple[Array, Array]:
    """The log-sum-exp of the last axis and its weights."""
    top = xp.max(a, axis=-1, keepdims=True)
    e = xp.exp(a - top)
    z = xp.sum(e, axis=-1, keepdims=True)
    return (top + xp.log(z))[..., 0], e / z


@mistake(dbn_bound, "value", "gradient.v", "gradient.R", "gradient.r", "gradient.G", "gradient.g", "gradient.W",
         "gradient.c", blind=True)
def means_in_place_of_states(v: Array, R: Array, r: Array, G: Array, g: Array, W: Array, b: Array, c: Array) -> Any:
    """log p(v|h) and the top at h = σ(a), not their means under q; the entropy and log Z as they are."""
    xp = namespace(v)
    a = v @ R.T + r
    m = logistic(xp, a)
    f, up, h = m @ G.T + g, m @ W.T + c, every_state(r)
    every = h @ W.T + c
    log_z, p = total(xp, h @ b + xp.sum(xp.logaddexp(0 * every, every), axis=1))
    fit = v * f - xp.logaddexp(0 * f, f)
    value = (xp.sum(fit, axis=1) + m @ b + xp.sum(xp.logaddexp(0 * up, up), axis=1) - log_z
             + xp.sum(xp.logaddexp(0 * a, a) - a * m, axis=1))

    def pullback(bar: Array) -> dict[str, Array]:
        each = bar[:, None]
        f_bar, s_bar = each * (v - logistic(xp, f)), each * logistic(xp, up)
        m_bar = f_bar @ G + s_bar @ W + each * b
        a_bar = (m_bar - each * a) * m * (1 - m)
        d, s = xp.sum(bar) * p, logistic(xp, every)
        return {"v": each * f + a_bar @ R, "R": a_bar.T @ v, "r": xp.sum(a_bar, axis=0), "G": f_bar.T @ m,
                "g": xp.sum(f_bar, axis=0), "W": s_bar.T @ m - (d[:, None] * s).T @ h, "b": bar @ m - d @ h,
                "c": xp.sum(s_bar, axis=0) - d @ s}

    return value, pullback
