"""Lying and standing blood pressure."""

import pytest

from openfls.investigation.posture import Pressure, postural_drop
from openfls.record.advice import Answer
from openfls.record.errors import BadInput

LYING = Pressure(130, 80)


@pytest.mark.parametrize(
    ("standing", "symptoms", "expected"),
    [
        ([Pressure(110, 78)], None, Answer.YES),
        ([Pressure(125, 79), Pressure(109, 76)], False, Answer.YES),
        ([Pressure(111, 71)], False, Answer.NO),
        ([Pressure(120, 70)], True, Answer.YES),
        ([Pressure(120, 70)], False, Answer.NO),
        ([Pressure(120, 70)], None, Answer.UNKNOWN),
    ],
)
def test_drops(standing, symptoms, expected):
    assert postural_drop(LYING, standing, symptoms).answer is expected


def test_to_below_90_counts_even_when_the_drop_is_small():
    assert postural_drop(Pressure(100, 60), [Pressure(89, 58)]).answer is Answer.YES


@pytest.mark.parametrize("standing", [[], [Pressure(80, 120)], [Pressure(1200, 70)]])
def test_impossible_readings_are_refused(standing):
    with pytest.raises(BadInput):
        postural_drop(LYING, standing)
