"""A small fictional world for tests: services, staff, people and episodes, made through the doors of the app."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count

from django.db import transaction

from openfls.identification.feeds.evidence import Told, from_text
from openfls.record.feeds import Observation, Reading, Rejection, Source, SourceKind
from openfls.record.findings import Finding, Span
from openfls.record.people import NHS_NUMBER, Demographics, Identifier, Sex
from openfls.record.reasons import CalciumVitaminD, Drug, DrugDecision, DxaDecision, FallsReferral
from openfls.record.sites import Side, Site
from openfls.service import clock, projection, watching
from openfls.service.actions import assessing, finding, planning
from openfls.service.actor import Actor, actor_of, system_actor
from openfls.service.feeds.taking_in import take_in
from openfls.service.models import Delivery, Episode, Membership, PassedOver, Service, User
from openfls.service.roles import Role

TODAY = date(2026, 6, 1)
PASSWORD = "correct horse battery"
_number = count(1)


def at_noon(day: date) -> datetime:
    """Noon of a day, with its time zone."""
    return datetime.combine(day, time(12), tzinfo=UTC)


def service(code: str = "north", **columns: object) -> Service:
    """A service."""
    return Service.objects.create(code=code, name=f"{code.title()} Fracture Liaison Service", **columns)


def member(of: Service, role: Role = Role.CO_ORDINATOR, username: str = "nurse") -> Actor:
    """A user with a role in a service, as an actor."""
    user = User.objects.filter(username=username).first() or User.objects.create_user(
        username, password=PASSWORD, first_name=username.title(), last_name="Example"
    )
    return actor_of(Membership.objects.create(user=user, service=of, role=role))


def nhs_number() -> str:
    """A fresh NHS number of the 999 test range with its check digit."""
    while True:
        nine = f"999{next(_number):06d}"
        rest = 11 - sum(int(d) * w for d, w in zip(nine, range(10, 1, -1), strict=True)) % 11
        if rest != 10:
            return nine + str(rest % 11)


def demographics(**columns: object) -> Demographics:
    """A woman of 76 on `TODAY`, with an NHS number of her own."""
    values: dict[str, object] = {
        "identifiers": (Identifier(NHS_NUMBER, nhs_number()),),
        "family_name": "Example",
        "given_name": "Ada",
        "birth_date": date(1950, 3, 1),
        "sex": Sex.FEMALE,
        "telephone": "01632 960123",
        "general_practice": "Harbour View Surgery",
    }
    return Demographics(**{**values, **columns})  # type: ignore[arg-type]


def report(
    person: Demographics | None = None,
    on: date = TODAY - timedelta(days=10),
    site: Site = Site.WRIST,
    side: Side = Side.LEFT,
    record: str = "",
    text: str = "XR left wrist. Fracture of the distal radius.",
    span: tuple[int, int] = (15, 23),
) -> Observation:
    """A radiology report of a new fracture; ``span`` is where its text says so."""
    return Observation(
        source=Source("radiology.hl7", record or f"report {next(_number)}", SourceKind.RADIOLOGY, "line 1"),
        person=person or demographics(),
        on=on,
        findings=(Finding(site, side, spans=(Span(*span, "fracture-word"),)),),
        text=text,
    )


def negative(
    person: Demographics | None = None,
    on: date = TODAY - timedelta(days=10),
    record: str = "",
    text: str = "XR left wrist. No bony injury.",
) -> Rejection:
    """A radiology report in which the reader finds nothing."""
    source = Source("radiology.hl7", record or f"report {next(_number)}", SourceKind.RADIOLOGY, "line 1")
    told = Told(source, person or demographics(), on)
    reading = from_text(text, told, "XR Wrist Lt")
    assert isinstance(reading, Rejection)
    return reading


def passed_over(to: Service, **columns: object) -> PassedOver:
    """A report that the reader passed over and that was drawn for the audit."""
    to.audit_one_in, drawn_before = 1, to.audit_one_in
    reading = negative(**columns)  # type: ignore[arg-type]
    deliver(to, reading)
    to.audit_one_in = drawn_before
    return PassedOver.objects.select_related("person", "row").get(
        row__record=reading.source.record, service=to
    )


def deliver(to: Service, *observations: Reading) -> list[Episode]:
    """Load observations into a service; the episodes of their people, oldest first."""
    delivery = Delivery.objects.create(
        service=to, name="radiology.hl7", sha256="0" * 64, received_at=clock.now()
    )
    take_in(delivery=delivery, readings=list(observations), by=system_actor(to))
    return list(Episode.objects.filter(service=to).order_by("index_date"))


def found(to: Service, **columns: object) -> Episode:
    """A found fracture that waits to be confirmed."""
    observation = report(**columns)  # type: ignore[arg-type]
    deliver(to, observation)
    number = observation.person.identifiers[0].value
    return Episode.objects.select_related("person", "service").get(
        service=to, person__identifiers__value=number, index_date=observation.on
    )


AGREED = planning.Agreed(
    decision=DrugDecision.RECOMMENDED,
    drug=Drug.ALENDRONATE,
    calcium_vitamin_d=CalciumVitaminD.BOTH,
    falls_referral=FallsReferral.REFERRED,
    dxa=DxaDecision.ORDERED,
)


def confirmed(by: Actor, **columns: object) -> Episode:
    """A confirmed fracture that waits to be assessed."""
    return finding.confirm(episode=found(by.service, **columns), by=by)


def assessed(by: Actor, **columns: object) -> Episode:
    """An assessed episode that waits for a plan."""
    with _steps_of_one():
        episode = _answered(by, **columns)
        assessing.finish(episode=episode, assessed_on=clock.today(), by=by)
        episode.refresh_from_db()
    return episode


def _answered(by: Actor, **columns: object) -> Episode:
    with watching.asleep():
        episode = confirmed(by, **columns)
        assessing.answer(episode=episode, answers={"falls_last_year": 1, "care_home": False}, by=by)
    return episode


@contextmanager
def _steps_of_one() -> Iterator[None]:
    """The row of the audit is written once for several steps, as it is where many are taken in."""
    with transaction.atomic(), projection.postponed():
        yield


@contextmanager
def many() -> Iterator[None]:
    """For a test that counts many people: their rows are written at the end, and no alert is looked for."""
    with _steps_of_one(), watching.asleep():
        yield


def agree(episode: Episode, agreed: planning.Agreed, by: Actor) -> None:
    """Agree a plan today; what the record asks of it is answered."""
    try:
        planning.agree(episode=episode, agreed=agreed, agreed_on=clock.today(), by=by)
    except planning.NotAnswered as error:
        answers = {one.field: "Weighed with her" for one in error.asked.contradictions}
        decisions = {one.rule.id: "Weighed with her" for one in error.asked.red}
        answered = replace(agreed, answers=answers, decisions=decisions)
        planning.agree(episode=episode, agreed=answered, agreed_on=clock.today(), by=by)


def planned(by: Actor, agreed: planning.Agreed = AGREED, **columns: object) -> Episode:
    """An episode with a plan that waits for its review at 16 weeks."""
    with _steps_of_one():
        with watching.asleep():
            episode = assessed(by, **columns)
        agree(episode, agreed, by)
        episode.refresh_from_db()
    return episode
