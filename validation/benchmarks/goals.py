"""The goals, as data: each is a bound on the worst of what it concerns.

Counts have no noise; ratios are of programs on one array library.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import counting, products, workloads

NOISE = 0.05  # what two runs may differ by, of a time
REPORTS = Path(__file__).resolve().parents[1] / "reports"


@dataclass(frozen=True)
class Goal:
    """`ratio` of all rows of `workloads` and `size` is at most or at least `bound`."""

    id: str
    ratio: str
    workloads: tuple[str, ...]
    size: str
    bound: float
    at_most: bool = False

    @property
    def what(self) -> str:
        return f"{self.ratio}, {self.size}: {', '.join(self.workloads)}"

    def rows(self, table: list[dict]) -> list[dict]:
        return [row for row in table if row["workload"] in self.workloads and row["size"] == self.size
                and self.ratio in row["ratios"]]


FIRST_ORDER = ("gumbel", "mlp", "dsm")
COUNTS = (  # id, what, workloads, the most of it
    ("P1", "FLOPs of products / necessary", ("mlp", "dsm", "sliced", "ode"), 1.01),
    ("P1", "FLOPs of products / necessary", ("ism", "ffjord"), 1.03),
    *(("P2", "passes", (name,), most)
      for name, most in (("mlp", 12.5), ("sliced", 23.5), ("ode", 11.6), ("ffjord", 19.6))),
    *(("P3", "calls", (name,), most) for name, most in (("mlp", 42), ("sliced", 80), ("ode", 45))),
)
GOALS = (
    Goal("P4", "ours/tuned", ("mlp",), "small", 1.3, at_most=True),
    Goal("P4", "ours/tuned", ("mlp",), "medium", 1.0, at_most=True),
    *(Goal("P5", "autograd/ours", names, "small", bound) for names, bound in (
        (FIRST_ORDER, 5), (("sliced",), 8), (("ism",), 6.5), (("shallow",), 14), (("ode",), 4), (("ffjord",), 4))),
    *(Goal("P6", "autograd/ours", names, "medium", bound) for names, bound in (
        (FIRST_ORDER, 1.3), (("sliced",), 1.8), (("ism",), 2.1), (("shallow",), 140), (("ode",), 1.1),
        (("ffjord",), 1.25))),
    *(Goal("P7", "torch/ours on torch", names, "small", bound) for names, bound in (
        (FIRST_ORDER, 1.0), (("sliced",), 1.7), (("ism",), 1.9), (("shallow",), 4))),
    *(Goal("P8", "torch/ours on torch", names, "medium", bound) for names, bound in (
        (("mlp", "dsm"), 0.9), (("gumbel",), 0.85), (("sliced",), 1.2), (("ism",), 1.9), (("shallow",), 90),
        (("ode",), 0.95))),
)


def necessary(workload: str, size: workloads.Size) -> int:
    """FLOPs of the products that a gradient cannot avoid; those of the biases, sums over the batch, are among them."""
    arrays = workloads.draw(workload, size, "float64")
    flops = sum(2 * left.shape[0] * left.shape[1] * right.shape[1]
                for left, right, _ in products.plan(workload, arrays, size))
    biases = sum(x.shape[0] for name, x in arrays["theta"].items() if name[0] == "b")
    return flops + 2 * size.batch * biases * max(1, 4 * size.steps)


def counts() -> list[dict[str, Any]]:
    """Calls and passes at the small size, where calls weigh; FLOPs at the medium one, where products do."""
    found = []
    for workload, sizes in workloads.SIZES.items():
        calls, passes, _ = counting.of_gradient(workload, sizes["small"])
        row = {"workload": workload, "calls": calls, "passes": passes}
        if workload not in ("gumbel", "shallow"):
            one = sizes["medium"]
            size = workloads.Size(min(one.batch, 32), one.inputs, one.hidden, min(one.steps, 2))
            flops = counting.of_gradient(workload, size)[2]
            row["FLOPs of products / necessary"] = flops / necessary(workload, size)
        found.append(row)
    return found


def verdict(measured: float, bound: float, at_most: bool, noise: float = NOISE) -> str:
    met = measured <= bound if at_most else measured >= bound
    if met:
        return "met"
    near = measured <= bound * (1 + noise) if at_most else measured >= bound * (1 - noise)
    return "met within noise" if near and noise else "falls short"


def judged(name: str, what: str, found: list[float], bound: float, at_most: bool, noise: float = NOISE) -> dict:
    """A goal with what was found of it; without any it is "not measured"."""
    entry = {"id": name, "what": what, "goal": f"{'≤' if at_most else '≥'} {bound:g}"}
    if not found:
        return entry | {"measured": None, "range": None, "verdict": "not measured"}
    worst = (max if at_most else min)(found)
    return entry | {"measured": worst, "range": [min(found), max(found)],
                    "verdict": verdict(worst, bound, at_most, noise)}


def singles(found: dict[str, Any]) -> list[dict]:
    """The goals that are no row of a table."""
    times, memory, check = found["solvers"]["times"], found["memory"], found["check"]
    of = lambda head: [x for name, x in times.items() if name.startswith(head)]
    compiled = [row["ratio"] for row in found["compiled"]["rows"] if "ratio" in row] if found["compiled"] else []
    kept = {"P12": ("growth.json", "exponents beyond theory"), "P14": ("gpu", "references not under a CUDA graph"),
            "P15": ("cluster.json", "results that are not those of serial")}
    return [
        judged("P9", "autograd / ours, both by torch.compile, small", compiled, 1.0, False),
        judged("P10", "checkpointed / kept", of("checkpointed / kept"), 1.1, True),
        judged("P10", "adjoint / kept", of("adjoint / kept"), 1.1, True),
        judged("P11", "MiB of vector quantization, 512 × 1024 × 64 (an eighth of two axes)",
               [memory["vector_quantization"]["MiB"]], 200 / 64, True, 0),
        judged("P11", "MiB of the mixture's Hessian and covariance, (512, 64, 64)",
               [one["MiB"] for name, one in memory.items() if "mixture" in name], 100, True, 0),
        judged("P13", "s of `refdgm check`, one function of NumPy", [check["one function of NumPy"]], 1, True),
        judged("P13", "s of `refdgm check`, bare", [check["bare"]], 6, True),
        judged("P13", "s of `refdgm check`, B=4096,K=1025", [check["one function, B=4096,K=1025"]], 5, True),
        *(judged(name, what, [found["kept"][name]] if found["kept"].get(name) is not None else [], 0, True, 0)
          for name, (_, what) in kept.items()),
    ]


def kept() -> dict[str, float | None]:
    """What the other records say: of growth, of a GPU (none of a stand-in), of a cluster."""
    def read(path: Path) -> Any:
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None

    growth, cluster = read(REPORTS / "growth.json"), read(REPORTS / "cluster.json")
    devices = [read(path) for path in sorted((REPORTS / "gpu").glob("*/gpu.json"))]
    seen = [found for found in devices if not found["stand-in"]]
    return {
        "P12": growth and len(growth["beyond"]),
        "P14": seen[-1]["references"] - min(
            sum(row["captured"] for row in rows) for rows in seen[-1]["graphs"].values()) if seen else None,
        "P15": cluster and len(cluster["different"]),
    }


def judge(found: dict[str, Any]) -> list[dict]:
    """Every goal with its worst row, in the order of the goals."""
    entries = [judged(name, f"{what}: {', '.join(names)}",
                      [row[what] for row in found["counts"] if row["workload"] in names], most, True, 0)
               for name, what, names, most in COUNTS]
    entries += [judged(goal.id, goal.what, [row["ratios"][goal.ratio] for row in goal.rows(found["rows"])], goal.bound,
                       goal.at_most) for goal in GOALS]
    return sorted([*entries, *singles(found)], key=lambda goal: int(goal["id"][1:]))
