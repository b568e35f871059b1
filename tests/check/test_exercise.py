"""`refdgm exercise`: what it writes is right as far as it goes, says what is blank, and leads to the right gradient."""

import inspect
import re
import warnings

import numpy as np
import pytest

from refdgm import CATALOGUE
from refdgm.check.questions.cases import shipped
from refdgm.check.report import exits
from refdgm.cli import main as cli
from refdgm.cli.exercise import exercise, objective_of, unfit

FIT = [name for name, ref in CATALOGUE.items() if not unfit(ref)]

KL = ["""
        gradients["mean"] = value_bar[:, None] * mean
        gradients["logvar"] = value_bar[:, None] * np.exp(logvar) / 2
""", """
        gradients["mean"] = value_bar[:, None] * mean
        gradients["logvar"] = value_bar[:, None] * (np.exp(logvar) - 1) / 2
"""]
GUMBEL = ["""
        z_bar = value * (value_bar - np.sum(value_bar * value, axis=1, keepdims=True))
        gradients["logits"] = z_bar
        gradients["tau"] = -np.sum(z_bar * (logits + gumbel)) / tau**2
""", """
        u = logits + gumbel
        k = np.argmax(u, axis=1)[:, None]
        h = value_bar - np.take_along_axis(value_bar, k, 1)
        z_bar = value * (h - np.sum(h * value, axis=1, keepdims=True))
        u = np.where(np.isinf(u), 0, u - np.take_along_axis(u, k, 1))
        gradients["logits"] = z_bar / tau
        gradients["tau"] = -np.sum(z_bar * u) / tau**2
"""]
LEVELS = """
        before = _every(alpha_prod_prev, xt)
        product = (1 - _every(beta, xt)) * before
        deviation = np.sqrt((1 - before) / (1 - product) * _every(beta, xt))
        rest = np.sqrt(1 - before - (eta * deviation) ** 2)
        turned = np.where(rest > 0, eta * deviation**2 / np.where(rest > 0, rest, 1), 0)
        gradients["eps_pred"] = value_bar * (rest - np.sqrt(before * (1 - product) / product))
        gradients["eta"] = np.sum(value_bar * (deviation * noise - turned * eps_pred))
"""
DDIM = [LEVELS + """        gradients["xt"] = value_bar / np.sqrt(product)
""", LEVELS + """        gradients["xt"] = value_bar * np.sqrt(before / product)
"""]
WORKED = {"gaussian_kl": (KL, "logvar_gradient_without_one"), "gumbel_softmax": (GUMBEL, "no_one_over_tau"),
          "ddim_step": (DDIM, "sample_gradient_of_the_data")}


def filled(name, pullback):
    text = exercise(CATALOGUE[name], f"{name}_exercise.py")
    blank = re.compile(r"(?<=gradients = \{\}\n).*?(?=        return gradients)", re.S)
    assert len(blank.findall(text)) == 1
    return blank.sub(lambda _: pullback.lstrip("\n"), text)


def test_most_that_has_a_gradient_is_an_exercise():
    assert len(FIT) > 90


@pytest.mark.parametrize("name", FIT)
def test_what_is_given_is_right_and_no_more(name):
    """The value on certified cases, from a text that has nothing of the package; of the gradients nothing."""
    ref, known = CATALOGUE[name], {}
    text = exercise(ref, f"{name}_exercise.py")
    assert "refdgm." not in text.replace("refdgm check", "") and not re.search(r"\b(traced|xp)\b", text)
    objective, source = objective_of(ref)
    assert not re.search(r"[^\W\d_]_bar(?![a-z])|otangent", objective) and source and len(objective) > 40
    exec(compile(text, name, "exec"), known)
    assert "_value" in known and list(inspect.signature(known[name]).parameters) == list(ref.args)
    digits = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for case in shipped(ref)[:8]:
            value, pullback = known[name](**case.arguments(), **case.options)
            assert pullback(*case.cotangents()) == {}
            for output, found in zip(ref.result, value if len(ref.result) > 1 else (value,), strict=True):
                right = case.arrays[f"output.{output}"]
                assert np.shape(found) == right.shape
                digits.append(np.allclose(found, right, rtol=1e-7, atol=1e-9))
    assert all(digits)


@pytest.mark.parametrize("name", WORKED)
def test_the_way_through(name, refdgm_check, measured_together):
    """As a student goes it: what is blank is told, then what is wrong, then that it is right."""
    (wrong, right), mistake = WORKED[name]
    blank = refdgm_check(exercise(CATALOGUE[name], f"{name}_exercise.py"))
    assert blank.code == exits.DIFFERS and blank.verdict(name) == "missing" and "not returned" in blank.text
    assert "Traceback" not in blank.text + blank.errors
    tried = refdgm_check(filled(name, wrong))
    assert tried.code == exits.DIFFERS and f"equals the known mistake {name}/{mistake}" in tried.text
    done = refdgm_check(filled(name, right))
    assert done.code == exits.AGREES and "1 of 1 functions agree" in done.text


def test_the_file_is_written_once(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["exercise", "gaussian_kl"]) == 0
    assert capsys.readouterr().out == ("gaussian_kl_exercise.py: derive the gradients of mean, logvar; `refdgm check "
                                       "gaussian_kl_exercise.py` says what is right\n")
    (tmp_path / "gaussian_kl_exercise.py").write_text("mine")
    assert cli.main(["exercise", "gaussian_kl"]) == exits.USAGE
    assert (tmp_path / "gaussian_kl_exercise.py").read_text() == "mine"
    assert capsys.readouterr().err == ("refdgm: gaussian_kl_exercise.py is there already, and may hold your work; name "
                                       "another FILE\n")
    assert cli.main(["exercise", "gaussian_kl", "again.py"]) == 0 and (tmp_path / "again.py").is_file()


@pytest.mark.parametrize("words, told", [
    (["gumbel_max"], "has no derivative"), (["odeint"], "takes velocity, any network"), (["gausian_kl"], "gaussian_kl"),
    (["gaussian_kl", "kl.txt"], "FILE must end in .py"), (["gaussian_kl", "none/kl.py"], "could not be written"),
])
def test_what_cannot_be_is_told_in_a_sentence(words, told, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["exercise", *words]) == exits.USAGE
    said = capsys.readouterr()
    assert told in said.err and said.err.count("\n") == 1 and said.out == "" and list(tmp_path.iterdir()) == []
