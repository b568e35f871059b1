"""Campaigns of many independent tasks: one after the other, some at a time, or on a dask cluster, with the same bytes.

    python -m validation.cluster sweep --seeds 3 --dtype float32,float64 --shape B=64 --candidate my_losses.py
    python -m validation.cluster mutants --only softmax --on local:2
    python -m validation.cluster properties --seeds 10 --on tcp://scheduler:8786
    python -m validation.cluster certification --on dask:2             two workers of dask on this machine

Answers are joined in FOLDER/CAMPAIGN.jsonl, a line for each task. A task that has its record in FOLDER is not asked
again, so that the same command goes on where it was stopped. The exit code is 1 where a task has no answer. For
`dask:N` and `tcp://…` the extra `cluster` is needed, on every worker a checkout of the same commit, and PYTHONPATH set
to it.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from refdgm.catalogue import CATALOGUE

from . import running
from .campaigns import CAMPAIGNS, ROOT, Task


def answers(tasks: list[Task], where: str, stack: ExitStack) -> Iterator[running.Answer]:
    """By what is told: serial, local:N, dask:N, or the address of a scheduler."""
    kind, _, rest = where.partition(":")
    if where == "serial":
        return running.serial(tasks)
    if kind == "local" and rest.isdigit() and int(rest):
        return running.local(tasks, int(rest))
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise SystemExit(f"--on {where} needs dask.distributed; install refdgm[cluster], or say local:2") from None
    if kind == "dask" and rest.isdigit() and int(rest):
        cluster = stack.enter_context(LocalCluster(n_workers=int(rest), threads_per_worker=1, dashboard_address=None))
        return running.on_cluster(tasks, stack.enter_context(Client(cluster)))
    if kind in ("tcp", "tls"):
        return running.on_cluster(tasks, stack.enter_context(Client(where)))
    raise SystemExit(f"--on must be serial, local:N, dask:N or tcp://HOST:PORT, got {where}")


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m validation.cluster", description=__doc__,
                                   formatter_class=argparse.RawDescriptionHelpFormatter)
    listed = lambda text: text.split(",")
    made.add_argument("campaign", choices=CAMPAIGNS)
    made.add_argument("--on", default="serial", help="serial (default), local:N, dask:N, tcp://HOST:PORT")
    made.add_argument("--records", type=Path, default=ROOT / "build" / "campaigns", metavar="FOLDER",
                      help="folder of the records (default build/campaigns)")
    made.add_argument("--only", action="append", choices=list(CATALOGUE), metavar="NAME",
                          help="this reference (may be repeated)")
    made.add_argument("--seeds", type=int, default=1, help="sweep and properties: so many, from 0")
    made.add_argument("--dtype", type=listed, help="sweep: float64 (default), float32, …, by commas")
    made.add_argument("--shape", action="append", help="sweep: sizes, as for `refdgm check` (may be repeated)")
    made.add_argument("--candidate", action="append",
                      help="sweep: a file as for `refdgm check`, or definitions (default; may be repeated)")
    return made


def main(arguments: list[str] | None = None) -> int:
    told: Any = parser().parse_args(arguments)
    tasks = CAMPAIGNS[told.campaign](told)
    records, started, failed = running.Records(told.records), time.monotonic(), []
    left = records.left(tasks)
    print(f"{len(tasks)} tasks, {len(left)} without a record", flush=True)
    with ExitStack() as stack:
        for task, answer, seconds, why in answers(left, told.on, stack) if left else ():
            if why:
                failed.append(f"{running.key(task)}: {why}")
                print(failed[-1], flush=True)
            else:
                records.write(task, answer, seconds)
    if failed:
        print(f"{len(failed)} tasks have no answer; the same command asks them again")
        return 1
    file, seconds = records.join(tasks)
    took = time.monotonic() - started
    print(f"{file}: {len(tasks)} answers, {sum(seconds.values()):.1f} s of CPU, {took:.1f} s here")
    return 0


if __name__ == "__main__":
    sys.exit(main())
