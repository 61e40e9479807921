"""Workforce and clinic capacity: does the work fit the hours, and how long do people wait?"""

from __future__ import annotations

from openfls.toolkit.kit.local import Local
from openfls.toolkit.kit.paper import Bullets, Gap, Heading, Paper, Part, Text
from openfls.toolkit.queueing import WEEKS, Clinic, Waiting, runs_of, slots_for_90_days, year
from openfls.toolkit.tables import Table

NAME = "capacity"
NEEDED = {
    "wte": "staff who assess",
    "hours": "hours a week for assessments",
    "minutes": "minutes for one assessment",
    "weeks": "weeks a year that they work",
}


def paper(local: Local) -> Paper:
    """The paper; what it lacks stands in it as a gap."""
    parts: list[Part] = [
        Heading("What comes in"),
        Text(f"This plan asks whether the service of {local.place} can see the people it finds in time."),
    ]
    found = local.number(NAME, "found_per_week")
    base = local.found or local.base
    if found is None and base is not None:
        found = base["funnel"][base["compared"]["target"]]["identified"] / WEEKS
        parts.append(
            Text(f"People found: {found:.1f} a week, as in the case for the service as it could be.")
        )
    elif found is not None:
        parts.append(Text(f"People found: {found:g} a week."))
    else:
        parts.append(Gap("people found in a week, or the figures that the case lacks"))
    parts.append(Heading("The clinic"))
    lacking = [words for key, words in NEEDED.items() if not local.number(NAME, key)]
    if lacking or not found:
        parts += [Gap(f"still needed: {each}") for each in lacking]
        return Paper(NAME, "Workforce and clinic capacity", local.place, tuple(parts))
    slots = _slots(local)
    clinic = Clinic(found, slots, local.number(NAME, "backlog") or 0.0)
    parts.append(
        Text(
            f"{local.word(NAME, 'wte')} whole-time equivalents with {local.word(NAME, 'hours')} hours a week for "
            f"assessments of {local.word(NAME, 'minutes')} minutes, {local.word(NAME, 'weeks')} weeks a year: "
            f"{slots:.1f} assessments a week on average."
        )
    )
    share, scans = local.number(NAME, "dxa_share"), local.number(NAME, "dxa_slots")
    then = Clinic(0, scans, local.number(NAME, "dxa_backlog") or 0.0) if share and scans else None
    first, *second = year(clinic, then, (share or 0) / 100)
    parts += _about("assessment", first, slots)
    wanted = slots_for_90_days(clinic)
    if wanted is None:
        parts.append(Text("Not even five times as many appointments would see nine in ten within 90 days."))
    else:
        parts.append(
            Text(
                f"For nine in ten to be seen within 90 days of being found in every quarter, about {wanted:.1f} "
                f"assessments a week are needed: {wanted / slots * (local.number(NAME, 'wte') or 0):.1f} whole-time "
                f"equivalents at the same hours."
            )
        )
    parts.append(Heading("The scanner (DXA)"))
    if second and scans:
        parts += _about("scan", second[0], scans)
    else:
        parts.append(Gap("the share who need a scan, and the scan appointments in a week"))
    parts += [
        Heading("How it was computed"),
        Bullets(
            (
                f"{runs_of(clinic)} simulated years of {WEEKS} weeks. People come by chance at an even rate; "
                "appointments are spread evenly over the week; the first to come is the first to be seen.",
                "The wait begins when somebody is found, not at the fracture: add the days until then.",
                "Nobody fails to attend and no clinic is cancelled: waits will be longer. Lower the hours to allow "
                "for it.",
                "The simulation is checked against the formula of queueing theory (Erlang) in our tests.",
            )
        ),
    ]
    return Paper(NAME, "Workforce and clinic capacity", local.place, tuple(parts))


def _slots(local: Local) -> float:
    wte, hours, minutes, weeks = (local.number(NAME, key) or 0.0 for key in NEEDED)
    return wte * hours * 60 / minutes * min(weeks, WEEKS) / WEEKS


def _about(what: str, waiting: Waiting, slots: float) -> list[Part]:
    rows = [("People found in", "Mean wait, weeks", "Nine in ten wait at most, weeks")]
    rows += [
        (f"Quarter {number}", f"{mean:.1f}", f"{ninth:.1f}")
        for number, (mean, ninth) in enumerate(
            zip(waiting.mean_weeks, waiting.ninth_weeks, strict=True), start=1
        )
    ]
    load = f"{100 * waiting.load:.0f} % of the appointments are needed"
    growing = " – more than there are: the queue grows as long as this lasts" if waiting.load >= 1 else ""
    return [
        Text(f"{load}{growing}."),
        Table(f"Waiting for the {what}", tuple(rows)),
        Text(
            f"{100 * waiting.within_90_days:.0f} % are seen within 90 days of coming; "
            f"{waiting.still_waiting:.0f} people wait at the end of the year (with {slots:.1f} appointments a week)."
        ),
    ]
