"""What the quality pages keep, made through their actions; and each action as one call that the world allows."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import world
from openfls.integration.opt_out_list import read_list
from openfls.record.flsdb import Dataset
from openfls.record.people import NHS_NUMBER
from openfls.service import clock
from openfls.service.actions import attesting, improving
from openfls.service.actions.attesting import Attested
from openfls.service.actor import Actor
from openfls.service.models import AuditSubmission, Change, Evidence, GapAction, MeasuredFile, SharedResult
from openfls.service.quality import audit_file, facilities, measured_files, opt_out_lists, sharing
from openfls.service.quality.standards import EvidenceKind
from openfls.service.spans import Span, last_twelve_months

ALL = Span(None, None)
RESULT = {
    "name": "theirs.csv",
    "set": "flsdb",
    "version": "2024.1",
    "as_of": "2026-06-01",
    "rows": 1,
    "rejected": 0,
    "strange": [],
    "missing": [],
    "problems": [],
    "problem_count": 0,
    "results": [],
}


def planned_change() -> improving.Planned:
    """A change that begins today."""
    words = ("flsdb", "kpi4", "Calls in the evening", "80 % assessed in time by the spring")
    return improving.Planned(*words, began_on=clock.today())


def change(by: Actor) -> Change:
    """A change that is tried."""
    return improving.plan_change(planned=planned_change(), by=by)


def attested() -> Attested:
    """A peer review of a month ago."""
    day = clock.today() - timedelta(days=30)
    return Attested("10", EvidenceKind.PEER_REVIEW, "Visit of two services", day, "Dr Example")


def evidence(by: Actor) -> Evidence:
    """Evidence that holds."""
    return attesting.attest(attested=attested(), by=by)


def gap(by: Actor) -> GapAction:
    """An action that is due in a month."""
    day = clock.today() + timedelta(days=30)
    return attesting.plan_action(standard="9", words="Book the course", owner="A nurse", due=day, by=by)


def submission(by: Actor) -> AuditSubmission:
    """A file of one row."""
    world.confirmed(by)
    return audit_file.make_file(dataset=Dataset.V2024, span=ALL, unchecked_because="a trial", by=by)


def shared(by: Actor) -> SharedResult:
    """Results of the last twelve months that others may see."""
    return sharing.share(set_id="flsdb", span=last_twelve_months(clock.today()), by=by)


def measured(by: Actor) -> MeasuredFile:
    """A kept result of somebody's file."""
    return measured_files.keep_result(result=RESULT, by=by)


def _file(by: Actor) -> partial[AuditSubmission]:
    world.confirmed(by)
    return partial(audit_file.make_file, dataset=Dataset.V2024, span=ALL, unchecked_because="a trial")


def number_of(by: Actor) -> str:
    """The NHS number of a confirmed person of the service."""
    person = world.confirmed(by).person
    return next(each.value for each in person.identifiers.all() if each.system == NHS_NUMBER)


def _list_of_numbers(by: Actor) -> partial[object]:
    entries = read_list(number_of(by).encode())
    return partial(
        opt_out_lists.keep_list, entries=entries, opted_out=True, checked_on=clock.today(), whole_of=ALL
    )


ACTS = (
    ("change.plan", lambda by: partial(improving.plan_change, planned=planned_change())),
    (
        "change.correct",
        lambda by: partial(improving.correct_plan, change=change(by), planned=planned_change()),
    ),
    ("change.withdraw", lambda by: partial(improving.withdraw_change, change=change(by))),
    (
        "change.learn",
        lambda by: partial(
            improving.learn_from, change=change(by), learned=improving.Learned(studied="It rose")
        ),
    ),
    ("evidence.attest", lambda by: partial(attesting.attest, attested=attested())),
    ("evidence.withdraw", lambda by: partial(attesting.withdraw, evidence=evidence(by))),
    (
        "gap.plan",
        lambda by: partial(
            attesting.plan_action, standard="9", words="Book it", owner="A nurse", due=clock.today()
        ),
    ),
    ("gap.done", lambda by: partial(attesting.done, gap=gap(by))),
    ("profile.set", lambda by: partial(attesting.set_level, standard="p5", level="gold", words="NOGG")),
    ("audit_file.make", _file),
    (
        "results.share",
        lambda by: partial(sharing.share, set_id="flsdb", span=last_twelve_months(clock.today())),
    ),
    ("results.withdraw", lambda by: partial(sharing.withdraw, shared=shared(by))),
    ("opt_outs.keep_list", _list_of_numbers),
    ("facilities.answer", lambda by: partial(facilities.answer, year=2026, answers={"nurses": 2.0})),
    ("file.keep_result", lambda by: partial(measured_files.keep_result, result=RESULT)),
)
"""Those that managers may do too; ``person.opt_out`` is work on the pathway."""
OF_QUALITY = {name for name, _ in ACTS}


def opting_out(by: Actor) -> partial[object]:
    """What was found about a person's opt-out."""
    person = world.found(by.service).person
    return partial(audit_file.keep_opt_out, person=person, opted_out=True, checked_on=clock.today())
