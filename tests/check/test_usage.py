"""What is refused before a case is put, with a way out: devices, sizes, names, orders, files."""

import numpy as np
import pytest

from refdgm.cases import SIZES, draw, symbols
from refdgm.catalogue import CATALOGUE
from refdgm.check.candidates.entry import adapted
from refdgm.check.candidates.form import CandidateError
from refdgm.check.dtypes import BITS
from refdgm.check.questions.cases import whole
from refdgm.testing import check

pytestmark = pytest.mark.usefixtures("measured_together")

AUTOGRAD = "import autograd.numpy as np\n"
NUMPY = "import numpy as np\n"
TORCH = "import torch\n"


def kl(mean, logvar):
    return np.sum(mean**2 + np.exp(logvar) - 1 - logvar, axis=1) / 2


@pytest.mark.parametrize("device", ["cuda", "tpu", "cuda:1"])
def test_numpy_and_autograd_have_no_other_device(refdgm_check, device):
    wanted = f"device must be cpu for a NumPy or autograd candidate, got '{device}'; write it for torch, JAX or CuPy"
    run = refdgm_check(None, "--select", "softmax", "--device", device)
    assert (run.code, run.text) == (2, "") and f"softmax: --{wanted}" in run.errors
    for framework in ("numpy", "autograd"):
        with pytest.raises(ValueError, match=wanted):
            check(kl, "gaussian_kl", framework=framework, gradients=[], device=device)


@pytest.mark.parametrize("framework", [pytest.param(word, marks=pytest.mark.needs(word)) for word in ("torch", "jax")])
def test_a_device_that_is_not_there_is_refused_once(refdgm_check, framework):
    kind = {"torch": "torch", "jax": "jax.numpy"}[framework]
    run = refdgm_check(f"import {kind}\ndef gaussian_kl(mean, logvar): return mean\n", "--device", "quantum")
    assert (run.code, run.text) == (2, "")
    assert f"gaussian_kl: --device must be one that {framework} has here, got 'quantum' (" in run.errors
    with pytest.raises(ValueError, match=f"device must be one that {framework} has here, got 'quantum'"):
        check(kl, "gaussian_kl", framework=framework, device="quantum")


@pytest.mark.needs("jax")
def test_a_device_of_jax_has_a_number(refdgm_check):
    run = refdgm_check("import jax\ndef gaussian_kl(mean, logvar): return mean\n", "--device", "cpu:99")
    assert run.code == 2 and "got 'cpu:99'" in run.errors


@pytest.mark.parametrize("sizes, told", [
    ({"X": 3}, "a size must be of B, M, D, .* got 'X'"),
    ({"batch": 3}, "got 'batch'"),
    ({"B": 0}, "B must be at least 1 and a whole number, got 0"),
    ({"B": True}, "B must be at least 1 and a whole number, got True"),
    ({"B": 2.0}, "B must be at least 1 and a whole number, got 2.0"),
    ({"B": (2, 3)}, r"B must be one number, got \(2, 3\)"),
    ({"K": 3}, r"a size must be one that gaussian_kl has \(B, D\), got 'K'"),
    ((3, 4), r"sizes must be a dictionary .* got \(3, 4\)"),
])  # fmt: skip
def test_sizes_that_say_nothing(sizes, told):
    with pytest.raises(ValueError, match=told):
        check(kl, "gaussian_kl", framework="autograd", sizes=sizes)


def test_sizes_in_other_words():
    assert whole({"B": np.int64(3), "hidden": 8, "...": [2, 2]}) == {"B": 3, "hidden": (8,), "...": (2, 2)}


@pytest.mark.parametrize("shape, told", [
    ("B=4,D=3", "a size must be one that softmax has (B, K), got 'D'"),
    ("B=0", "B must be at least 1"),
    ("B", "--shape must be sizes such as B=64,hidden=32x32, got 'B'"),
    ("batch=3", "got 'batch'"),
])  # fmt: skip
def test_shapes_that_say_nothing(refdgm_check, shape, told):
    run = refdgm_check(None, "--select", "softmax", "--shape", shape)
    assert run.code == 2 and told in run.errors


def test_a_size_that_only_some_have(refdgm_check):
    assert refdgm_check(None, "--select", "softmax,gaussian_kl", "--shape", "B=2,D=3,K=4").code == 0


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_sizes_of_a_reference_are_those_that_change_its_cases(name):
    ref = CATALOGUE[name]
    shapes = lambda **sizes: {role: x.shape for role, x in draw(ref, 0, sizes=sizes).arrays.items()}
    changing = {s for s, n in SIZES.items() if shapes(**{s: (4, 3, 2) if isinstance(n, tuple) else 6}) != shapes()}
    assert changing == symbols(ref) & set(SIZES)


def test_select_may_be_repeated(refdgm_check):
    run = refdgm_check(None, "--select", "softmax", "--select", "gaussian_kl")
    assert {f["reference"] for f in run.report["functions"]} == {"softmax", "gaussian_kl"}
    assert refdgm_check(None, "--select", "").code == 2


@pytest.mark.parametrize("more, told", [
    ({"dtype": np.float32}, f"dtype must be one of {', '.join(BITS)}, got <class 'numpy.float32'>"),
    ({"dtype": "int32"}, "got 'int32'"),
    ({"seed": "a"}, "seed must be a whole number of at least 0, got 'a'"),
    ({"seed": -1}, "got -1"),
])  # fmt: skip
def test_other_words_of_check(more, told):
    with pytest.raises(ValueError, match=told):
        check(kl, "gaussian_kl", framework="autograd", **more)


def test_an_unknown_name_gets_a_suggestion(refdgm_check):
    with pytest.raises(ValueError, match=r"^there is no reference 'gausian_kl'; is it gaussian_kl\?$"):
        check(kl, "gausian_kl")
    with pytest.raises(ValueError, match='name must be a string such as "gaussian_kl"'):
        check(kl, CATALOGUE["gaussian_kl"])
    run = refdgm_check("CANDIDATES = {'softmx': print}")
    assert run.code == 2 and "is it softmax?" in run.errors


def test_a_convention_where_there_is_none():
    with pytest.raises(CandidateError, match=r"^softmax has no conventions, got 'nope'; leave convention out$"):
        adapted(CATALOGUE["softmax"], {"function": kl, "convention": "nope"})


def test_what_is_no_module(refdgm_check, tmp_path):
    (tmp_path / "README.md").write_text("text")
    run = refdgm_check(None, "README.md")
    assert run.code == 2 and "MODULE must be a file ending in .py or the dotted name of a module" in run.errors


def test_what_cannot_be_written_or_read(refdgm_check, tmp_path):
    run = refdgm_check(None, "--report", "absent/report.json")
    assert (run.code, run.text) == (2, "") and "--report must be a file in a folder that there is" in run.errors
    (tmp_path / "x.safetensors").write_bytes(b"\xff")
    run = refdgm_check(None, "--vectors", "x.safetensors")
    assert run.code == 2 and "--vectors must be the index, a .json file, got x.safetensors" in run.errors


@pytest.mark.parametrize("head, told", [
    ("gumbel_softmax(logits, tau=1, hard=False)", r"gumbel_softmax\(logits = logits, tau = gumbel, hard = tau\)"),
    ("gumbel_softmax(g, logits, tau)", "logits is the name of another argument"),
])  # fmt: skip
def test_an_argument_under_the_name_of_another_is_refused(head, told):
    space = {}
    exec(f"def {head}: pass", space)
    with pytest.raises(CandidateError, match=f'{told}.*give their order with "arguments"'):
        adapted(CATALOGUE["gumbel_softmax"], space["gumbel_softmax"])
    entry = {"function": space["gumbel_softmax"], "arguments": ["gumbel", "logits", "tau"]}
    assert adapted(CATALOGUE["gumbel_softmax"], entry).called == ""


@pytest.mark.needs("torch")
def test_a_torch_module_is_called_by_position():
    import torch


    class Divergence(torch.nn.Module):
        def forward(self, logvar, mean):
            return (mean**2 + logvar.exp() - 1 - logvar).sum(-1) / 2

    with pytest.raises(CandidateError, match=r"gaussian_kl\(logvar = mean, mean = logvar\)"):
        check(Divergence(), "gaussian_kl", framework="torch")
    check(Divergence(), "gaussian_kl", framework="torch", arguments=["logvar", "mean"])


def test_how_it_was_called_is_said_where_it_does_not_agree(refdgm_check):
    text = AUTOGRAD + "def gaussian_kl(log_var, mu): return {} * np.sum(mu**2 + np.exp(log_var) - 1 - log_var, 1)\n"
    called = 'called as gaussian_kl(log_var = mean, mu = logvar); another order or other names: "arguments"'
    assert called in refdgm_check(text.format(0.5)).text
    right = text.replace("log_var, mu)", "mu, log_var)")
    run = refdgm_check(right.format(0.5))
    assert run.code == 0 and "called" not in run.text


def test_too_few_arguments(refdgm_check):
    run = refdgm_check(AUTOGRAD + "def gumbel_softmax(logits, temperature): return logits\n")
    assert run.code == 3 and "called with logits, gumbel, tau;" in run.text
    run = refdgm_check(AUTOGRAD + "def gaussian_kl(mean, logvar, beta): return mean\n")
    assert run.code == 3 and "called with mean=…, logvar=…;" in run.text


@pytest.mark.needs("torch")
def test_the_framework_that_was_guessed_is_said(refdgm_check):
    body = "def gaussian_kl(mean, logvar): return {}\n"
    by_torch = "-0.5 * (1 + logvar - mean**2 - logvar.exp()).sum(-1)"
    by_numpy = "np.sum(mean**2 + np.exp(logvar) - 1 - logvar, axis=1) / 2"
    way = 'if it is written for another, say which with "framework"'
    for head, returned, taken in (("", by_torch, "numpy because its module imports no framework"),
                                  (NUMPY, by_torch, "numpy because its module imports numpy"),
                                  (TORCH + NUMPY, by_numpy, "torch because its module imports torch")):  # fmt: skip
        run = refdgm_check(head + body.format(returned))
        assert run.code == 3 and f"taken for {taken}; {way}" in run.text
        space = {}
        exec(head + body.format(returned), space)
        with pytest.raises(AssertionError, match=f"taken for {taken}; {way}"):
            check(space["gaussian_kl"], "gaussian_kl")
    with pytest.raises(AssertionError) as told:
        check(space["gaussian_kl"], "gaussian_kl", framework="torch")
    assert "taken for" not in str(told.value)
    assert "taken for" not in refdgm_check(TORCH + body.format("1 / 0")).text


def test_one_number_for_the_batch(refdgm_check):
    run = refdgm_check(AUTOGRAD + "def gaussian_kl(mean, logvar): return np.mean(mean**2 + np.exp(logvar))\n")
    assert run.code == 1 and "not returned" not in run.text and "no gradient arrives" not in run.text
    assert "value is one number, (B,) was asked for: if it is the mean or the sum over the batch" in run.text
    assert {r["verdict"] for f in run.report["functions"] for c in f["cases"] for r in c["roles"]
            if r["role"] != "output.value"} == {"not asked"}  # fmt: skip
    assert "for value has another shape" in run.text


def test_another_shape_is_not_one_number():
    with pytest.raises(AssertionError) as told:
        check(lambda mean, logvar: kl(mean, logvar)[:, None], "gaussian_kl", framework="autograd")
    assert "is one number" not in str(told.value) and "has another shape" in str(told.value)


def test_what_was_returned_is_said(refdgm_check):
    run = refdgm_check(NUMPY + """
def softmax(logits):
    y = np.exp(logits - logits.max(-1, keepdims=True))
    y = y / y.sum(-1, keepdims=True)
    return y, lambda bar: {"logit": y * (bar - np.sum(y * bar, axis=-1, keepdims=True))}
def gaussian_kl(mean, logvar):
    print("once" if len(mean) == 1 else "", end="")
    return np.sum(mean**2, axis=1)
def log_softmax(logits): return [row for row in logits], lambda bar: bar
def softplus(x): np.logaddexp(0, x)
""")
    assert run.verdict("softmax") == "missing" and "not returned; logit was" in run.text
    assert "must return (value, pullback), got an array of shape (" in run.text
    assert "must return one array, value; got a list of " in run.text
    assert "printed 1 line;" in run.text
    assert "it returned None: is a return missing?" in run.text
    assert f"{len(CATALOGUE) - 4} others not checked" in run.text
