"""Kleene's connectives, counting, and dates, where the spec tables do not reach."""

from datetime import date

import pytest

from openfls.investigation.counting import AnyMeasured, AtLeast
from openfls.investigation.fractures import RECENT_MAJOR, months_before
from openfls.investigation.logic import Flag, Shown
from openfls.record.advice import Answer
from openfls.record.picture import PastFracture, Picture
from openfls.record.sites import Site

ON = date(2026, 11, 1)
YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
VALUES = {YES: True, NO: False, UNKNOWN: None}
HRT, FRAIL = Flag("hrt"), Flag("frail")


@pytest.mark.parametrize(
    ("one", "other", "both", "either"),
    [
        (YES, YES, YES, YES),
        (YES, NO, NO, YES),
        (NO, NO, NO, NO),
        (YES, UNKNOWN, UNKNOWN, YES),
        (NO, UNKNOWN, NO, UNKNOWN),
        (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    ],
)
def test_and_or(one, other, both, either):
    picture = Picture(ON, hrt=VALUES[one], frail=VALUES[other])
    for first, second in ((HRT, FRAIL), (FRAIL, HRT)):
        assert (first & second).judge(picture).answer is both
        assert (first | second).judge(picture).answer is either
    negated = {YES: NO, NO: YES, UNKNOWN: UNKNOWN}
    assert (~HRT).judge(picture).answer is negated[one]
    assert Shown(HRT).judge(picture).answer is (YES if one is YES else NO)


def test_a_decided_condition_lacks_nothing_and_an_open_one_names_only_what_could_decide():
    picture = Picture(ON, hrt=True)
    assert (HRT | FRAIL).judge(picture).missing == ()
    assert (HRT & FRAIL).judge(picture).missing == ("frail",)
    assert ("frail", "not known") in (HRT | FRAIL).judge(picture).inputs


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((True, True, None), YES),
        ((True, None, None), UNKNOWN),
        ((False, False, True), NO),
        ((None, False, True), UNKNOWN),
    ],
)
def test_at_least_two(values, expected):
    picture = Picture(ON, hrt=values[0], frail=values[1], dementia=values[2])
    assert AtLeast(2, (HRT, FRAIL, Flag("dementia"))).judge(picture).answer is expected


def test_one_measurement_is_enough():
    either = AnyMeasured((HRT, FRAIL))
    assert either.judge(Picture(ON, hrt=False)).answer is NO
    assert either.judge(Picture(ON, hrt=False, frail=True)).answer is YES
    assert either.judge(Picture(ON)).missing == ("hrt or frail",)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 1), 24, date(2024, 11, 1)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 24, date(2022, 2, 28)),
        (date(2026, 1, 15), 3, date(2025, 10, 15)),
    ],
)
def test_months_before(day, months, expected):
    assert months_before(day, months) == expected


def test_a_fracture_dated_after_the_picture_is_not_believed():
    future = Picture(ON, fractures=(PastFracture(Site.HIP, date(2027, 1, 1), fragility=True),))
    judged = RECENT_MAJOR.judge(future)
    assert judged.answer is UNKNOWN
    assert "fractures[0].on" in judged.missing


def test_a_fracture_of_unstated_site_may_be_a_major_one():
    unstated = Picture(
        ON, fracture_history_taken=True, fractures=(PastFracture(Site.UNSPECIFIED, ON, fragility=True),)
    )
    assert RECENT_MAJOR.judge(unstated).missing == ("fractures[0].site",)
