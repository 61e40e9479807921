"""Forms: a wrong entry is named beside its field and at the top, and nothing that was typed is lost."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

import world
from openfls.record.pathway import State
from openfls.service.models import Answer, Contact, Plan
from openfls.web.urls import ROUTES
from web.page import Page
from web.places import EPISODE_FOR

pytestmark = pytest.mark.django_db
ROUTE = {route.name: route for route in ROUTES}

PLAN = {
    "agreed_on": "1/6/2026",
    "decision": "recommended",
    "drug": "alendronate",
    "calcium_vitamin_d": "both",
    "falls_referral": "not_needed",
    "dxa": "not_needed",
    "what_matters": "Walks the <dog> & the grandchildren",
}
REVIEW = {"reviewed_on": "1/6/2026", "outcome": "on_treatment", "drug": "alendronate", "note": "Doing well"}
CONTACT = {"on": "1/6/2026", "channel": "telephone", "outcome": "no_answer", "words": "Rang twice"}
# form, what is wrong, the field it is said beside, the words
WRONG = [
    ("finding", {"refute": "1", "words": "a thought"}, "reason", "Choose a reason"),
    ("finding", {"refute": "1", "reason": "other"}, "words", "Say what the reason is"),
    ("finding", {"refute": "1", "reason": "made up", "words": "kept"}, "reason", "Choose a reason"),
    ("assessment", {"height_cm": "tall"}, "height_cm", "Enter a number in cm, without the unit"),
    ("assessment", {"height_cm": "900"}, "height_cm", ""),
    ("assessment", {"falls_last_year": "1.5"}, "falls_last_year", "Enter a whole number, 0 or more"),
    ("assessment", {"care_home": "perhaps"}, "care_home", "Answer yes or no"),
    ("assessment", {"smoking": "pipe"}, "smoking", "Choose one of the answers"),
    ("assessment", {"finish": "1", "assessed_on": "soon"}, "assessed_on", "Enter a date"),
    ("results", {"bone_density.on": "31/2/2026"}, "bone_density.on", "Enter a date"),
    ("results", {"bone_density.on": "2/6/2026"}, "bone_density.on", "today or in the past"),
    ("results", {"vitamin_d_nmol_l": "low"}, "vitamin_d_nmol_l", "Enter a number"),
    ("plan", PLAN | {"agreed_on": ""}, "agreed_on", "Enter the date"),
    ("plan", PLAN | {"agreed_on": "2 6 2026"}, "agreed_on", "today or in the past"),
    ("plan", PLAN | {"decision": ""}, "decision", "Choose what was agreed about a drug"),
    ("plan", PLAN | {"dxa": "perhaps"}, "dxa", "Choose what was agreed about a scan"),
    ("plan", PLAN | {"drug": ""}, "drug", "Say which drug is recommended"),
    ("plan", PLAN | {"decision": "declined", "drug": ""}, "decision_reason", "Say why there is no drug"),
    ("plan", PLAN | {"decision": "declined"}, "drug", "does not recommend one"),
    ("review", REVIEW | {"drug": ""}, "drug", "Say which drug is being taken"),
    ("review", REVIEW | {"outcome": "stopped"}, "drug", "the outcome is not"),
    ("review", REVIEW | {"refractures": "-1"}, "refractures", ""),
    ("review", REVIEW | {"reviewed_on": "yesterday"}, "reviewed_on", "Enter a date"),
    ("contact", CONTACT | {"channel": ""}, "channel", "Choose how"),
    ("contact", CONTACT | {"on": "32 1 2026"}, "on", "Enter a date"),
    ("close", {"words": "Moved to her daughter"}, "reason", "Choose a reason"),
    ("correct", {"reason": " "}, "reason", "Say why"),
]


def path_for(name: str, episode) -> str:
    """The address of a form for an episode."""
    return "/" + ROUTE[name].address.replace("<uuid:pk>", str(episode.pk))


@pytest.mark.parametrize(("name", "typed", "field", "words"), WRONG)
def test_a_wrong_entry_is_named_and_nothing_typed_is_lost(name, typed, field, words, client, nurse) -> None:
    episode = EPISODE_FOR[name](nurse)
    state = episode.state

    answer = client.post(path_for(name, episode), typed)

    assert answer.status_code == 422
    page = Page(answer.content)
    assert page.words.startswith("Error: "), "the title says that something is wrong"
    identifier = "id_" + field.replace(".", "_")
    said = [text for place, text in page.summary if place == identifier]
    assert said, page.summary
    assert words in said[0]
    assert identifier in page.ids, "the link at the top leads to the field"
    assert f"{identifier}-error" in page.ids, "the error stands beside the field"
    assert page.words.count(said[0]) >= 2
    assert {place for place, _ in page.summary} <= set(page.ids), "every link leads to something on the page"
    assert len(page.ids) == len(set(page.ids)), "no two things of a page have one name"
    for key, value in typed.items():
        if key not in ("refute", "finish") and value not in ("made up", "perhaps", "pipe"):
            assert (page.fields | page.checked).get(key, "").strip() == value.strip(), key
    episode.refresh_from_db()
    assert episode.state == state
    assert not Contact.objects.exists()


def test_a_form_with_many_errors_names_each(client, nurse) -> None:
    page = Page(client.post(path_for("plan", world.assessed(nurse)), {"agreed_on": "x"}).content)
    named = {place for place, _ in page.summary}
    assert named == {"id_agreed_on", "id_decision", "id_calcium_vitamin_d", "id_falls_referral", "id_dxa"}


@pytest.mark.parametrize(
    "typed",
    [
        "27/3/2026",
        "27 3 2026",
        "27.03.26",
        "27-3-26",
        "27 Mar 2026",
        "27 march 2026",
        "27 MARCH, 2026",
        "2026-03-27",
        " 27/03/2026 ",
    ],
)
def test_a_date_is_typed_in_any_sane_way(typed, client, nurse) -> None:
    episode = world.confirmed(nurse, on=date(2026, 3, 1))
    assert client.post(path_for("contact", episode), CONTACT | {"on": typed}).status_code == 302
    assert Contact.objects.get().on == date(2026, 3, 27)
    answer = client.post(path_for("results", episode), {"bone_density.on": typed})
    assert answer.status_code == 302
    assert Answer.objects.filter(field="bone_density.on").last().value == "2026-03-27"


def test_what_was_typed_is_shown_as_text_not_as_markup(client, nurse) -> None:
    answer = client.post(path_for("plan", world.assessed(nurse)), PLAN | {"agreed_on": "x"})
    assert b"Walks the &lt;dog&gt; &amp; the grandchildren" in answer.content


def test_an_odd_value_is_asked_back_about_and_then_taken(client, nurse) -> None:
    episode = world.confirmed(nurse)
    path = path_for("assessment", episode)
    first = client.post(path, {"height_cm": "125"})
    page = Page(first.content)
    assert first.status_code == 422
    assert "If it is right, save again" in page.words
    assert page.fields["accepted"] == "height_cm=125"
    for other in ("126", "121"):
        again = client.post(path, {"height_cm": other, "accepted": "height_cm=125"})
        assert again.status_code == 422, "the confirmation holds for the value that was queried"
    assert client.post(path, {"height_cm": "125", "accepted": "height_cm=125"}).status_code == 302
    assert Answer.objects.get(field="height_cm").value == 125


def test_a_decimal_comma_is_understood(client, nurse) -> None:
    episode = world.confirmed(nurse)
    client.post(path_for("results", episode), {"vitamin_d_nmol_l": "42,5"})
    assert Answer.objects.get(field="vitamin_d_nmol_l").value == 42.5


def test_a_form_sent_twice_acts_once(client, nurse) -> None:
    episode = world.assessed(nurse)
    path = path_for("plan", episode)
    first, second = client.post(path, PLAN), client.post(path, PLAN, follow=True)
    assert first.status_code == 302
    assert "That is not the next step" in Page(second.content).words
    assert Plan.objects.filter(episode=episode).count() == 1


@pytest.mark.parametrize("name", ["assessment", "plan", "review", "close"])
def test_a_page_that_is_not_next_leads_to_the_person(name, client, nurse) -> None:
    episode = world.found(nurse.service)
    answer = client.get(path_for(name, episode), follow=True)
    assert answer.redirect_chain == [(f"/people/{episode.person_id}/", 302)]
    assert "“To confirm”" in Page(answer.content).words
    episode.refresh_from_db()
    assert episode.state == State.FOUND


def test_a_wrong_password_says_neither_which_was_wrong(db, nurse) -> None:
    client = Client()
    told = []
    for name in (nurse.user.username, "nobody"):
        answer = client.post("/sign-in/", {"username": name, "password": "wrong"})
        page = Page(answer.content)
        assert (answer.status_code, page.fields["username"], page.fields["password"]) == (422, name, "")
        told.append(page.summary)
    assert told[0] == told[1] != []
    good = client.post(
        "/sign-in/", {"username": nurse.user.username, "password": world.PASSWORD, "next": "/feeds/"}
    )
    assert good.headers["Location"] == "/feeds/"


def test_the_door_leads_nowhere_else(db, nurse) -> None:
    given = {
        "username": nurse.user.username,
        "password": world.PASSWORD,
        "next": "https://elsewhere.example/",
    }
    assert Client().post("/sign-in/", given).headers["Location"] == "/"
