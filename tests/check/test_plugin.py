"""The plugin for pytest, in a pytest of its own: one test for every case, with the words of the judge."""

import os
import subprocess
import sys
from importlib.metadata import entry_points
from xml.etree import ElementTree

import pytest

from .test_expected import CLAMPS, RIGHT, TWICE, WHERE

MODULE = "refdgm.testing.plugin"
OFFER = '\nCANDIDATES = {"gaussian_kl": kl}\n'
LOADED = any(point.name == "refdgm" for point in entry_points(group="pytest11"))


@pytest.fixture
def tests(tmp_path):
    (tmp_path / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n")

    def run(*words, **texts):
        for name, text in texts.items():
            (tmp_path / f"{name}.py").write_text(text)
        clean = {name: x for name, x in os.environ.items() if not name.startswith(("PYTEST", "COV"))}
        ask = [sys.executable, "-m", "pytest", "-q", *([] if LOADED else ["-p", MODULE]), "-p", "no:cacheprovider"]
        return subprocess.run([*ask, *words], cwd=tmp_path, env=clean, capture_output=True, text=True, timeout=200,
                              check=False)

    return run


def test_it_is_light():
    code = (f"import sys, {MODULE}; print(sorted({{name.split('.')[0] for name in sys.modules}} & {{'numpy', 'torch', "
            "'autograd', 'rich', 'jax'}), [n for n in sys.modules if n.startswith(('refdgm.c', 'refdgm.testing.c'))])")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["[]", "[]"]


def test_one_test_for_every_case(tests):
    done = tests("--refdgm", "mine.py", mine=TWICE + OFFER, test_other="def test_it(): assert 0\n")
    assert done.returncode == 1 and "test_other" not in done.stdout
    assert "gaussian_kl/001: differs" in done.stdout and "missing_half" in done.stdout
    assert "Traceback" not in done.stdout and "collected.py" not in done.stdout and "engine" not in done.stdout


def test_ids_select_and_junit_has_properties(tests, tmp_path):
    done = tests("--refdgm", "mine.py", "mine.py::gaussian_kl/001", "--junitxml", "j.xml", mine=TWICE + OFFER)
    assert "1 failed" in done.stdout and "FAILED mine.py::gaussian_kl/001" in done.stdout
    (case,) = ElementTree.parse(tmp_path / "j.xml").iter("testcase")
    held = {each.get("name"): each.get("value") for each in case.iter("property")}
    assert held["verdict"] == "differs" and "gaussian_kl/missing_half" in held["mistake"]
    assert held["dtype"] == "float64"
    done = tests("--refdgm", "mine.py", "-k", "gaussian_kl and 001")
    assert "1 failed" in done.stdout and "deselected" in done.stdout


def test_two_workers_and_several_dtypes(tests):
    done = tests("--refdgm", "mine.py", "-n2", "--refdgm-dtype", "float64,float32", mine=RIGHT + OFFER)
    assert done.returncode == 0 and "60 passed" in done.stdout, done.stdout + done.stderr
    done = tests("--refdgm", "mine.py", "--refdgm-dtype", "int8")
    assert done.returncode != 0 and "a dtype must be of float64" in done.stdout + done.stderr


SLEEPS = RIGHT.replace("return", "__import__('time').sleep(5 * (len(mean) == 1)); return") + OFFER
EATS = RIGHT.replace("return", "x = bytearray(2**30); __import__('time').sleep(0.3); return") + OFFER


@pytest.mark.parametrize("settings, words, text, told", [
    ("", ("--refdgm-timeout", "2"), SLEEPS, "no answer within 2 s"),
    ("refdgm_timeout = 1.5", (), SLEEPS, "no answer within 1.5 s"),
    ("refdgm_timeout = 100", ("--refdgm-timeout", "2"), SLEEPS, "no answer within 2 s"),
    ("", ("--refdgm-memory", "0.7"), EATS, "it used more than 0.7 GiB of memory"),
    ("refdgm_memory = 0.7", (), EATS, "it used more than 0.7 GiB of memory"),
    ("refdgm_memory = much", (), RIGHT + OFFER, "refdgm_memory must be a number, got 'much'"),
    ("", ("--refdgm-timeout", "-1"), RIGHT + OFFER, "must be positive and at most 1e+06 s and 1.04858e+06 GiB"),
    ("", ("--refdgm-timeout", "nan"), RIGHT + OFFER, "must be positive"),
])
def test_limits(tests, tmp_path, settings, words, text, told):
    (tmp_path / "pytest.ini").write_text(f"[pytest]\n{settings}\n")
    done = tests("--refdgm", "mine.py", "mine.py::gaussian_kl/007", *words, mine=text)
    assert done.returncode != 0 and told in done.stdout + done.stderr


def test_the_setting_asks_beside_the_tests(tests, tmp_path):
    (tmp_path / "pytest.ini").write_text("[pytest]\nrefdgm_candidates = mine.py\n")
    done = tests(mine=RIGHT + OFFER, test_other="def test_it(): pass\n")
    assert done.returncode == 0 and "31 passed" in done.stdout, done.stdout


def test_what_is_meant_is_expected_to_fail(tests, tmp_path):
    (tmp_path / "refdgm.toml").write_text('[expect."mine.py".gaussian_kl]\n' + "".join(
        f"{key} = {value!r}\n" for key, value in WHERE.items()))
    done = tests("--refdgm", "mine.py", "-rx", mine=CLAMPS + OFFER)
    assert done.returncode == 0 and "xfailed" in done.stdout and WHERE["differs"] in done.stdout
    done = tests("--refdgm", "mine.py", mine=RIGHT + OFFER)
    assert done.returncode == 1 and "1 failed" in done.stdout
    assert "gaussian_kl/verdict" in done.stdout and "it agrees in all cases; take expect out" in done.stdout


def test_what_cannot_be_loaded_is_one_error(tests):
    done = tests("--refdgm", "mine.py", mine="import nothing_there\n")
    assert "1 error" in done.stdout and "No module named 'nothing_there'" in done.stdout and done.returncode == 2
    assert "Traceback" not in done.stdout
    done = tests("--refdgm", "gone.py")
    assert done.returncode == 4 and "there is no file gone.py" in done.stderr


def test_check_hides_its_own_frames(tests):
    text = ("from refdgm.testing import check\n\ndef test_it():\n    check(lambda mean, logvar: mean[:, 0], "
            "'gaussian_kl', framework='autograd')\n")
    done = tests("test_mine.py", test_mine=text)
    assert done.returncode == 1 and "engine.py" not in done.stdout and "test_mine.py:4" in done.stdout
