"""The plan page and what follows it: the grid, the questions of the record, alerts, the call list, the courses."""

from __future__ import annotations

from datetime import timedelta

import pytest

import world
from openfls.intervention.packs import drugs
from openfls.service import clock
from openfls.service.actions import assessing, treating
from openfls.service.models import Alert, Plan, Treatment
from openfls.service.roles import Role
from web.conftest import signed_in
from web.page import Page

pytestmark = pytest.mark.django_db
PLAN = {
    "agreed_on": "1 6 2026",
    "decision": "recommended",
    "drug": "zoledronate",
    "calcium_vitamin_d": "both",
    "falls_referral": "not_needed",
    "dxa": "not_needed",
    "signing": "gp",
    "lifestyle": ["food", "exercise"],
    "offered": ["alendronate", "zoledronate"],
    "come_back_on": "1 9 2026",
}


def words(answer) -> str:
    return Page(answer.content).words


def test_the_grid_has_every_drug_and_says_what_is_missing(client, nurse) -> None:
    episode = world.assessed(nurse)
    page = words(client.get(f"/episodes/{episode.pk}/plan/"))
    for drug in drugs():
        assert drug.name in page
    assert "Cannot say yet" in page
    assert "Suitable" not in page, "nothing is known of her"
    assert "red alerts cannot be judged yet" in page


def test_the_record_asks_and_what_is_answered_is_kept(client, nurse) -> None:
    episode = world.assessed(nurse)
    assessing.answer(episode=episode, answers={"falls_last_year": 3}, by=nurse)
    path = f"/episodes/{episode.pk}/plan/"
    refused = client.post(path, PLAN)
    page = Page(refused.content)
    assert refused.status_code == 422
    assert {place for place, _ in page.summary} == {"id_ask_falls_referral", "id_decide_VITD-PARENTERAL"}
    assert {"id_ask_falls_referral", "id_decide_VITD-PARENTERAL"} <= set(page.ids)
    half = client.post(path, PLAN | {"ask_falls_referral": "Goes already"})
    assert Page(half.content).fields["ask_falls_referral"] == "Goes already"
    assert not Plan.objects.exists()
    kept = client.post(
        path, PLAN | {"ask_falls_referral": "Goes already", "decide_VITD-PARENTERAL": "Loaded"}
    )
    assert kept.status_code == 302
    detail = Plan.objects.get().detail
    assert detail.answers == {"falls_referral": "Goes already"}
    assert (detail.offered, detail.lifestyle) == (["alendronate", "zoledronate"], ["exercise", "food"][::-1])
    assert detail.shown["options"]["zoledronate"] == "cannot say yet"
    assert episode.tasks.filter(kind="come_back").exists()


def test_no_calcium_without_a_reason_is_said_at_its_field(client, nurse) -> None:
    episode = world.assessed(nurse)
    page = Page(client.post(f"/episodes/{episode.pk}/plan/", PLAN | {"calcium_vitamin_d": "none"}).content)
    assert ("id_calcium_reason", "Say why there is no calcium and no vitamin D.") in page.summary


def test_a_prescriber_signs_what_a_colleague_agreed(client, nurse) -> None:
    episode = world.assessed(nurse)
    client.post(
        f"/episodes/{episode.pk}/plan/", PLAN | {"signing": "prescriber", "decide_VITD-PARENTERAL": "Loaded"}
    )
    assert client.post(f"/episodes/{episode.pk}/plan/sign/").status_code == 403
    prescriber = signed_in(world.member(nurse.service, Role.CLINICIAN, "prescriber"))
    assert "Plans to sign" in words(prescriber.get("/"))
    assert "Sign the plan as a prescriber" in words(prescriber.get(f"/people/{episode.person_id}/"))
    prescriber.post(f"/episodes/{episode.pk}/plan/sign/")
    assert Plan.objects.get().detail.signed_by.username == "prescriber"


def test_the_aid_shows_numbers_with_their_source_and_no_harm_as_a_number(client, nurse) -> None:
    episode = world.assessed(nurse)
    page = words(client.get(f"/episodes/{episode.pk}/deciding-together/"))
    assert "Of 100 spine fractures that would happen without it, about 45 do not happen with it." in page
    assert "PMC4820231" in page
    assert "How often is not in our sources" in page


def test_an_alert_is_decided_and_looked_at_again_on_its_page(client, nurse) -> None:
    episode = world.confirmed(nurse)
    assessing.answer(episode=episode, answers={"adjusted_calcium_mmol_l": 2.9}, by=nurse)
    alert = Alert.objects.get(rule="CA-HIGH")
    assert "High calcium" in words(client.get("/"))
    assert "High calcium" in words(client.get(f"/people/{episode.person_id}/"))
    again = client.post(f"/alerts/{alert.pk}/decide/", {"decision": "overridden", "reason": ""}, follow=True)
    assert "Say what was decided, and why." in words(again)
    client.post(f"/alerts/{alert.pk}/decide/", {"decision": "overridden", "reason": "Known"})
    assert "Kept: High calcium." in words(client.get("/"))
    assert "High calcium" not in words(client.get("/"))
    second = signed_in(world.member(nurse.service, username="second"))
    assert "Known" in words(second.get("/alerts/?kind=overrides"))
    second.post(f"/alerts/{alert.pk}/review/", {"words": "Agreed"})
    alert.refresh_from_db()
    assert alert.reviewed_by.username == "second"


def test_the_call_list_takes_an_outcome_in_one_click(client, nurse) -> None:
    long_ago = world.TODAY - timedelta(days=120)
    first, other = world.planned(nurse, on=long_ago), world.planned(nurse, on=long_ago + timedelta(days=2))
    page = words(client.get("/reviews/"))
    assert page.index(first.person.telephone) < page.rindex(other.person.telephone)
    assert "Agreed 1 June 2026: Alendronate" in page
    client.post(f"/episodes/{first.pk}/heard/", {"outcome": "taking"})
    first.refresh_from_db()
    assert first.state == "review_52"
    assert Treatment.objects.get().drug == "alendronate"
    client.post(f"/episodes/{other.pk}/heard/", {"outcome": "no_answer"})
    assert other.contacts.get().outcome == "no_answer"
    assert "no answer" in words(client.get("/reviews/"))


def test_of_an_injected_drug_the_day_of_the_dose_is_asked(client, nurse) -> None:
    episode = world.planned(nurse, on=world.TODAY - timedelta(days=120))
    path = f"/episodes/{episode.pk}/review/"
    given = {"reviewed_on": "1 6 2026", "outcome": "on_treatment", "drug": "denosumab"}
    page = Page(client.post(path, given).content)
    assert ("id_dose_on", "Enter the day of the last injection or infusion") in page.summary
    client.post(path, given | {"dose_on": "20 5 2026"})
    assert [str(dose.on) for dose in Treatment.objects.get().doses.all()] == ["2026-05-20"]


def test_courses_are_kept_and_their_promises_shown(client, nurse) -> None:
    episode = world.planned(nurse)
    path = f"/episodes/{episode.pk}/treatment/"
    assert "No course of a bone drug is on record." in words(client.get(path))
    client.post(path, {"do": "start", "start-drug": "denosumab", "start-on": "1 6 2026"})
    page = words(client.get(path))
    assert "1 December 2026: Next denosumab" in page
    row = Treatment.objects.get()
    wrong = client.post(path, {"do": "stop", "course": row.pk, f"stop{row.pk}-on": "1 6 2026"})
    assert wrong.status_code == 422
    assert (f"id_stop{row.pk}-reason", "Say why") in Page(wrong.content).summary
    given = {
        f"stop{row.pk}-{name}": value
        for name, value in {
            "on": "1 6 2026",
            "ended": "stopped",
            "reason": "Rash",
            "follow_on": "zoledronate",
        }.items()
    }
    without = client.post(path, {"do": "stop", "course": row.pk} | given)
    assert "Say for which day it is planned" in words(without)
    client.post(path, {"do": "stop", "course": row.pk} | given | {f"stop{row.pk}-follow_on_due": "1 12 2026"})
    page = words(client.get(path))
    assert "Planned next: zoledronate, for 1 December 2026" in page
    assert "1 December 2026: The drug planned to follow" in page


def test_a_promise_of_a_treatment_stands_on_the_morning_page_when_its_day_has_come(client, nurse) -> None:
    episode = world.planned(nurse)
    treating.start(episode=episode, drug="denosumab", started_on=world.TODAY, by=nurse)
    assert "Next denosumab" not in words(client.get("/"))
    with clock.at(world.at_noon(world.TODAY + timedelta(days=184))):
        assert "Next denosumab, 1 December 2026" in words(client.get("/"))


def test_a_wrong_word_is_undone_and_later_put_right_on_the_page(client, nurse) -> None:
    episode = world.planned(nurse)
    path = f"/episodes/{episode.pk}/treatment/"
    client.post(path, {"do": "start", "start-drug": "zoledronate", "start-on": "1 6 2026"})
    entry = Treatment.objects.get().entries.get()
    client.post(path, {"do": "right", "course": entry.pk, f"right{entry.pk}-day": "1 5 2026"})
    assert str(Treatment.objects.get().started_on) == "2026-05-01"
    page = words(client.get(path))
    assert "Taken back" in page
    assert "in the place of a wrong entry" in page
    second = Treatment.objects.get().entries.get(taken_back_at=None)
    client.post(path, {"do": "undo", "course": second.pk})
    page = words(client.get(path))
    assert "It was told in error: nothing is worked out from it." in page
    with clock.at(world.at_noon(world.TODAY + timedelta(days=3))):
        client.post(path, {"do": "start", "start-drug": "alendronate", "start-on": "1 6 2026"})
    with clock.at(world.at_noon(world.TODAY + timedelta(days=5))):
        entry = Treatment.objects.get(withdrawn=False).entries.get()
        refused = client.post(path, {"do": "right", "course": entry.pk})
        assert refused.status_code == 422
        assert "Say what was wrong" in words(refused)


def test_a_course_of_another_service_is_not_there(client, nurse, neighbour) -> None:
    theirs = world.planned(neighbour)
    row = treating.start(episode=theirs, drug="denosumab", started_on=world.TODAY, by=neighbour)
    mine = world.planned(nurse)
    given = {"do": "dose", "course": row.pk, f"dose{row.pk}-on": "1 6 2026"}
    path = f"/episodes/{mine.pk}/treatment/"
    assert client.post(path, given).status_code == 404
    for key in ("²", "9" * 30, ""):
        for do in ("dose", "undo"):
            sent = {"do": do, "course": key, f"dose{key if key.isdecimal() else ''}-on": "1 6 2026"}
            assert client.post(path, sent).status_code == 404, (do, key)
