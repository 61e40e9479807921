"""The training pages: what a page never shows, what a stranger may see, and the supervisor's decisions."""

from __future__ import annotations

from datetime import timedelta

import jwt
import pytest
from django.test import Client

import world
from openfls.service import clock
from openfls.service.models import Attempt, Certificate, CheckAnswer, Enrolment, Evidence, Membership
from openfls.service.roles import Role
from openfls.service.training import issuing
from openfls.service.training.tokens import token_for
from openfls.training.courses import NO_CLAIM
from openfls.training.papers import from_json
from openfls.web.pages.training import pace
from service import training_world as tw
from training import small
from web.conftest import signed_in
from web.page import Page

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="session")
def topics(tmp_path_factory):
    """Two small topics."""
    return small.write(tmp_path_factory.mktemp("topics"))


@pytest.fixture(autouse=True)
def _small_content(settings, topics, tmp_path):
    settings.TRAINING_CONTENT = str(topics)
    settings.DATA = tmp_path


@pytest.fixture
def lead(nurse):
    """The supervisor."""
    return world.member(nurse.service, Role.CLINICIAN, "lead")


def _answers_of(item):
    """What would give a question away."""
    whys = [option.why for part in item.question.parts for option in part.options]
    return [item.question.explanation, *whys, "right: true"]


def test_no_page_of_a_paper_tells_an_answer_before_its_end(client, nurse):
    paper = tw.paper(nurse)
    for row in paper.items.all():
        item = from_json(row.content)
        body = client.get(f"/training/papers/{paper.pk}/question/?q={row.number}").content.decode()
        assert item.question.parts[0].stem in body
        assert not [told for told in _answers_of(item) if told and told in body]
        assert "F1-0" not in body, "nor the id, by which the bank could be looked up"
    assert client.get(f"/training/papers/{paper.pk}/result/").headers["Location"].endswith(f"{paper.pk}/")


def _question(paper):
    return next(row for row in paper.items.all() if row.content["question"]["options"])


def test_a_replayed_or_edited_submission_is_refused_and_a_double_click_is_not(client, nurse):
    paper = tw.paper(nurse)
    row = _question(paper)
    address = f"/training/papers/{paper.pk}/question/?q={row.number}"
    item = from_json(row.content)
    sent = {**small.sent_one(item), "token": token_for(row, paper)}
    onwards = client.post(address, sent).headers["Location"]
    assert client.post(address, sent).headers["Location"] == onwards, "the same once more"
    other = {**sent, **small.sent_one(item, right=False)}
    again = client.post(address, other, follow=True)
    assert "You have answered this in another window since" in Page(again.content).words
    edited = client.post(address, {**other, "token": other["token"][:-1] + "x"}, follow=True)
    assert "It was not kept" in Page(edited.content).words
    row.refresh_from_db()
    assert (row.version, len(row.answers)) == (1, 1)
    assert client.post(address, {"token": token_for(row, paper)}).status_code == 422


def test_a_paper_belongs_to_whoever_sits_it(lead, nurse):
    paper, held = tw.short_paper(nurse), tw.written_certificate(nurse)
    stranger = signed_in(lead)
    for path in (
        f"papers/{paper.pk}/",
        f"papers/{paper.pk}/question/",
        f"papers/{held.attempt_id}/result/",
        f"certificates/{held.pk}.pdf",
        f"certificates/{held.pk}.jwt",
    ):
        assert stranger.get(f"/training/{path}").status_code == 404
    token = token_for(paper.items.get(), paper)
    sent = {"token": token, "choice": "0"}
    assert stranger.post(f"/training/papers/{paper.pk}/question/?q=1", sent).status_code == 404


def test_when_the_time_is_over_every_page_of_the_paper_leads_to_the_result(client, nurse):
    paper = tw.short_paper(nurse)
    with clock.at(clock.now() + timedelta(minutes=60)):
        answer = client.get(f"/training/papers/{paper.pk}/question/?q=1", follow=True)
    assert "the time was over" in Page(answer.content).words
    assert Attempt.objects.get().passed is False


def test_a_paper_with_questions_open_is_handed_in_only_by_who_means_it(client, nurse):
    paper = tw.short_paper(nurse)
    address = f"/training/papers/{paper.pk}/"
    early = client.post(address, {"hand_in": "1"}, follow=True)
    assert "Not handed in: 1 question has no answer" in Page(early.content).words
    assert Attempt.objects.get().ended_at is None
    meant = client.post(address, {"hand_in": "1", "sure": "1"})
    assert meant.headers["Location"] == f"{address}result/"


def test_a_second_click_on_begin_leads_to_the_paper_of_the_first(client, nurse):
    tw.ready(nurse)
    first = client.post("/training/courses/foundation/", {"begin": "1"}).headers["Location"]
    assert client.post("/training/courses/foundation/", {"begin": "1"}).headers["Location"] == first
    assert Attempt.objects.count() == 1


def test_while_the_paper_rests_no_question_is_shown(client, nurse):
    paper = tw.short_paper(nurse)
    at_rest = client.post(f"/training/papers/{paper.pk}/", {"rest": "1"}, follow=True)
    assert "The paper rests" in Page(at_rest.content).words
    stem = from_json(paper.items.get().content).question.stem
    shown = client.get(f"/training/papers/{paper.pk}/question/?q=1", follow=True).content.decode()
    assert stem not in shown
    client.post(f"/training/papers/{paper.pk}/", {"go_on": "1"})
    assert stem in client.get(f"/training/papers/{paper.pk}/question/?q=1").content.decode()


def test_a_check_question_is_explained_right_after_its_answer(client, nurse):
    before = client.get("/training/topics/f1/check/?q=1").content.decode()
    assert "because F1 truth 1" not in before
    assert client.post("/training/topics/f1/check/?q=1", {}).status_code == 422
    page = Page(client.post("/training/topics/f1/check/?q=1", {"choice": "0"}, follow=True).content)
    assert "because F1 truth 1" in page.words
    assert "Source: A book, 2020" in page.words
    assert CheckAnswer.objects.get().score in (0, 1)


def test_unknown_topics_courses_and_questions_are_not_found(client, nurse):
    paper = tw.short_paper(nurse)
    for path in ("topics/z9/", "topics/z9.pdf", "topics/z9/check/", "courses/none/"):
        assert client.get(f"/training/{path}").status_code == 404
    assert client.get(f"/training/papers/{paper.pk}/question/?q=2").status_code == 404


@pytest.mark.parametrize(
    ("days", "why", "heading"),
    [
        (1, "", "This certificate is valid"),
        (4 * 365, "", "This certificate has run out"),
        (1, "conduct", "This certificate is revoked"),
    ],
)
def test_a_stranger_verifies_a_certificate(nurse, lead, days, why, heading):
    held = tw.written_certificate(nurse, days)
    if why:
        issuing.revoke(certificate=held, why=why, by=lead)
    stranger = Client()
    answer = stranger.get("/certificates/", {"code": held.code.lower().replace("-", " ")}, follow=True)
    words = Page(answer.content).words
    assert heading in words
    assert NO_CLAIM in words
    assert held.name in words
    assert nurse.user.username not in words.replace("nurse, a physio", "")
    assert ("the rules of the paper were broken" in words) is bool(why)
    assert "sessionid" not in stranger.cookies
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_an_unknown_code_is_said_plainly():
    for code in ("ABCD-EFGH-2345", "nothing"):
        answer = Client().get(f"/certificates/{code}/")
        assert answer.status_code == 404
        assert "We know no certificate with this code" in Page(answer.content).words
    assert Client().get("/certificates/", {"code": "x"}).status_code == 422


def test_whoever_looks_up_too_many_codes_is_told_to_wait(nurse, settings):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pace"}
    }
    held = tw.written_certificate(nurse)
    for _ in range(pace.LOOKS_A_MINUTE):
        assert Client().get("/certificates/ABCD-EFGH-2345/").status_code == 404
    answer = Client().get(f"/certificates/{held.code}/")
    assert (answer.status_code, 0 < int(answer.headers["Retry-After"]) <= 60) == (429, True)
    words = Page(answer.content).words
    assert "Please wait a minute" in words
    assert held.name not in words, "a right code is not told from a wrong one"
    assert Client(REMOTE_ADDR="192.0.2.7").get(f"/certificates/{held.code}/").status_code == 200
    with clock.at(clock.now() + timedelta(minutes=1)):
        assert Client().get(f"/certificates/{held.code}/").status_code == 200


def test_a_badge_taken_from_its_page_verifies_with_what_anybody_may_fetch(client, nurse):
    held = tw.written_certificate(nurse)
    token = client.get(f"/training/certificates/{held.pk}.jwt").content.decode()
    stranger = Client()
    published = stranger.get("/certificates/issuer/keys.json")
    assert published.headers["Cache-Control"] == "public, max-age=300"
    key = jwt.PyJWKSet.from_dict(published.json())[jwt.get_unverified_header(token)["kid"]]
    any_day = {"verify_nbf": False, "verify_exp": False}
    told = jwt.decode(token, key, algorithms=["EdDSA"], options=any_day)
    assert stranger.get("/certificates/issuer.json").json()["id"] == told["iss"]
    achieved = told["credentialSubject"]["achievement"]
    assert stranger.get("/certificates/achievements/foundation.json").json() == achieved
    listed = stranger.get("/certificates/issuer/status.jwt").content.decode()
    assert jwt.decode(listed, key, algorithms=["EdDSA"], options=any_day)["jti"].endswith("status.jwt")
    assert stranger.get("/certificates/achievements/none.json").status_code == 404
    assert client.get(f"/training/certificates/{held.pk}.pdf").content.startswith(b"%PDF")


def test_the_matrix_becomes_evidence_for_standard_9(nurse, lead):
    tw.written_certificate(nurse)
    client = signed_in(lead)
    assert "1 of 2 hold a certificate" in Page(client.get("/training/team/").content).words
    client.post("/training/team/", {"evidence": "competence"})
    client.post("/training/team/", {"evidence": "cpd"})
    assert {(row.standard, row.kind) for row in Evidence.objects.all()} == {("9", "competence"), ("9", "cpd")}
    shown = Page(client.get("/quality/standards/9/").content).words
    assert "1 of 2 people hold a certificate that is valid today" in shown
    assert "The team’s competence, topic by topic" in shown


def test_a_supervisor_decides_about_others_and_not_about_herself(nurse, lead):
    enrolment, held = tw.enrolled(nurse), tw.written_certificate(nurse)
    client = signed_in(lead)
    address = f"/training/team/{Membership.objects.get(user=nurse.user).pk}/"
    assert client.post(address, {"sign": "1"}).status_code == 422
    client.post(address, {"sign": "1", "topic": "F1", "words": "Seen in clinic", "on": "1 6 2026"})
    client.post(address, {"arrange": enrolment.pk, "extra": "25", "rest": "10"})
    client.post(address, {"another": enrolment.pk})
    client.post(address, {"revoke": held.code, "why": "error"})
    words = Page(client.get(address).content).words
    assert "F1: Seen in clinic" in words
    assert "Revoked" in words
    kept = Enrolment.objects.get(pk=enrolment.pk)
    assert (kept.extra_percent, kept.rest_minutes) == (25, 10)
    assert Certificate.objects.get().revoked_by == lead.user
    own = f"/training/team/{Membership.objects.get(user=lead.user).pk}/"
    sent = {"sign": "1", "topic": "F1", "words": "Well done", "on": "1 6 2026"}
    assert "ask another supervisor" in Page(client.post(own, sent, follow=True).content).words
    assert "Sign a topic off" not in Page(client.get(own).content).words


def test_rules_out_of_range_are_named_at_their_field(lead):
    client = signed_in(lead)
    sent = {
        f"foundation-{name}": "0" for name in ("pass_mark", "minutes", "attempts", "wait_days", "per_topic")
    }
    answer = client.post("/training/rules/", {"course": "foundation", **sent})
    assert answer.status_code == 422
    assert ("id_foundation-pass_mark", "Enter 50 or more") in Page(answer.content).summary


def test_a_log_entry_is_kept_and_the_statement_is_a_file(client, nurse):
    assert client.post("/training/portfolio/", {"happened": ""}).status_code == 422
    sent = {"happened": "A call", "learned": "To listen", "shared": "no"}
    assert "To listen" in Page(client.post("/training/portfolio/", sent, follow=True).content).words
    assert client.get("/training/portfolio/points.pdf").content.startswith(b"%PDF")
