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


FIRST_ORDER, BOTH = ("gumbel", "mlp"), ("small", "medium")
GOALS = (
    Goal("G1", "gradient / value, Gumbel-softmax", "gradient/value", ("gumbel",), BOTH, 2.0, at_most=True),
    Goal("G2", "gradient / value, MLP", "gradient/value", ("mlp",), BOTH, 3.2, at_most=True),
    Goal("G3", "gradient / value, exact trace", "gradient/value", ("ism",), BOTH, 3.5, at_most=True),
    Goal("G3", "gradient / value, RK4", "gradient/value", ("ode",), BOTH, 3.5, at_most=True),
    Goal("G5", "autograd / ours, small, first order", "autograd/ours", FIRST_ORDER, ("small",), 4.5),
    Goal("G5", "autograd / ours, small, exact trace", "autograd/ours", ("ism",), ("small",), 8),
    Goal("G5", "autograd / ours, small, RK4", "autograd/ours", ("ode",), ("small",), 4.5),
    Goal("G6", "autograd / ours, medium, first order", "autograd/ours", FIRST_ORDER, ("medium",), 1.2),
    Goal("G6", "autograd / ours in slices, medium, exact trace", "autograd/slices", ("ism",), ("medium",), 3.0),
    Goal("G6", "autograd / ours, medium, RK4", "autograd/ours", ("ode",), ("medium",), 1.1),
    Goal("G7", "torch / ours, small, Gumbel-softmax", "torch/ours", ("gumbel",), ("small",), 2.3),
    Goal("G7", "torch / ours, small, MLP", "torch/ours", ("mlp",), ("small",), 2.3),
    Goal("G7", "torch / ours, small, exact trace", "torch/ours", ("ism",), ("small",), 2.3),
    Goal("G7", "torch / ours, small, RK4", "torch/ours", ("ode",), ("small",), 2.3),
    Goal("G8", "torch / ours, medium, Gumbel-softmax", "torch/ours", ("gumbel",), ("medium",), 1.0),
    Goal("G8", "torch / ours, medium, MLP", "torch/ours", ("mlp",), ("medium",), 1.0),
    Goal("G8", "torch / ours in slices, medium, exact trace", "torch/slices", ("ism",), ("medium",), 1.5),
    Goal("G8", "torch / ours, medium, RK4", "torch/ours", ("ode",), ("medium",), 1.2),
    Goal("G12", "products / ours, medium, MLP, float32", "products/ours", ("mlp",), ("medium",), 0.83,
         dtypes=("float32",)),
    Goal("G12", "products / ours, medium, MLP, float64", "products/ours", ("mlp",), ("medium",), 0.80,
         dtypes=("float64",)),
    Goal("G12", "products / ours, medium, RK4", "products/ours", ("ode",), ("medium",), 0.78),
    Goal("G12", "products / ours in slices, medium, exact trace", "products/slices", ("ism",), ("medium",), 0.72),
)


def verdict(measured: float, bound: float, at_most: bool, noise: float = NOISE) -> str:
    met = measured <= bound if at_most else measured >= bound
    if met:
        return "met"
    near = measured <= bound * (1 + noise) if at_most else measured >= bound * (1 - noise)
    return "met within noise" if near else "falls short"


def judge(table: list[dict], boundary: dict[str, float], imports: dict) -> list[dict]:
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
    judged += [{"id": name, "what": what, "goal": f"≤ {bound:g}", "measured": measured, "range": [measured] * 2,
                "worst": "", "verdict": verdict(measured, bound, True)} for name, what, measured, bound in costs]
    return judged
