"""A row or diagnosis sent again with another code corrects the first; a date in the future is kept and put right."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from openfls.record.pathway import NotPossible
from openfls.record.people import NHS_NUMBER
from openfls.record.sites import Side, Site
from openfls.service import clock
from openfls.service.actions import finding, placing
from openfls.service.actor import Actor, system_actor
from openfls.service.aside.keeping import remove_old
from openfls.service.feeds.loading import load_bytes
from openfls.service.models import Delivery, Episode, Fracture, SaidOther, Service
from openfls.service.queue import Wish, chosen
from openfls.service.worklist import episodes_of
from service.by_any import in_any_order
from service.feed_world import accounted

HEADER = "attendance number,last updated,nhs number,surname,dob,attendance date,diagnosis code\n"


def row(code: str, changed: str = "2026-03-01", on: str = "01/03/2026", number: str = "E1") -> str:
    return f"{number},{changed},9990000018,SMITH,05/05/1950,{on},{code}\n"


def adt(*diagnoses: str, sent: str, visit: str = "V1") -> bytes:
    segments = [
        f"MSH|^~\\&|PAS|RXX|FLS|RXX|{sent}||ADT^A08|M{sent}|P|2.4",
        "PID|1||9990000018^^^NHS^NH||SMITH^JANE||19500505|F",
        "PV1|1|E|||||||||||||||||" + (f"{visit}" if visit else ""),
        *(f"DG1|{n}||{code}^^I10|||F" for n, code in enumerate(diagnoses, start=1)),
    ]
    return ("\r".join(segments) + "\r").encode()


def csv(*rows: str) -> bytes:
    return (HEADER + "".join(rows)).encode()


def send(service: Service, *contents: bytes) -> None:
    for content in contents:
        name = {b"M": "made.hl7", b"{": "made.json"}.get(content[:1], "ed.csv")
        load_bytes(name, content, by=system_actor(service))
    assert all(accounted(each) for each in Delivery.objects.counted())


def put_forward() -> list[str]:
    found = Fracture.objects.filter(episode__state="found").order_by("site")
    return [str(each.site) for each in found]


EARLY, LATE = "20260301120000", "20260302120000"
NUMBERED_ALIKE = adt("S72.0", "S52.5", sent=EARLY).replace(b"DG1|2|", b"DG1|1|")


@pytest.mark.parametrize(
    ("first", "later", "stands"),
    [
        # A later extract may hold the second code of an attendance alone: a fracture is not lost by it.
        (csv(row("S52.5")), csv(row("S72.0", "2026-03-02")), ["hip", "wrist"]),
        (csv(row("S52.5")), csv(row("J18.9", "2026-03-02")), ["wrist"]),  # another disease takes nothing back
        (csv(row("S52.5"), row("S72.0")), csv(row("S42.2", "2026-03-02")), ["hip", "humerus", "wrist"]),
        (csv(row("S52.5")), csv(row("S72.0", "2026-03-02", number="E2")), ["hip", "wrist"]),
        (adt("S52.5", sent=EARLY), adt("S72.0", sent=LATE), ["hip"]),
        (adt("S52.5", sent=EARLY), adt("J18.9", sent=LATE), ["wrist"]),
        (adt("S52.5", "S72.0", sent=EARLY), adt("S52.5", "S42.2", sent=LATE), ["humerus", "wrist"]),
        (adt("S52.5", sent=EARLY), adt("S72.0", sent=LATE, visit="V2"), ["hip", "wrist"]),
        # A sender that numbers each diagnosis 1 names none of them by it.
        (NUMBERED_ALIKE, adt("S52.5", sent=LATE), ["hip", "wrist"]),
        (adt("S52.5", sent=EARLY, visit=""), adt("S72.0", sent=LATE, visit=""), ["hip", "wrist"]),
    ],
)
def test_the_later_code_stands_whichever_came_first(first, later, stands, service: Service) -> None:
    ends = in_any_order([first, later], lambda sent: send(service, *sent), put_forward)
    assert ends == {repr(stands)}


@pytest.mark.parametrize(
    ("first", "later"),
    [
        (adt("S52.5", sent=EARLY), adt("S63.5", sent=LATE)),
    ],
)
def test_a_sprain_after_all_is_put_forward_no_more_and_the_reason_stands(first, later, nurse: Actor) -> None:
    send(nurse.service, first, later)
    episode = Episode.objects.get()
    assert episode.state == "not_for_us"
    assert "withdrawn or corrected by its sender" in episode.statuses.last().reason
    assert finding.bring_back(episode=episode, by=nurse).state == "found"


def condition(code: str, updated: str) -> bytes:
    patient = {
        "resourceType": "Patient",
        "id": "p",
        "identifier": [{"system": NHS_NUMBER, "value": "9990000018"}],
    }
    told = {
        "resourceType": "Condition",
        "id": "c",
        "meta": {"lastUpdated": updated},
        "subject": {"reference": "Patient/p"},
        "onsetDateTime": "2026-03-01",
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": code}]},
    }
    named = patient | {"name": [{"family": "Smith"}], "birthDate": "1950-05-05"}
    entries = [{"resource": each} for each in (named, told)]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


@pytest.mark.parametrize(
    ("told", "stands"),
    [
        ([adt("S52.5", sent=EARLY), adt("S63.5", sent=LATE)], []),
        ([adt("S63.5", sent=EARLY), adt("S52.5", sent=LATE)], ["wrist"]),
        ([adt("S52.5", sent=EARLY), adt("S63.5", sent=LATE), adt("S72.0", sent="20260303120000")], ["hip"]),
        ([condition("S52.5", "2026-03-01T10:00:00Z"), condition("S63.5", "2026-03-02T10:00:00Z")], []),
        ([condition("S63.5", "2026-03-01T10:00:00Z"), condition("S52.5", "2026-03-02T10:00:00Z")], ["wrist"]),
    ],
)
def test_a_sprain_after_all_is_remembered_whichever_came_first(told, stands, service: Service) -> None:
    ends = in_any_order(told, lambda sent: send(service, *sent, *sent), put_forward)
    assert ends == {repr(stands)}


def test_what_is_remembered_of_a_sprain_is_forgotten_after_a_year(service: Service) -> None:
    send(service, adt("S63.5", sent=LATE))
    assert SaidOther.objects.count() == 1
    with clock.at(clock.now() + timedelta(days=367)):
        remove_old(service)
    assert not SaidOther.objects.exists()


def test_a_date_in_the_future_waits_with_its_reason_until_it_is_put_right(nurse: Actor) -> None:
    send(nurse.service, csv(row("S52.5", on="01/03/2062")))
    episode = Episode.objects.get()
    assert (episode.state, episode.triage) == ("found", "review")
    assert "the date is in the future (2062-03-01): put the day right" in episode.reason
    with pytest.raises(NotPossible, match="in the future"):
        finding.confirm(episode=episode, by=nurse)
    right = placing.Placed(date(2026, 3, 1), Site.WRIST, Side.NONE)
    placing.place(fracture=episode.index_fracture, placed=right, reason="A slip of the pen", by=nurse)
    episode = finding.confirm(episode=Episode.objects.get(), by=nurse)
    assert (episode.index_date, episode.state) == (date(2026, 3, 1), "to_assess")


@pytest.mark.parametrize(("on", "born"), [("", 1945), ("01/03/2062", 1945), ("01/03/2026", 1945)])
def test_two_digits_of_a_year_of_birth_are_never_ahead_and_the_row_says_how_they_were_read(
    on: str, born: int, service: Service
) -> None:
    send(service, csv(row("S52.5", on=on).replace("05/05/1950", "1/2/45")))
    episode = Episode.objects.get()
    assert episode.person.birth_date == date(born, 2, 1)
    (record,) = episode.index_fracture.source_records.all()
    assert record.row.position == f"ed.csv, line 2; born “1/2/45” read as {born}"


def test_a_future_day_is_said_on_the_page_with_the_way_to_put_it_right(nurse: Actor, client) -> None:
    send(nurse.service, csv(row("S72.0", on="01/03/2062"), row("S52.5", number="E2")))
    client.force_login(nurse.user)
    episode = Episode.objects.get(index_date__year=2062)
    listed = chosen(episodes_of(nurse.service, "to-confirm", clock.today()), Wish(), clock.today())
    assert listed[0].pk == episode.pk
    page = client.get(f"/episodes/{episode.pk}/found/").content.decode()
    assert "The date is in the future." in page
    assert f"/fractures/{episode.index_fracture.pk}/place/" in page
    assert 'name="confirm"' not in page
    assert "Date in the future" in client.get("/worklist/to-confirm/").content.decode()
    assert "Date in the future" in client.get(f"/people/{episode.person_id}/").content.decode()


def test_a_fracture_that_comes_after_a_sprain_of_the_same_moment_counts(service: Service) -> None:
    send(service, adt("S63.5", sent=LATE))
    send(service, adt("S52.5", sent=LATE))
    assert put_forward() == ["wrist"]
