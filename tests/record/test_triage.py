"""The triage of findings, as the rule book says it: a table in its words, and all the rest by its sentences."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.record.findings import Certainty, Finding, FractureAge, Kind, Triage, triage, triage_of
from openfls.record.sites import Site

P, Q = Certainty.PRESENT, Certainty.POSSIBLE
NEW, OLD = FractureAge.NEW, FractureAge.OLD

SPEC = [
    # site, certainty, age, kind, triage
    (Site.WRIST, P, NEW, Kind.TRAUMATIC, Triage.CASE),
    (Site.PELVIS, P, NEW, Kind.STRESS, Triage.CASE),
    (Site.WRIST, Q, NEW, Kind.TRAUMATIC, Triage.REVIEW),
    (Site.WRIST, P, OLD, Kind.TRAUMATIC, Triage.NONE),
    (Site.WRIST, Q, OLD, Kind.TRAUMATIC, Triage.NONE),
    (Site.VERTEBRA, P, NEW, Kind.TRAUMATIC, Triage.CASE),
    (Site.VERTEBRA, P, OLD, Kind.TRAUMATIC, Triage.CASE),
    (Site.VERTEBRA, Q, OLD, Kind.TRAUMATIC, Triage.REVIEW),
    (Site.VERTEBRA, P, NEW, Kind.PATHOLOGICAL, Triage.REVIEW),
    (Site.FEMUR, P, NEW, Kind.ATYPICAL, Triage.REVIEW),
    (Site.FEMUR, P, NEW, Kind.PERIPROSTHETIC, Triage.REVIEW),
    (Site.HIP, P, OLD, Kind.PATHOLOGICAL, Triage.REVIEW),  # the kind is weighed before the age
    (Site.HAND, P, NEW, Kind.PATHOLOGICAL, Triage.REVIEW),  # and before the site
    (Site.HAND, P, NEW, Kind.TRAUMATIC, Triage.NONE),
    (Site.FOOT, P, NEW, Kind.STRESS, Triage.NONE),
    (Site.SKULL_FACE, Q, NEW, Kind.TRAUMATIC, Triage.NONE),
    (Site.UNSPECIFIED, P, NEW, Kind.TRAUMATIC, Triage.REVIEW),
    (Site.UNSPECIFIED, P, OLD, Kind.TRAUMATIC, Triage.NONE),
    (Site.OTHER, P, NEW, Kind.TRAUMATIC, Triage.CASE),
]


@pytest.mark.parametrize(("site", "certainty", "age", "kind", "expected"), SPEC)
def test_the_rule_book(
    site: Site, certainty: Certainty, age: FractureAge, kind: Kind, expected: Triage
) -> None:
    assert triage_of(Finding(site, certainty=certainty, age=age, kind=kind)) is expected


@pytest.mark.parametrize(("certainty", "age", "kind"), list(product(Certainty, FractureAge, Kind)))
def test_every_site_that_the_book_does_not_name_is_triaged_alike(
    certainty: Certainty, age: FractureAge, kind: Kind
) -> None:
    named = {Site.HAND, Site.FOOT, Site.SKULL_FACE, Site.VERTEBRA, Site.UNSPECIFIED}
    answers = {
        triage_of(Finding(site, certainty=certainty, age=age, kind=kind)) for site in set(Site) - named
    }
    assert len(answers) == 1


findings = st.lists(
    st.builds(
        Finding,
        site=st.sampled_from(Site),
        certainty=st.sampled_from(Certainty),
        age=st.sampled_from(FractureAge),
        kind=st.sampled_from(Kind),
    ),
    max_size=4,
)


@given(findings)
def test_a_report_asks_for_the_most_that_any_finding_does(report: list[Finding]) -> None:
    reached = {triage_of(finding) for finding in report}
    expected = next((each for each in (Triage.CASE, Triage.REVIEW) if each in reached), Triage.NONE)
    assert triage(report) is expected
