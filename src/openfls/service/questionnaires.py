"""The door to a person's own questionnaire: secrets of which only a hash is kept, and why a door is closed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from openfls.record.pathway import UNDER_CARE, State
from openfls.record.questions import Value
from openfls.service import clock
from openfls.service.flags import why_no_contact
from openfls.service.models import Episode, PersonAnswer, Questionnaire, Service, ToldValue, WrongCode

LASTS = timedelta(days=28)
"""How long a link or code opens the form."""
TRIES = 5
"""Wrong dates of birth after which the door is locked until a nurse opens it again."""
LETTERS = "ABCDEFGHJKMNPQRTUVWXY346789"
"""Of a code: none that is read as another (I and 1, O and 0, S and 5, Z and 2, L)."""
CODE_LENGTH = 8

GUESSES_BY_ONE, GUESSES_BY_ALL, GUESSED_WITHIN = 10, 100, timedelta(minutes=15)
"""Wrong codes from one address, and from all together, after which nobody is let in for a while."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """A link's token (256 random bits) and a code for a letter (8 letters, 38 bits, beside the date of birth).

    They exist in memory while one page is made. `repr` does not show them.
    """

    token: str
    code: str

    def __repr__(self) -> str:
        return "Secrets(…)"

    @property
    def code_in_groups(self) -> str:
        """As it stands on a letter: ``ABCD EFGH``."""
        return f"{self.code[:4]} {self.code[4:]}"


def new_secrets() -> Secrets:
    """A fresh pair."""
    return Secrets(secrets.token_urlsafe(32), "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH)))


def hash_of_link(token: str) -> str:
    """What is kept of a link."""
    return salted_hmac("openfls.questionnaire.link", token, algorithm="sha256").hexdigest()


def hash_of_code(code: str) -> str:
    """What is kept of a code: keyed, since a short code could be found from a plain hash by trying all."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return salted_hmac("openfls.questionnaire.code", plain, algorithm="sha256").hexdigest()


def by_link(token: str) -> Questionnaire | None:
    """The questionnaire of a link, open or not."""
    return _with_person().filter(link_hash=hash_of_link(token)).first()


def by_code(code: str) -> Questionnaire | None:
    """The questionnaire of a code, open or not."""
    return _with_person().filter(code_hash=hash_of_code(code)).first()


def by_key(key: str) -> Questionnaire | None:
    """The questionnaire that a browser has shown its right to."""
    return _with_person().filter(pk=key).first()


def _with_person() -> QuerySet[Questionnaire]:
    return Questionnaire.objects.select_related("episode__person", "episode__service", "service")


def why_closed(one: Questionnaire, now: datetime | None = None) -> str:
    """Why the form cannot be opened, in words for staff; empty where it can."""
    if one.sent_at is not None:
        return "sent"
    if one.revoked_at is not None:
        return "revoked"
    if one.wrong_tries >= TRIES:
        return "locked after wrong dates of birth"
    if (now or clock.now()) >= one.expires_at:
        return "too old"
    return why_not_invite(one.episode)


def why_not_invite(episode: Episode) -> str:
    """Why the person of an episode is not asked to answer questions at home; empty where nothing speaks against it."""
    if State(episode.state) not in UNDER_CARE:
        return f"the episode is at “{episode.place.list_title}”"
    if episode.person.birth_date is None:
        return "the date of birth is not known, and the person shows by it who they are"
    return why_no_contact(episode.person)


def answers_of(one: Questionnaire) -> dict[str, Value]:
    """What the person has answered so far; None where a question was left open."""
    return dict(one.answers.values_list("field", "value"))


def too_many_guesses(origin: str) -> bool:
    """Whether so many wrong codes were typed lately, from here or from everywhere, that nobody is let in by code.

    ``origin`` is a network address; empty where it is not known.
    """
    lately = WrongCode.objects.filter(at__gt=clock.now() - GUESSED_WITHIN)
    from_here = lately.filter(origin=hash_of_origin(origin)).count() if origin else 0
    return from_here >= GUESSES_BY_ONE or lately.count() >= GUESSES_BY_ALL


def note_wrong_code(origin: str) -> None:
    """Count a code that nobody has. It is of no service and no person, so no audit log can hold it."""
    WrongCode.objects.filter(at__lte=clock.now() - GUESSED_WITHIN).delete()
    WrongCode.objects.create(at=clock.now(), origin=hash_of_origin(origin))


def hash_of_origin(address: str) -> str:
    """A network address as it is counted by."""
    return salted_hmac("openfls.questionnaire.origin", address, algorithm="sha256").hexdigest()


def came_back(service: Service) -> QuerySet[Questionnaire]:
    """Those that were sent and that nobody has looked through, the oldest first."""
    return (
        Questionnaire.objects.filter(service=service, seen_at=None, revoked_at=None)
        .exclude(sent_at=None)
        .select_related("episode__person")
        .order_by("sent_at")
    )


def is_settled(one: Questionnaire) -> bool:
    """Whether somebody has decided about every value that it brought."""
    return not one.answers.filter(told__state=ToldValue.State.WAITING).exists()


def rows_of(one: Questionnaire) -> Mapping[str, PersonAnswer]:
    """The answers by field, with what each has become."""
    return {row.field: row for row in one.answers.select_related("told", "told__decided_by")}
