"""A few tasks of every campaign, serially and by two workers of dask, one of them killed: cluster.json and cluster.md.

    python -m validation.cluster.trial --date 2026-11-30        needs the extra cluster; some minutes

The bytes have to be the same. What a task costs is told, and what all tasks would take on a thousand cores: the sum of
all by a thousand, or the longest of them.
"""

import argparse
import json
import os
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from . import campaigns, running
from .__main__ import parser

REPORTS = campaigns.ROOT / "validation" / "reports"
CORES = 1000
SAMPLES = {  # of each campaign, the words for it
    "sweep": ["--only", "softmax", "--only", "gaussian_kl", "--only", "odeint", "--seeds", "2"],
    "mutants": ["--only", "softplus"],
    "properties": ["--only", "timestep_shift"],
    "certification": ["--only", "strided_schedule", "--only", "softmax", "--only", "mlp"],
}
WHOLE = {"sweep": ["--seeds", "100", "--dtype", "float32,float64"], "properties": ["--seeds", "10"]}


def tasks_of(campaign: str, words: list[str]) -> list[campaigns.Task]:
    return campaigns.CAMPAIGNS[campaign](parser().parse_args([campaign, *words]))


def by_dask(tasks: list[campaigns.Task], folder: Path) -> tuple[running.Records, float]:
    """The records of two workers, of which one is killed after the first answer; and the seconds."""
    from distributed import Client, LocalCluster

    records = running.Records(folder)
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, \
            Client(cluster.scheduler_address) as client:
        started = time.monotonic()
        for number, (task, answer, seconds, why) in enumerate(running.on_cluster(tasks, client)):
            if why:
                raise SystemExit(f"{running.key(task)}: {why}")
            records.write(task, answer, seconds)
            if number == 0:
                os.kill(next(iter(cluster.workers.values())).process.pid, signal.SIGKILL)
        return records, time.monotonic() - started


def table(found: dict[str, Any]) -> str:
    lines = ["# Campaigns on a cluster", "", f"By `{found['command']}`: some tasks of every campaign, serially and by "
             "two workers of dask over tcp, one of them killed after the first answer. "
             f"Answers that are not those of serial: {len(found['different'])} of {found['tasks']}. "
             f"Serial took {found['seconds']['serial']:.0f} s, both workers {found['seconds']['two workers']:.0f} s, "
             f"on {found['cores']} cores with a load of {found['load']:.1f}.", "",
             f"| campaign | tasks | CPU of a task, s | all | core hours | on {CORES} cores, min |",
             "|---|--:|--:|--:|--:|--:|"]
    for name, one in found["campaigns"].items():
        hours = one["all"] * one["mean"] / 3600
        minutes = max(hours * 60 / CORES, one["most"] / 60)
        lines.append(f"| {name} | {one['tasks']} | {one['mean']:.1f} (to {one['most']:.1f}) | {one['all']} | "
                     f"{hours:.1f} | {minutes:.1f} |")
    lines += ["", "All is, each after `python -m validation.cluster`: " + ", ".join(
        f"`{' '.join([name, *WHOLE.get(name, [])])}`" for name in found["campaigns"]
    ) + ". The tasks that were asked are among the cheaper ones: an order of magnitude, no more."]
    return "\n".join(lines) + "\n"


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m validation.cluster.trial", description=__doc__,
                                    formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--date", required=True, help="the day to write into the record, YYYY-MM-DD")
    told = asked.parse_args()
    samples = {name: tasks_of(name, words) for name, words in SAMPLES.items()}
    tasks = [task for some in samples.values() for task in some]
    with tempfile.TemporaryDirectory() as folder:
        started, alone = time.monotonic(), running.Records(Path(folder) / "serial")
        for task, answer, seconds, why in running.serial(tasks):
            if why:
                raise SystemExit(f"{running.key(task)}: {why}")
            alone.write(task, answer, seconds)
            print(f"{running.key(task)}: {seconds} s", flush=True)
        serial = time.monotonic() - started
        both, together = by_dask(tasks, Path(folder) / "dask")
        joined = {name: (alone.join(some), both.join(some)) for name, some in samples.items()}
        different = [name for name, (one, other) in joined.items() if one[0].read_bytes() != other[0].read_bytes()]
        costs = {name: list(one[1].values()) for name, (one, _) in joined.items()}
    found = {
        "date": told.date, "command": f"python -m validation.cluster.trial --date {told.date}", "tasks": len(tasks),
        "different": different, "seconds": {"serial": serial, "two workers": together}, "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "campaigns": {name: {"tasks": len(some), "mean": sum(some) / len(some), "most": max(some),
                             "all": len(tasks_of(name, WHOLE.get(name, [])))} for name, some in costs.items()},
    }
    (REPORTS / "cluster.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (REPORTS / "cluster.md").write_text(table(found), encoding="utf-8")
    print(table(found))
    return int(bool(different))


if __name__ == "__main__":
    sys.exit(main())
