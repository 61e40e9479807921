"""The person's own pages: nothing of a person before who they are is shown, and nothing in an address or a cookie."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

import world
from openfls.service import clock
from openfls.service import questionnaires as door
from openfls.service.actions import asking
from openfls.service.models import PersonAnswer, Questionnaire, ToldValue
from service import asking_world as aw
from web.page import Page

pytestmark = pytest.mark.django_db
BORN = "1 3 1950"


@pytest.fixture
def asked(nurse) -> asking.Invitation:
    """Somebody with an unusual name, invited."""
    return aw.asked(nurse, person=world.demographics(family_name="Quillfeather", given_name="Zebedee"))


def link_of(asked) -> str:
    return reverse("own-link", args=[asked.secrets.token])


def entered(asked) -> Client:
    """A browser in which the person has shown who they are."""
    client = Client()
    assert client.post(link_of(asked), {"born": BORN}).status_code == 302
    return client


def check_private(answer, asked) -> None:
    """Nothing here names the person, and the address of the page goes nowhere."""
    person = asked.questionnaire.episode.person
    shown = answer.content.decode().lower()
    for secret in ("quillfeather", "zebedee", person.identifiers.get().value, str(person.pk), "1950-03-01"):
        assert secret not in shown
    assert answer.headers["Referrer-Policy"] == "strict-origin"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in answer.headers["Cache-Control"]
    for forbidden in ("<style", " style=", "<script", "onclick=", 'href="http', 'src="http'):
        assert forbidden not in answer.content.decode()


def test_no_page_names_the_person_and_no_address_but_the_link_holds_its_token(asked) -> None:
    client = Client()
    first = client.get(link_of(asked))
    check_private(first, asked)
    told = client.post(link_of(asked), {"born": BORN})
    assert asked.secrets.token not in told.headers["Location"]
    for path in (told.headers["Location"], "/your-answers/page/17/", "/your-answers/check/"):
        page = client.get(path)
        assert page.status_code == 200
        check_private(page, asked)
        assert asked.secrets.token not in page.content.decode()
    for cookie in client.cookies.values():
        assert str(asked.questionnaire.pk) not in cookie.value
        assert asked.secrets.token not in cookie.value


def test_a_session_from_before_the_door_is_not_the_one_behind_it(asked) -> None:
    client = Client()
    session = client.session
    session["planted"] = "1"
    session.save()
    before = session.session_key
    client.post(link_of(asked), {"born": BORN})
    assert client.session.session_key != before


def test_a_link_that_nobody_has_and_one_that_is_closed_look_the_same(asked, nurse) -> None:
    never = Client().get(reverse("own-link", args=["x" * 43]))
    asking.revoke(questionnaire=asked.questionnaire, by=nurse)
    revoked = Client().get(link_of(asked))
    posted = Client().post(link_of(asked), {"born": BORN})
    assert never.status_code == revoked.status_code == posted.status_code == 410
    assert never.content == revoked.content == posted.content
    check_private(never, asked)


def test_without_the_door_no_page_opens_and_a_closed_one_closes_what_was_open(asked, nurse) -> None:
    assert Client().get("/your-answers/page/1/").status_code == 403
    assert Client().post("/your-answers/check/").status_code == 403
    client = entered(asked)
    with clock.at(clock.now() + door.LASTS + timedelta(minutes=1)):
        assert client.post("/your-answers/page/1/", {"falls_last_year": "2"}).status_code == 410
    asking.revoke(questionnaire=asked.questionnaire, by=nurse)
    assert client.post("/your-answers/page/1/", {"falls_last_year": "2"}).status_code == 410
    assert not PersonAnswer.objects.exists()


def test_wrong_dates_are_counted_and_then_the_page_is_closed(asked) -> None:
    client = Client()
    assert client.post(link_of(asked), {"born": "soon"}).status_code == 422
    assert Questionnaire.objects.get().wrong_tries == 0, "no date is no try"
    for _ in range(door.TRIES - 1):
        answer = client.post(link_of(asked), {"born": "2 3 1950"})
        assert answer.status_code == 422
        check_private(answer, asked)
    assert client.post(link_of(asked), {"born": "2 3 1950"}).status_code == 410
    assert client.post(link_of(asked), {"born": BORN}).status_code == 410


def test_a_code_opens_with_its_date_of_birth_and_guessing_is_stopped(asked) -> None:
    client = Client()
    code = asked.secrets.code_in_groups.lower()
    wrong_code = client.post("/your-answers/", {"code": "AAAA AAAA", "born": BORN})
    wrong_day = client.post("/your-answers/", {"code": code, "born": "2 3 1950"})
    assert wrong_code.status_code == wrong_day.status_code == 422
    said = [Page(answer.content).summary for answer in (wrong_code, wrong_day)]
    assert said[0] == said[1], "which of the two was wrong is not told"
    assert client.post("/your-answers/", {"code": code, "born": "1/3/50"}).status_code == 302
    for _ in range(door.GUESSES_BY_ONE):
        Client().post("/your-answers/", {"code": "AAAA AAAA", "born": BORN})
    assert Client().post("/your-answers/", {"code": code, "born": BORN}).status_code == 429


def test_each_page_is_saved_as_it_is_left_and_a_slip_loses_nothing(asked) -> None:
    client = entered(asked)
    slip = client.post("/your-answers/page/8/", {"weight_kg": "6000"})
    assert slip.status_code == 422
    assert Page(slip.content).fields["weight_kg"] == "6000"
    odd = client.post("/your-answers/page/8/", {"weight_kg": "300"})
    assert (odd.status_code, "If it is right" in Page(odd.content).words) == (422, True)
    sure = Page(odd.content).fields["sure"]
    assert client.post("/your-answers/page/8/", {"weight_kg": "320", "sure": sure}).status_code == 422
    assert client.post("/your-answers/page/8/", {"weight_kg": "300", "sure": sure}).status_code == 302
    client.post("/your-answers/page/1/", {"falls_last_year": "0"})
    stopped = client.post("/your-answers/page/17/", {"words": "The stairs", "stop": "1"})
    assert "Your answers are saved." in Page(stopped.content).words
    assert client.get("/your-answers/page/8/").status_code == 403, "stopped on a shared phone"
    again = entered(asked)
    assert Page(again.get("/your-answers/page/8/").content).fields["weight_kg"] == "300"
    assert Page(again.get("/your-answers/page/1/").content).fields["falls_last_year"] == "0"


def test_sent_once_it_is_closed_and_the_nurse_finds_it_beside_the_record(asked, nurse, client) -> None:
    person = entered(asked)
    person.post("/your-answers/page/1/", {"falls_last_year": "2"})
    person.post("/your-answers/page/17/", {"words": "The stairs"})
    assert person.post("/your-answers/check/", {"send": "1"}).headers["Location"] == "/your-answers/sent/"
    assert person.get("/your-answers/check/").status_code == 403
    assert Client().get(link_of(asked)).status_code == 410

    assert asked.questionnaire.episode.person.name in Page(client.get("/questionnaires/").content).words
    path = f"/episodes/{asked.questionnaire.episode_id}/questionnaire/"
    page = Page(client.get(path).content)
    assert "The stairs" in page.words
    told = ToldValue.objects.get()
    client.post(path, {"accept": str(told.pk)})
    told.refresh_from_db()
    assert told.state == "accepted"
    client.post(path, {"seen": "1"})
    assert "No questionnaire waits" in Page(client.get("/questionnaires/").content).words


def test_the_link_and_the_code_stand_on_one_page_once(nurse, client) -> None:
    episode = world.confirmed(nurse)
    path = f"/episodes/{episode.pk}/questionnaire/"
    slip = client.post(path, {"invite": "1"})
    assert slip.status_code == 200
    assert "/your-answers/link/" in slip.content.decode()
    assert "no-store" in slip.headers["Cache-Control"]
    later = client.get(path).content.decode()
    assert "/your-answers/link/" not in later
    assert Questionnaire.objects.get().link_hash not in later


def test_a_value_of_somebody_else_cannot_be_accepted_here(nurse, client) -> None:
    other = aw.sent(nurse)
    episode = world.confirmed(nurse)
    told = ToldValue.objects.get()
    assert other.episode_id != episode.pk
    answer = client.post(f"/episodes/{episode.pk}/questionnaire/", {"accept": str(told.pk)})
    assert answer.status_code == 404
    told.refresh_from_db()
    assert told.state == "waiting"


def test_a_form_without_its_token_is_refused(asked) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(link_of(asked), {"born": BORN}).status_code == 403
    assert Questionnaire.objects.get().opened_at is None
