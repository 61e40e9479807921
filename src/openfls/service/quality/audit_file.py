"""The national audit's file of a service: whose rows go, what is to be mended first, and what was sent."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from openfls.integration.flsdb import Problem, csv_bytes, mend_list
from openfls.record.flsdb import COLUMNS, Dataset
from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.models import AuditSubmission, FlsdbRow, OptOut, Person, Service
from openfls.service.quality.deaths import as_sent, is_untold
from openfls.service.roles import May
from openfls.service.spans import Span

_NAMES = [column.name for column in COLUMNS]


@dataclass(frozen=True, slots=True)
class Prepared:
    """The rows of a period as they would go; of ``not_checked`` of them nobody has looked up the opt-out."""

    rows: tuple[dict[str, Any], ...]
    opted_out: int
    not_checked: int

    @property
    def untold(self) -> int:
        """How many have died of whom the file does not tell it."""
        return sum(map(is_untold, self.rows))


def rows_of(service: Service, span: Span) -> Iterator[tuple[Any, dict[str, Any]]]:
    """The key of the person and the row, of every confirmed episode of a period, the oldest diagnosis first."""
    rows = FlsdbRow.objects.filter(service=service.code)
    if span.since and span.until:
        rows = rows.filter(index_diagnosis_date__gte=span.since, index_diagnosis_date__lte=span.until)
    ordered = rows.order_by("index_diagnosis_date", "record_id").values_list("episode__person_id", *_NAMES)
    with connection.cursor() as cursor:
        # As the database gives them: to make each value by the fields of the table would take longer than all the rest.
        cursor.execute(*ordered.query.sql_with_params())
        as_text = connection.vendor == "sqlite"  # keeps a key as text
        while part := cursor.fetchmany(2_000):
            for person, *values in part:
                yield UUID(person) if as_text else person, dict(zip(_NAMES, values, strict=True))


def opt_outs(service: Service) -> dict[Any, bool]:
    """What is known of each person: has opted out, or has not. Who is absent has not been checked."""
    rows = OptOut.objects.filter(service=service).order_by("checked_on", "pk")
    return dict(rows.values_list("person_id", "opted_out"))


def prepare(service: Service, span: Span) -> Prepared:
    """What would go for a period. The row of a person who has opted out does not."""
    known = opt_outs(service)
    kept, opted_out, not_checked = [], 0, 0
    for person, row in rows_of(service, span):
        if known.get(person):
            opted_out += 1
            continue
        not_checked += person not in known
        kept.append(as_sent(row))
    return Prepared(tuple(kept), opted_out, not_checked)


def to_mend(prepared: Prepared, dataset: Dataset, as_of: date) -> list[Problem]:
    """Everything to look at before the file goes, what breaks a rule first."""
    found = list(mend_list(prepared.rows, dataset, as_of))
    return sorted(found, key=lambda problem: (problem.action != "mend", problem.row or 0))


@action("audit_file.make", May.IMPROVE)
def make_file(*, dataset: Dataset, span: Span, by: Actor, unchecked_because: str = "") -> AuditSubmission:
    """Make the file of a period and keep it as it leaves: who, when, how many rows, its hash, and the bytes.

    ``unchecked_because`` says why it is made all the same where the opt-out of some has not been looked up; it is
    kept in the audit log.

    Raises:
        NotPossible: there is no row, or opt-outs have not been looked up and no reason is given.
    """
    prepared = prepare(by.service, span)
    if not prepared.rows:
        raise NotPossible("There is no row to send in this period.")
    reason = reason_kept(prepared.not_checked, unchecked_because)
    content = csv_bytes(prepared.rows, dataset)
    made = AuditSubmission.objects.create(
        service=by.service,
        dataset=dataset,
        since=span.since,
        until=span.until,
        rows=len(prepared.rows),
        opted_out=prepared.opted_out,
        not_checked=prepared.not_checked,
        to_mend=sum(problem.action == "mend" for problem in to_mend(prepared, dataset, clock.today())),
        name=f"flsdb-{dataset}-{by.service.code}-{span.key}.csv",
        sha256=hashlib.sha256(content).hexdigest(),
        content=gzip.compress(content, mtime=0),
        at=clock.now(),
        by=by.user,
    )
    note(
        by,
        "audit_file.make",
        subject=f"submission {made.pk}",
        dataset=dataset,
        rows=made.rows,
        opted_out=made.opted_out,
        not_checked=made.not_checked,
        unchecked_because=reason,
        sha256=made.sha256,
    )
    return made


def reason_kept(not_checked: int, because: str) -> str:
    """The reason for which rows go whose opt-out nobody has looked up; blank where there is none of them.

    Raises:
        NotPossible: there are some, and no reason is given.
    """
    reason = " ".join(because.split())[:300]
    if not_checked and not reason:
        raise NotPossible(
            f"The opt-out has not been looked up for {not_checked} of the rows. Look it up, or make the file all the "
            "same and say why."
        )
    return reason if not_checked else ""


def content_of(submission: AuditSubmission) -> bytes:
    """The file as it left.

    Raises:
        NotPossible: what is kept is not what left any more.
    """
    content = gzip.decompress(bytes(submission.content))
    if hashlib.sha256(content).hexdigest() != submission.sha256:
        raise NotPossible("The kept file does not match its hash any more.")
    return content


@action("person.opt_out", May.WORK_THE_PATHWAY)
def keep_opt_out(*, person: Person, opted_out: bool, checked_on: date, by: Actor) -> OptOut:
    """Keep what was found when somebody looked up the national data opt-out of a person."""
    if checked_on > clock.today():
        raise NotPossible("It cannot have been looked up in the future.")
    made = OptOut.objects.create(
        person=person,
        service=by.service,
        opted_out=opted_out,
        checked_on=checked_on,
        at=clock.now(),
        by=by.user,
    )
    note(by, "person.opt_out", person=person, subject=f"person {person.pk}")
    return made


def opt_out_of(person: Person) -> OptOut | None:
    """What is known of a person's opt-out; None: nobody has looked."""
    return OptOut.objects.filter(person=person).order_by("-checked_on", "-pk").first()
