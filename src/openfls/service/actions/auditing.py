"""The audit of the reader: a person reads a report that it passed over, and says what is in it."""

from __future__ import annotations

from dataclasses import replace

from openfls.record.feeds import Bearing
from openfls.record.findings import Finding
from openfls.record.pathway import NotPossible, State
from openfls.record.sites import OUTSIDE_FLS, Side, Site
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.feeds.reconcile import reconcile
from openfls.service.feeds.turns import take_turn
from openfls.service.feeds.values import observation_from, to_json
from openfls.service.models import Episode, PassedOver, SourceRecord
from openfls.service.roles import May

SITES = tuple(site for site in Site if site not in OUTSIDE_FLS)
REMARK = "the report reader passed it over; a person found it in the audit"


@action("passed_over.judge", May.WORK_THE_PATHWAY)
def judge(
    *, passed: PassedOver, there_is: bool, site: Site | None = None, side: Side = Side.NONE, by: Actor
) -> Episode | None:
    """Say whether the report tells of a fracture that the service should know of, and where.

    A yes becomes evidence like any other: the episode that it makes, or brings back to be looked at once more, waits to
    be confirmed, and is returned. Where the fracture was known already, or the person cannot be a case, there is none
    and the answer is None.

    Raises:
        NotPossible: it was judged already, is not kept any more, or no site is named.
    """
    take_turn(by.service)
    passed = _held(passed)
    if passed.there_is is not None:
        raise NotPossible("This report has been judged already.")
    if there_is and site not in SITES:
        raise NotPossible("Say which bone is broken.")
    passed.there_is, passed.site = there_is, (site or "") if there_is else ""
    passed.judged_at, passed.judged_by = clock.now(), by.user
    passed.save()
    note(by, "passed_over.judge", person=passed.person, subject=f"report {passed.pk}", there_is=there_is)
    return _take_in(passed, Finding(site, side), by) if there_is and site else None


@action("passed_over.take_back", May.WORK_THE_PATHWAY)
def take_back(*, passed: PassedOver, by: Actor) -> PassedOver:
    """A slip: the report waits to be judged again.

    Raises:
        NotPossible: it waits already, is not kept any more, or an episode has been made of it, which can be refuted.
    """
    passed = _held(passed)
    if passed.there_is is None:
        raise NotPossible("This report has not been judged yet.")
    if passed.there_is:
        raise NotPossible("The fracture has been put forward. Refute it there if it is none.")
    passed.there_is, passed.site, passed.judged_at, passed.judged_by = None, "", None, None
    passed.save()
    note(by, "passed_over.take_back", person=passed.person, subject=f"report {passed.pk}")
    return passed


def _held(passed: PassedOver) -> PassedOver:
    """The row as it stands now, for this transaction alone. Raises `NotPossible` where the night has taken it away."""
    row: PassedOver | None = PassedOver.objects.select_for_update(of=("self",)).filter(pk=passed.pk).first()
    if row is None:
        raise NotPossible("This report is not kept any more: its time was over.")
    return row


def _take_in(passed: PassedOver, finding: Finding, by: Actor) -> Episode | None:
    """The report as evidence, by the door of the feeds: its row is no longer one that was left out."""
    report = observation_from(passed.report)
    told = replace(report, findings=(finding,), bearing=Bearing.REVIEW, remark=REMARK)
    SourceRecord.objects.create(
        row=passed.row,
        service=passed.service,
        person=passed.person,
        kind=report.source.kind,
        on=report.on,
        observation=to_json(told),
    )
    out = set(passed.person.episodes.filter(state=State.NOT_FOR_US).values_list("pk", flat=True))
    made = reconcile(passed.person, by, fresh={passed.row_id})
    for episode in made:
        note(
            by, "episode.find", person=episode.person, subject=f"episode {episode.pk}", triage=episode.triage
        )
    back = passed.person.episodes.filter(pk__in=out, state=State.FOUND).first()
    return made[0] if made else back
