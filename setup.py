"""The packages, found by their folders; the metadata are in setup.cfg."""

from setuptools import find_packages, setup

setup(packages=[*find_packages(include=["refdgm", "refdgm.*"]), "refdgm.candidates", "refdgm.vectors"])
