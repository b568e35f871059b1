"""Fields of one's own: what kinds there are, and what is refused of one when it is asked."""

import numpy as np
import pytest

import refdgm
from refdgm import ArgumentError, Field
from refdgm.cases import draw
from refdgm.declaration.domain import Kind, field, parameters, real
from refdgm.nets.field import CRITICS, NETWORKS, SCORES
from refdgm.nets.layout import MLP
from refdgm.reference import reference

from ..refusal import refused, well_said

B, K = 4, 3
X = np.random.Generator(np.random.Philox(key=1)).normal(size=(B, K))
THETA = {"W1": np.ones((2, K)), "b1": np.ones(2), "W2": np.ones((K, 2)), "b2": np.ones(K)}
AFFINE = {"A": np.eye(K), "b": np.ones(K)}


def own(value=None, vjp=None, **more):
    """z a as a Field, with parts of it replaced."""
    grads = lambda f_bar, z, theta: {"z": f_bar * theta["a"], "t": np.zeros(()), "theta": {"a": np.sum(f_bar * z)}}
    return Field("mine", ("z", "t"), value or (lambda z, t, theta: z * theta["a"]), vjp or (
        lambda z, t, theta: (z * theta["a"], lambda f_bar, wrt: grads(f_bar, z, theta))), **more)


OWN = X, np.asarray(0.5), {"a": np.asarray(2.0)}
right = own()


def test_the_named_fields_have_the_forms_that_are_asked_of_ones_own():
    right.validate(*OWN)
    for fields, first in ((refdgm.nets.field.SCORES, (X,)), (refdgm.nets.field.VELOCITIES, OWN[:2])):
        for name, known in fields.items():
            timed = THETA | {"W1": np.ones((2, K + len(first) - 1))}
            known.validate(*first, {"linear": AFFINE, "theta_sin": {"theta": np.ones(K)}}.get(name, timed))


def test_networks_give_what_they_like_and_critics_one_number():
    """Of three inputs five outputs: shapes, values of one neuron, and gradients by differences. No tangent."""
    assert list(NETWORKS) == ["mlp_tanh", "mlp_relu", "linear"] and CRITICS.keys() == SCORES.keys()
    rng = np.random.default_rng(3)
    for known, many in ((NETWORKS, 5), (CRITICS, 1)):
        for one in known.values():
            theta = {entry: rng.normal(size=shape) for entry, shape in one.layout.shapes(K, many, (4,)).items()}
            one.validate(X, theta)
            bar, h = rng.normal(size=(B, many)), 1e-6
            grads = one.vjp(X, theta)[1](bar, wrt=("x", "theta"))
            for at, got in [(X, grads["x"]), *((theta[entry], grads["theta"][entry]) for entry in theta)]:
                way = rng.normal(size=at.shape)
                ends = [one.value(X + s * h * way, theta) if at is X else one.value(
                    X, {n: x + s * h * way if x is at else x for n, x in theta.items()}) for s in (1, -1)]
                np.testing.assert_allclose(np.sum(got * way), np.sum(bar * (ends[0] - ends[1])) / (2 * h), rtol=1e-6,
                                           atol=1e-8)
    relu = {"W1": np.ones((1, 1)), "b1": np.zeros(1), "W2": np.ones((2, 1)), "b2": np.ones(2)}
    np.testing.assert_array_equal(NETWORKS["mlp_relu"].value(np.array([[-2.0], [3.0]]), relu), [[1, 1], [4, 4]])
    with pytest.raises(ArgumentError, match="must have a tangent"):
        NETWORKS["linear"].jvp(X, X[:, None], AFFINE)


@pytest.mark.parametrize(
    ("field", "label"),
    [
        (own(value=lambda z, t, theta: None), "mine.value must be numpy.ndarray, float64 of shape (4, 3), got None"),
        (own(value=lambda z, t, theta: z[:, :1]), "mine.value must be numpy.ndarray, float64 of shape (4, 3), got "
                                                  "float64 of shape (4, 1)"),
        (own(vjp=lambda *args: args), "mine.vjp must return (value, pullback), got a tuple"),
        (own(vjp=lambda z, t, theta: (z[0], None)), "the value of mine.vjp must be "),
        (own(vjp=lambda z, t, theta: (z, lambda f_bar, wrt: {"z": z})),
         "the pullback of mine.vjp must return a dict of z, t, theta, got z"),
        (own(vjp=lambda z, t, theta: (z, lambda f_bar, wrt: dict.fromkeys(wrt, t) | {"z": z})),
         "theta of the pullback of mine.vjp must return a dict of a, got numpy.ndarray"),
        (own(vjp=lambda z, t, theta: (z, lambda f_bar, wrt: {"z": z, "t": t, "theta": {"a": z}})),
         "a of theta of the pullback of mine.vjp must be numpy.ndarray, float64 of shape (), got "),
        (own(jvp=lambda *_: (X, X, None)), "mine.jvp must return ((value, tangent), pullback), got a tuple"),
        (own(jvp=lambda *_: ((X, X), None)), "the tangent of mine.jvp must be "),
        (own(jvp=lambda z, z_dot, t, theta: ((z, z_dot), lambda f_bar, f_dot_bar, wrt: right.vjp(*OWN)[1](X, wrt))),
         "the pullback of mine.jvp must return a dict of z, t, theta, z_dot, got z, t, theta"),
    ],
)
def test_a_field_of_another_form_is_refused_when_asked(field, label):
    with pytest.raises(ArgumentError) as caught:
        field.validate(*OWN)
    assert str(caught.value).startswith(label)
    assert (" must be " in label or " must return " in label) and "; " in str(caught.value)


def test_what_a_field_is_asked_with():
    for args in ((), OWN[:2], (X, 0.5, OWN[2]), (*OWN[:2], X), (*OWN[:2], {"a": 2.0})):
        with pytest.raises(ArgumentError) as caught:
            right.validate(*args)
        well_said(str(caught.value), "mine.validate must be given arrays z, t, theta, the last a dict of them, got ")
    for names in ("x", ["x"], (1,), ("x", 1)):
        with pytest.raises(ArgumentError) as caught:
            Field("b", names, right.value, right.vjp)
        well_said(str(caught.value), "args must be a tuple of names, got ")


# --- other kinds than scores and velocities -------------------------------------------------------


def quadratic_vjp(x, theta):
    """½ Σ a x², one number an example: the form of a critic, or of an energy."""

    def pullback(e_bar, wrt=("x", "theta")):
        return {"x": e_bar[:, None] * theta["a"] * x, "theta": {"a": np.sum(e_bar[:, None] * x * x, axis=0) / 2}}

    return np.sum(theta["a"] * x * x, axis=1) / 2, pullback


def quadratic_jvp(x, x_dot, theta):
    """e_dot_r = Σ a x x_dot_r."""

    def pullback(e_bar, e_dot_bar, wrt=("x", "x_dot", "theta")):
        ways = np.sum(e_dot_bar[:, :, None] * x_dot, axis=1)
        grads = quadratic_vjp(x, theta)[1](e_bar)
        return {"x": grads["x"] + theta["a"] * ways, "x_dot": e_dot_bar[:, :, None] * (theta["a"] * x)[:, None, :],
                "theta": {"a": grads["theta"]["a"] + np.sum(x * ways, axis=0)}}

    e, _ = quadratic_vjp(x, theta)
    return (e, np.sum((theta["a"] * x)[:, None, :] * x_dot, axis=2)), pullback


quadratic = Field("quadratic", ("x",), lambda x, theta: quadratic_vjp(x, theta)[0], quadratic_vjp, quadratic_jvp,
                  gives=("B",))


def network_vjp(x, theta):
    s, pullback = refdgm.mlp.body(x, theta, activation="tanh")
    return s[:, 0], lambda e_bar, wrt=("x", "theta"): pullback(e_bar[:, None], wrt=wrt)


network = Field("network", ("x",), lambda x, theta: network_vjp(x, theta)[0], network_vjp, layout=MLP, gives=("B",))


@reference(
    args={
        "x": real("B", "D", meaning="x"),
        "theta": parameters("critic", outputs=1),
        "critic": field("x", known={"network": network, "quadratic": quadratic}, gives=("B",), meaning="e"),
    },
    wrt=("x", "theta"),
    result=real("B", meaning="−e"),
    source="a test",
)
def opposed(x, theta, *, critic):
    e, critic_pullback = critic.vjp(x, theta)
    return -e, lambda value_bar, wrt=("x", "theta"): critic_pullback(-value_bar, wrt=wrt)


def test_a_critic_passes_the_boundary():
    """A Field that gives one number an example: by name and as one's own, drawn, called and differentiated."""
    case = draw(opposed, 1)
    assert case.arrays["input.theta.W3"].shape == (1, 6) and case.options == {"critic": "network"}
    answers = opposed.answers(case)
    np.testing.assert_array_equal(opposed(*case.arguments().values(), critic="network"), answers["output.value"])
    theta = {"a": np.asarray([1.0, 2.0, 3.0])}
    _, pullback = opposed.vjp(X, theta, critic=quadratic)
    np.testing.assert_allclose(pullback(np.ones(B))["x"], -X * theta["a"])
    opposed.validate(X, theta, critic=quadratic)
    quadratic.validate(X, theta)
    network.validate(X, THETA | {"W2": np.ones((1, 2)), "b2": np.ones(1)})


def test_a_field_of_another_kind_is_refused_with_what_it_gives():
    said = refused(opposed, ArgumentError, "critic must be a Field of (x) → (B,), got one of (x); ", X, AFFINE,
                   critic=refdgm.nets.field.SCORES["linear"])
    assert said.endswith("use one of network, quadratic or make a Field that takes and gives just that")
    refused(refdgm.implicit_score_matching, ArgumentError, "score must be a Field of (x), got one of (x) → (B,); ", X,
            AFFINE, score=quadratic)
    said = refused(opposed, ArgumentError, "theta.W2 must have shape (1, 2), got (3, 2); ", X, THETA, critic=network)


def test_what_is_declared_is_what_is_validated():
    wrong = Field("wrong", ("x",), quadratic.value, quadratic.vjp, quadratic.jvp)  # the declaration of a score
    with pytest.raises(ArgumentError, match=r"^wrong\.value must be numpy\.ndarray, float64 of shape \(4, 3\), got "):
        wrong.validate(X, {"a": np.ones(K)})
    with pytest.raises(ArgumentError, match=r"^x must have shape \(B, D\), got \(3,\); "):
        quadratic.validate(X[0], {"a": np.ones(K)})
    encoder = Field("encoder", ("x",), lambda x, theta: refdgm.mlp.body(x, theta, activation="tanh")[0],
                    lambda x, theta: refdgm.mlp.body(x, theta, activation="tanh"), gives=("B", "L"))
    encoder.validate(X, THETA | {"W2": np.ones((5, 2)), "b2": np.ones(5)})  # L is what it gives
    timed = Field("timed", ("x", "t"), lambda x, t, theta: x * t[:, None] * theta["a"],
                  lambda x, t, theta: (x * t[:, None] * theta["a"], lambda s_bar, wrt: {
                      "x": s_bar * t[:, None] * theta["a"], "t": np.sum(s_bar * x * theta["a"], axis=1),
                      "theta": {"a": np.sum(s_bar * x * t[:, None])}}), takes=(("B", "D"), ("B",)))
    timed.validate(X, np.ones(B), {"a": np.asarray(2.0)})
    with pytest.raises(ArgumentError, match=r"^t must have shape \(B,\) with B = 4, got \(3,\); "):
        timed.validate(X, np.ones(3), {"a": np.asarray(2.0)})


def test_kinds_are_told():
    assert str(Kind(("x",))) == "(x)" and str(Kind(("z", "t"))) == "(z, t)"
    assert str(Kind(("x", "t"), (("B", "D"), ("B",)), ("B",))) == "(x, t (B,)) → (B,)"
    assert Kind(("z", "t")) == Kind(("z", "t"), (("B", "D"), ())) == refdgm.nets.field.VELOCITIES["linear"].kind
    assert Kind(("x",)) != Kind(("x",), gives=("B",)) != Kind(("z",), gives=("B",))
    for more in ({"gives": "B"}, {"takes": ("B", "D")}, {"takes": ("B",)}, {"takes": (("B",), ("B",))}):
        with pytest.raises(ArgumentError) as caught:
            Field("b", ("x",), quadratic.value, quadratic.vjp, **more)
        well_said(str(caught.value), "takes must be a shape for each of x, and gives a shape, got ")
