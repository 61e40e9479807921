"""The record of another service in an emergency shows first what the person's own page shows first."""

from __future__ import annotations

import re

import pytest

import world
from openfls.service import clock
from openfls.service.actions import treating
from openfls.service.actor import Actor
from openfls.service.models import Alert, Person, PersonFlag
from service import access_world as aw
from web.conftest import signed_in
from web.page import Page

pytestmark = pytest.mark.django_db
_BEFORE_THE_COLUMNS = re.compile(
    r'<h1 class="nhsuk-u-visually-hidden">.*?</h1>(.*?)<div class="fls-columns">', re.S
)
_DETAILS = re.compile(r'<dl class="fls-details">.*?</dl>', re.S)


def _alert(person: Person, **columns: object) -> Alert:
    given = {
        "severity": "red",
        "rule": "EGFR-ALN",
        "action": "Not to be used",
        "title": "Kidney function too low",
    }
    kept = {"source": "s", "confidence": "checked", "cause": "c", "pack": "p", "inputs": [["eGFR", "28"]]}
    key = str(columns.get("title", ""))
    return Alert.objects.create(
        episode=person.episodes.first(),
        service=person.service,
        raised_at=clock.now(),
        cause_key=key,
        **(given | kept | columns),
    )


def _texts(html: str) -> list[str]:
    return [" ".join(text.split()) for text in re.findall(r">([^<>]+)<", f">{html}<") if text.strip(" \n.,")]


def test_the_head_of_the_persons_page_stands_whole_on_the_emergency_record(nurse: Actor) -> None:
    theirs = world.member(world.service("elsewhere"), username="theirs")
    episode = world.planned(theirs)
    person = episode.person
    episode.plans.update(what_matters="To walk to the shop")
    treating.start(episode=episode, drug="denosumab", started_on=world.TODAY, by=theirs)
    Person.objects.filter(pk=person.pk).update(
        telephone="01632 960001", address="1 Mill Lane", postcode="ZZ1 1ZZ"
    )
    world.found(theirs.service, person=world.demographics())  # of the same name and day
    PersonFlag.objects.create(
        service=theirs.service,
        person=person,
        kind="safeguarding",
        words="Ring the ward first",
        at=clock.now(),
    )
    _alert(person)
    _alert(person, title="Teeth before the drip", severity="amber")
    decided = {"decision": "overridden", "reason": "Weighed with renal", "decided_by": theirs.user}
    _alert(person, title="Decided before", decided_at=clock.now(), **decided)

    own = signed_in(theirs).get(f"/people/{person.pk}/").content.decode()
    row = aw.opened(nurse, person)
    answer = signed_in(nurse).get(f"/emergency/{row.pk}/").content
    shown = Page(answer).words
    head = _BEFORE_THE_COLUMNS.search(own).group(1) + _DETAILS.search(own).group()
    parts = _texts(head)
    assert {"Kidney function too low", "Teeth before the drip", "Safeguarding note.", "Red: decide"} <= set(
        parts
    )
    assert [part for part in parts if part not in shown] == []
    headings = re.findall(r"<h2[^>]*>\s*([^<]+?)\s*<", answer.decode())
    assert headings[-11:] == [
        *("Kidney function too low", "Teeth before the drip", "Safety alerts that were decided"),
        *(
            "Treatment",
            "Plan",
            "Episodes",
            "Results and figures",
            "Assessment",
            "Letters",
            "Timeline",
            "Details",
        ),
    ]
    assert "Decided otherwise : Weighed with renal" in shown
    assert "eGFR: 28" in shown
    assert "Denosumab, from" in shown
    plan = person.episodes.first().plans.last()
    assert f"Agreed {plan.agreed_on.day} {plan.agreed_on:%B %Y}:" in shown
    assert "What matters to the person To walk to the shop" in shown
    assert str(person.pk) not in answer.decode()
