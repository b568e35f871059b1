"""Every trick of docs/threat-model.md is a test that there is."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "threat-model.md").read_text()
TESTS = "\n".join(path.read_text() for path in sorted((ROOT / "tests" / "check").glob("test_*.py")))


def test_every_trick_is_a_test():
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("| trick")]
    named = [re.search(r"\| `(test_\w+)` \|$", line) for line in rows]
    assert len(rows) > 15 and all(named)
    for name in re.findall(r"`(test_\w+)`", PAGE):
        assert f"\ndef {name}(" in TESTS, name
