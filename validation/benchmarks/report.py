"""The report: speed.json holds every figure, speed.md shows the goals and the ratios."""

import json
from pathlib import Path

from .candidates import CANDIDATES
from .goals import within_reach
from .workloads import WORKLOADS

RATIOS = ("gradient/value", "public/ours", "slices/ours", "autograd/ours", "torch/ours", "autograd, algebra given/ours",
          "torch, algebra given/ours", "products/ours", "textbook φ/ours", "products/textbook φ")


def write(folder: Path, found: dict) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "speed.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / "speed.md").write_text(markdown(found), encoding="utf-8")


def markdown(found: dict) -> str:
    machine = found["machine"]
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    counts = {word: sum(g["verdict"] == word for g in found["goals"])
              for word in ("met", "met within noise", "falls short", "not measured")}
    lines = [
        "# Speed", "",
        f"Measured {found['date']} by `{found['command']}`.",
        f"{machine['processor']}; {machine['system']}, {machine['C library']}; {versions}.",
        f"One thread, one core, CPU time, {found['rounds']} interleaved rounds; {found['allocator']}.",
        f"Before that, all candidates agreed with ours in value and every gradient to {found['agreement']:.0e}.",
        "",
        "Goals: " + ", ".join(f"{n} {word}" for word, n in counts.items() if n).replace("falls", "fall") + ". "
        "Each goal is judged by its worst row; 5 % is allowed for noise. “Ours” is `.body` and its pullback.",
        "", "| goal | | bound | measured (worst) | all rows | |", "|---|---|---|---|---|---|",
    ]
    for goal in found["goals"]:
        if goal["measured"] is None:
            lines.append(f"| {goal['id']} | {goal['what']} | {goal['goal']} | | | {goal['verdict']} |")
            continue
        spread = f"{goal['range'][0]:.2f} – {goal['range'][1]:.2f}" if goal["range"][0] != goal["range"][1] else ""
        lines.append(f"| {goal['id']} | {goal['what']} | {goal['goal']} | {goal['measured']:.2f}"
                     f"{' (' + goal['worst'] + ')' if goal['worst'] else ''} | {spread} | {goal['verdict']} |")
    lines += ["", "## What the products leave", "",
              "Where a library's own matrix products are faster than NumPy's, no code on NumPy's keeps a lead. "
              "The last column is the goal's ratio if ours were as near to its products as G12 asks.", "",
              "| row | goal | ratio | bound | measured | the library / products | at G12 |",
              "|---|---|---|---|---|---|---|"]
    lines += [f"| {one['row']} | {one['goal']} | {one['ratio']} | ≥ {one['bound']:g} | {one['measured']:.2f} | "
              f"{one['over products']:.2f} | {one['at G12']:.2f}{' (short)' if one['at G12'] < one['bound'] else ''} |"
              for one in within_reach(found["rows"])]
    lines += ["", "## Ratios", "",
              "Time of a candidate's gradient over ours (medians of the ratios of rounds); above 1 ours is faster.", "",
              f"| workload | ms, ours | {' | '.join(name.removesuffix('/ours') for name in RATIOS)} |",
              "|---|---|" + "---|" * len(RATIOS)]
    for row in found["rows"]:
        ours = f"{1e3 * row['seconds']['body gradient']:.3g}"
        cells = (f"{row['workload']}, {row['size']}, {row['dtype']}", ours, *(_cell(row, name) for name in RATIOS))
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", *(f"- **{name}**: {what}." for name, what in WORKLOADS.items()),
              *(f"- **{name}**: {entry[3]}." for name, entry in CANDIDATES.items()),
              "", "## The boundary and the import", "", "| | |", "|---|---|"]
    lines += [f"| public call − `.body`: {name} | {value:.2f} µs |" for name, value in found["boundary"].items()]
    told = {"import numpy": "numpy", "import refdgm beyond it": "refdgm beyond numpy",
            "the first reference asked for, which loads all": "the first reference"}
    lines += [f"| {what} | {1e3 * found['imports'][name]:.0f} ms |" for what, name in told.items()]
    lines += ["", "## Gradients of a solve", "", "RK4 and Dormand–Prince, tanh networks; memory is the most that "
              "one gradient holds at the medium size in float32, in MiB: of arrays (torch: of its tape), or resident "
              "in a process.", "", "| | |", "|---|---|"]
    lines += [f"| {name} | {value:.3g} |" for part in found["solvers"].values() for name, value in part.items()]
    lines += ["", "How this was measured, and why goals fall short: [the benchmark's page](../benchmarks/README.md)."]
    return "\n".join(lines) + "\n"


def _cell(row: dict, name: str) -> str:
    return f"{row['ratios'][name]:.2f}" if name in row["ratios"] else ""
