"""Facts about treatment and about where the person stands: what is planned, what is taken, since when, what follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from openfls.intervention.calendar import months_since
from openfls.intervention.expression import Fact
from openfls.intervention.following import begun_after, plan_holds, planned_for
from openfls.intervention.situation import Course, Situation

_Read = Callable[[Situation, Mapping[str, float]], Fact]


def _flag(value: bool) -> Fact:
    return Fact(value, "yes" if value else "no")


def _number(value: float, unit: str = "") -> Fact:
    return Fact(float(value), f"{value:.3g} {unit}".strip())


def _no_number() -> Fact:
    # Nothing has been given, so nothing is late: a time since a dose that there never was is none, not unknown.
    return Fact(-1.0, "none on record")


def _planned(situation: Situation, _: Mapping[str, float]) -> Fact:
    names = frozenset({situation.planned} if situation.planned else ())
    return Fact(names, situation.planned or "none")


def _taken(situation: Situation, _: Mapping[str, float]) -> Fact:
    """What is taken now: courses on record, and what was told at the assessment while no course contradicts it."""
    names = {course.drug for course in situation.courses if course.goes_on}
    told = situation.picture.bone_drug_now
    if told and not _stopped_since_told(situation, told):
        names.add(told)
    doubt = told is None and not any(course.goes_on for course in situation.courses)
    return Fact(
        frozenset(names), ", ".join(sorted(names)) or "none known", ("bone_drug_now",) if doubt else (), doubt
    )


def _stopped_since_told(situation: Situation, drug: str) -> bool:
    """Whether a course of the drug has ended since it was told; one that ended before contradicts nothing."""
    told_on = situation.known_on.get("bone_drug_now")
    return told_on is not None and any(
        course.stopped_on is not None and course.stopped_on >= told_on
        for course in situation.courses
        if course.drug == drug
    )


def _undated(situation: Situation, drug: str) -> bool:
    """Whether the drug is taken and nobody has told of a dose: told at the assessment or heard at a review alone."""
    course = situation.running(drug)
    if course is not None:
        return course.last_dose_on is None
    return situation.picture.bone_drug_now == drug and not _stopped_since_told(situation, drug)


def _denosumab_undated(situation: Situation, _: Mapping[str, float]) -> Fact:
    return _flag(_undated(situation, "denosumab"))


def _used(situation: Situation, settings: Mapping[str, float]) -> Fact:
    planned, taken = _planned(situation, settings), _taken(situation, settings)
    assert isinstance(planned.value, frozenset)
    assert isinstance(taken.value, frozenset)
    names = planned.value | taken.value
    return Fact(names, ", ".join(sorted(names)) or "none known", taken.missing, taken.doubt)


def _months(drug: str, what: str) -> _Read:
    def read(situation: Situation, _: Mapping[str, float]) -> Fact:
        course = situation.running(drug)
        undated = what == "last" and _undated(situation, drug)
        missing = (f"last_dose_of_{drug}",) if undated else ()
        if course is None:
            return Fact(None, "no dose on record", missing) if undated else _no_number()
        since = course.last_on if what == "last" else course.started_on
        found = _number(months_since(since, situation.today), "months")
        # Counted from a guessed first day it may warn, and says nothing when it does not.
        return (
            Fact(found.value, f"{found.shown}, of a guessed day", missing, doubt=True) if undated else found
        )

    return read


def _doses(drug: str) -> _Read:
    def read(situation: Situation, _: Mapping[str, float]) -> Fact:
        course = situation.running(drug)
        return _no_number() if course is None or course.doses is None else _number(course.doses)

    return read


def _since(drug: str, day: Callable[[Course], date]) -> _Read:
    """Months since a day of the newest course, gone on with or not."""

    def read(situation: Situation, _: Mapping[str, float]) -> Fact:
        course = situation.newest(drug)
        if course is None:
            return _no_number()
        return _number(months_since(day(course), situation.today), "months")

    return read


def _stopped(drug: str) -> _Read:
    def read(situation: Situation, _: Mapping[str, float]) -> Fact:
        course = situation.newest(drug)
        return _flag(course is not None and not course.goes_on)

    return read


def _follow_on(drug: str) -> _Read:
    """Begun, or planned for a day that has not passed: a plan alone is not enough for long."""

    def read(situation: Situation, settings: Mapping[str, float]) -> Fact:
        course = situation.newest(drug)
        if course is None:
            return _flag(False)
        if begun_after(course, situation.courses):
            return Fact(True, "begun")
        day = planned_for(course)
        if day is None:
            return _flag(False)
        planned = f"{course.follow_on} planned for {day.isoformat()}"
        if plan_holds(course, situation.today, settings):
            return Fact(True, planned)
        return Fact(False, f"{planned}: {'too late' if situation.today <= day else 'passed'}, and not begun")

    return read


def _weeks(since: Callable[[Situation], date | None]) -> _Read:
    def read(situation: Situation, _: Mapping[str, float]) -> Fact:
        start = since(situation)
        return _no_number() if start is None else _number((situation.today - start).days / 7, "weeks")

    return read


def _very_high(situation: Situation, _: Mapping[str, float]) -> Fact:
    told = situation.very_high_risk
    if told is None:
        return Fact(None, "not known", ("very high risk by the guideline",))
    return _flag(told)


def _silence(situation: Situation, _: Mapping[str, float]) -> Fact:
    feed = situation.feed
    return (
        _no_number() if feed is None else _number(feed.silent_days / max(1, feed.usual_days), "times as long")
    )


TREATMENT: Mapping[str, tuple[str, _Read]] = {
    "planned": ("the drug planned", _planned),
    "taken": ("the drug taken", _taken),
    "used": ("the drug planned or taken", _used),
    "denosumab_months": ("months since the last denosumab", _months("denosumab", "last")),
    "denosumab_since": (
        "months since the last denosumab, gone on with or not",
        _since("denosumab", lambda course: course.last_on),
    ),
    "denosumab_undated": ("denosumab is taken, and no dose is on record", _denosumab_undated),
    "denosumab_stopped": ("denosumab has been stopped", _stopped("denosumab")),
    "denosumab_followed": (
        "a drug begun after denosumab, or planned for a day to come",
        _follow_on("denosumab"),
    ),
    "romosozumab_months": ("months since romosozumab began", _months("romosozumab", "first")),
    "romosozumab_doses": ("doses of romosozumab", _doses("romosozumab")),
    "romosozumab_gone": (
        "months since romosozumab began, gone on with or not",
        _since("romosozumab", lambda course: course.started_on),
    ),
    "romosozumab_stopped": ("romosozumab has been stopped", _stopped("romosozumab")),
    "romosozumab_followed": (
        "a drug begun after romosozumab, or planned for a day to come",
        _follow_on("romosozumab"),
    ),
    "teriparatide_months": ("months since teriparatide began", _months("teriparatide", "first")),
    "teriparatide_gone": (
        "months since teriparatide began, gone on with or not",
        _since("teriparatide", lambda course: course.started_on),
    ),
    "teriparatide_stopped": ("teriparatide has been stopped", _stopped("teriparatide")),
    "teriparatide_followed": (
        "a drug begun after teriparatide, or planned for a day to come",
        _follow_on("teriparatide"),
    ),
    "abaloparatide_months": ("months since abaloparatide began", _months("abaloparatide", "first")),
    "abaloparatide_gone": (
        "months since abaloparatide began, gone on with or not",
        _since("abaloparatide", lambda course: course.started_on),
    ),
    "abaloparatide_stopped": ("abaloparatide has been stopped", _stopped("abaloparatide")),
    "abaloparatide_followed": (
        "a drug begun after abaloparatide, or planned for a day to come",
        _follow_on("abaloparatide"),
    ),
    "very_high_risk": ("very high risk by the guideline", _very_high),
    "weeks_since_plan": ("weeks since the plan", _weeks(lambda situation: situation.plan_agreed_on)),
    "weeks_without_action": (
        "weeks since anything was done",
        _weeks(lambda situation: situation.last_action_on or situation.found_on),
    ),
    "start_heard": (
        "heard whether it was begun",
        lambda situation, _: _flag(situation.started is not None),
    ),
    "started": ("begun", lambda situation, _: _flag(bool(situation.started))),
    "under_care": ("under care", lambda situation, _: _flag(situation.under_care)),
    "before_plan": ("no plan agreed yet", lambda situation, _: _flag(situation.before_plan)),
    "deceased": ("has died", lambda situation, _: _flag(situation.deceased)),
    "identity_doubt": (
        "the identity is in doubt",
        lambda situation, _: _flag(bool(situation.identity_doubt)),
    ),
    "feed_silence": ("times the usual wait that a feed has been silent", _silence),
}
