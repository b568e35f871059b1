"""A plugin of pytest: of all tests that were collected, those that the attack list names. A node id that is absent for
want of a library is no error, as it would be on the command line."""

import os
from typing import Any


def pytest_collection_modifyitems(config: Any, items: list[Any]) -> None:
    ids = os.environ["ATTACKS_CHOSEN"].split("\n")
    kept = [item for item in items
            if any(item.nodeid == one or item.nodeid.startswith(one if "[" in one else f"{one}[") for one in ids)]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept
