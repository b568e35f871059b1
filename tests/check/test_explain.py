"""`refdgm explain NAME/NNN`: what it tells is what is shipped, and its snippets run as they stand."""

import sys
from contextlib import redirect_stdout
from io import StringIO
from types import ModuleType

import numpy as np
import pytest

from refdgm import CATALOGUE
from refdgm.check.questions.vectors import shipped
from refdgm.check.report import exits
from refdgm.cli import explain
from refdgm.cli import main as cli
from refdgm.errors import ArgumentError
from refdgm.testing import case

from ..turns import ROOT, in_turn


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_page_is_whole_and_not_too_wide(name):
    ref, told = CATALOGUE[name], shipped(name)
    for one in (told.cases[0], told.cases[-1]):
        lines = explain.explain(ref, one, "torch")
        page = "\n".join(lines).partition("The same in")[0]
        assert max(map(len, page.splitlines())) <= 80
        words = " ".join(page.split())
        assert all(" ".join(told.notes[flag].split()) in words for flag in one.flags) and one.comment in words
        for role in one.arrays:
            assert f"  {role.partition('.')[2]}" in page


def ran(name, framework, functions, number):
    """What a snippet leaves behind, with `my_losses` that has these functions."""
    told = shipped(name)
    module = ModuleType("my_losses")
    module.__dict__.update(functions)
    text, names = "\n".join(explain.snippet(CATALOGUE[name], told.cases[number], framework)), {}
    sys.modules["my_losses"], before = module, sys.modules.get("my_losses")
    try:
        with redirect_stdout(StringIO()) as said:
            exec(text, names)
    finally:
        del sys.modules["my_losses"]
        if before is not None:
            sys.modules["my_losses"] = before
    assert said.getvalue().count("right:") == len(names["asked"].right)
    return names["got"], names["asked"].right


def near(name, got, right):
    for role, x in right.items():
        if got.get(role) is not None:
            y = np.asarray(got[role].detach() if hasattr(got[role], "detach") else got[role])
            np.testing.assert_allclose(y, x, rtol=1e-6, atol=1e-6 * np.max(np.abs(x), initial=1e-300), err_msg=role)
    assert {role for role in right if role not in got} == set(), name


@pytest.mark.needs("torch")
@pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated:DeprecationWarning")
@pytest.mark.parametrize("name", in_turn(CATALOGUE))
def test_a_snippet_in_torch_runs_and_finds_the_right_numbers(name):
    sys.path.insert(0, str(ROOT / "validation" / "candidates"))
    try:
        import torch_losses
    finally:
        sys.path.pop(0)
    entry = torch_losses.CANDIDATES.get(name, {}) if hasattr(torch_losses, "CANDIDATES") else {}
    if entry.keys() - {"function"}:
        pytest.skip("its candidate is told otherwise than by its function alone")
    function = entry.get("function") or getattr(torch_losses, name)
    by_name = lambda value: tuple(value[one] for one in CATALOGUE[name].result) if isinstance(value, dict) else value
    near(name, *ran(name, "torch", {name: lambda *arrays, **options: by_name(function(*arrays, **options))}, 0))


@pytest.mark.needs("jax")
@pytest.mark.parametrize("name", ["gaussian_kl", "mlp", "affine_transform"])
def test_a_snippet_in_jax(name):
    import jax.numpy as jnp

    def gaussian_kl(mean, logvar):
        return jnp.sum(mean**2 + jnp.expm1(logvar) - logvar, axis=1) / 2

    def mlp(x, theta, *, activation):
        act = {"tanh": jnp.tanh}[activation]
        layers, h = len(theta) // 2, x
        for n in range(1, layers + 1):
            h = h @ theta[f"W{n}"].T + theta[f"b{n}"]
            h = act(h) if n < layers else h
        return h

    def affine_transform(z, scale, shift):
        return scale * z + shift, jnp.broadcast_to(jnp.log(jnp.abs(scale)), z.shape).reshape(len(z), -1).sum(1)

    number = next(n for n, one in enumerate(shipped(name).cases) if one.options.get("activation", "tanh") == "tanh")
    near(name, *ran(name, "jax", locals(), number))


@pytest.mark.parametrize("name", ["gaussian_kl", "mlp", "power_iteration", "odeint"])
def test_a_snippet_in_numpy(name):
    ref = CATALOGUE[name]

    def function(*arrays, **options):
        if not ref.differentiable:
            return ref(*arrays, **options)
        value, pullback = ref.vjp(*arrays, **(options | {n: ref.args[n].known[f.name] for n, f in options.items()
                                                         if ref.args[n].field}))
        return value, lambda *bars: explain.flatten(pullback(*bars))

    near(name, *ran(name, "numpy", {name: function}, 0))


def test_what_is_no_case_is_refused_in_one_sentence(capsys):
    for given, told in (("gaussian_kl/900", "gaussian_kl has the cases gaussian_kl/001 to gaussian_kl/"),
                        ("gaussian_kl", "gaussian_kl has the cases"), ("gausian_kl/001", "gaussian_kl")):
        assert cli.main(["explain", given]) == exits.USAGE
        said = capsys.readouterr()
        assert said.out == "" and told in said.err and said.err.count("\n") == 1
    for given in ("gaussian_kl/900", "nothing/001", 3):
        with pytest.raises(ArgumentError):
            case(given)
    with pytest.raises(ArgumentError, match="framework must be one of numpy, torch, jax"):
        case("gaussian_kl/001", "tensorflow")


def test_a_case_is_found_without_leading_zeros(capsys):
    assert cli.main(["explain", "gaussian_kl/1", "--framework", "numpy"]) == 0
    assert capsys.readouterr().out.startswith("gaussian_kl/001\n")


def test_what_is_handed_out_is_nobody_elses():
    first = case("gaussian_kl/001")
    first.right["value"][...] = first.arguments["mean"][...] = np.nan
    again = case("gaussian_kl/001")
    assert np.all(np.isfinite(again.right["value"])) and np.all(np.isfinite(again.arguments["mean"]))
