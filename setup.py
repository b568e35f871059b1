"""The packages, found by their folders, and the long description, which is README without links that would break where
it is shown: the metadata are in setup.cfg."""

import re
from pathlib import Path

from setuptools import find_packages, setup

CANDIDATES = ["refdgm.candidates", "refdgm.candidates.in_torch", "refdgm.candidates.peers"]
BESIDE = [*CANDIDATES, "refdgm.vectors", "refdgm.derivations"]  # from validation/ and docs/
RELATIVE = re.compile(r"\[([^\[\]]+)\]\((?!https?://|#)([^()\s]+)\)")


def told(link: re.Match[str]) -> str:
    """A link to a file of the repository, as the name of that file beside what it is called."""
    words, path = link.groups()
    return f"`{path}`" if words.strip("`/") == path.strip("/") else f"{words} (`{path}`)"


setup(packages=[*find_packages(include=["refdgm", "refdgm.*"]), *BESIDE],
      long_description=RELATIVE.sub(told, Path(__file__).with_name("README.md").read_text(encoding="utf-8")))
