"""The goals, as data: each is a bound on the worst ratio over the rows that it concerns."""

from dataclasses import dataclass

NOISE = 0.05  # what two runs may differ by


@dataclass(frozen=True)
class Goal:
    """`ratio` of all rows of `workloads`, `size` and `dtypes` is at most or at least `bound`."""

    id: str
    what: str
    ratio: str
    workloads: tuple[str, ...]
    sizes: tuple[str, ...]
    bound: float
    at_most: bool = False
    dtypes: tuple[str, ...] = ("float32", "float64")

    def rows(self, table: list[dict]) -> list[dict]:
        return [row for row in table if row["workload"] in self.workloads and row["size"] in self.sizes
                and row["dtype"] in self.dtypes and self.ratio in row["ratios"]]


FIRST_ORDER, BOTH = ("gumbel", "mlp", "dsm"), ("small", "medium")
NETWORKS = ("mlp", "dsm", "sliced")
GOALS = (
    Goal("G1", "gradient / value, Gumbel-softmax", "gradient/value", ("gumbel",), BOTH, 2.0, at_most=True),
    Goal("G2", "gradient / value, MLP, DSM, sliced", "gradient/value", ("mlp", "dsm", "sliced"), BOTH, 3.2,
         at_most=True),
    Goal("G3", "gradient / value, exact trace", "gradient/value", ("ism",), BOTH, 3.5, at_most=True),
    Goal("G3", "gradient / value, RK4, FFJORD", "gradient/value", ("ode", "ffjord"), BOTH, 3.5, at_most=True),
    Goal("G5", "autograd / ours, small, first order", "autograd/ours", FIRST_ORDER, ("small",), 4.5),
    Goal("G5", "autograd / ours, small, sliced", "autograd/ours", ("sliced",), ("small",), 9),
    Goal("G5", "autograd / ours, small, exact trace", "autograd/ours", ("ism",), ("small",), 8),
    Goal("G5", "autograd / ours, small, RK4", "autograd/ours", ("ode",), ("small",), 4.5),
    Goal("G5", "autograd / ours, small, FFJORD", "autograd/ours", ("ffjord",), ("small",), 7),
    Goal("G6", "autograd / ours, medium, first order", "autograd/ours", FIRST_ORDER, ("medium",), 1.2),
    Goal("G6", "autograd / ours, medium, sliced", "autograd/ours", ("sliced",), ("medium",), 1.95),
    Goal("G6", "autograd / ours in slices, medium, exact trace", "autograd/slices", ("ism",), ("medium",), 3.0),
    Goal("G6", "autograd / ours, medium, RK4", "autograd/ours", ("ode",), ("medium",), 1.1),
    Goal("G6", "autograd / ours, medium, FFJORD", "autograd/ours", ("ffjord",), ("medium",), 1.8),
    Goal("G7", "torch / ours, small, Gumbel-softmax", "torch/ours", ("gumbel",), ("small",), 2.3),
    Goal("G7", "torch / ours, small, MLP, DSM", "torch/ours", ("mlp", "dsm"), ("small",), 2.3),
    Goal("G7", "torch / ours, small, sliced", "torch/ours", ("sliced",), ("small",), 2.3),
    Goal("G7", "torch / ours, small, exact trace", "torch/ours", ("ism",), ("small",), 2.3),
    Goal("G7", "torch / ours, small, RK4", "torch/ours", ("ode",), ("small",), 2.3),
    Goal("G7", "torch / ours, small, FFJORD", "torch/ours", ("ffjord",), ("small",), 2.3),
    Goal("G8", "torch / ours, medium, Gumbel-softmax", "torch/ours", ("gumbel",), ("medium",), 1.0),
    Goal("G8", "torch / ours, medium, MLP, DSM", "torch/ours", ("mlp", "dsm"), ("medium",), 1.0),
    Goal("G8", "torch / ours, medium, sliced", "torch/ours", ("sliced",), ("medium",), 1.2),
    Goal("G8", "torch / ours in slices, medium, exact trace", "torch/slices", ("ism",), ("medium",), 1.5),
    Goal("G8", "torch / ours, medium, RK4", "torch/ours", ("ode",), ("medium",), 1.2),
    Goal("G8", "torch / ours, medium, FFJORD", "torch/ours", ("ffjord",), ("medium",), 1.25),
    Goal("G12", "products / ours, medium, MLP losses, float32", "products/ours", NETWORKS, ("medium",), 0.83,
         dtypes=("float32",)),
    Goal("G12", "products / ours, medium, MLP losses, float64", "products/ours", NETWORKS, ("medium",), 0.80,
         dtypes=("float64",)),
    Goal("G12", "products / ours, medium, RK4, FFJORD", "products/ours", ("ode", "ffjord"), ("medium",), 0.78),
    Goal("G12", "products / ours in slices, medium, exact trace", "products/slices", ("ism",), ("medium",), 0.72),
    Goal("G13", "autograd / ours, one hidden layer, 64 dimensions", "autograd/ours", ("shallow",), ("medium",), 150),
    Goal("G13", "torch / ours, one hidden layer, 64 dimensions", "torch/ours", ("shallow",), ("medium",), 50),
)


def within_reach(table: list[dict]) -> list[dict]:
    """What G6 and G8 would show if ours were as near to its products as G12 asks, beside what they ask.

    A library whose own products are faster than NumPy's leaves less of its lead to any code on NumPy's.
    """
    asked = {(goal.sizes, workload, dtype): goal.bound for goal in GOALS if goal.ratio == "products/ours"
             for workload in goal.workloads for dtype in goal.dtypes}
    return [
        {"row": f"{row['workload']}, {row['size']}, {row['dtype']}", "goal": goal.id, "ratio": goal.ratio,
         "bound": goal.bound, "measured": row["ratios"][goal.ratio], "over products": over,
         "at G12": over * asked[goal.sizes, row["workload"], row["dtype"]]}
        for goal in GOALS if goal.id in ("G6", "G8")
        for row in goal.rows(table)
        if (goal.sizes, row["workload"], row["dtype"]) in asked and "products/ours" in row["ratios"]
        for over in (row["ratios"][goal.ratio] / row["ratios"]["products/ours"],)
    ]


def verdict(measured: float, bound: float, at_most: bool, noise: float = NOISE) -> str:
    met = measured <= bound if at_most else measured >= bound
    if met:
        return "met"
    near = measured <= bound * (1 + noise) if at_most else measured >= bound * (1 - noise)
    return "met within noise" if near else "falls short"


def of_solvers(solvers: dict[str, dict[str, float]]) -> list[tuple[str, str, float | None, float, bool]]:
    """(id, what, measured, bound, at most) of the costs of gradients of a solve; the worse dtype counts."""
    times, memory = solvers["times"], solvers["memory"]

    def worst(head: str, at_most: bool) -> float | None:
        found = [x for name, x in times.items() if name.startswith(head)]
        return (max if at_most else min)(found) if found else None

    def a_step(which: str) -> float | None:
        """What the processes grow by; the trial, too, took torch's memory at what is resident."""
        torch_step = memory.get("torch, a step, resident")
        return memory[f"{which}, a step, resident"] / torch_step if torch_step else None

    return [
        ("G4", "checkpointed / kept gradient, RK4", worst("checkpointed / kept", True), 1.45, True),
        ("G4", "adjoint / kept gradient, RK4", worst("adjoint / kept", True), 1.45, True),
        ("G14", "memory of the adjoint, 400 / 25 steps", memory["adjoint, 400 steps"] / memory["adjoint, 25 steps"],
         1.05, True),
        ("G14", "memory a step, checkpointed / torch's loop", a_step("checkpointed"), 0.02, True),
        ("G14", "memory a step, kept / torch's loop", a_step("kept"), 0.60, True),
        *(("G15", f"torchdiffeq adjoint / ours, {what}", worst(f"torchdiffeq adjoint / ours, {what}", False), bound,
           False) for what, bound in (("rk4 small", 4), ("rk4 medium", 1.3), ("dopri5 small", 4),
                                      ("dopri5 medium", 1.4))),
    ]


def judge(table: list[dict], boundary: dict[str, float], imports: dict, solvers: dict) -> list[dict]:
    """Every goal with its worst row, in the order of the goals; a goal without rows is "not measured"."""
    judged = []
    for goal in GOALS:
        rows = goal.rows(table)
        entry = {"id": goal.id, "what": goal.what, "goal": f"{'≤' if goal.at_most else '≥'} {goal.bound:g}"}
        if rows:
            worst = (max if goal.at_most else min)(rows, key=lambda row: row["ratios"][goal.ratio])
            measured = worst["ratios"][goal.ratio]
            found = [row["ratios"][goal.ratio] for row in rows]
            entry |= {"measured": measured, "range": [min(found), max(found)],
                      "worst": f"{worst['workload']} {worst['size']} {worst['dtype']}",
                      "verdict": verdict(measured, goal.bound, goal.at_most)}
        else:
            entry |= {"measured": None, "range": None, "worst": "", "verdict": "not measured"}
        judged.append(entry)
    structure = boundary["gumbel_softmax, 3 arrays, structure"]
    costs = (
        ("G16", "public call − `.body`, 3 arrays, structure (µs)", structure, 2.0),
        ("G16", "the same, each further array (µs)", boundary["each further array"], 1.0),
        ("G17", "(import refdgm − import numpy) / import numpy", imports["ratio"], 0.4),
        ("G17", f"heavy modules imported ({', '.join(imports['heavy']) or 'none'})", len(imports["heavy"]), 0),
    )
    single = [*of_solvers(solvers), *((*cost, True) for cost in costs)]
    judged += [{"id": name, "what": what, "goal": f"{'≤' if at_most else '≥'} {bound:g}", "measured": measured,
                "range": [measured] * 2, "worst": "",
                "verdict": "not measured" if measured is None else verdict(measured, bound, at_most)}
               for name, what, measured, bound, at_most in single]
    return sorted(judged, key=lambda goal: int(goal["id"][1:]))
