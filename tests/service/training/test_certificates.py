"""Certificates, points, badges, renewal, and what a supervisor sees of the team."""

from __future__ import annotations

import json
import stat
from datetime import timedelta

import jwt
import pytest

import world
from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actor import NotAllowed
from openfls.service.models import Membership
from openfls.service.roles import Role
from openfls.service.training import learning, sitting, supervising
from openfls.service.training.badges import badge_of, public_keys, status
from openfls.service.training.issuing import revoke, standing
from openfls.service.training.item_analysis import analysed
from openfls.service.training.keys import badge_key
from openfls.service.training.library import topics_of
from openfls.service.training.portfolio import portfolio
from openfls.service.training.progress import progress, why_not_renew
from openfls.service.training.statements import doings
from openfls.service.training.team import evidence_words, holds_until, team
from openfls.training.badge import Addresses
from openfls.training.xapi import statement
from service import training_world as tw

WHERE = Addresses("https://fls.example.org")


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    """No test leaves a key in the data folder."""
    settings.DATA = tmp_path


@pytest.fixture
def held(nurse):
    """A certificate."""
    return tw.certificate(nurse)


def test_a_certificate_says_who_when_and_until_when(held, nurse):
    assert (held.name, held.title) == ("Nurse Example", "Foundation certificate")
    assert held.expires_on.isoformat() == "2029-06-01"
    assert len(held.code) == 14
    assert standing(held) == "valid"
    with clock.at(world.at_noon(held.expires_on + timedelta(days=1))):
        assert standing(held) == "expired"


def test_points_are_four_for_a_certificate_with_those_of_its_topics(nurse):
    tw.ready(nurse)
    for topic in topics_of(tw.FOUNDATION):
        learning.read_lesson(topic=topic, by=nurse)
    assert portfolio(nurse.service, nurse.user).statement.total == pytest.approx(0.5)
    tw.sat(sitting.begin(course=tw.FOUNDATION, by=nurse), nurse)
    found = portfolio(nurse.service, nurse.user).statement
    assert (float(found.total), len(found.rows)) == (4.0, 3)


def test_a_badge_is_verified_with_the_published_key_and_an_altered_one_refused(held):
    token = badge_of(held, WHERE)
    keys = jwt.PyJWKSet.from_dict(json.loads(json.dumps(public_keys(WHERE))))
    key = keys[jwt.get_unverified_header(token)["kid"]]
    # Whatever day the machine has: the certificate is of the day on which the clock of the tests stands.
    any_day = {"verify_nbf": False, "verify_exp": False}
    told = jwt.decode(token, key, algorithms=["EdDSA"], issuer=WHERE.issuer, options=any_day)
    assert told["jti"] == f"urn:uuid:{held.pk}"
    assert told["evidence"][0]["id"] == f"https://fls.example.org/certificates/{held.code}/"
    head, body, signature = token.split(".")
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(f"{head}.{body[:-2]}AA.{signature}", key, algorithms=["EdDSA"])


def test_the_key_is_made_once_and_readable_by_its_owner_alone(tmp_path):
    assert badge_key(tmp_path).public_key() == badge_key(tmp_path).public_key()
    assert stat.S_IMODE((tmp_path / "badge-key.pem").stat().st_mode) == 0o600


def test_a_revoked_certificate_is_revoked_everywhere(held, lead, nurse):
    before = status(WHERE)
    with pytest.raises(NotPossible, match="Say why"):
        revoke(certificate=held, why="mood", by=lead)
    revoke(certificate=held, why="conduct", by=lead)
    held.refresh_from_db()
    assert standing(held) == "revoked"
    assert status(WHERE) != before
    assert progress(nurse.service, nurse.user, tw.FOUNDATION).valid is None
    assert team(nurse.service).certified == 0
    with pytest.raises(NotPossible, match="already"):
        revoke(certificate=held, why="error", by=lead)


def test_nobody_revokes_or_signs_off_her_own(lead):
    own = tw.certificate(lead)
    with pytest.raises(NotAllowed, match="another supervisor"):
        revoke(certificate=own, why="error", by=lead)
    with pytest.raises(NotAllowed, match="another supervisor"):
        supervising.sign_off(
            member=Membership.objects.get(user=lead.user),
            topic=topics_of(tw.FOUNDATION)[0],
            words="I did well",
            on=clock.today(),
            by=lead,
        )


def test_renewal_opens_before_the_end_and_gives_a_second_certificate(held, nurse):
    found = progress(nurse.service, nurse.user, tw.FOUNDATION)
    assert why_not_renew(found) == "early"
    with pytest.raises(NotPossible, match="not open yet"):
        learning.renew(course=tw.FOUNDATION, by=nurse)
    with clock.at(world.at_noon(held.expires_on - timedelta(days=100))):
        learning.renew(course=tw.FOUNDATION, by=nurse)
        with pytest.raises(NotPossible, match="under way"):
            learning.renew(course=tw.FOUNDATION, by=nurse)
        again = tw.sat(sitting.begin(course=tw.FOUNDATION, by=nurse), nurse)
    assert again.passed
    assert (again.cycle, again.number) == (2, 1)
    assert again.certificate.expires_on > held.expires_on
    assert again.certificate.code != held.code
    points = [float(row.points) for row in portfolio(nurse.service, nurse.user).statement.rows]
    assert points == [4.0, 1.0]


def test_the_team_matrix_counts_and_words_its_evidence(held, nurse, lead):
    world.member(nurse.service, Role.VIEWER, "watcher")
    topic = topics_of(tw.FOUNDATION)[0]
    member = Membership.objects.get(user=nurse.user)
    signed = supervising.sign_off(member=member, topic=topic, words="Seen", on=clock.today(), by=lead)
    found = team(nurse.service)
    assert (found.certified, found.signed, found.learning, len(found.rows)) == (1, 1, 1, 3)
    assert evidence_words(found, "competence").startswith(
        "1 of 3 people hold a certificate that is valid today"
    )
    assert "1 of 3 people earned CPD points" in evidence_words(found, "cpd")
    assert holds_until(found) == clock.today() + timedelta(days=365)
    supervising.withdraw_sign_off(signed=signed, by=lead)
    assert team(nurse.service).signed == 0


def test_a_supervisor_sees_only_the_reflections_that_were_shared(nurse):
    learning.reflect(topic="", happened="One", learned="A", by=nurse)
    learning.reflect(topic="F1", happened="Two", learned="B", shared=True, by=nurse)
    assert len(portfolio(nurse.service, nurse.user).reflections) == 2
    shared = portfolio(nurse.service, nurse.user, only_shared=True).reflections
    assert [row.happened for row in shared] == ["Two"]


def test_the_analysis_has_every_question_of_papers_that_ended(held, nurse):
    found = analysed(nurse.service, "foundation")
    assert len(found) == 6
    assert {(row.answers, row.difficulty, row.too_few) for row in found} == {(1, 1.0, True)}


def test_statements_tell_what_was_done_and_name_nobody(held, nurse):
    learning.reflect(topic="F1", happened="A secret of mine", learned="B", by=nurse)
    made = [statement(doing, "https://fls.example.org") for doing in doings(nurse.service)]
    assert {one["verb"]["id"].rpartition("/")[2] for one in made} == {
        *("registered", "completed", "answered", "passed", "commented")
    }
    text = json.dumps(made)
    assert "Nurse" not in text
    assert "secret" not in text
    assert len({one["id"] for one in made}) == len(made)
