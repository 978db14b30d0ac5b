"""A few of the inputs of `fuzz`, chosen and made small by hypothesis."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tamper.fuzz import FUZZES, Fuzz

EXAMPLES = 60


@pytest.mark.parametrize("fuzz", FUZZES, ids=lambda fuzz: fuzz.__name__)
@settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(random=st.randoms(use_true_random=False))
def test_only_our_own_refusals_come_out(fuzz: Fuzz, random: Random) -> None:
    """Whatever comes in."""
    assert fuzz(random)
