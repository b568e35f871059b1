"""Profiles of Hypothesis, and the option that moves the whole suite to a GPU."""

import os

import pytest
from hypothesis import HealthCheck, settings

COMMON = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}  # a shared machine has no clock
settings.register_profile("dev", max_examples=30, **COMMON)
settings.register_profile("ci", max_examples=30, derandomize=True, database=None, **COMMON)
settings.register_profile("long", max_examples=1000, **COMMON)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


def pytest_addoption(parser):
    parser.addoption("--backend", choices=("numpy", "cupy"), default="numpy", help="cupy: also every case on the GPU")


def pytest_collection_modifyitems(config, items):
    """Without a request for the GPU its tests are not there, rather than skipped by the dozen."""
    if config.getoption("--backend") == "numpy":
        gpu = [item for item in items if item.get_closest_marker("gpu")]
        config.hook.pytest_deselected(items=gpu)
        items[:] = [item for item in items if item not in set(gpu)]


@pytest.fixture
def rng():
    """Numbers for laws: the same in every run."""
    import numpy as np

    return np.random.Generator(np.random.Philox(key=20))
