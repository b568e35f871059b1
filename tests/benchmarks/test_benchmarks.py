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
    table = [{"workload": "mlp", "size": "small", "dtype": dtype, "ratios": {"torch/ours": ratio}}
             for dtype, ratio in (("float32", 3.0), ("float64", 1.9))]
    boundary = {"gumbel_softmax, 3 arrays, structure": 1.9, "each further array": 1.2}
    solvers = {"times": {"checkpointed / kept, small float32": 1.3, "checkpointed / kept, small float64": 1.5},
               "memory": {"adjoint, 400 steps": 9.0, "adjoint, 25 steps": 9.0, "kept, a step, resident": 4.0,
                          "checkpointed, a step, resident": 0.1, "torch, a step, resident": 8.0}}
    judged = goals.judge(table, boundary, {"ratio": 0.3, "heavy": ["torch"]}, solvers)
    torch = next(goal for goal in judged if goal["what"] == "torch / ours, small, MLP, DSM")
    assert (torch["measured"], torch["worst"], torch["verdict"]) == (1.9, "mlp small float64", "falls short")
    assert [goal["verdict"] for goal in judged[-4:]] == ["met", "falls short", "met", "falls short"]
    assert next(goal for goal in judged if goal["id"] == "G1")["verdict"] == "not measured"
    of = {(goal["id"], goal["what"]): (goal["measured"], goal["verdict"]) for goal in judged}
    assert of["G4", "checkpointed / kept gradient, RK4"] == (1.5, "met within noise")
    assert of["G4", "adjoint / kept gradient, RK4"] == (None, "not measured")
    assert of["G14", "memory a step, checkpointed / torch's loop"] == (0.0125, "met")
    assert of["G14", "memory a step, kept / torch's loop"] == (0.5, "met")


def test_what_the_products_leave(bench):
    """Ours at 0.5 of its products, torch at 0.75 of ours: at 0.8 of the products torch would take 1.2 times ours."""
    row = {"workload": "mlp", "size": "medium", "dtype": "float64"}
    (found,) = bench("goals").within_reach([row | {"ratios": {"torch/ours": 0.75, "products/ours": 0.5}}])
    assert (found["goal"], found["over products"], found["measured"]) == ("G8", 1.5, 0.75)
    assert found["at G12"] == pytest.approx(1.2) and found["bound"] == 1.0


def test_textbook_activations_are_put_back(bench):
    from refdgm.nets.activation import ACTIVATIONS, FIRST_ORDER

    before = dict(ACTIVATIONS), dict(FIRST_ORDER)
    size = bench("workloads").SIZES["mlp"]["tiny"]
    value, gradient = bench("textbook").textbook("mlp", bench("workloads").draw("mlp", size, "float64"), size)
    assert value() == pytest.approx(gradient()[0]) and (dict(ACTIVATIONS), dict(FIRST_ORDER)) == before


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
    costs = found["boundary"], found["imports"], found["solvers"]
    assert bench("goals").judge(found["rows"], *costs) == found["goals"]
