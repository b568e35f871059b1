"""`python -m validation.benchmarks [--quick] [--date 2026-11-21]`, run from the root of the repository."""

import argparse
import datetime
import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from . import agreement, goals, import_cost, interleave, machine, report
from .workloads import DTYPES, WORKLOADS

PARTS = ("boundary_cost", "solver_cost", "memory_cost", "check_cost", "compiled_cost")


def apart_of(module: str, default_allocator: bool) -> Any:
    """What a program of its own has measured; none where its library is not installed."""
    if module == "compiled_cost" and not find_spec("torch"):
        return None
    done = subprocess.run([sys.executable, "-m", f"{__package__}.{module}"], cwd=interleave.ROOT, text=True, check=True,
                          env=interleave.environment(default_allocator), stdout=subprocess.PIPE)
    print(f"{module}: {done.stdout.strip()}", flush=True)
    return json.loads(done.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m validation.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, three rounds; writes no report")
    parser.add_argument("--rounds", type=int, default=2, help="interleaved rounds (default 2)")
    parser.add_argument("--date", default=datetime.date.today().isoformat(), help="the date that the report bears")
    parser.add_argument("--output", type=Path, default=Path("validation/reports"), help="folder of the report")
    parser.add_argument("--default-allocator", action="store_true", help="leave the allocator's thresholds alone;"
                        " write the report elsewhere, with --output")
    parser.add_argument("--workload", choices=WORKLOADS, action="append", help="only this one; may be repeated")
    chosen = parser.parse_args()
    rounds, sizes = (3, ("small",)) if chosen.quick else (chosen.rounds, ("small", "medium"))

    apart = agreement.check()
    print(f"All candidates agree to {apart:.0e}.", flush=True)
    rows = []
    for size in sizes:
        for workload in chosen.workload or WORKLOADS:
            rows += interleave.measure(workload, size, DTYPES, rounds, 0.03, chosen.default_allocator)
            for row in rows[-len(DTYPES):]:
                ratios = ", ".join(f"{name} {value:.2f}" for name, value in row["ratios"].items())
                print(f"{workload}, {size}, {row['dtype']}: {ratios}", flush=True)
    if chosen.quick or chosen.workload:
        return
    apiece = {module: apart_of(module, chosen.default_allocator) for module in PARTS}
    found = {
        "date": chosen.date, "command": f"python -m validation.benchmarks --date {chosen.date}",
        "machine": machine.description(), "rounds": rounds,
        "allocator": "the allocator's default thresholds" if chosen.default_allocator
        else f"MALLOC_TRIM_THRESHOLD_ = MALLOC_MMAP_THRESHOLD_ = {interleave.RAISED} for all candidates",
        "agreement": apart, "counts": goals.counts(), "rows": rows, "boundary": apiece["boundary_cost"],
        "solvers": apiece["solver_cost"], "memory": apiece["memory_cost"], "check": apiece["check_cost"],
        "compiled": apiece["compiled_cost"], "imports": import_cost.costs(5), "kept": goals.kept(),
    }
    found["goals"] = goals.judge(found)
    for goal in found["goals"]:
        measured = "" if goal["measured"] is None else f"{goal['measured']:.2f}"
        print(f"{goal['id']:4} {goal['what']}: {measured} ({goal['goal']}) {goal['verdict']}")
    report.write(chosen.output, found)
    print(f"Written: {chosen.output / 'speed.md'}, {chosen.output / 'speed.json'}")


if __name__ == "__main__":
    os.environ.update(dict.fromkeys(interleave.NUMBERS_OF_THREADS, "1"))
    main()
