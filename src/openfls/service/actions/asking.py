"""The person's own questionnaire: invited and taken back by staff, answered and sent by the person.

What the person does is done by the system for the service, as with a feed: nobody of the staff is its author.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from openfls.information.questionnaire import WORDS, asks, pages_for
from openfls.record.pathway import NotPossible
from openfls.record.people import Sex
from openfls.record.questions import Value
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actions.moves import locked
from openfls.service.actor import Actor
from openfls.service.models import Episode, PersonAnswer, Questionnaire
from openfls.service.questionnaires import (
    LASTS,
    Secrets,
    answers_of,
    hash_of_code,
    hash_of_link,
    is_settled,
    new_secrets,
    why_closed,
    why_not_invite,
)
from openfls.service.roles import May
from openfls.service.told import person_says


@dataclass(frozen=True, slots=True)
class Invitation:
    """A questionnaire just made, with the secrets that are shown once."""

    questionnaire: Questionnaire
    secrets: Secrets


def _subject(one: Questionnaire) -> str:
    return f"questionnaire {one.pk}"


def _locked(one: Questionnaire) -> Questionnaire:
    return (
        Questionnaire.objects.select_for_update(of=("self",))
        .select_related("episode__person", "episode__service", "service")
        .get(pk=one.pk)
    )


@action("questionnaire.invite", May.WORK_THE_PATHWAY)
def invite(*, episode: Episode, by: Actor) -> Invitation:
    """A new link and a new code. An earlier questionnaire of the episode that was not sent stops working.

    Raises:
        NotPossible: the person is not to be contacted, the birth date is not known, or the episode is not under care.
    """
    episode = locked(episode)
    if why := why_not_invite(episode):
        raise NotPossible(f"Nobody can be invited: {why}.")
    Questionnaire.objects.filter(episode=episode, sent_at=None, revoked_at=None).update(
        revoked_at=clock.now()
    )
    made = new_secrets()
    one = Questionnaire.objects.create(
        service=by.service,
        episode=episode,
        link_hash=hash_of_link(made.token),
        code_hash=hash_of_code(made.code),
        made_at=clock.now(),
        made_by=by.user,
        expires_at=clock.now() + LASTS,
    )
    note(by, "questionnaire.invite", person=episode.person, subject=_subject(one))
    return Invitation(one, made)


@action("questionnaire.revoke", May.WORK_THE_PATHWAY)
def revoke(*, questionnaire: Questionnaire, by: Actor) -> Questionnaire:
    """The link and the code stop working at once.

    Raises:
        NotPossible: it was sent or revoked already.
    """
    one = _locked(questionnaire)
    if one.sent_at or one.revoked_at:
        raise NotPossible("It is closed already.")
    one.revoked_at = clock.now()
    one.save(update_fields=["revoked_at"])
    note(by, "questionnaire.revoke", person=one.episode.person, subject=_subject(one))
    return one


@action("questionnaire.reopen", May.WORK_THE_PATHWAY)
def reopen(*, questionnaire: Questionnaire, by: Actor) -> Questionnaire:
    """The same link and code open the form once more, with the answers given so far, for another four weeks.

    Raises:
        NotPossible: it is open, it was revoked, or the person is not to be asked.
    """
    one = _locked(questionnaire)
    if one.revoked_at is not None:
        raise NotPossible("It was revoked: make a new one.")
    if not why_closed(one):
        raise NotPossible("It is open.")
    if why := why_not_invite(one.episode):
        raise NotPossible(f"It cannot be opened again: {why}.")
    one.sent_at, one.seen_at, one.seen_by, one.wrong_tries = None, None, None, 0
    one.expires_at = clock.now() + LASTS
    one.save()
    note(by, "questionnaire.reopen", person=one.episode.person, subject=_subject(one))
    return one


@action("questionnaire.seen", May.WORK_THE_PATHWAY)
def seen(*, questionnaire: Questionnaire, by: Actor) -> Questionnaire:
    """Somebody has read all of it, the person's own words too.

    Raises:
        NotPossible: it was not sent, or a value still waits to be accepted or not.
    """
    one = _locked(questionnaire)
    if one.sent_at is None:
        raise NotPossible("It has not been sent.")
    if not is_settled(one):
        raise NotPossible("Some answers still wait: accept each of them or not.")
    one.seen_at, one.seen_by = clock.now(), by.user
    one.save(update_fields=["seen_at", "seen_by"])
    note(by, "questionnaire.seen", person=one.episode.person, subject=_subject(one))
    return one


@action("questionnaire.knock", May.LOAD_FEEDS)
def knock(*, questionnaire: Questionnaire, birth_date: date | None, by: Actor) -> bool:
    """Somebody at the door says when they were born; whether it is right. A wrong day counts towards the lock.

    Raises:
        NotPossible: the door is closed.
    """
    one = _locked(questionnaire)
    if why := why_closed(one):
        raise NotPossible(why)
    right = birth_date is not None and birth_date == one.episode.person.birth_date
    if right:
        one.opened_at = one.opened_at or clock.now()
        one.wrong_tries = 0
    else:
        one.wrong_tries += 1
    one.save(update_fields=["opened_at", "wrong_tries"])
    note(by, "questionnaire.knock", person=one.episode.person, subject=_subject(one), right=right)
    return right


@action("questionnaire.answer", May.LOAD_FEEDS)
def answer(*, questionnaire: Questionnaire, answers: Mapping[str, Value], by: Actor) -> Questionnaire:
    """Keep a page of answers as they are given; one given again takes the place of the one before.

    Raises:
        NotPossible: the door is closed.
        KeyError: a field is no question of the form.
    """
    one = _locked(questionnaire)
    if why := why_closed(one):
        raise NotPossible(why)
    for field, value in answers.items():
        asks()[field]
        PersonAnswer.objects.update_or_create(
            questionnaire=one,
            field=field,
            defaults={"service": by.service, "value": value, "given_at": clock.now()},
        )
    note(by, "questionnaire.answer", person=one.episode.person, subject=_subject(one), fields=sorted(answers))
    return one


@action("questionnaire.send", May.LOAD_FEEDS)
def send(*, questionnaire: Questionnaire, by: Actor) -> Questionnaire:
    """The person is done: the form is closed, and each answer waits to be accepted into the assessment.

    Raises:
        NotPossible: the door is closed.
    """
    one = _locked(questionnaire)
    if why := why_closed(one):
        raise NotPossible(why)
    pages = pages_for(Sex(one.episode.person.sex), answers_of(one))
    # What was answered on a page that a later answer took away is not told.
    shown = {ask.field for page in pages for ask in page.asks} - {WORDS}
    for row in one.answers.filter(field__in=shown):
        row.told = person_says(
            person=one.episode.person,
            field=row.field,
            value=row.value,
            on=clock.day_of(row.given_at),
            reference=_subject(one),
            source="the person’s own questionnaire",
        )
        row.save(update_fields=["told"])
    one.sent_at = clock.now()
    one.save(update_fields=["sent_at"])
    note(
        by,
        "questionnaire.send",
        person=one.episode.person,
        subject=_subject(one),
        answers=one.answers.count(),
    )
    return one
