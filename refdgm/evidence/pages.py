"""The page of a reference: the derivation that tells it, as the index of the derivations says."""

import re
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

ROW = re.compile(r"^\| \[\w+\]\((\w+)\.md\) \|.*\| ([^|]*) \|$", re.MULTILINE)


def folder() -> Traversable:
    """Where the pages lie: beside the package in a wheel, in `docs` of a checkout."""
    beside = files("refdgm").joinpath("derivations")
    return beside if beside.is_dir() else Path(__file__).resolve().parents[2] / "docs" / "derivations"


@cache
def pages() -> dict[str, str]:
    """The page of each reference that the index tells, by name, as `gaussian_kl`."""
    index = folder().joinpath("README.md").read_text("utf-8")
    return {name: page for page, told in ROW.findall(index) for name in re.findall(r"`(\w+)`", told)}


def text(page: str) -> str:
    """A page as it is written, in Markdown."""
    return folder().joinpath(f"{page}.md").read_text("utf-8")
