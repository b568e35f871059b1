"""A reference passes for a function, and its doors agree with its body."""

import copy
import inspect
import pickle
import pydoc
from importlib import import_module

import numpy as np
import pytest

import refdgm
from refdgm import CATALOGUE
from refdgm.cases import draw, flatten, options_grid
from refdgm.declaration.domain import count, real
from refdgm.reference import Reference, quantity, reference

REFERENCES = list(CATALOGUE.values())
every = pytest.mark.parametrize("ref", REFERENCES, ids=lambda ref: ref.name)


@every
def test_it_passes_for_a_function(ref):
    assert inspect.isroutine(ref) and inspect.getdoc(ref) == inspect.getdoc(ref.body)
    assert list(inspect.signature(ref).parameters) == [*inspect.signature(ref.body).parameters, "check_values"]
    assert inspect.getsource(inspect.unwrap(ref)).count(f"def {ref.name}(")
    shown = pydoc.plain(pydoc.render_doc(ref))
    assert f"{ref.name}(" in shown and "class Reference" not in shown
    assert ref.__name__ == ref.name and ref.__module__.startswith("refdgm.")
    assert pickle.loads(pickle.dumps(ref)) is ref and copy.deepcopy(ref) is ref and copy.copy(ref) is ref
    assert getattr(refdgm, ref.name) is ref and ref.name in repr(ref)


@every
def test_the_declaration_is_whole(ref):
    assert set(ref.wrt) <= set(ref.arrays) and (ref.wrt != ()) == ref.differentiable
    assert not {n for n in ref.wrt if getattr(ref.args[n], "law", None)}, "noise has no gradient"
    assert all(d.meaning for d in ref.args.values()) and all(a.meaning for a in ref.result.values())
    assert ref.source and "Source:" in ref.body.__doc__
    for convention in ref.conventions.values():
        assert convention.keys() <= {*ref.args, *ref.result}
    for name in ref.options:
        assert inspect.signature(ref.body).parameters[name].kind is inspect.Parameter.KEYWORD_ONLY


@every
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_doors_agree_with_the_body(ref, dtype):
    for options in options_grid(ref):
        case = draw(ref, 3, options=options, dtype=dtype)
        args = list(case.arguments().values())
        resolved = ref.resolved(options)
        out = ref.body(*args, **resolved)
        value = ref(*args, **options)
        named = ref(**case.arguments(), **options)
        if not ref.differentiable:
            for got in (value, named):
                for left, right in zip(*((x if len(ref.result) > 1 else (x,)) for x in (got, out)), strict=True):
                    np.testing.assert_array_equal(left, right)
            continue
        value_of_vjp, pullback = ref.vjp(*args, **options)
        for got in (value, named, value_of_vjp):
            for left, right in zip(*((x if len(ref.result) > 1 else (x,)) for x in (got, out[0])), strict=True):
                np.testing.assert_array_equal(left, right)
        if len(ref.result) > 1:
            assert value._fields == tuple(ref.result)
        mine, theirs = flatten(pullback(*case.cotangents())), flatten(out[1](*case.cotangents()))
        assert mine.keys() <= theirs.keys()
        for name, x in mine.items():
            np.testing.assert_array_equal(x, theirs[name])
            assert x.dtype == np.dtype(dtype) and x.shape == case.arrays[f"input.{name}"].shape, name


def test_python_numbers_become_arrays_like_the_first():
    z = np.ones((2, 3), np.float32)
    for gamma in (2, 2.0, np.float32(2), np.asarray(2, np.float32)):
        assert refdgm.classifier_free_guidance(z, z, gamma).dtype == np.float32
        _, pullback = refdgm.classifier_free_guidance.vjp(z, z, gamma)
        assert pullback(z)["gamma"].dtype == np.float32
    with pytest.raises(refdgm.DTypeError, match="gamma must have the dtype of eps_cond"):
        refdgm.classifier_free_guidance(z, z, np.float64(2))  # a scalar of NumPy has a dtype


def test_numbers_alone_are_numpy_float64():
    @quantity(args={"a": real(meaning="a"), "b": real(meaning="b")}, result=real(), source="")
    def total(a, b):
        return a + b

    assert total(1, 2.5) == 3.5 and total(1, 2.5).dtype == np.float64


def test_defaults_are_filled_in():
    @quantity(args={"a": real("B", meaning="a"), "times": count(1)}, result=real("B"), source="")
    def scaled(a, *, times=2):
        return a * times

    a = np.ones(2)
    for _ in range(2):
        np.testing.assert_array_equal(scaled(a), [2, 2])
        np.testing.assert_array_equal(scaled(a, times=3), [3, 3])


def test_the_declaration_must_be_that_of_the_body():
    with pytest.raises(TypeError, match=r"the declaration names \['b'\], the body \['a'\]"):
        reference(args={"b": real()}, result=real(), source="")(lambda a: a)


def test_half_is_computed_in_float32_and_the_mean_is_rounded_once():
    rng = np.random.default_rng(0)
    mean, logvar = (rng.normal(size=(1000, 3)).astype(np.float16) for _ in range(2))
    loss, grads = refdgm.gaussian_kl.value_and_grad(mean, logvar)
    single, single_grads = refdgm.gaussian_kl.value_and_grad(mean.astype(np.float32), logvar.astype(np.float32))
    assert loss == single.astype(np.float16) and loss.dtype == np.float16
    for name, grad in grads.items():
        np.testing.assert_array_equal(grad, single_grads[name].astype(np.float16))


def test_a_dict_of_halves_is_computed_in_float32():
    """Parameters in, and their gradients out. Kills: entries that are left as they are."""
    case = draw(CATALOGUE["mlp"], 3)
    x, theta, bar = case.arguments()["x"], case.arguments()["theta"], case.cotangents()[0].astype(np.float16)
    half, single = ((kind(x), {n: kind(y) for n, y in theta.items()}) for kind in (
        lambda y: y.astype(np.float16), lambda y: y.astype(np.float16).astype(np.float32)))
    (value, pullback), (want, of_single) = (CATALOGUE["mlp"].vjp(*args, **case.options) for args in (half, single))
    np.testing.assert_array_equal(value, want.astype(np.float16), strict=True)
    found, grads = pullback(bar), of_single(bar.astype(np.float32))
    np.testing.assert_array_equal(found["x"], grads["x"].astype(np.float16), strict=True)
    for name, grad in grads["theta"].items():
        np.testing.assert_array_equal(found["theta"][name], grad.astype(np.float16), strict=True)


def test_a_pullback_may_be_called_again_and_changes_nothing():
    for ref in REFERENCES:
        if ref.differentiable:
            case = draw(ref, 4)
            _, pullback = ref.vjp(*case.arguments().values(), **case.options)
            first, second = (flatten(pullback(*case.cotangents())) for _ in range(2))
            for name, x in first.items():
                np.testing.assert_array_equal(x, second[name])
                assert not np.may_share_memory(x, second[name]), name


def test_it_is_one_of_the_two_kinds():
    for ref in REFERENCES:
        kind = "reference" if ref.differentiable else "quantity"
        assert isinstance(ref, Reference) and repr(ref) == f"<{kind} {ref.name}>"


def test_a_name_that_is_not_there_is_told_with_where_it_may_be():
    ways = {"gumbel_sofmax": "; is it gumbel_softmax?", "odeint_adaptive": "; it is in refdgm.ode.odeint_adaptive",
            "unheard_of": ""}
    for name, way in ways.items():
        with pytest.raises(AttributeError) as caught:
            getattr(refdgm, name)
        assert str(caught.value) == f"module 'refdgm' has no attribute {name!r}{way}"
    assert all(hasattr(import_module(module), name) for name, module in refdgm.ELSEWHERE.items())


def test_the_top_offers_what_is_public_and_nothing_else():
    """No module, and nothing that it is made with. Kills: dir from globals()."""
    assert dir(refdgm) == sorted(refdgm.__all__)
    assert CATALOGUE.keys() <= {*dir(refdgm)}
    assert {*dir(refdgm)} - CATALOGUE.keys() == {
        "ArgumentError", "CATALOGUE", "DTypeError", "DeviceError", "FAMILIES", "Field", "RefdgmError",
        "VectorFileError", "__version__",
    }
    assert not [name for name in dir(refdgm) if inspect.ismodule(getattr(refdgm, name))]


@every
def test_answers_are_those_of_the_doors_by_flat_name(ref):
    case = draw(ref, 6)
    found = ref.answers(case)
    assert list(found) == [*(f"output.{name}" for name in ref.result),
                           *(n.replace("input", "gradient") for n in case.arrays if n.split(".")[1] in ref.wrt
                             and n.startswith("input."))]
    value = ref(*case.arguments().values(), **case.options)
    for name, y in zip(ref.result, value if len(ref.result) > 1 else (value,), strict=True):
        np.testing.assert_array_equal(found[f"output.{name}"], y)
    if ref.differentiable:
        _, pullback = ref.vjp(*case.arguments().values(), **case.options)
        for name, x in flatten(pullback(*case.cotangents())).items():
            np.testing.assert_array_equal(found[f"gradient.{name}"], x)


def test_answers_of_another_body():
    def twice(mean, logvar):
        value, pullback = refdgm.gaussian_kl.body(mean, logvar)
        return 2 * value, lambda bar: pullback(2 * bar)

    case = draw(refdgm.gaussian_kl, 1)
    ours, theirs = refdgm.gaussian_kl.answers(case), refdgm.gaussian_kl.answers(case, twice)
    assert all(np.array_equal(2 * ours[name], x) for name, x in theirs.items()) and ours.keys() == theirs.keys()
