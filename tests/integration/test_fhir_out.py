"""Any person of the record becomes FHIR that another library reads; what is not known is never normal."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fhir.resources.R4B import get_fhir_model_class
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openfls.integration.fhir.document import document
from openfls.integration.fhir.fields import PRESSURES, all_fields, shared_fields
from openfls.integration.fhir.observation import observation_key, observations
from openfls.integration.fhir.resources import BUILDERS, resources
from openfls.integration.fhir.systems import LOINC, SNOMED
from openfls.integration.fhir.values import (
    AgreedPlan,
    ApprovedLetter,
    BrokenBone,
    Course,
    Measured,
    PersonRecord,
    Promise,
    Scores,
    Section,
)
from openfls.record.findings import FractureAge, Kind
from openfls.record.pathway import State
from openfls.record.people import NHS_NUMBER, Demographics, Identifier, Sex
from openfls.record.picture import FraxResult, QFractureResult
from openfls.record.questions import QuestionKind, by_field
from openfls.record.reasons import (
    CalciumVitaminD,
    Drug,
    DrugDecision,
    DxaDecision,
    FallsReferral,
    TaskKind,
)
from openfls.record.sites import Side, Site

EXAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "ukcore_examples"
AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
KEY = "11111111-2222-4333-8444-555555555555"

keys = st.uuids().map(str)
days = st.dates(date(1900, 1, 1), date(2100, 12, 31))
moments = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
words = st.text(max_size=20)


def measured() -> st.SearchStrategy[Measured]:
    """A value of any field that leaves, of the kind that its question takes, or none."""

    def of(name: str) -> st.SearchStrategy[Measured]:
        question = by_field()[name]
        value = {
            QuestionKind.YES_NO: st.booleans(),
            QuestionKind.INTEGER: st.integers(0, 99),
            QuestionKind.NUMBER: st.integers(0, 300) | st.floats(-9, 300, allow_nan=False),
            QuestionKind.CHOICE: st.sampled_from([key for key, _ in question.options] or [""]),
            QuestionKind.DATE: days.map(date.isoformat),
            QuestionKind.TEXT: words,
        }[question.kind]
        return st.builds(
            Measured,
            field=st.just(name),
            value=st.none() | value,
            on=st.none() | days,
            at=st.none() | moments,
            source=words,
            comparator=st.sampled_from(["", "<", ">"]),
            preliminary=st.booleans(),
            corrected=st.booleans(),
            absent=words,
        )

    return st.sampled_from(sorted(all_fields())).flatmap(of)


def people() -> st.SearchStrategy[PersonRecord]:
    """Anybody, with anything on record, whatever it is written with."""
    systems = st.sampled_from([NHS_NUMBER, "hospital number", "https://a.nhs.uk/Id/pas", "RX 1", "…"])
    percent = st.floats(0, 100, allow_nan=False)
    frax = st.builds(FraxResult, percent, percent, days, words.filter(str.strip), st.booleans())
    qfracture = st.builds(QFractureResult, percent, percent, days, st.integers(1, 10))
    blocks = st.one_of(
        st.tuples(st.just("text"), st.tuples(words)),
        st.tuples(st.just("list"), st.tuples(words, words)),
        st.tuples(st.just("table"), st.tuples(st.tuples(words, words))),
    )
    sections = st.builds(Section, words, st.tuples(blocks))
    courses = st.builds(
        Course,
        key=st.just("treatment-1"),
        drug=st.sampled_from(["another", *Drug]),
        started_on=days,
        stopped_on=st.none() | days,
        stop_reason=words,
        paused=st.booleans(),
        at=moments,
        doses=st.sampled_from([(), (date(2026, 1, 5),)]),
        withdrawn=st.booleans(),
    )
    return st.builds(
        PersonRecord,
        key=keys,
        demographics=st.builds(
            Demographics,
            family_name=words,
            given_name=words,
            birth_date=st.none() | days,
            sex=st.sampled_from(Sex),
            deceased=st.booleans(),
            deceased_on=st.none() | days,
            address=words,
            postcode=words,
            telephone=words,
            general_practice=words,
        ),
        numbers=st.tuples() | st.tuples(st.builds(Identifier, systems, st.just("9990000018"))),
        service=st.just("North FLS"),
        changed_at=moments,
        fractures=st.tuples(
            st.builds(
                BrokenBone,
                key=keys,
                on=days,
                site=st.sampled_from(Site),
                side=st.sampled_from(Side),
                levels=st.sampled_from([(), ("T12", "L1")]),
                kind=st.sampled_from(Kind),
                age=st.sampled_from(FractureAge),
                fragility=st.sampled_from([None, True, False]),
                state=st.sampled_from(State),
                history=st.booleans(),
                words=words,
            )
        ),
        measured=st.lists(measured(), max_size=6, unique_by=lambda one: one.field).map(tuple),
        plans=st.tuples(
            st.builds(
                AgreedPlan,
                key=st.just("plan-1"),
                episode=keys,
                agreed_on=days,
                by=words,
                decision=st.sampled_from(DrugDecision),
                drug=st.sampled_from(["", *Drug]),
                decision_reason=words,
                calcium_vitamin_d=st.sampled_from(CalciumVitaminD),
                falls_referral=st.sampled_from(FallsReferral),
                dxa=st.sampled_from(DxaDecision),
                waits=st.booleans(),
                withdrawn=st.booleans(),
                closed=st.booleans(),
                specialist=st.booleans(),
                come_back_on=st.none() | days,
                courses=st.tuples() | st.tuples(courses),
                answered=st.sampled_from([frozenset(), frozenset(TaskKind)]),
            )
        ),
        courses=st.tuples(courses),
        promises=st.tuples(
            st.builds(
                Promise,
                key=st.just("task-1"),
                kind=st.sampled_from(TaskKind),
                due=days,
                done_at=st.none() | moments,
                cancelled_at=st.none() | moments,
            )
        ),
        scores=st.tuples(st.builds(Scores, keys, st.none() | frax, st.none() | qfracture, words)),
        letters=st.tuples(
            st.builds(
                ApprovedLetter,
                key=keys,
                kind=st.just("gp"),
                label=st.just("Letter to the GP"),
                subject=words,
                on=days,
                approved_at=moments,
                approved_by=words,
                replaced=st.booleans(),
                replaces=st.just("") | keys,
                sections=st.tuples(sections),
            )
        ),
    )


def read_by_others(resource: dict) -> None:
    """Raises where another library does not take it for FHIR."""
    get_fhir_model_class(resource["resourceType"]).model_validate(resource)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(people())
def test_whoever_it_is_another_library_reads_it(person: PersonRecord) -> None:
    for kind in BUILDERS:
        for resource in resources(person, kind):
            read_by_others(resource)
            assert re.fullmatch(r"[A-Za-z0-9\-.]{1,64}", resource["id"])
    read_by_others(document(person.letters[0], person, b"%PDF-1.7"))


@settings(max_examples=40, deadline=None)
@given(measured())
def test_a_value_is_there_or_the_reason_why_not_and_never_both(one: Measured) -> None:
    person = PersonRecord(KEY, Demographics(), (), "North FLS", AT, measured=(one,))
    (found,) = observations(person)
    for part in found.get("component", [found]):
        has_value = any(name.startswith("value") for name in part)
        assert has_value is (one.value is not None and not _lacks_it(part, one))
        assert has_value is ("dataAbsentReason" not in part)


def _lacks_it(part: dict, one: Measured) -> bool:
    """Whether a component of a blood pressure is the one that was not told."""
    return "systolic" in str(part["code"]["text"]).lower() and one.field.endswith("diastolic")


def only(*known: Measured) -> list[dict]:
    """The Observations of somebody of whom this alone is known."""
    return list(observations(PersonRecord(KEY, Demographics(), (), "North FLS", AT, measured=known)))


def test_nothing_known_says_nothing_of_life_birth_or_sex() -> None:
    (nobody,) = resources(PersonRecord(KEY, Demographics(), (), "North FLS", AT), "Patient")
    assert not {"deceasedBoolean", "deceasedDateTime", "birthDate", "identifier", "address"} & set(nobody)
    assert nobody["gender"] == "unknown"
    assert nobody["_birthDate"] == nobody["name"][0], "both say that they are not known"


def test_figures_of_two_days_are_no_blood_pressure() -> None:
    upper = Measured("bp.lying_systolic", 140, date(2026, 5, 1))
    lower = Measured("bp.lying_diastolic", 80, date(2026, 5, 2))
    (one_day,) = only(upper, Measured("bp.lying_diastolic", 80, date(2026, 5, 1)))
    (two_days,) = only(upper, lower)
    assert [len(found["component"]) for found in (one_day, two_days)] == [2, 1]


def test_a_figure_without_its_pair_does_not_claim_the_profile_of_a_reading() -> None:
    (lower,) = only(Measured("bp.lying_diastolic", 80, date(2026, 5, 1)))
    assert lower["meta"]["profile"] == ["https://fhir.hl7.org.uk/StructureDefinition/UKCore-Observation"]
    assert "dataAbsentReason" in lower["component"][0]


@pytest.mark.parametrize(
    ("state", "fragility", "history", "status"),
    [
        (State.FOUND, None, False, "unconfirmed"),
        (State.FOUND, True, False, "unconfirmed"),
        (State.TO_ASSESS, True, False, "confirmed"),
        (State.TO_ASSESS, None, False, "unconfirmed"),
        (State.CLOSED, False, False, "confirmed"),
        (State.NOT_FOR_US, True, False, "refuted"),
        (State.NOT_FOR_US, None, True, "unconfirmed"),
    ],
)
def test_how_sure_a_fracture_is(state: State, fragility: bool | None, history: bool, status: str) -> None:
    bone = BrokenBone(
        *(KEY, date(2026, 3, 3), Site.HIP, Side.LEFT, (), Kind.TRAUMATIC, FractureAge.NEW),
        *(fragility, state, history, "Left hip"),
    )
    person = PersonRecord(KEY, Demographics(), (), "North FLS", AT, fractures=(bone,))
    (found,) = resources(person, "Condition")
    codes = [(each["system"], each["code"]) for each in found["code"]["coding"]]
    assert found["verificationStatus"]["coding"][0]["code"] == status
    assert ((SNOMED, "306171000000106") in codes) is (fragility is True)
    assert ("clinicalStatus" in found) is (status != "refuted")


def test_two_people_and_two_fields_have_ids_of_their_own() -> None:
    made = {observation_key(str(uuid.UUID(int=n)), name) for n in range(3) for name in all_fields()}
    assert len(made) == 3 * len(all_fields())


def test_every_field_that_leaves_is_one_of_the_record() -> None:
    assert all_fields() <= set(by_field())
    assert not {name for name in all_fields() if name.startswith(("safeguarding", "cord_"))}
    numbers = {QuestionKind.NUMBER}
    for name, field in shared_fields().items():
        assert field.unit or by_field()[name].kind not in numbers, f"{name} has no unit"
    assert len(PRESSURES) == 3


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason=f"the official examples are not at {EXAMPLES}")
def test_codes_said_to_be_from_the_official_examples_stand_there() -> None:
    pair = re.compile(r'<system value="([^"]+)"\s*/>\s*<code value="([^"]+)"')
    there = {
        found
        for path in EXAMPLES.glob("*.xml")
        for found in pair.findall(path.read_text(encoding="utf-8-sig"))
    }
    claimed = [field for field in shared_fields().values() if field.source == "UK Core example"]
    pressure = only(
        Measured("bp.lying_systolic", 140, date(2026, 5, 1)),
        Measured("bp.lying_diastolic", 80, date(2026, 5, 1)),
    )[0]
    codings = [each for field in claimed for each in field.codings] + pressure["code"]["coding"]
    codings += [each for part in pressure["component"] for each in part["code"]["coding"]]
    official = [(each["system"], each["code"]) for each in codings if each["system"] in (SNOMED, LOINC)]
    assert len(official) == 10
    assert [each for each in official if each not in there] == []
