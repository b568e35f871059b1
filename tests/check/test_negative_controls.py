"""What must never read as agreement: every way in which a candidate can fail to answer, or answer something else."""

import autograd.numpy as np
import pytest

from refdgm.testing import check

pytestmark = pytest.mark.usefixtures("measured_together")

AUTOGRAD = "import autograd.numpy as np\n"
KL = AUTOGRAD + "def gaussian_kl(mean, logvar):\n    return {}\n"
RIGHT = "np.sum(mean**2 + np.exp(logvar) - 1 - logvar, axis=1) / 2"


def kl(mean, logvar):
    return np.sum(mean**2 + np.exp(logvar) - 1 - logvar, axis=1) / 2


def test_the_right_one_agrees(refdgm_check):
    run = refdgm_check(KL.format(RIGHT))
    assert (run.code, run.verdict("gaussian_kl")) == (0, "loses digits")
    assert run.report["asked"] == run.report["answered"] > 0


def test_a_wrong_one_differs(refdgm_check):
    run = refdgm_check(KL.format(f"1.0001 * {RIGHT}"))
    assert (run.code, run.verdict("gaussian_kl")) == (1, "differs")
    assert "differs" in run.text


@pytest.mark.parametrize("wrong", [
    lambda kl: 0 * kl, lambda kl: np.nan * kl, lambda kl: 0 * kl + 1.0, lambda kl: -kl, lambda kl: 2 * kl,
    lambda kl: kl + 1e-9, lambda kl: np.sum(kl), lambda kl: kl[:, None], lambda kl: kl[None], lambda kl: kl[::-1],
    lambda kl: np.mean(kl) + 0 * kl, lambda kl: np.where(kl > 100, 0.0, kl),
])  # fmt: skip
def test_wrong_numbers_differ(wrong):
    with pytest.raises(AssertionError, match="gaussian_kl: differs"):
        check(lambda mean, logvar: wrong(kl(mean, logvar)), "gaussian_kl", framework="autograd")


@pytest.mark.parametrize("body, code, verdict", [
    ("raise SystemExit(0)", 3, "error"),
    ("import os; os._exit(0)", 3, "error"),
    ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", 3, "error"),
    ("raise ValueError('no')", 3, "error"),
    ("return None", 3, "error"),
    ("return 'agrees'", 3, "error"),
    ("return mean, logvar, mean", 3, "error"),
    ("while True: pass", 4, "timeout"),
    ("import time; time.sleep(60)", 4, "timeout"),
    ("return np.zeros(10**10)", 3, "error"),
])  # fmt: skip
def test_no_answer_is_no_agreement(refdgm_check, body, code, verdict):
    run = refdgm_check(AUTOGRAD + f"def gaussian_kl(mean, logvar):\n    {body}\n", "--timeout", "2", "--memory", "2")
    assert (run.code, run.verdict("gaussian_kl")) == (code, verdict)
    assert run.report["answered"] in (0, run.report["asked"] if verdict == "missing" else 0)


def test_answering_some_cases_is_no_agreement(refdgm_check):
    run = refdgm_check(AUTOGRAD + f"""
calls = []
def gaussian_kl(mean, logvar):
    calls.append(1)
    if len(calls) > 5:
        import os; os._exit(0)
    return {RIGHT}
""")
    assert run.code == 3
    assert run.report["answered"] == 5 < run.report["asked"]


@pytest.mark.parametrize("body", ["raise SystemExit(0)", "import os; os._exit(0)", "1 / 0", "def ("])
def test_a_module_that_does_not_load(refdgm_check, body):
    run = refdgm_check(body)
    assert run.code == 3
    assert "could not be loaded" in run.errors


def test_printed_agreement_is_not_ours(refdgm_check):
    run = refdgm_check(KL.format(f"0 * {RIGHT}") + r"""
import os, sys
fake = "\x1b[2J\x1b[32m12 of 12 functions agree; exit code 0\x1b[0m\n::set-output name=verdict::agrees\n"
print(fake); sys.stderr.write(fake); os.write(1, fake.encode()); os.write(2, fake.encode())
""", "--output")
    assert run.code == 1
    assert "\x1b" not in run.text
    assert not any(line.startswith("::") for line in run.text.splitlines())
    assert all(line.startswith("  | ") for line in run.text.splitlines() if "12 of 12" in line)


def test_bytes_on_the_reply_channel_are_no_answer(refdgm_check):
    run = refdgm_check(AUTOGRAD + """
import os, sys
def gaussian_kl(mean, logvar):
    os.write(int(sys.argv[2]), bytes(64))
    return np.sum(mean, axis=1)
""")
    assert run.code != 0
    assert run.verdict("gaussian_kl") != "agrees"


def test_patching_the_judge_does_not_help(refdgm_check):
    run = refdgm_check(KL.format(f"0 * {RIGHT}") + """
import numpy
import refdgm.check.judging.compare, refdgm.check.report.exits
numpy.allclose = numpy.isclose = lambda *a, **k: True
refdgm.check.judging.compare.compare = lambda *a, **k: []
refdgm.check.report.exits.exit_code = lambda *a, **k: 0
""")
    assert (run.code, run.verdict("gaussian_kl")) == (1, "differs")
    assert any("numpy.allclose was changed" in note for f in run.report["functions"] for note in f["notes"])


def test_missing_functions(refdgm_check):
    assert refdgm_check(KL.format(RIGHT), "--select", "gaussian_kl,mlp").code == 1
    run = refdgm_check(AUTOGRAD + "def gaussian_kll(mean, logvar): return mean\n")
    assert run.code == 2
    assert "gaussian_kll looks like gaussian_kl" in run.errors


def by_hand(gradients):
    def gaussian_kl(mean, logvar):
        return kl(mean, logvar), lambda bar: gradients(bar[:, None], mean, logvar)

    return gaussian_kl


def test_a_pair_written_by_hand():
    for gradients in (lambda bar, m, v: {"mean": bar * m, "logvar": bar * (np.exp(v) - 1) / 2},
                      lambda bar, m, v: (bar * m, bar * (np.exp(v) - 1) / 2)):  # fmt: skip
        check(by_hand(gradients), "gaussian_kl", framework="numpy")


@pytest.mark.parametrize("gradients, verdict", [
    (lambda bar, m, v: {"mean": bar * m}, "missing"),
    (lambda bar, m, v: (bar * m,), "error"),
    (lambda bar, m, v: (bar * m, None), "differs"),
    (lambda bar, m, v: (bar * m, 0 * v), "differs"),
    (lambda bar, m, v: (bar * m, bar * np.exp(v) / 2), "differs"),
    (lambda bar, m, v: (bar * m, np.sum(bar * (np.exp(v) - 1) / 2, axis=0)), "differs"),
    (lambda bar, m, v: (bar * m, np.nan * v), "differs"),
    (lambda bar, m, v: (m, (np.exp(v) - 1) / 2), "differs"),
])  # fmt: skip
def test_a_wrong_gradient_by_hand(gradients, verdict):
    with pytest.raises(AssertionError, match=f"gaussian_kl: {verdict}"):
        check(by_hand(gradients), "gaussian_kl", framework="numpy")


def test_a_difference_wins_over_an_error(refdgm_check):
    run = refdgm_check(KL.format(f"0 * {RIGHT}") + """
def gumbel_max(logits, gumbel):
    raise ValueError
def classifier_free_guidance(eps_cond, eps_uncond, gamma):
    while True: pass
""", "--timeout", "2")
    assert run.code == 1
    assert {run.verdict("gumbel_max"), run.verdict("classifier_free_guidance")} == {"error", "timeout"}


def test_usage(refdgm_check):
    assert refdgm_check(None, "no_such_file.py").code == 2
    assert refdgm_check(KL.format(RIGHT), "--select", "gausian_kl").code == 2
    assert refdgm_check(KL.format(RIGHT), "--shape", "Q=3").code == 2
    assert refdgm_check("CANDIDATES = {'no_such': print}").code == 2
    assert refdgm_check("CANDIDATES = {'gaussian_kl': {'function': print, 'reductoin': 'mean'}}").code == 2


def test_a_bad_vector_file(refdgm_check, tmp_path):
    (tmp_path / "bad.json").write_text("{}")
    assert refdgm_check(KL.format(RIGHT), "--vectors", "bad.json").code == 5
    assert refdgm_check(KL.format(RIGHT), "--vectors", "absent.json").code == 5
