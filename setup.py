"""The packages, found by their folders; the metadata are in setup.cfg."""

from setuptools import find_packages, setup

CANDIDATES = ["refdgm.candidates", "refdgm.candidates.in_torch", "refdgm.candidates.peers"]
BESIDE = [*CANDIDATES, "refdgm.vectors", "refdgm.derivations"]  # from validation/ and docs/

setup(packages=[*find_packages(include=["refdgm", "refdgm.*"]), *BESIDE])
