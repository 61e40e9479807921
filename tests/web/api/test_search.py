"""Searches find what they say, page by page, and nothing that names a person stands in an address."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

import world
from openfls.integration.fhir import searching
from openfls.integration.fhir.systems import NHS_NUMBER
from openfls.record.questions import QuestionKind, by_field
from openfls.service import clock
from openfls.service.actions import assessing, finding, treating, treating_back, undoing
from openfls.service.feeds import merging
from openfls.service.models import Delivery, Person, ToldValue
from openfls.service.sharing import reading
from openfls.service.sharing.client import token_for
from openfls_qfracture import DISCLAIMER
from service.sharing import connected
from web.api.asking import Asking
from web.places import refuted

pytestmark = pytest.mark.django_db

CASES = {
    "Condition?code=306171000000106": True,
    "Condition?code=http://snomed.info/sct|306171000000106": True,
    "Condition?code=http://loinc.org|306171000000106": False,
    "Condition?code=urn:openfls:fracture-site|": True,
    "Condition?code=wrist,hip": True,
    "Condition?code=hip": False,
    "Condition?verification-status=confirmed&clinical-status=active": True,
    "Condition?verification-status=refuted": False,
    "Condition?onset-date=2026-02-01": True,
    "Condition?onset-date=ge2026-02-01&onset-date=le2026-02-01": True,
    "Condition?onset-date=lt2026-02-01": False,
    "Observation?category=vital-signs": True,
    "Observation?code=38267-1&date=2026-05-28": True,
    "Observation?code=38267-1&date=gt2026-05-28": False,
    "Observation?status=final": True,
    "Observation?status=preliminary": False,
    "RiskAssessment?method=frax&date=2026-05-29": True,
    "RiskAssessment?method=qfracture": False,
    "CarePlan?status=active&date=ge2026-06-01": True,
    "CarePlan?status=draft": False,
    "MedicationStatement?status=active&code=denosumab": True,
    "MedicationStatement?effective=2026-05-27": False,
    "MedicationStatement?effective=ge2030-01-01": True,
    "MedicationStatement?status=stopped": False,
    "ServiceRequest?code=falls&status=active&authored=2026-06-01": True,
    "ServiceRequest?code=specialist": False,
    "DocumentReference?type=gp&date=2026-06-01T12:00:00Z": True,
    "DocumentReference?status=superseded": False,
    "Task?status=requested&due=ge2026-06-01": True,
    "Task?code=call_again": False,
    "Patient?_lastUpdated=ge2026-06-01": True,
    "Patient?_lastUpdated=2026-06-01": True,
    "Patient?_lastUpdated=gt2026-06-02": False,
    "Patient?_lastUpdated=lt2026-06-01": False,
    "Patient?_id=none,another": False,
    "Condition?patient=00000000-0000-4000-8000-000000000000": False,
    "Condition?patient=Patient/none": False,
}


def test_a_search_finds_what_it_asks_for(shared) -> None:
    assert {path: bool(shared.client.found(path)) for path in CASES} == CASES


def test_a_plan_leads_to_what_it_asked_for(shared) -> None:
    (plan,) = shared.client.found("CarePlan")
    key = plan["id"]
    asked = shared.client.found(f"ServiceRequest?based-on=CarePlan/{key}")
    assert {each["id"] for each in asked} == {f"{key}-dxa", f"{key}-falls"}


def test_ids_find_what_they_name_and_nothing_else(shared) -> None:
    for kind in ("Patient", "Condition", "Observation", "CarePlan", "ServiceRequest", "Task"):
        every = [each["id"] for each in shared.client.found(f"{kind}?_count=100")]
        asked = [*every[:2], "none", "plan-999999", "0"]
        assert sorted(each["id"] for each in shared.client.found(f"{kind}?_id={','.join(asked)}")) == sorted(
            every[:2]
        )


def test_the_person_comes_with_it_where_that_is_asked_for(shared) -> None:
    person = str(shared.episode.person_id)
    bundle = shared.client.get(f"Condition?patient={person}&_include=Condition:patient").json()
    modes = [(entry["resource"]["resourceType"], entry["search"]["mode"]) for entry in bundle["entry"]]
    assert modes == [("Condition", "match"), ("Patient", "include")]
    assert bundle["total"] == 1


def test_pages_hold_everything_once(shared) -> None:
    for number in range(4):
        world.found(shared.nurse.service, on=world.TODAY - timedelta(days=20 + number))
    wanted = shared.client.found("Condition?_count=100")
    seen, path = [], "Condition?_count=2&verification-status=confirmed,unconfirmed"
    while path:
        bundle = shared.client.get(path).json()
        links = {each["relation"]: each["url"] for each in bundle["link"]}
        found = [entry["resource"]["id"] for entry in bundle.get("entry", [])]
        assert len(found) <= 2
        seen += found
        assert "total" not in bundle
        following = links.get("next", "")
        path = following.removeprefix("http://testserver/fhir/R4/")
    assert sorted(seen) == sorted(each["id"] for each in wanted)
    assert len(seen) == 5


def test_what_takes_too_long_goes_on_on_the_next_page(shared, monkeypatch) -> None:
    world.found(shared.nurse.service, on=world.TODAY - timedelta(days=20))
    wanted = shared.client.found("Condition?_count=100")
    monkeypatch.setattr(reading, "SECONDS", -1.0)
    first = shared.client.get("Condition?_count=100").json()
    assert len(first["entry"]) < len(wanted)
    following = urlsplit(first["link"][1]["url"])
    rest = shared.client.found(f"Condition?{following.query}")
    assert len(first["entry"]) + len(rest) == len(wanted)


def test_many_of_one_person_are_paged_too(shared) -> None:
    wanted = shared.client.found("Observation?_count=100")
    first = shared.client.get("Observation?_count=5").json()
    following = urlsplit(first["link"][1]["url"])
    second = shared.client.found(f"Observation?{following.query}&_count=100".replace("_count=5&", ""))
    assert [entry["resource"]["id"] for entry in first["entry"]] + [each["id"] for each in second] == [
        each["id"] for each in wanted
    ]


def test_a_person_is_found_by_number_in_a_form_and_the_number_stands_in_no_link(shared) -> None:
    number = shared.episode.person.identifiers.get().value
    for token in (number, f"{NHS_NUMBER}|{number}"):
        answer = shared.client.post("Patient/_search", {"identifier": token, "_count": "5"})
        (entry,) = answer.json()["entry"]
        assert entry["resource"]["id"] == str(shared.episode.person_id)
        assert number not in str(answer.json()["link"])
    for nobody in (f"https://elsewhere.nhs.uk/Id|{number}", f"{NHS_NUMBER}|9990000018", "x"):
        answer = shared.client.post("Patient/_search", {"identifier": nobody})
        assert (answer.status_code, answer.json().get("entry")) == (200, None)
    refused = shared.client.post(f"Patient/_search?identifier={number}", {})
    assert refused.status_code == 400
    assert number not in refused.content.decode()


def test_whom_one_number_names_stand_on_one_page(shared) -> None:
    service = shared.nurse.service
    for system in ("hospital number", "another hospital"):
        person = world.demographics(identifiers=(world.Identifier(system, "RX 77"),))
        world.deliver(service, world.report(person))
    answer = shared.client.post("Patient/_search", {"identifier": "RX 77", "_count": "1"}).json()
    assert len(answer["entry"]) == 2
    assert [each["relation"] for each in answer["link"]] == ["self"]
    one = shared.client.post("Patient/_search", {"identifier": "urn:openfls:number:another-hospital|RX 77"})
    assert len(one.json()["entry"]) == 1


def test_more_numbers_or_people_than_stand_on_one_page_are_refused(
    shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = shared.episode.person.identifiers.get().value
    for many in (",".join([number] * 101), [f"{number},x"] * 51):
        refused = shared.client.post("Patient/_search", {"identifier": many})
        assert refused.status_code == 400
        (issue,) = refused.json()["issue"]
        assert (issue["code"], "at most 100" in issue["diagnostics"]) == ("too-costly", True)
        assert number not in refused.content.decode()
    most = shared.client.post("Patient/_search", {"identifier": ",".join([number] * 100)}).json()
    assert (most["total"], len(most["entry"])) == (1, 1)
    # One number, and more people than a page holds: a page of two is asked for here, as a hundred are no small world.
    monkeypatch.setattr(searching, "MOST", 2)
    for system in ("hospital number", "another hospital", "a third"):
        person = world.demographics(identifiers=(world.Identifier(system, "RX 78"),))
        world.deliver(shared.nurse.service, world.report(person))
    refused = shared.client.post("Patient/_search", {"identifier": "RX 78"})
    assert (refused.status_code, refused.json()["issue"][0]["code"]) == (400, "too-costly")


def how_the_drug_stands(shared, patient: object) -> tuple[list[str], list[str]]:
    """The statuses of a person's courses, and of the drug in the plan."""
    taken = shared.client.found(f"MedicationStatement?patient={patient}")
    (plan,) = shared.client.found(f"CarePlan?patient={patient}")
    drug = [each["detail"]["status"] for each in plan["activity"] if "kind" in each.get("detail", {})]
    return [each["status"] for each in taken], drug


def test_a_drug_stands_as_its_course_does_and_one_that_never_was_is_said_to_be_an_error(shared) -> None:
    episode = world.planned(shared.nurse)
    patient, first = episode.person_id, world.TODAY - timedelta(days=30)
    of = {"episode": episode, "by": shared.nurse}
    assert how_the_drug_stands(shared, patient) == ([], ["unknown"])
    earlier = treating.start(drug="alendronate", started_on=first, **of)
    treating.stop(treatment=earlier, on=first + timedelta(days=9), reason="A rash", **of)
    assert how_the_drug_stands(shared, patient) == (["stopped"], ["unknown"]), "it had ended before the plan"
    row = treating.start(drug="alendronate", started_on=world.TODAY, **of)
    assert how_the_drug_stands(shared, patient) == (["stopped", "active"], ["in-progress"])
    for paused, status in ((True, "on-hold"), (False, "stopped")):
        treating.stop(treatment=row, on=world.TODAY, reason="An operation", paused=paused, **of)
        assert how_the_drug_stands(shared, patient) == (["stopped", status], [status])
        treating_back.take_back(entry=row.entries.filter(kind="stop").last(), **of)
        row.refresh_from_db()
    treating_back.take_back(entry=row.entries.get(kind="start"), **of)
    assert how_the_drug_stands(shared, patient) == (["stopped", "entered-in-error"], ["unknown"])
    key = f"MedicationStatement/treatment-{row.pk}"
    assert shared.client.get(key).json()["status"] == "entered-in-error"


def test_whoever_is_changed_is_found_again(shared) -> None:
    later = world.at_noon(world.TODAY + timedelta(days=3))
    with clock.at(later):
        client, secret = connected.connection(shared.nurse)
        asking = Asking(token_for(str(client.pk), secret).text)
        since = "Patient?_lastUpdated=gt2026-06-03"
        assert asking.found(since) == []
        assert asking.found(since) == [], "looking changes nobody"
        episode = world.confirmed(shared.nurse, on=world.TODAY)
        undoing.undo(episode=episode, by=shared.nurse)
        assert [each["id"] for each in asking.found(since)] == [str(episode.person_id)]
        assert asking.found("Patient?_lastUpdated=le2026-06-02")[0]["id"] == str(shared.episode.person_id)


def test_a_file_that_is_being_read_may_change_its_people_at_any_moment(shared) -> None:
    episode = world.found(shared.nurse.service)
    delivery = Delivery.objects.get(finished_at=None)
    key = str(episode.person_id)

    def changed(hours: int) -> bool:
        """Whether the person is among those that were changed in the last hour, so many hours later."""
        later = world.at_noon(world.TODAY) + timedelta(hours=hours)
        with clock.at(later):
            asking = Asking(connected.token(shared.nurse))
            since = (later - timedelta(hours=1)).isoformat().replace("+00:00", "Z")
            return key in {each["id"] for each in asking.found(f"Patient?_lastUpdated=ge{since}")}

    assert [changed(0), changed(5), changed(40), changed(60)] == [True, True, True, False]
    Delivery.objects.filter(pk=delivery.pk).update(
        finished_at=world.at_noon(world.TODAY) + timedelta(hours=4)
    )
    assert [changed(5), changed(6)] == [True, False]


def test_who_is_not_ours_is_a_stranger(shared) -> None:
    episode = refuted(shared.nurse)
    assert shared.client.get(f"Patient/{episode.person_id}").status_code == 404
    assert shared.client.found(f"Condition?patient={episode.person_id}") == []
    finding.bring_back(episode=episode, by=shared.nurse)
    assert shared.client.get(f"Patient/{episode.person_id}").status_code == 200


def test_where_sources_disagree_there_is_no_value(shared) -> None:
    episode = world.confirmed(shared.nurse)
    assessing.answer(episode=episode, answers={"vitamin_d_nmol_l": 40}, by=shared.nurse)
    for source, value in (("one laboratory", 25), ("another laboratory", 75)):
        ToldValue.objects.create(
            service=episode.service,
            person=episode.person,
            field="vitamin_d_nmol_l",
            value=value,
            taken_on=world.TODAY,
            origin=ToldValue.Origin.FEED,
            source=source,
            recorded_at=clock.now() + timedelta(hours=1),
        )
    found = shared.client.found(f"Observation?patient={episode.person_id}&code=vitamin_d_nmol_l")
    (one,) = found
    assert "valueQuantity" not in one
    assert one["dataAbsentReason"]["coding"][0]["code"] == "unknown"
    assert "disagree" in one["dataAbsentReason"]["text"]


def test_a_record_that_was_put_into_another_says_where_it_is(shared) -> None:
    service = shared.nurse.service
    keep = world.found(service).person
    gone = world.found(service).person
    merging.same_person(keep=Person.objects.get(pk=keep.pk), gone=gone, words="One passport", by=shared.nurse)
    answer = shared.client.get(f"Patient/{gone.pk}")
    assert answer.status_code == 410
    assert f"Patient/{keep.pk}" in answer.json()["issue"][0]["diagnostics"]


def test_the_score_that_an_assessment_was_given_stands_with_its_disclaimer(shared) -> None:
    no = {name: False for name, each in by_field().items() if each.kind is QuestionKind.YES_NO}
    told = {"height_cm": 160.0, "weight_kg": 60.0, "alcohol_units_week": 0.0, "smoking": "never"}
    told |= {"ethnic_group": "white or not recorded", "falls_last_year": 1, "fracture_history_taken": True}
    episode = world.confirmed(shared.nurse)
    assessing.answer(episode=episode, answers=no | told, by=shared.nurse)
    before = f"RiskAssessment?patient={episode.person_id}"
    assert shared.client.found(before) == [], "nobody was given it yet"
    assessing.finish(episode=episode, assessed_on=world.TODAY, by=shared.nurse)
    (score,) = shared.client.found(f"{before}&method=qfracture")
    assert score["note"] == [{"text": DISCLAIMER}]
    assert score["method"]["text"] == "QFracture-2012"
    assert 0 < score["prediction"][0]["probabilityDecimal"] < 100
    known = {
        each["id"] for each in shared.client.found(f"Observation?patient={episode.person_id}&_count=100")
    }
    assert {each["reference"].removeprefix("Observation/") for each in score["basis"]} <= known
