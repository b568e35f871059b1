"""Tasks carried out, one after the other or by a cluster; the records are here, one file a task.

A record is written when its task is done, and what has a record is not asked again: a run that was stopped goes on. The
answers are joined in the order of the tasks, not in that of their coming.
"""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from . import campaigns, one
from .campaigns import Task, key

Answer = tuple[Task, Any, float, str]  # what was asked, the answer, CPU seconds, or why there is none
ATTEMPTS = 3  # of a task whose worker dies


def serial(tasks: list[Task]) -> Iterator[Answer]:
    for task in tasks:
        yield _of(task, lambda task=task: one.carried_out(task))  # type: ignore[misc]


def local(tasks: list[Task], many: int) -> Iterator[Answer]:
    """So many at a time on this machine; no library is needed, for every task is a process."""
    with ThreadPoolExecutor(many) as pool:
        futures = {pool.submit(one.carried_out, task): task for task in tasks}
        try:
            for future in as_completed(futures):
                yield _of(futures[future], future.result)
        finally:
            pool.shutdown(cancel_futures=True)


def on_cluster(tasks: list[Task], client: Any) -> Iterator[Answer]:
    """By the workers of a dask cluster. Where one dies, its task goes to another; other code than here is refused."""
    from distributed import as_completed as completed

    here, there = campaigns.code(), client.run(campaigns.code)
    if other := sorted(worker for worker, digest in there.items() if digest != here):
        raise SystemExit(f"workers have other code than this checkout: {', '.join(other)}; give all the same commit")
    futures = client.map(one.carried_out, tasks, pure=False, retries=ATTEMPTS, key=[key(task) for task in tasks])
    asked = {future.key: task for task, future in zip(tasks, futures, strict=True)}
    for future in completed(futures):
        yield _of(asked[future.key], future.result)


def _of(task: Task, result: Any) -> Answer:
    try:
        answer, seconds = result()
        return task, answer, seconds, ""
    except Exception as error:
        return task, None, 0.0, f"{type(error).__name__}: {error}"


class Records:
    """A folder of them, of one state of the code."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        mark, here = folder / "code.txt", campaigns.code()
        if mark.exists() and mark.read_text(encoding="utf-8").strip() != here:
            raise SystemExit(f"{folder} has records of other code; give another folder, or check out that code")
        mark.write_text(here + "\n", encoding="utf-8")

    def file(self, task: Task) -> Path:
        return self.folder / task["campaign"] / f"{key(task)}.json"

    def left(self, tasks: list[Task]) -> list[Task]:
        """Those without a record."""
        return [task for task in tasks if not self.file(task).exists()]

    def write(self, task: Task, answer: Any, seconds: float) -> None:
        """Whole or not at all, for a run may be stopped at any moment."""
        file = self.file(task)
        file.parent.mkdir(exist_ok=True)
        text = json.dumps({"task": task, "answer": answer, "seconds": seconds}, sort_keys=True, ensure_ascii=False)
        beside = file.with_suffix(".part")
        beside.write_text(text + "\n", encoding="utf-8")
        beside.replace(file)

    def join(self, tasks: list[Task]) -> tuple[Path, dict[str, float]]:
        """The file of all answers, a line for each, without times; and the seconds by key."""
        records = [json.loads(self.file(task).read_text(encoding="utf-8")) for task in tasks]
        joined = self.folder / f"{tasks[0]['campaign']}.jsonl"
        lines = [json.dumps({"task": x["task"], "answer": x["answer"]}, sort_keys=True, ensure_ascii=False)
                 for x in records]
        joined.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return joined, {key(x["task"]): x["seconds"] for x in records}
