"""Every address of the app, filled in with a record in the state for which the page is made.

A route whose record is not described here fails its tests: `NoPlace` says what to add.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Model

import world
from openfls.record.feeds import Rejection, Source, SourceKind
from openfls.record.reasons import NotForUs
from openfls.service import clock, letters, toolkit_cases
from openfls.service.actions import assessing, finding, posting, writing
from openfls.service.actor import Actor, system_actor
from openfls.service.feeds.taking_in import take_in
from openfls.service.letter_runs.beginning import begin
from openfls.service.letter_runs.running import work_on
from openfls.service.models import (
    Alert,
    ApiClient,
    Delivery,
    EmergencyAccess,
    Episode,
    FeedRow,
    HeldResult,
    Invitation,
    Letter,
    LetterBatch,
    Membership,
    OutboxMessage,
    PassedOver,
    Person,
    Webhook,
)
from openfls.service.quality.measures import standing_set
from openfls.service.worklist import WORKLISTS
from openfls.toolkit.case.state import Case
from openfls.web.guard import Route
from openfls.web.urls import ROUTES
from service import (
    access_world,
    asking_world,
    auditing_world,
    doings,
    identification_world,
    practice_world,
    quality_world,
    training_world,
    waiting_world,
)
from service import results_world as rw
from service.sharing import connected

_PARAMETER = re.compile(r"<(\w+):(\w+)>")
NEVER_MADE = {"uuid": str(uuid.UUID(int=7)), "int": "987654321"}


class NoPlace(Exception):
    """A route that these tests do not know how to fill in."""


@dataclass(frozen=True, slots=True)
class Place:
    """An address with a record behind it, and the person whom it shows (None where it is about nobody alone)."""

    path: str
    person: Person | None = None


def refuted(by: Actor, **columns: object) -> Episode:
    """An episode that was found not to be for the service."""
    return finding.refute(
        episode=world.found(by.service, **columns),
        reason=NotForUs.HIGH_ENERGY,
        words="Fell off a horse",
        by=by,
    )


def _found(by: Actor, **columns: object) -> Episode:
    return world.found(by.service, **columns)


EPISODE_FOR: dict[str, Callable[..., Episode]] = {
    "finding": _found,
    "bring-back": refuted,
    "assessment": world.confirmed,
    "assessment-field": world.confirmed,
    "assessment-history": world.confirmed,
    "results": world.confirmed,
    "scans": world.confirmed,
    "plan": world.assessed,
    "review": lambda by, **columns: world.planned(
        by, **{"on": clock.today() - timedelta(days=120)} | columns
    ),
    "contact": world.confirmed,
    "close": world.confirmed,
    "undo": world.confirmed,
    "correct": world.confirmed,
    "letters": world.planned,
    "plan-sign": world.planned,
    "aid": world.assessed,
    "treatment": world.planned,
    "clinic-move": lambda by, **columns: world.planned(
        by, **{"on": clock.today() - timedelta(days=120)} | columns
    ),
    "review-heard": lambda by, **columns: world.planned(
        by, **{"on": clock.today() - timedelta(days=120)} | columns
    ),
    "advice": world.confirmed,
    "advice-given": world.assessed,
    "risk": world.confirmed,
    "frax": world.confirmed,
    "questionnaire": lambda by, **columns: asking_world.sent(by, **columns).episode,
}
OF_A_PERSON = (
    "who",
    "who-saw",
    "who-saw-csv",
    "everything",
    "tell-of",
    "person",
    "person-correct",
    "opt-out",
    "person-flags",
)
PAIRS = ("same-person",)
STANDS_OUT = "audit-odd-one"
"""Routes about two people."""
OWN_FOR: dict[str, Callable[[Actor], Model]] = {
    "upload-check": waiting_world.upload,
    "training-paper": training_world.short_paper,
    "training-question": training_world.short_paper,
    "training-result": training_world.over,
    "training-certificate": training_world.written_certificate,
    "training-badge": training_world.written_certificate,
    "practice-notes": practice_world.written,
    "practice-result": practice_world.judged,
    "emergency-record": access_world.opened,
}
EMERGENCIES: dict[str, Callable[[Actor], EmergencyAccess]] = {
    "emergency-record": access_world.opened,
    "emergency-judge": access_world.opened_here,
}
"""Routes to a record of another service: the one is opened by the user, the other is of her service."""
ONES_OWN = tuple(OWN_FOR)
"""Routes to what belongs to one user alone: a colleague finds nothing there either."""
MERGED = ("take-apart",)
"""Routes to a record that was put into another."""
LOADINGS = ("loading",)
"""Routes to a file on its way."""
FRACTURES = ("placing",)
"""Routes to one broken bone."""
CONNECTED: dict[str, Callable[[Actor], ApiClient | OutboxMessage]] = {
    "connection": lambda by: connected.connection(by)[0],
    "outbox-again": connected.given_up,
}
"""Routes to another system, or to a message for one."""
LETTER_FOR = ("letter", "letter-pdf", "letter-word")
KEY_FOR: dict[str, Callable[[], str]] = {
    "worklist": lambda: WORKLISTS[0].key,
    "worklist-csv": lambda: WORKLISTS[0].key,
    "not-for-us": lambda: WORKLISTS[0].key,
    "guideline-rules": lambda: "ng259-2026-07-29",
    "measure": lambda: standing_set().measures[0].id,
    **dict.fromkeys(
        ("measure-csv", "measure-over", "measure-over-csv", "measure-over-svg", "measure-over-png"),
        lambda: "kpi4",
    ),
    "standard": lambda: "9",
    "wording": lambda: "person",
    "practice-level": lambda: "p5",
    "training-course": lambda: "foundation",
    "practice-case": lambda: "chest-ct",
    **dict.fromkeys(("training-topic", "training-topic-pdf", "training-check"), lambda: "f1"),
    "toolkit-measured": lambda: toolkit_cases.make(Case(title="An area")).key,
}


def letter(by: Actor, kind: str = "gp", **columns: object) -> Letter:
    """A letter that waits to be approved."""
    return writing.write(episode=world.planned(by, **columns), kind=kind, by=by)


def delivery(by: Actor, **columns: object) -> Delivery:
    """A delivery of which one row about a known person was left out."""
    episode = world.found(by.service, **columns)
    source = Source("radiology.hl7", f"left out of {episode.pk}", SourceKind.RADIOLOGY, "line 2")
    made = Delivery.objects.create(
        service=by.service, name="radiology.hl7", sha256="1" * 64, received_at=clock.now()
    )
    rejection = Rejection(
        source=source, person=episode.person.demographics(), reason="The report tells of no new fracture"
    )
    take_in(delivery=made, readings=[rejection], by=system_actor(by.service))
    return made


def batch(by: Actor, **columns: object) -> LetterBatch:
    """A batch with one letter, approved."""
    made = letter(by, **columns)
    writing.approve(
        episode=made.episode, letter=made, seen=letters.fingerprint(letters.value_of(made)), by=by
    )
    return posting.make_batch(keys=[made.pk], by=by)


def printed(by: Actor, **columns: object) -> LetterBatch:
    """A batch whose file for the printer is made."""
    made = batch(by, **columns)
    work_on(begin(batch=made, kind="print", by=by).pk)
    return made


def sent_together(by: Actor, **columns: object) -> LetterBatch:
    """A batch whose letter is recorded as sent with it."""
    made = batch(by, **columns)
    work_on(begin(batch=made, kind="send", on=clock.today(), way="post", by=by).pk)
    return made


def alert(by: Actor, **columns: object) -> Alert:
    """A red alert that waits for a decision."""
    episode = world.confirmed(by, **columns)
    assessing.answer(episode=episode, answers={"adjusted_calcium_mmol_l": 2.9}, by=by)
    return Alert.objects.get(episode=episode, rule="CA-HIGH")


NUMBERED: dict[
    str,
    Callable[
        ...,
        Alert
        | Delivery
        | FeedRow
        | HeldResult
        | Invitation
        | LetterBatch
        | Membership
        | PassedOver
        | Webhook,
    ],
] = {
    "delivery": delivery,
    "alert-decide": alert,
    "alert-review": alert,
    "letter-batch": batch,
    "letter-batch-pdf": printed,
    "batch-back": sent_together,
    "code-list": lambda by, **_: waiting_world.code_list(by),
    "waiting-row": waiting_world.doubtful,
    "decision-undo": waiting_world.decision,
    "end-task": lambda by, **columns: world.planned(by, **columns).tasks.get(kind="dxa_result"),
    "put-forward": waiting_world.left_out,
    "untell": identification_world.row_by_hand,
    "correction-settle": waiting_world.contradicted,
    "guideline-change": lambda by, **_: asking_world.waiting(by),
    "guideline-decide": lambda by, **_: asking_world.waiting(by),
    "guideline-who": lambda by, **_: asking_world.waiting(by),
    "passed-over-judge": lambda by, **_: world.passed_over(by.service),
    "change": lambda by, **_: quality_world.change(by),
    "measured-file": lambda by, **_: quality_world.measured(by),
    "training-member": lambda by, **_: training_world.member(by),
    "access-member": lambda by, **_: access_world.colleague(by.service),
    "access-withdraw": lambda by, **_: access_world.invited(by.service)[0],
    "webhook": lambda by, **_: connected.webhook(by),
    "clinic-absence-over": lambda by, **_: doings.closed_day(by),
    "own-code": lambda by, **_: rw.held_result(by.service),
}


def parameter(route: Route) -> tuple[str, str] | None:
    """The one parameter of a route as (converter, name), None where it has none."""
    found = _PARAMETER.findall(route.address)
    if len(found) > 1 and route.name not in (*PAIRS, STANDS_OUT):
        raise NoPlace(f"{route.address}: describe its parameters in tests/web/places.py")
    return found[0] if found else None


def has_record(route: Route) -> bool:
    """Whether the address names a record of one service."""
    found = parameter(route)
    return found is not None and found[0] != "slug"


def path_of(route: Route, *values: str) -> str:
    """The address of a route with its parameters filled in; the last value fills in those that are left."""
    given = iter(values)
    last = values[-1] if values else ""
    return "/" + _PARAMETER.sub(lambda _: next(given, last), route.address)


def place_of(route: Route, by: Actor, **columns: object) -> Place:  # noqa: PLR0911, PLR0912 - one line a kind of record
    """The address of ``route`` with a record of the service of ``by``, made now. ``columns`` go to `world.report`."""
    match parameter(route):
        case None:
            return Place(path_of(route))
        case ("slug", "key") if route.name in KEY_FOR:
            return Place(path_of(route, KEY_FOR[route.name]()))
        case ("uuid", "pk") if route.name in PAIRS:
            one, other = world.found(by.service, **columns).person, world.found(by.service).person
            return Place(path_of(route, str(one.pk), str(other.pk)), one)
        case ("uuid", "pk") if route.name in EMERGENCIES:
            opened = EMERGENCIES[route.name](by)
            return Place(path_of(route, str(opened.pk)), opened.person)
        case ("uuid", "pk") if route.name in ONES_OWN:
            return Place(path_of(route, str(OWN_FOR[route.name](by).pk)))
        case ("uuid", "pk") if route.name in OF_A_PERSON:
            person = world.found(by.service, **columns).person
            return Place(path_of(route, str(person.pk)), person)
        case ("uuid", "pk") if route.name in EPISODE_FOR:
            episode = EPISODE_FOR[route.name](by, **columns)
            return Place(path_of(route, str(episode.pk)), episode.person)
        case ("uuid", "pk") if route.name == "audit-file-csv":
            return Place(path_of(route, str(quality_world.submission(by).pk)))
        case ("uuid", "pk") if route.name in MERGED:
            merged = waiting_world.put_together(by, **columns)
            return Place(path_of(route, str(merged.pk)), merged.into)
        case ("uuid", "pk") if route.name in LOADINGS:
            return Place(path_of(route, str(waiting_world.stopped(by).pk)))
        case ("uuid", "pk") if route.name in FRACTURES:
            bone = world.found(by.service, **columns).index_fracture
            return Place(path_of(route, str(bone.pk)), bone.person)
        case ("uuid", "pk") if route.name in CONNECTED:
            row = CONNECTED[route.name](by)
            return Place(path_of(route, str(row.pk)))
        case ("uuid", "pk") if route.name == "letter-fhir":
            locked = connected.approved(by, **columns)
            return Place(path_of(route, str(locked.pk)), locked.person)
        case ("uuid", "pk") if route.name in LETTER_FOR:
            made = letter(by, **columns)
            return Place(path_of(route, str(made.pk)), made.person)
        case ("int", "pk") if route.name == STANDS_OUT:
            odd = auditing_world.at_night(by, **columns)
            return Place(path_of(route, str(odd.user.pk), odd.rule, str(odd.on)))
        case ("int", "pk") if route.name.startswith("audit-user"):
            return Place(path_of(route, str(auditing_world.at_night(by, **columns).user.pk)))
        case ("int", "pk") if route.name in NUMBERED:
            row = NUMBERED[route.name](by, **columns)
            return Place(path_of(route, str(row.pk)), getattr(row, "person", None))
        case found:
            raise NoPlace(f"{route.address}: say in tests/web/places.py which record fills in {found}")


def a_year_of_people(by: Actor) -> list[Episode]:
    """People at every step of the pathway, found over the last year."""
    today = clock.today()
    made = [
        step(by, on=today - timedelta(days=days))
        for days, step in (
            (10, _found),
            (20, refuted),
            (30, world.confirmed),
            (100, world.confirmed),
            (60, world.assessed),
            (130, world.planned),
            (200, world.planned),
        )
    ]
    return made


def route_id(route: Route) -> str:
    """The name of a case."""
    return f"{route.name} {route.address or '/'}"


WITH_RECORD = [route for route in ROUTES if has_record(route)]
WITHOUT_RECORD = [route for route in ROUTES if not has_record(route)]
