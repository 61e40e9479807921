"""Who is one person: what holds of many records, what to call them, and when two are not merged."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openfls.identification.episodes import INVALID_NHS_NUMBER, merged, name_of_person, partition
from openfls.identification.episodes.persons import matchable
from openfls.record.people import NHS_NUMBER, Demographics, Identifier, Sex

NHS = Identifier(NHS_NUMBER, "9990000018")
BAD_NHS = Identifier(INVALID_NHS_NUMBER, "9990000019")
HOSPITAL = Identifier("RXX", "A1")
SERVER = Identifier("patient id", "0b6c0d2e-0000-4000-8000-000000000001")
BORN, OTHER = date(1950, 5, 5), date(1961, 6, 6)


def someone(*numbers, family="", born=None, **more):
    return Demographics(identifiers=numbers, family_name=family, birth_date=born, **more)


def test_a_wrong_nhs_number_is_kept_and_never_matched_on():
    assert matchable(someone(BAD_NHS, HOSPITAL)) == (HOSPITAL,)
    assert BAD_NHS in merged([someone(BAD_NHS), someone(HOSPITAL)]).identifiers


@pytest.mark.parametrize(
    ("numbers", "name"),
    [((NHS, HOSPITAL, SERVER), SERVER.value), ((NHS, HOSPITAL), "A1"), ((NHS,), NHS.value), ((), "")],
)
def test_the_name_of_a_person(numbers, name):
    assert name_of_person(someone(*numbers)) == name


@pytest.mark.parametrize(
    ("told", "people"),
    [
        ([someone(NHS, family="Smith", born=BORN), someone(NHS, family="SMITH", born=BORN)], 1),
        ([someone(NHS, family="Smith", born=BORN), someone(NHS, family="Jones", born=BORN)], 1),  # married
        ([someone(NHS, family="Smith", born=BORN), someone(NHS, family="Smith", born=OTHER)], 1),  # mistyped
        ([someone(NHS, family="Smith", born=BORN), someone(NHS, family="Jones", born=OTHER)], 2),
        ([someone(NHS, family="Smith", born=BORN), someone(NHS)], 1),
        (
            [
                someone(NHS, HOSPITAL, family="S", born=BORN),
                someone(NHS, family="J", born=OTHER),
                someone(HOSPITAL),
            ],
            2,
        ),
    ],
)
def test_both_name_and_birth_date_differ_for_another_person(told, people):
    assert len(partition(told)) == people


def test_what_is_told_most_often_holds():
    person = merged(
        [someone(family="Smith"), someone(family="Smyth"), someone(family="Smith", sex=Sex.FEMALE)]
    )
    assert (person.family_name, person.sex) == ("Smith", Sex.FEMALE)
    assert merged([someone(), someone(deceased=True)]).deceased


PEOPLE = st.lists(
    st.builds(
        Demographics,
        identifiers=st.lists(st.sampled_from([NHS, HOSPITAL, SERVER]), max_size=2).map(tuple),
        family_name=st.sampled_from(["", "Smith", "Jones"]),
        birth_date=st.sampled_from([None, BORN, OTHER]),
        deceased=st.booleans(),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=150, deadline=None)
@given(PEOPLE, st.randoms(use_true_random=False))
def test_order_does_not_matter(people, random):
    shuffled = list(people)
    random.shuffle(shuffled)
    assert merged(people) == merged(shuffled)

    def parts(told):
        return sorted(sorted(str(told[at]) for at in part) for part in partition(told))

    assert parts(people) == parts(shuffled)
    assert sorted(at for part in partition(people) for at in part) == list(range(len(people)))


@pytest.mark.parametrize(
    ("changed", "people"),
    [
        ({"given_name": "Mary"}, 2),
        ({"sex": Sex.MALE}, 2),
        ({"given_name": "J."}, 1),
        ({"given_name": "JANE ANN"}, 1),
        ({"given_name": ""}, 1),
        ({"sex": Sex.UNKNOWN}, 1),
    ],
)
def test_one_family_name_is_somebody_else_where_birth_date_and_given_name_or_sex_differ(changed, people):
    jane = replace(someone(NHS, family="Smith", born=BORN), given_name="Jane", sex=Sex.FEMALE)
    other = replace(jane, birth_date=OTHER, **changed)
    assert len(partition([jane, other])) == people
    assert len(partition([jane, replace(other, birth_date=BORN)])) == 1
