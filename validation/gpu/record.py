"""The record of a run on a device: gpu.json holds every figure, README.md shows the goals and the rows."""

import json
from pathlib import Path
from typing import Any

from .graphs import NEAR, right

FIRST_ORDER, NETWORKS = ("gumbel", "mlp", "dsm"), ("mlp", "dsm", "sliced")


def goals(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(what, bound, measured), for what was measured: of rows the worst one."""
    judged = []
    for library, rows in found["graphs"].items():
        whole = sum(map(right, rows))
        judged.append((f"references under a CUDA graph, {library}", f"{found['references']}", f"{whole}"))
    for library, rows in found["speed"].items():
        for what, names, size, bound, best in (
            ("graph / torch eager", FIRST_ORDER, None, "≤ 1", max),
            ("of bandwidth", ("gumbel",), "large", "≥ 0.7", min),
            ("of product", NETWORKS, "large", "≥ 0.8", min),
        ):
            values = [row[what] for row in rows if row.get("workload") in names and what in row
                      and size in (None, row["size"])]
            if values:
                judged.append((f"{what}, {', '.join(names)}, {library}", bound, f"{best(values):.3g}"))
    return judged


def markdown(found: dict[str, Any]) -> str:
    lines = [f"# On a GPU, {found['date']}", "",
             *(["**A stand-in, no device**: figures of time mean nothing here.", ""] if found["stand-in"] else []),
             f"By `{found['command']}`.", "", *(f"    {line}" for line in found["machine"].splitlines()), "",
             "| goal | bound | measured |", "|---|---|---|", *(f"| {' | '.join(one)} |" for one in goals(found)), "",
             "## Parts", "", "| part | command | exit code | seconds | last line |", "|---|---|--:|--:|---|"]
    lines += [f"| {part['name']} | `{part['command']}` | {part['exit']} | {part['seconds']} | {part['said']} |"
              for part in found["parts"]]
    lines += ["", "## Graphs", "", "Captured with one case, replayed with another; the largest difference of a replay "
              f"from the plain call by the largest number, {NEAR:g} allowed, and of the plain call from NumPy.", "",
              "| library | asked | right | replay from plain | plain from NumPy |", "|---|--:|--:|--:|--:|"]
    for library, rows in found["graphs"].items():
        whole = [row for row in rows if row["captured"]]
        most = (max((row[what] for row in whole), default=0.0) for what in ("from plain", "from NumPy"))
        lines.append(f"| {library} | {len(rows)} | {sum(map(right, rows))} | {' | '.join(f'{x:.1e}' for x in most)} |")
    bad = [(library, row) for library, rows in found["graphs"].items() for row in rows if not right(row)]
    if bad:
        lines += ["", "Not so: " + "; ".join(
            f"{row['name']} on {library} ({row.get('why') or format(row['from plain'], '.1e')})" for library, row in bad
        ) + "."]
    lines += ["", "## Times of a gradient, in ms", "",
              "| library | workload | plain | graph | torch eager | graph / torch eager | of bandwidth | of product |",
              "|---|---|--:|--:|--:|--:|--:|--:|"]
    for library, rows in found["speed"].items():
        for row in (row for row in rows if "workload" in row):
            ms = [f"{1e3 * row['seconds'][way]:.3g}" if way in row["seconds"] else ""
                  for way in ("plain", "graph", "torch eager")]
            over = f"{row['graph / torch eager']:.2f}" if "graph / torch eager" in row else ""
            what = f"{row['workload']}, {row['size']}, {row['dtype']}"
            lines.append(f"| {library} | {what} | {' | '.join(ms)} | {over} | {row['of bandwidth']:.2g} | "
                         f"{row['of product']:.2g} |")
    return "\n".join(lines) + "\n"


def write(folder: Path, found: dict[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "gpu.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / "README.md").write_text(markdown(found), encoding="utf-8")
