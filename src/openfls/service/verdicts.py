"""Verdicts: what a person decided, kept beside what the report reader had said; and how well the reader does here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Q

from openfls.quality.intervals import Share, wilson
from openfls.quality.recall import Recall, recall
from openfls.record.feeds import SourceKind
from openfls.record.findings import Triage, triage
from openfls.record.reasons import NotForUs
from openfls.record.sites import Site
from openfls.service import clock
from openfls.service.feeds.values import observation_from
from openfls.service.models import Episode, PassedOver, Service, SourceRecord, Status, Verdict

MISREAD = NotForUs.NO_FRACTURE
"""The one reason that says the reader read wrongly; every other is about the person or the injury."""
_ORDER = (Triage.CASE, Triage.REVIEW, Triage.NONE)


def remember(episode: Episode, status: Status, reason: NotForUs | None = None) -> Verdict:
    """Keep a decision beside what the reader had said of the episode. ``reason`` is None where it was confirmed."""
    records = list(
        SourceRecord.objects.filter(fractures__episode=episode, superseded=False)
        .distinct()
        .order_by("on", "pk")
    )
    read = [record for record in records if record.reader]
    findings = [finding for record in read for finding in observation_from(record.observation).findings]
    index = Site(episode.index_fracture.site)
    sites = [finding.site for finding in findings]
    return Verdict.objects.create(
        status=status,
        episode=episode,
        service=episode.service,
        confirmed=reason is None,
        reason=reason or "",
        reader=max((record.reader for record in read), default=""),
        triage=triage(findings) if read else episode.triage,
        site=index if index in sites or not sites else sites[0],
        kinds=";".join(sorted({record.kind for record in records})),
    )


@dataclass(frozen=True, slots=True)
class Precision:
    """Of those put forward and decided, the share that was there. ``label`` names the group."""

    label: str
    share: Share


@dataclass(frozen=True, slots=True)
class ReaderReport:
    """How well the reader reads in one service.

    ``precision`` has all first, then by triage, by who else told, and by site; ``set_aside`` counts what was refuted
    for a reason that says nothing of the reading. ``waiting`` reports are yet to be read.
    """

    versions: tuple[str, ...]
    precision: dict[str, list[Precision]]
    set_aside: list[tuple[NotForUs, int]]
    recall: Recall
    judged: int
    waiting: int

    @property
    def decided(self) -> int:
        """How many verdicts tell of the reading."""
        return self.precision["All"][0].share.of


def reader_report(service: Service) -> ReaderReport:
    """All verdicts that stand, and the audit of what was passed over."""
    verdicts = Verdict.objects.standing().filter(service=service).exclude(reader="")
    counts = {NotForUs(row["reason"]): row["n"] for row in _refused(verdicts)}
    weighed = list(
        verdicts.filter(Q(confirmed=True) | Q(reason=MISREAD)).values_list(
            "triage", "site", "kinds", "confirmed"
        )
    )
    drawn = _sample(service)
    return ReaderReport(
        versions=tuple(verdicts.order_by("reader").values_list("reader", flat=True).distinct()),
        precision={
            "All": [_precision("All", (row[3] for row in weighed))],
            "By what the reader said": [
                _precision(each.capitalize(), (row[3] for row in weighed if row[0] == each))
                for each in _ORDER
                if any(row[0] == each for row in weighed)
            ],
            "By who told": [
                _precision(label, (row[3] for row in weighed if (row[2] == SourceKind.RADIOLOGY) is alone))
                for label, alone in (("The report alone", True), ("Another record told too", False))
                if any((row[2] == SourceKind.RADIOLOGY) is alone for row in weighed)
            ],
            "By site": [
                _precision(site.label, (row[3] for row in weighed if row[1] == site))
                for site in Site
                if any(row[1] == site for row in weighed)
            ],
        },
        set_aside=[(reason, counts[reason]) for reason in NotForUs if reason in counts and reason != MISREAD],
        recall=_recall(service),
        judged=drawn.exclude(there_is=None).count(),
        waiting=PassedOver.objects.filter(service=service, there_is=None).count(),
    )


def _refused(verdicts):  # noqa: ANN001 - rows of reason and n
    return verdicts.filter(confirmed=False).order_by().values("reason").annotate(n=Count("pk"))


def _precision(label: str, confirmed: Iterable[bool]) -> Precision:
    told = list(confirmed)
    return Precision(label, wilson(sum(told), len(told)))


def _sample(service: Service):
    """What was drawn at the rate that the service uses now, as far back as reports without a fracture are kept: neither
    rates nor what is left of older years are mixed in one estimate."""
    since = clock.now() - timedelta(days=settings.PASSED_OVER_DAYS)
    return PassedOver.objects.filter(service=service, one_in=service.audit_one_in, read_at__gte=since)


def _recall(service: Service) -> Recall:
    drawn = _sample(service)
    first = drawn.order_by("read_at").first()
    judged = drawn.exclude(there_is=None)
    return recall(
        right=_right(service, first) if first else 0,
        drawn=drawn.count(),
        one_in=service.audit_one_in,
        audited=judged.count(),
        missed=judged.filter(there_is=True).count(),
    )


def _right(service: Service, first: PassedOver) -> int:
    """Reports that the reader put forward since the sample began and whose episodes stand confirmed."""
    confirmed = Verdict.objects.standing().filter(service=service, confirmed=True)
    return (
        SourceRecord.objects.filter(
            service=service,
            kind=SourceKind.RADIOLOGY,
            superseded=False,
            fractures__episode__in=confirmed.values("episode"),
            row__delivery__received_at__gte=first.row.delivery.received_at,
        )
        .exclude(reader="")
        .distinct()
        .count()
    )
