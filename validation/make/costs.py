"""What each test costs: a plugin of pytest, `-p validation.make.costs`, with a folder in the variable COSTS.

Seconds of CPU, for a shared machine has no clock: those of the process of the tests and of all that it has waited for.
"""

import json
import os
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest


def used() -> float:
    return sum(os.times()[:4])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    """One line of each test, in a file of this process."""
    before = used()
    try:
        return (yield)
    finally:
        with (Path(os.environ["COSTS"]) / f"{os.getpid()}.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps([item.nodeid, round(used() - before, 3)]) + "\n")
