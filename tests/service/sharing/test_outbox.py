"""Events: written with the action or not at all, signed, tried again, given up, and never with a name."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.db import transaction

import world
from openfls.commands import outbox
from openfls.record.pathway import NotPossible
from openfls.record.reasons import Closing
from openfls.service import clock
from openfls.service.actions import closing, finding, reviewing, undoing
from openfls.service.actor import Actor
from openfls.service.audit import verify
from openfls.service.feeds import deciding, merging
from openfls.service.feeds.splitting import split
from openfls.service.models import (
    AuditEvent,
    Fracture,
    MergedPerson,
    OutboxMessage,
    PlanDetail,
    Review,
    Service,
    Webhook,
)
from openfls.service.roles import Role
from openfls.service.sharing import connecting, delivering
from openfls.service.sharing.outbox import remove_told
from openfls.service.sharing.people import changed_since
from openfls.service.sharing.signing import secret_of
from service import waiting_world as ww
from service.sharing import connected


def kinds(service: Service) -> list[str]:
    """What stands in the outbox, by its kinds."""
    return sorted(OutboxMessage.objects.filter(service=service).values_list("kind", flat=True))


def test_each_event_is_written_once_for_each_who_wants_it(nurse: Actor, service: Service) -> None:
    world.confirmed(nurse)
    assert kinds(service) == [], "nobody is to be told"
    connected.webhook(nurse)
    connected.webhook(nurse, "letter.approved")
    letter = connected.approved(nurse)
    closing.close(episode=letter.episode, reason=Closing.MOVED, by=nurse)
    assert kinds(service) == [
        *("fracture.confirmed", "letter.approved", "letter.approved", "person.closed", "plan.signed"),
    ]
    subjects = {row.kind: row.subject for row in OutboxMessage.objects.all()}
    plan = letter.episode.plans.get()
    assert subjects == {
        "fracture.confirmed": f"Condition/{letter.episode.index_fracture.pk}",
        "plan.signed": f"CarePlan/plan-{plan.pk}",
        "letter.approved": f"DocumentReference/{letter.pk}",
        "person.closed": f"Patient/{letter.person_id}",
    }


def test_a_plan_that_waits_for_a_prescriber_is_signed_when_she_signs(nurse: Actor, service: Service) -> None:
    from dataclasses import replace

    from openfls.service.actions import planning

    connected.webhook(nurse, "plan.signed")
    agreed = replace(world.AGREED, signing=PlanDetail.Signing.PRESCRIBER)
    episode = world.planned(nurse, agreed=agreed)
    assert kinds(service) == []
    clinician = world.member(service, Role.CLINICIAN, "prescriber")
    planning.sign(episode=episode, plan=episode.plans.get(), by=clinician)
    assert kinds(service) == ["plan.signed"]


def test_a_death_heard_at_a_review_closes_and_a_step_taken_back_is_told(
    nurse: Actor, service: Service
) -> None:
    connected.webhook(nurse, "person.closed", "step.taken_back")
    episode = world.planned(nurse, on=world.TODAY - timedelta(days=120))
    died = reviewing.Heard(reviewing.ReviewOutcome.DIED)
    reviewing.record(episode=episode, kind=Review.Kind.WEEK_16, heard=died, reviewed_on=world.TODAY, by=nurse)
    undoing.correct(episode=episode, reason="Another person", by=nurse)
    assert kinds(service) == ["person.closed", "step.taken_back"]


def test_an_action_that_is_rolled_back_tells_nobody(nurse: Actor, service: Service) -> None:
    connected.webhook(nurse)
    episode = world.found(service)
    with transaction.atomic():
        finding.confirm(episode=episode, by=nurse)
        assert kinds(service) == ["fracture.confirmed"]
        transaction.set_rollback(True)
    assert kinds(service) == []
    future = world.found(service, on=world.TODAY + timedelta(days=3))
    with pytest.raises(NotPossible):
        finding.confirm(episode=future, by=nurse)
    assert kinds(service) == []


def test_another_service_is_told_nothing(nurse: Actor, service: Service) -> None:
    neighbour = world.member(world.service("south"), username="neighbour")
    connected.webhook(neighbour)
    world.confirmed(nurse)
    assert OutboxMessage.objects.count() == 0


@pytest.fixture
def message(nurse: Actor, service: Service) -> OutboxMessage:
    """A message that waits."""
    connected.webhook(nurse, "fracture.confirmed")
    world.confirmed(nurse, person=world.demographics(family_name="Quillfeather"))
    return OutboxMessage.objects.select_related("webhook", "service").get()


def answering(*statuses: int | Exception):
    """A network that answers so, one after the other; and what was sent."""
    left, sent = list(statuses), []

    def send(place: delivering.Place, body: bytes, headers: dict[str, str]) -> int:
        sent.append((place, body, headers))
        status = left.pop(0)
        if isinstance(status, Exception):
            raise status
        return status

    return send, sent


def test_what_is_sent_is_signed_and_names_nobody(message: OutboxMessage, settings) -> None:
    settings.OWN_URL = "https://fls.example.nhs.uk"
    send, sent = answering(204)
    assert delivering.deliver(send=send) == delivering.Delivered(delivered=1)
    ((place, body, headers),) = sent
    said = json.loads(body)
    base = "https://fls.example.nhs.uk/fhir/R4"
    assert said["data"]["patient"] == f"{base}/Patient/{message.person}"
    assert said["data"]["subject"] == f"{base}/{message.subject}"
    assert set(said) == {"type", "timestamp", "data"}
    assert set(said["data"]) == {"service", "patient", "subject"}
    assert b"Quillfeather" not in body
    key = base64.b64decode(secret_of(message.webhook).removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    digest = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{digest}"
    assert (place.scheme, place.number) == ("http", "127.0.0.1")
    assert delivering.deliver(send=send) == delivering.Delivered(), "delivered once"
    event = AuditEvent.objects.filter(action="outbox.deliver").get()
    assert event.person == message.person
    assert verify(message.service)[1] == []


def test_what_fails_is_tried_again_later_and_later_and_given_up(message: OutboxMessage) -> None:
    failures = [503, OSError("no"), 302, 500, 500, 500, 500, 500, 404]
    send, sent = answering(*failures)
    moment, pauses = clock.now(), []
    for number in range(1, 20):
        with clock.at(moment):
            delivering.deliver(send=send)
            early = len(sent)
            delivering.deliver(send=send)
            assert len(sent) == early == number, "nothing is sent before its time"
        message.refresh_from_db()
        if message.given_up_at:
            break
        pauses.append(message.next_try_at - moment)
        moment = message.next_try_at
    assert pauses == list(delivering.PAUSES)
    assert pauses == sorted(pauses)
    assert (message.attempts, message.last_answer) == (9, "HTTP 404")
    assert message.delivered_at is None


def test_a_fault_is_named_without_a_word_of_the_answer(message: OutboxMessage) -> None:
    send, _ = answering(ConnectionResetError("secret words"))
    delivering.deliver(send=send)
    message.refresh_from_db()
    assert message.last_answer == "ConnectionResetError"


def test_who_is_gone_is_not_asked_again_until_a_manager_says_so(message: OutboxMessage, nurse: Actor) -> None:
    send, sent = answering(410, 200)
    delivering.deliver(send=send)
    message.refresh_from_db()
    assert message.given_up_at is not None
    connecting.try_again(message=message, by=connected.manager(nurse))
    assert delivering.deliver(send=send).delivered == 1
    with pytest.raises(NotPossible, match="not given up"):
        connecting.try_again(message=message, by=connected.manager(nurse))
    assert len(sent) == 2


def test_a_stopped_address_gets_nothing_more(message: OutboxMessage, nurse: Actor) -> None:
    boss = connected.manager(nurse)
    connecting.stop_webhook(webhook=message.webhook, by=boss)
    send, sent = answering()
    assert delivering.deliver(send=send) == delivering.Delivered()
    world.confirmed(nurse, on=date(2026, 4, 1))
    assert OutboxMessage.objects.count() == 1
    assert sent == []
    with pytest.raises(NotPossible, match="nothing any more"):
        connecting.try_again(message=message, by=boss)


def test_an_address_that_has_moved_inside_is_not_asked(message: OutboxMessage, monkeypatch) -> None:
    type(message.webhook).objects.update(url="https://hooks.example.nhs.uk/")
    monkeypatch.setattr(
        "openfls.service.sharing.addresses.look_up.__code__", (lambda host, port: ["10.0.0.1"]).__code__
    )
    send, sent = answering()
    delivering.deliver(send=send)
    message.refresh_from_db()
    assert sent == []
    assert "private network" in message.last_answer


def test_only_addresses_that_may_be_told_are_taken(nurse: Actor) -> None:
    for url in ("http://10.0.0.1/", "https://10.0.0.1/", "https://169.254.169.254/latest", "x"):
        with pytest.raises(NotPossible):
            connected.webhook(nurse, url=url)


def test_the_command_sends_what_waits_and_counts_it(message: OutboxMessage, monkeypatch, capsys) -> None:
    monkeypatch.setattr(delivering, "send_over_network", lambda *_: 200)
    outbox.deliver(at_most=5)
    assert capsys.readouterr().out == "1 delivered, 0 to be tried again, 0 given up\n"


@pytest.fixture
def receiver() -> Iterator[tuple[str, list[tuple[str, bytes, str]]]]:
    """A server on this machine, and what it was sent; it answers with a redirect at ``/moved``."""
    got: list[tuple[str, bytes, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((self.path, body, self.headers["webhook-signature"]))
            self.send_response(307 if self.path == "/moved" else 200)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Silence."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", got
    server.shutdown()
    server.server_close()


def test_it_arrives_and_follows_nobody_elsewhere(nurse: Actor, receiver) -> None:
    base, got = receiver
    connected.webhook(nurse, "fracture.confirmed", url=f"{base}/in?key=1")
    connected.webhook(nurse, "fracture.confirmed", url=f"{base}/moved")
    world.confirmed(nurse)
    assert delivering.deliver() == delivering.Delivered(delivered=1, failed=1)
    assert sorted(path for path, _, _ in got) == ["/in?key=1", "/moved"]
    assert all(signature.startswith("v1,") for _, _, signature in got)


def told_of() -> set[str]:
    """The people of the messages, which are then forgotten."""
    rows = OutboxMessage.objects.filter(kind="step.taken_back")
    assert all(row.subject == f"Patient/{row.person}" for row in rows)
    found = set(rows.values_list("person", flat=True))
    rows.delete()
    return found


def test_both_are_told_of_who_are_put_together_and_apart(nurse: Actor) -> None:
    connected.webhook(nurse, "step.taken_back")
    kept, gone = ww.two_people(nurse, family_name="Gone", telephone="")
    world.deliver(nurse.service, world.report(kept), world.report(gone, record="gone's"))
    keep, other = ww.person_of(nurse.service, kept), ww.person_of(nurse.service, gone)
    both = {str(keep.pk), str(other.pk)}
    merging.same_person(keep=keep, gone=other, words="Looked alike", by=nurse)
    assert told_of() == both
    split(merged=MergedPerson.objects.get(), belongs={}, words="Two passports", by=nurse)
    assert told_of() == both


def test_whose_row_it_is_and_was_are_told(nurse: Actor) -> None:
    connected.webhook(nurse, "step.taken_back")
    row = ww.doubtful(nurse)
    owner = ww.owner_of(row)
    decision = deciding.this_person(row=row, person=owner, by=nurse)
    assert told_of() == {str(owner.pk)}
    deciding.undo(decision=decision, by=nurse)
    assert told_of() == {str(owner.pk)}
    made = deciding.somebody_else(row=row, by=nurse)
    key = str(made.person_id)
    told_of()
    deciding.undo(decision=made, by=nurse)
    assert key in told_of(), "her record is no more"
    assert owner.pk in changed_since(nurse.service, clock.now() - timedelta(minutes=1))


def test_an_event_that_waited_names_whose_it_is_by_now(message: OutboxMessage, nurse: Actor) -> None:
    other = world.found(nurse.service).person
    Fracture.objects.filter(pk=message.subject.removeprefix("Condition/")).update(person=other)
    send, sent = answering(204)
    delivering.deliver(send=send)
    assert json.loads(sent[0][1])["data"]["patient"] == f"Patient/{other.pk}"
    assert AuditEvent.objects.get(action="outbox.deliver").person == str(other.pk)


def test_what_is_over_is_removed_after_its_time_and_what_waits_never(nurse: Actor, settings) -> None:
    message = connected.given_up(nurse)
    waits = OutboxMessage.objects.create(
        service=message.service,
        webhook=message.webhook,
        kind=message.kind,
        person=message.person,
        subject=message.subject,
        made_at=message.made_at,
        next_try_at=message.made_at,
    )
    settings.OUTBOX_DAYS = 40
    with clock.at(world.at_noon(world.TODAY) + timedelta(days=40)):
        assert remove_told(nurse.service) == 0
    with clock.at(world.at_noon(world.TODAY) + timedelta(days=43)):
        assert remove_told(nurse.service) == 0, "its address is still told, and never got it"
        Webhook.objects.update(stopped_at=world.at_noon(world.TODAY))
        assert remove_told(nurse.service) == 1
    assert list(OutboxMessage.objects.values_list("pk", flat=True)) == [waits.pk]
    event = AuditEvent.objects.get(action="outbox.remove")
    assert event.detail == {"removed": 1, "given_up": 1}
    assert verify(nurse.service)[1] == []
