"""Which observations are one fracture: a table of examples, and what holds for any."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from identification.episodes.told import JANE, START, seen, told
from openfls.identification.episodes import GAP_DAYS, group, sort_out
from openfls.record.findings import Triage
from openfls.record.people import Demographics

# (what is told, the fractures expected as site, side, day)
EXAMPLES = {
    "one fracture by four sources": (
        [
            told("hip", 0, kind="emergency"),
            told("hip", 0, "left", kind="radiology"),
            told("hip", 1, kind="theatre"),
            told("hip", 9, "left", kind="diagnosis"),
        ],
        [("hip", "left", 0)],
    ),
    "90 days after is the same": ([told("wrist", 0), told("wrist", GAP_DAYS)], [("wrist", "", 0)]),
    "91 days after is another": (
        [told("wrist", 0), told("wrist", 91)],
        [("wrist", "", 0), ("wrist", "", 91)],
    ),
    "the window slides": ([told("wrist", 0), told("wrist", 80), told("wrist", 160)], [("wrist", "", 0)]),
    "another site is its own": ([told("wrist", 0), told("hip", 0)], [("hip", "", 0), ("wrist", "", 0)]),
    "both sides are two": (
        [told("wrist", 0, "left"), told("wrist", 0, "right")],
        [("wrist", "left", 0), ("wrist", "right", 0)],
    ),
    "bilateral is one": ([told("wrist", 0, "both"), told("wrist", 3, "left")], [("wrist", "both", 0)]),
    "no side goes with the nearest side": (
        [told("wrist", 0, "left"), told("wrist", 60, "right"), told("wrist", 55)],
        [("wrist", "left", 0), ("wrist", "right", 55)],
    ),
    "unspecified goes with the fracture of its day": (
        [told("wrist", 0), told("unspecified", 0)],
        [("wrist", "", 0)],
    ),
    "unspecified goes with the nearest": (
        [told("wrist", 0), told("hip", 50), told("unspecified", 45)],
        [("wrist", "", 0), ("hip", "", 50)],
    ),
    "unspecified alone is its own": (
        [told("wrist", 0), told("unspecified", 200)],
        [("wrist", "", 0), ("unspecified", "", 200)],
    ),
    "an old level told before is no new fracture": (
        [told("vertebra", 0, levels="T12"), told("vertebra", 700, levels="T12", age="old")],
        [("vertebra", "", 0)],
    ),
    "an old level never told is dated by its report": (
        [told("vertebra", 0, levels="T12"), told("vertebra", 700, levels="L3", age="old")],
        [("vertebra", "", 0), ("vertebra", "", 700)],
    ),
    "an old vertebra told twice is one": (
        [told("vertebra", 0, levels="T8", age="old"), told("vertebra", 900, levels="T8", age="old")],
        [("vertebra", "", 0)],
    ),
    "a new fracture after an old one is another": (
        [told("vertebra", 0, levels="T12", age="old"), told("vertebra", 400, levels="T12")],
        [("vertebra", "", 0), ("vertebra", "", 400)],
    ),
    "undated goes with the only fracture of its site": (
        [told("hip", 0), told("hip", None)],
        [("hip", "", 0)],
    ),
    "undated alone is kept": ([told("hip", None)], [("hip", "", None)]),
    "undated between two stands alone": (
        [told("hip", 0), told("hip", 400), told("hip", None)],
        [("hip", "", 0), ("hip", "", 400), ("hip", "", None)],
    ),
    "a replacement beside a fracture adds to it": (
        [told("hip", 0), told("hip", 1, kind="theatre", bearing="support")],
        [("hip", "", 0)],
    ),
    "a replacement alone is no fracture": ([told("hip", 1, bearing="support")], []),
    "hand, foot and old wrist are none": (
        [told("hand", 0), told("foot", 0), told("wrist", 0, age="old")],
        [],
    ),
    "a disease of bone alone is no fracture": ([told(None, 0, bearing="flag")], []),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_is_one_fracture(name):
    observations, expected = EXAMPLES[name]
    assert seen(group(observations)) == expected


def test_one_fracture_keeps_all_its_sources_and_levels():
    found = group(
        [
            told("vertebra", 5, levels="L1", kind="radiology"),
            told("vertebra", 0, levels="T12", kind="emergency"),
        ]
    )
    assert len(found) == 1
    assert found[0].levels == ("T12", "L1")
    assert [each.source.kind for each in found[0].observations] == ["emergency", "radiology"]


@pytest.mark.parametrize(
    ("observations", "triage", "words"),
    [
        ([told()], "case", "energy not recorded"),
        ([told(energy="low")], "case", "low-energy"),
        ([told(energy="high")], "review", "high-energy"),
        ([told(energy="high"), told(energy="low", day=1)], "review", "low-energy too"),
        ([told(energy="review")], "review", "how hard"),
        ([told(energy="review"), told(energy="low", day=1)], "case", "low-energy"),
        ([told("hip", how="pathological")], "review", "pathological"),
        ([told("femur", how="atypical")], "review", "atypical"),
        ([told("hip"), told("hip", 2, how="periprosthetic")], "review", "periprosthetic"),
        ([told("pelvis", how="stress")], "case", "new fracture"),
        ([told(certainty="possible")], "review", "possible"),
        ([told(certainty="possible"), told(day=3)], "case", "new fracture"),
        ([told("vertebra", age="old")], "case", "old vertebral fracture"),
        ([told("unspecified")], "review", "which bone"),
        ([told(bearing="review", remark="flail chest")], "review", "flail chest"),
        ([told(bearing="review", remark="part not coded"), told(day=1)], "case", "new fracture"),
        ([told(day=None)], "review", "day of the fracture is not known"),
        ([told(person=replace(JANE, birth_date=None))], "review", "age at the fracture is not known"),
        (
            [told(person=replace(JANE, birth_date=date(2030, 1, 1)))],
            "review",
            "age at the fracture is not known",
        ),
        ([told(), told(None, -400, bearing="flag", remark="myeloma is recorded")], "review", "myeloma"),
        ([told(), told(None, 400, bearing="flag", remark="myeloma is recorded")], "case", "new fracture"),
        (
            [told(), told(day=1, person=replace(JANE, birth_date=date(1951, 5, 5)))],
            "review",
            "birth dates differ",
        ),
    ],
)
def test_triage_and_its_reason(observations, triage, words):
    found = group(observations)
    assert [each.triage.value for each in found] == [triage]
    assert words in found[0].reason


@pytest.mark.parametrize(
    ("born", "found"),
    [(date(1974, 3, 1), True), (date(1974, 3, 2), False), (date(1974, 2, 28), True)],
)
def test_the_fiftieth_birthday(born, found):
    outcome = sort_out([told(person=replace(JANE, birth_date=born))])
    assert bool(outcome.found) is found
    if not found:
        assert outcome.left_out[0].reason == "aged 49 at the fracture, under 50: wrist"


def test_the_dead_are_named_and_never_offered():
    later = replace(JANE, deceased=True, deceased_on=date(2025, 1, 2))
    found = group([told()], person=later)
    assert found[0].triage is Triage.NONE
    assert found[0].reason.startswith("died 2025-01-02: not offered for contact")
    assert group([told(), told(day=2, person=later)])[0].person.deceased_on == date(2025, 1, 2)
    assert group([told(person=replace(JANE, deceased=True))])[0].reason.startswith("died, day not known")


def test_what_is_left_out_says_why():
    outcome = sort_out(
        [
            told("hand"),
            told("wrist", age="old"),
            told("hip", bearing="support", remark="only beside a fracture"),
        ]
    )
    reasons = {left.reason for left in outcome.left_out}
    assert reasons == {
        "hand: outside a fracture liaison service",
        "an old fracture: wrist",
        "what was shown: only beside a fracture",
    }


SITES = st.sampled_from(["wrist", "hip", "vertebra", "unspecified", "hand"])
OBSERVATIONS = st.lists(
    st.builds(
        told,
        site=SITES,
        day=st.one_of(st.none(), st.integers(0, 400)),
        side=st.sampled_from(["", "left", "right", "both"]),
        levels=st.sampled_from(["", "T12", "T12 L1", "L3"]),
        record=st.text("abc", min_size=1, max_size=4),
        how=st.sampled_from(["traumatic", "pathological"]),
        age=st.sampled_from(["new", "old"]),
        certainty=st.sampled_from(["present", "possible"]),
        energy=st.sampled_from(["unknown", "low", "high"]),
        bearing=st.sampled_from(["fracture", "review", "support"]),
        remark=st.just("a reason"),
        person=st.sampled_from([JANE, replace(JANE, birth_date=date(1990, 1, 1)), Demographics()]),
    ),
    max_size=8,
)


@settings(max_examples=150, deadline=None)
@given(OBSERVATIONS, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(observations, random):
    shuffled = list(observations)
    random.shuffle(shuffled)
    assert sort_out(observations) == sort_out(shuffled)


@settings(max_examples=150, deadline=None)
@given(OBSERVATIONS)
def test_nothing_is_lost_and_nothing_told_twice(observations):
    outcome = sort_out(observations)
    used = {each for fracture in outcome.found for each in fracture.observations}
    left = [each.observation for each in outcome.left_out]
    assert used.isdisjoint(left)
    assert used | set(left) | set(outcome.beside) == set(observations)
    assert all(each.reason for each in outcome.left_out)
    young = [f for f in outcome.found if f.age_at_fracture is not None and f.age_at_fracture < 50]
    assert all(f.triage is Triage.REVIEW and "birth dates differ" in f.reason for f in young)


@settings(max_examples=100, deadline=None)
@given(OBSERVATIONS)
def test_hearing_it_again_changes_nothing(observations):
    assert sort_out(observations) == sort_out([*observations, *observations])


def test_start_is_in_the_life_of_jane():
    assert JANE.birth_date is not None
    assert JANE.birth_date < START


@pytest.mark.parametrize("known", [date(1990, 1, 1), JANE.birth_date])
def test_one_birth_date_of_two_that_is_old_enough_asks_for_a_look(known):
    young = replace(JANE, birth_date=date(1990, 1, 1))
    (fracture,) = sort_out([told(), told(day=1, person=young)], person=replace(JANE, birth_date=known)).found
    assert fracture.triage is Triage.REVIEW
    assert "birth dates differ: 1950-05-05, 1990-01-01" in fracture.reason


def test_two_birth_dates_that_are_both_too_young_are_left_out():
    one, other = (replace(JANE, birth_date=date(year, 1, 1)) for year in (1990, 1991))
    outcome = sort_out([told(person=one), told(day=1, person=other)])
    assert not outcome.found
    assert "under 50" in outcome.left_out[0].reason
