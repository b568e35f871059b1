"""The packages, found by their folders; the metadata are in setup.cfg."""

from setuptools import find_packages, setup

CANDIDATES = ["refdgm.candidates", "refdgm.candidates.in_torch", "refdgm.candidates.peers"]
BESIDE = [*CANDIDATES, "refdgm.vectors"]  # from validation/

setup(packages=[*find_packages(include=["refdgm", "refdgm.*"]), *BESIDE])
