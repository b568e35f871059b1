"""`python -m validation.benchmarks [--quick] [--date 2026-11-21]`, run from the root of the repository."""

import argparse
import datetime
import json
import os
import subprocess
import sys
from pathlib import Path

from . import agreement, goals, import_cost, interleave, machine, report
from .workloads import DTYPES, WORKLOADS


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m validation.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, three rounds; writes no report")
    parser.add_argument("--rounds", type=int, default=7, help="interleaved rounds (default 7)")
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
    boundary, solvers = (json.loads(subprocess.run(
        [sys.executable, "-m", f"{__package__}.{module}"],
        env=interleave.environment(chosen.default_allocator), cwd=interleave.ROOT,
        stdout=subprocess.PIPE, text=True, check=True,
    ).stdout) for module in ("boundary_cost", "solver_cost"))
    imports = import_cost.costs(9)
    judged = goals.judge(rows, boundary, imports, solvers)
    for goal in judged:
        measured = "" if goal["measured"] is None else f"{goal['measured']:.2f}"
        print(f"{goal['id']:4} {goal['what']}: {measured} ({goal['goal']}) {goal['verdict']}")
    report.write(chosen.output, {
        "date": chosen.date, "command": f"python -m validation.benchmarks --date {chosen.date}",
        "machine": machine.description(), "rounds": rounds,
        "allocator": "the allocator's default thresholds" if chosen.default_allocator
        else f"MALLOC_TRIM_THRESHOLD_ = MALLOC_MMAP_THRESHOLD_ = {interleave.RAISED} for all candidates",
        "agreement": apart, "goals": judged, "rows": rows, "boundary": boundary, "solvers": solvers,
        "imports": imports,
    })
    print(f"Written: {chosen.output / 'speed.md'}, {chosen.output / 'speed.json'}")


if __name__ == "__main__":
    os.environ.update(dict.fromkeys(interleave.NUMBERS_OF_THREADS, "1"))
    main()
