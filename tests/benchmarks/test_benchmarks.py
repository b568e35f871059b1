"""The benchmark compares like with like, and judges what it measured."""

import importlib
import importlib.util
import json
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def bench():
    """The modules of validation/benchmarks, which lie beside the package, not in it."""
    sys.path.insert(0, str(ROOT))
    try:
        yield lambda name: importlib.import_module(f"validation.benchmarks.{name}")
    finally:
        sys.path.remove(str(ROOT))


@pytest.mark.parametrize("workload", ["gumbel", "mlp", "dsm", "sliced", "ism", "shallow", "ode", "ffjord"])
@pytest.mark.parametrize("candidate", ["public", "autograd", pytest.param("torch", marks=pytest.mark.needs("torch"))])
def test_candidates_agree_in_value_and_every_gradient(bench, candidate, workload):
    agreement = bench("agreement")
    distances = agreement.distances(candidate, workload)
    expected = {"gumbel": {"gradient.logits", "gradient.tau"}, "ode": {"gradient.z0", "gradient.W1", "gradient.b3"},
                "shallow": {"gradient.W1", "gradient.b2"}}
    assert expected.get(workload, {"gradient.W1", "gradient.b3"}) <= distances.keys()
    assert max(distances.values()) <= agreement.TOLERANCE, distances


def test_the_agreement_refuses_a_wrong_gradient(bench, monkeypatch):
    agreement, with_autograd = bench("agreement"), bench("with_autograd")
    right = with_autograd.PROGRAMS["mlp"]

    def wrong(arrays, size):
        value, gradient = right(arrays, size)
        return value, lambda: (value(), {n: g * (1 + 1e-9 * (n == "b2")) for n, g in gradient()[1].items()})

    monkeypatch.setitem(with_autograd.PROGRAMS, "mlp", wrong)
    with pytest.raises(AssertionError, match=r"autograd of mlp: gradient\.b2"):
        agreement.check()


@pytest.mark.parametrize("workload", ["mlp", "ism", "ode"])
def test_the_products_are_those_of_the_network(bench, workload, monkeypatch):
    """Multiplications counted at the tiny size against the sum written out by hand."""
    workloads, products = bench("workloads"), bench("products")
    size = workloads.SIZES[workload]["tiny"]
    counted = []
    monkeypatch.setattr(products.np, "matmul", lambda a, b, out: counted.append(a.shape[0] * a.shape[1] * b.shape[1]))
    products.products(workload, workloads.draw(workload, size, "float64"), size)[1]()
    batch = 5
    if workload == "ode":  # 3 steps of 4 stages, each 3 products a layer, layers 4→4, 4→6, 6→3
        assert sum(counted) == 3 * 4 * 3 * batch * (4 * 4 + 4 * 6 + 6 * 3)
    else:  # layers 3→4, 4→6, 6→3; the first has no product for the input
        network = batch * (2 * 3 * 4 + 3 * 4 * 6 + 3 * 6 * 3)
        assert sum(counted) == network + (3 * batch * 3 * 4 * 6 if workload == "ism" else 0)


def test_a_worker_answers_and_the_rounds_become_ratios(bench):
    rows = bench("interleave").measure("gumbel", "tiny", ("float64",), rounds=2, least=1e-4)
    assert [row["dtype"] for row in rows] == ["float64"]
    assert rows[0]["ratios"]["public/ours"] > 0 and rows[0]["ratios"]["gradient/value"] > 0
    low, high = rows[0]["ranges"]["public/ours"]
    assert low <= rows[0]["ratios"]["public/ours"] <= high


def test_verdicts(bench):
    verdict = bench("goals").verdict
    assert verdict(2.0, 2.0, at_most=True) == "met"
    assert verdict(2.09, 2.0, at_most=True) == "met within noise"
    assert verdict(2.11, 2.0, at_most=True) == "falls short"
    assert verdict(1.5, 1.5, at_most=False) == "met"
    assert verdict(1.43, 1.5, at_most=False) == "met within noise"
    assert verdict(1.42, 1.5, at_most=False) == "falls short"


def test_a_goal_is_judged_by_its_worst_row(bench):
    goals = bench("goals")
    rows = [{"workload": "mlp", "size": "medium", "dtype": dtype, "ratios": {"torch/ours on torch": ratio}}
            for dtype, ratio in (("float32", 1.2), ("float64", 0.7))]
    found = {
        "counts": [{"workload": "mlp", "calls": 42.0, "passes": 12.6, "FLOPs of products / necessary": 1.0}],
        "rows": rows, "compiled": None,
        "solvers": {"times": {"checkpointed / kept, small float32": 1.0, "checkpointed / kept, small float64": 1.15}},
        "memory": {"vector_quantization": {"MiB": 2.0}, "gaussian_mixture_hessian": {"MiB": 101.0}},
        "check": {"one function of NumPy": 0.9, "bare": 6.2, "one function, B=4096,K=1025": 12.0},
        "kept": {"P12": 0, "P14": None, "P15": 1},
    }
    judged = goals.judge(found)
    of = {(goal["id"], goal["what"]): (goal["measured"], goal["verdict"]) for goal in judged}
    assert of["P8", "torch/ours on torch, medium: mlp, dsm"] == (0.7, "falls short")
    assert of["P3", "calls: mlp"] == (42, "met") and of["P2", "passes: mlp"] == (12.6, "falls short")  # no noise in it
    assert of["P10", "checkpointed / kept"] == (1.15, "met within noise")
    assert of["P10", "adjoint / kept"] == (None, "not measured")
    assert [verdict for (name, _), (_, verdict) in of.items() if name == "P11"] == ["met", "falls short"]
    assert [verdict for (name, _), (_, verdict) in of.items() if name == "P13"] == [
        "met", "met within noise", "falls short"]
    assert [verdict for (name, _), (_, verdict) in of.items() if name in ("P12", "P14", "P15")] == [
        "met", "not measured", "falls short"]
    assert [int(goal["id"][1:]) for goal in judged] == sorted(int(goal["id"][1:]) for goal in judged)


@pytest.mark.parametrize("workload", ["mlp", "sliced", "ode", "ism"])
def test_the_necessary_products_are_those_that_are_made(bench, workload):
    """Where no algebra spares any they are the same number; the exact trace makes two tangents more."""
    goals, counting, workloads = bench("goals"), bench("counting"), bench("workloads")
    size = workloads.SIZES[workload]["tiny"]
    ratio = counting.of_gradient(workload, size)[2] / goals.necessary(workload, size)
    assert ratio == 1 if workload != "ism" else ratio > 1.1


@pytest.mark.needs("torch")
def test_what_cannot_be_compiled_is_told(bench):
    """torch's derivative of a trace; no compiler is asked."""
    found = bench("report")._compiled({"workload": "sliced", "refused": {"autograd": "a derivative of a derivative"}})
    assert found == "autograd does not compile as one graph"
    loss = bench("compiled_cost").programs("mlp", bench("workloads").SIZES["mlp"]["tiny"])["autograd"].loss
    assert callable(loss)


@pytest.mark.parametrize("name", ["gaussian_mixture_hessian", "gaussian_mixture_posterior_covariance",
                                  "vector_quantization"])
def test_memory_is_what_the_largest_tensor_takes(bench, name):
    """(B, K, D), in float64. Kills: (B, K, D, D) of a mixture, which is 16 times as much."""
    sizes = {"B": 64, "K": 32, "D": 16}
    found = bench("memory_cost").cost(name, sizes)["MiB"] * 2**20 / 8
    one = 64 * 32 * 16
    assert one <= found <= 10 * one


@pytest.mark.skipif(sys.platform != "linux", reason="what is resident is read from /proc")
def test_what_is_resident_is_not_the_parents(bench):
    """Ten steps keep some 9 MiB each, whatever this process holds. Kills: ru_maxrss, which begins with the parent's."""
    held = np.ones(2**26)  # 512 MiB
    grown = bench("solver_cost").peak("kept", 10, "resident")
    assert held.size and 60 < grown < 128


def test_the_report_that_is_kept_is_the_one_its_figures_give(bench):
    folder = ROOT / "validation" / "reports"
    found = json.loads((folder / "speed.json").read_text(encoding="utf-8"))
    assert (folder / "speed.md").read_text(encoding="utf-8") == bench("report").markdown(found)
    assert bench("goals").judge(found) == found["goals"]
