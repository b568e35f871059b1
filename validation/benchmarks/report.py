"""The report: speed.json holds every figure, speed.md shows the goals and the ratios."""

import json
from pathlib import Path

from .candidates import CANDIDATES
from .workloads import WORKLOADS

RATIOS = ("gradient/value", "public/ours", "slices/ours", "autograd/ours", "autograd, algebra given/ours",
          "ours/tuned", "products/ours", "torch/ours on torch", "torch/ours", "torch, algebra given/ours")


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
        "Each is judged by its worst row; 5 % is allowed for noise where a clock is read, nothing where it is counted. "
        "“Ours” is `.body` and its pullback.",
        "", "| goal | | bound | measured (worst) | all rows | |", "|---|---|---|---|---|---|",
    ]
    for goal in found["goals"]:
        if goal["measured"] is None:
            lines.append(f"| {goal['id']} | {goal['what']} | {goal['goal']} | | | {goal['verdict']} |")
            continue
        low, high = (f"{x:.3g}" for x in goal["range"])
        lines.append(f"| {goal['id']} | {goal['what']} | {goal['goal']} | {goal['measured']:.3g} | "
                     f"{f'{low} – {high}' if low != high else ''} | {goal['verdict']} |")
    lines += ["", "## Counts", "", "Array calls and passes over an element of the hidden layers, of a gradient at the "
              "small size (of a stage, where there are such); FLOPs of all products by those that are necessary.", "",
              "| workload | array calls | passes | FLOPs / necessary |", "|---|--:|--:|--:|"]
    for row in found["counts"]:
        flops = row.get("FLOPs of products / necessary")
        lines.append(f"| {row['workload']} | {row['calls']:.4g} | {row['passes']:.3g} | "
                     f"{'' if flops is None else f'{flops:.3f}'} |")
    lines += ["", "## Ratios", "",
              "Time of a candidate's gradient over ours (medians of the ratios of rounds); above 1 ours is faster. "
              "“torch” is torch beside ours on NumPy: two libraries, reported and no goal.", "",
              f"| workload | ms, ours | {' | '.join(name.removesuffix('/ours') for name in RATIOS)} |",
              "|---|---|" + "---|" * len(RATIOS)]
    for row in found["rows"]:
        ours = f"{1e3 * row['seconds']['body gradient']:.3g}"
        cells = (f"{row['workload']}, {row['size']}, {row['dtype']}", ours, *(_cell(row, name) for name in RATIOS))
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", *(f"- **{name}**: {what}." for name, what in WORKLOADS.items()),
              *(f"- **{name}**: {entry[3]}." for name, entry in CANDIDATES.items())]
    if found["compiled"]:
        lines += ["", "## Under torch.compile", "", "| gradient, small, float32 | autograd / ours |", "|---|---|"]
        lines += [f"| {row['workload']} | {_compiled(row)} |" for row in found["compiled"]["rows"]]
    lines += ["", "## Memory, the boundary, the import, the command", "", "| | |", "|---|---|"]
    lines += [f"| {name}, the most that it holds | {one['MiB']:.0f} MiB, {one['seconds']:.2g} s |"
              for name, one in found["memory"].items()]
    lines += [f"| public call − `.body`: {name} | {value:.2f} µs |" for name, value in found["boundary"].items()]
    told = {"import numpy": "numpy", "import refdgm beyond it": "refdgm beyond numpy",
            "the first reference asked for, which loads all": "the first reference"}
    lines += [f"| {what} | {1e3 * found['imports'][name]:.0f} ms |" for what, name in told.items()]
    lines += [f"| `refdgm check`: {what} | {value:.1f} s of CPU |" for what, value in found["check"].items()]
    lines += ["", "## Gradients of a solve", "", "RK4 and Dormand–Prince, tanh networks; memory is the most that "
              "one gradient holds at the medium size in float32, in MiB, of arrays (torch: of its tape).", "",
              "| | |", "|---|---|"]
    lines += [f"| {name} | {value:.3g} |" for part in found["solvers"].values() for name, value in part.items()]
    lines += ["", "How this was measured, and why goals fall short: [the benchmark's page](../benchmarks/README.md)."]
    return "\n".join(lines) + "\n"


def _cell(row: dict, name: str) -> str:
    return f"{row['ratios'][name]:.2f}" if name in row["ratios"] else ""


def _compiled(row: dict) -> str:
    if "ratio" in row:
        return f"{row['ratio']:.2f}"
    return "; ".join(f"{name} does not compile as one graph" for name in row["refused"])
