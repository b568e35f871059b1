"""Mistakes in divergences of categorical laws. Bits, and √JSD, are conventions and none of them."""

from collections.abc import Callable
from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace
from refdgm.primitives.categorical_kl import categorical_kl, jensen_shannon_divergence
from refdgm.primitives.softmax import log_softmax, softmax

BODY, SHANNON = categorical_kl.body, jensen_shannon_divergence.body


def logs(a: Array) -> Array:
    """Log-probabilities, −10⁴ for −∞."""
    return namespace(a).maximum(log_softmax.body(a)[0], -1e4)


def law(a: Array) -> Array:
    return softmax.body(a)[0]


def each(x: Array) -> Array:
    return namespace(x).sum(x, axis=-1)


def through(p: Array, slope: Array) -> Array:
    """The gradient of the logits, from that of the probabilities."""
    return p * (slope - each(p * slope)[:, None])


def told(value: Array, p: Array, of_p: Array, q: Array, of_q: Array) -> Any:
    """A value with its slopes in both laws."""
    return value, lambda bar: {"logits_p": bar[:, None] * through(p, of_p), "logits_q": bar[:, None] * through(q, of_q)}


def mean_over_categories(body: Callable[..., Any]) -> Callable[..., Any]:
    def mean(logits_p: Array, logits_q: Array) -> Any:
        value, right = body(logits_p, logits_q)
        many = logits_p.shape[1]
        return value / many, lambda bar: right(bar / many)

    return mean


# The divergence of Kullback and Leibler


@mistake(categorical_kl, "value", "gradient.logits_p")
def entropy_forgotten(logits_p: Array, logits_q: Array) -> Any:
    """−Σ p log q: a cross-entropy, of which p's part is not the same where p learns."""
    p, y = law(logits_p), logs(logits_q)
    q = law(logits_q)
    return -each(p * y), lambda bar: {"logits_p": bar[:, None] * through(p, -y), "logits_q": bar[:, None] * (q - p)}


@mistake(categorical_kl)
def softmax_twice(logits_p: Array, logits_q: Array) -> Any:
    """The probabilities are taken for logits."""
    p, q = law(logits_p), law(logits_q)
    x, y = logs(p), logs(q)
    r, s = law(p), law(q)
    return each(r * (x - y)), lambda bar: {"logits_p": bar[:, None] * through(p, through(r, x - y)),
                                           "logits_q": bar[:, None] * through(q, s - r)}


@mistake(categorical_kl)
def over_the_batch(logits_p: Array, logits_q: Array) -> Any:
    """The softmax of each column, over the examples: a wrong axis, right where the logits are symmetric."""
    xp = namespace(logits_p)
    turned = lambda a: xp.matrix_transpose(xp.maximum(a, -1e4))
    p, q = law(turned(logits_p)), law(turned(logits_q))
    x, y = logs(turned(logits_p)), logs(turned(logits_q))
    terms = xp.matrix_transpose(p * (x - y))

    def pullback(bar: Array) -> dict[str, Array]:
        return {"logits_p": xp.matrix_transpose(through(p, bar[None, :] * (x - y + 1))),
                "logits_q": xp.matrix_transpose(each(bar[None, :] * p)[:, None] * q - bar[None, :] * p)}

    return each(terms), pullback


@mistake(categorical_kl, "value")
def mean_reported(logits_p: Array, logits_q: Array) -> Any:
    """The mean over categories is logged, the sum is trained with."""
    value, right = BODY(logits_p, logits_q)
    return value / logits_p.shape[1], right


@mistake(categorical_kl, "gradient.logits_p")
def first_law_detached(logits_p: Array, logits_q: Array) -> Any:
    """a_bar = 0: p is taken for a teacher."""
    value, right = BODY(logits_p, logits_q)
    return value, lambda bar: (g := right(bar)) | {"logits_p": 0 * g["logits_p"]}


@mistake(categorical_kl, "gradient.logits_p")
def not_centred(logits_p: Array, logits_q: Array) -> Any:
    """a_bar = J_bar p ∘ log p/q: that the probabilities sum to one is forgotten."""
    value, right = BODY(logits_p, logits_q)
    wrong = law(logits_p) * (logs(logits_p) - logs(logits_q))
    return value, lambda bar: right(bar) | {"logits_p": bar[:, None] * wrong}


@mistake(categorical_kl, "gradient.logits_q")
def normaliser_forgotten(logits_p: Array, logits_q: Array) -> Any:
    """b_bar = −J_bar p: the logits of q are taken for its log-probabilities."""
    value, right = BODY(logits_p, logits_q)
    return value, lambda bar: right(bar) | {"logits_q": -bar[:, None] * law(logits_p)}


# The divergence of Jensen and Shannon


def sides(p: Array, q: Array) -> tuple[Array, Array]:
    """log p/m and log q/m of the mixture m; 0 where nothing is."""
    xp = namespace(p)
    tiny = 1e-300 if p.dtype == xp.float64 else 1e-38
    middle = xp.log((p + q) / 2 + tiny)
    return xp.log(p + tiny) - middle, xp.log(q + tiny) - middle


@mistake(jensen_shannon_divergence)
def not_halved(logits_p: Array, logits_q: Array) -> Any:
    """KL(p‖m) + KL(q‖m): at most 2 log 2."""
    value, right = SHANNON(logits_p, logits_q)
    return 2 * value, lambda bar: right(2 * bar)


@mistake(jensen_shannon_divergence, "value")
def one_half_reported(logits_p: Array, logits_q: Array) -> Any:
    """KL(p‖m) alone: of p and q exchanged another number."""
    p, q = law(logits_p), law(logits_q)
    return each(p * sides(p, q)[0]), SHANNON(logits_p, logits_q)[1]


@mistake(jensen_shannon_divergence, "value")
def mixture_not_halved(logits_p: Array, logits_q: Array) -> Any:
    """m = p + q: less by log 2, and below zero."""
    value, right = SHANNON(logits_p, logits_q)
    xp = namespace(value)
    return value - xp.log(2 * xp.ones_like(value)), right


@mistake(jensen_shannon_divergence, "gradient.logits_p")
def ratio_of_the_laws(logits_p: Array, logits_q: Array) -> Any:
    """log p/q for log p/m in a_bar: the slope of another divergence, which is twice this one where the laws are
    close."""
    value, right = SHANNON(logits_p, logits_q)
    p = law(logits_p)
    wrong = through(p, logs(logits_p) - logs(logits_q)) / 2
    return value, lambda bar: right(bar) | {"logits_p": bar[:, None] * wrong}


@mistake(jensen_shannon_divergence, "gradient.logits_q")
def second_law_detached(logits_p: Array, logits_q: Array) -> Any:
    """b_bar = 0: the second law is taken for the data, as one that is no model."""
    value, right = SHANNON(logits_p, logits_q)
    return value, lambda bar: (g := right(bar)) | {"logits_q": 0 * g["logits_q"]}


@mistake(jensen_shannon_divergence, "gradient.logits_q")
def slope_of_the_first(logits_p: Array, logits_q: Array) -> Any:
    """−a_bar for b_bar, as if only the difference of the logits counted."""
    value, right = SHANNON(logits_p, logits_q)
    return value, lambda bar: (g := right(bar)) | {"logits_q": -g["logits_p"]}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(categorical_kl, seen="pytorch/pytorch #57459", blind=True)
def arguments_exchanged(logits_p: Array, logits_q: Array) -> Any:
    """KL(q‖p): the order of F.kl_div, which takes log q and then p."""
    finite = lambda a: namespace(a).maximum(a, -1e4)
    value, right = BODY(finite(logits_q), finite(logits_p))
    return value, lambda bar: {"logits_p": (g := right(bar))["logits_q"], "logits_q": g["logits_p"]}


@mistake(categorical_kl, "gradient.logits_q", seen="Kaixhin/Autoencoders #9", blind=True)
def reversed_in_the_second(logits_p: Array, logits_q: Array) -> Any:
    """b_bar = J_bar (p − q): the model runs away from its data."""
    value, right = BODY(logits_p, logits_q)
    return value, lambda bar: (g := right(bar)) | {"logits_q": -g["logits_q"]}


@mistake(categorical_kl, blind=True, name="epsilon_under_both_logarithms")
def guarded(logits_p: Array, logits_q: Array) -> Any:
    """Σ p log((p + 10⁻⁷)/(q + 10⁻⁷)): no category costs more than 16 nats, and what is rare costs nothing."""
    xp = namespace(logits_p)
    p, q = law(logits_p), law(logits_q)
    ratio = xp.log((p + 1e-7) / (q + 1e-7))
    return told(each(p * ratio), p, ratio + p / (p + 1e-7), q, -p / (q + 1e-7))


@mistake(categorical_kl, blind=True)
def mean_over_all_elements(logits_p: Array, logits_q: Array) -> Any:
    """The mean over categories too: what `reduction="mean"` does, where "batchmean" is the divergence."""
    return mean_over_categories(BODY)(logits_p, logits_q)


@mistake(jensen_shannon_divergence, seen="Jeryi-Sun/ReDEeP-ICLR #2", blind=True)
def mixture_first(logits_p: Array, logits_q: Array) -> Any:
    """½ KL(m‖p) + ½ KL(m‖q), of the exchanged arguments of a library: beyond log 2, without a bound."""
    xp = namespace(logits_p)
    x, y = logs(logits_p), logs(logits_q)
    p, q = law(logits_p), law(logits_q)
    m = (p + q) / 2
    middle = xp.maximum(x, y) + xp.log1p(xp.exp(-xp.abs(x - y))) - xp.log(2 * xp.ones_like(x))
    both = middle - (x + y) / 2
    value = each(m * both)

    def pullback(bar: Array) -> dict[str, Array]:
        return {"logits_p": bar[:, None] * (through(p, both / 2) + (p - m) / 2),
                "logits_q": bar[:, None] * (through(q, both / 2) + (q - m) / 2)}

    return value, pullback


@mistake(jensen_shannon_divergence, seen="evansenter/diverge #1", blind=True)
def without_a_mixture(logits_p: Array, logits_q: Array) -> Any:
    """½ KL(p‖q) + ½ KL(q‖p): Jeffreys' divergence, which has no bound."""
    p, q, apart = law(logits_p), law(logits_q), logs(logits_p) - logs(logits_q)
    value = each((p - q) * apart) / 2

    def pullback(bar: Array) -> dict[str, Array]:
        return {"logits_p": bar[:, None] * (through(p, apart) + p - q) / 2,
                "logits_q": bar[:, None] * (through(q, -apart) + q - p) / 2}

    return value, pullback


@mistake(jensen_shannon_divergence, seen="nv-tlabs/datasetGAN_release #27", blind=True)
def mixture_of_logits(logits_p: Array, logits_q: Array) -> Any:
    """m = softmax((a + b)/2): the geometric mean of the laws, normalised."""
    finite = lambda a: namespace(a).maximum(a, -1e4)
    a, b = finite(logits_p), finite(logits_q)
    (first, one), (second, other) = BODY(a, (a + b) / 2), BODY(b, (a + b) / 2)

    def pullback(bar: Array) -> dict[str, Array]:
        g, h = one(bar / 2), other(bar / 2)
        shared = (g["logits_q"] + h["logits_q"]) / 2
        return {"logits_p": g["logits_p"] + shared, "logits_q": h["logits_p"] + shared}

    return (first + second) / 2, pullback


@mistake(jensen_shannon_divergence, blind=True, name="mean_over_all_elements")
def mean_of_elements(logits_p: Array, logits_q: Array) -> Any:
    """The mean over categories too."""
    return mean_over_categories(SHANNON)(logits_p, logits_q)
