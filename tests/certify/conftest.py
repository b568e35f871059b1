"""The precision in which balls are tested."""

import pytest

from refdgm.certify.balls import precision

from .series import BITS


@pytest.fixture
def many_bits():
    with precision(BITS):
        yield
