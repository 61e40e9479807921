"""What somebody typed on a page of figures, taken into the case or sent back with the reason beside the question."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan
from typing import cast

from openfls.record.errors import BadInput
from openfls.toolkit.case.building import asks, prepared_of
from openfls.toolkit.case.questions import ARMS, Question, Standing, of_group, questions, standing
from openfls.toolkit.case.settings import SETTINGS, value_of
from openfls.toolkit.case.state import Answer, Case, Figures
from openfls.toolkit.caseload import SEXES, SITES, most_hips, uk_total
from openfls.toolkit.parameters import packaged
from openfls.toolkit.scenario import OwnCount, SexName, Site

YOURS = "your own figure"


def typed_text(value: float | None, scale: float = 1.0) -> str:
    """A figure as it stands in its field: no digit is lost, none is added."""
    if value is None:
        return ""
    shown = round(value * scale, 10)
    return f"{shown:.0f}" if shown == int(shown) and abs(shown) < 1e15 else repr(shown)


def changed(case: Case, group: str, typed: Mapping[str, str]) -> tuple[Case, dict[str, str]]:
    """The case with what was typed on one page, and the errors by the key of their question.

    With an error the case comes back as it was. A field left as shown keeps what is known of its figure; one that
    was emptied goes back to the published figure.
    """
    errors: dict[str, str] = {}
    answers = dict(case.figures.answers)
    for question in of_group(group):
        if question.key not in typed:
            continue
        try:
            answer = _answer(question, standing(question, case.figures), typed)
        except ValueError as error:
            errors[question.key] = str(error)
            continue
        if answer is None:
            answers.pop(question.key, None)
        else:
            answers[question.key] = answer
    choices = dict(case.figures.choices)
    for key, setting in SETTINGS.items():
        if setting.group != group or key not in typed:
            continue
        try:
            value_of(setting, typed[key])
        except BadInput as error:
            errors[key] = error.reason
        choices[key] = typed[key].strip()
        if choices[key] in ("", setting.usual):
            del choices[key]
    changes: dict[str, object] = {"answers": answers, "choices": choices}
    if group == "caseload" and any(key.startswith("own.") for key in typed):
        changes["own"], wrong = _own_counts(typed)
        errors |= wrong
    made = case.with_figures(**changes)
    errors = errors or _faults(made, group)
    return (case, errors) if errors else (made, {})


def _answer(question: Question, now: Standing, typed: Mapping[str, str]) -> Answer | None:
    """The answer that the fields of one question make; None: the published figure holds."""
    text = typed[question.key].strip()
    if not text:
        return None
    value = now.value
    if value is None or text != typed_text(value, question.scale):
        value = _number(text, question)
    whole = f"{question.key}.low" in typed
    low, high = (_end(typed.get(f"{question.key}.{end}", ""), question) for end in ("low", "high"))
    # A page may leave the details of a figure out; they stay as they are then.
    if not whole:
        low, high = (now.low, now.high) if value == now.value else (None, None)
    if (low is None) != (high is None):
        raise ValueError("give both ends of the interval, or none")
    if low is not None and high is not None and not low <= value <= high:
        raise ValueError("the interval does not hold the figure")
    source = typed.get(f"{question.key}.source", now.source).strip()
    year = typed.get(f"{question.key}.year", now.price_year).strip()
    assumed = f"{question.key}.assumed" in typed if whole else now.confidence == "assumption"
    same = (value, low, high, source, year) == (now.value, now.low, now.high, now.source, now.price_year)
    if same and not now.own and assumed == (now.confidence == "assumption"):
        return None
    if value != now.value and source == now.source:
        source = YOURS
    if len(source) > 300 or len(year) > 10:
        raise ValueError("the source has at most 300 characters, the year of the prices 10")
    kind = "assumption" if assumed else "own"
    if same and now.own and not assumed:
        kind = {"measured by your service": "measured", "stand-in, to be replaced": "stand-in"}.get(
            now.confidence, kind
        )
    return Answer.model_validate(
        {"value": value, "low": low, "high": high, "source": source, "price_year": year, "kind": kind}
    )


def _end(text: str, question: Question) -> float | None:
    return _number(text, question) if text.strip() else None


def _number(text: str, question: Question) -> float:
    plain = text.replace(",", "").replace("£", "").replace("%", "").replace(" ", "")
    try:
        value = float(plain)
    except ValueError as error:
        raise ValueError(f"“{text.strip()[:40]}” is no number") from error
    if isnan(value):
        raise ValueError(f"“{text.strip()[:40]}” is no number")
    if abs(value) > 1e12:
        raise ValueError("this is too large")
    if question.scale == 100 and not 0 <= value <= 100:
        raise ValueError("give a share between 0 and 100 %")
    if value < 0 and question.key != "treatment.waning_share":
        raise ValueError("give a figure that is not below zero")
    return value / question.scale


def own_key(site: str, sex: str, what: str) -> str:
    """The name of a field of the own counts."""
    return f"own.{site}.{sex}.{what}"


def _own_counts(typed: Mapping[str, str]) -> tuple[list[OwnCount], dict[str, str]]:
    found, errors = [], {}
    for site in SITES:
        for sex in SEXES:
            count, age = (typed.get(own_key(site, sex, what), "").strip() for what in ("n", "age"))
            if not count and not age:
                continue
            try:
                per_year, years = float(count.replace(",", "")), float(age)
                if not (0 <= per_year < 1e9 and 50 <= years <= 100):
                    raise ValueError
            except ValueError:
                errors[own_key(site, sex, "n")] = (
                    f"{site}, {sex}: give the number a year and the mean age, 50 to 100, or neither"
                )
                continue
            found.append(
                OwnCount(site=cast(Site, site), sex=cast(SexName, sex), age=years, per_year=per_year)
            )
    return found, errors


def _faults(case: Case, group: str) -> dict[str, str]:
    """What is wrong with a case whose fields can all be read."""
    for arm in ARMS:
        if group == arm:
            found = _faults_of_arm(arm, case.figures)
            if found:
                return found
    if group == "caseload" and (found := _too_many(case.figures)):
        return found
    if asks(case):
        return {}
    try:
        prepared_of(case)
    except BadInput as error:
        key = error.field.removeprefix("parameters.")
        known = key in questions() or key in SETTINGS
        return {key if known else "": error.reason if known else str(error)}
    return {}


def _too_many(figures: Figures) -> dict[str, str]:
    """A number of hip fractures that the area's people cannot have; where they are not known, that the UK cannot."""
    known = questions()
    people = standing(known["caseload.population_total"], figures).value
    if figures.population:
        people = max(people or 0.0, sum(row.people for row in figures.population))
    most = most_hips(people or uk_total(), packaged())
    who = f"the {people:,.0f} people of the area" if people else f"the whole UK ({uk_total():,.0f} people)"
    reason = (
        f"is more than {who} could have if all were 50 or over: {most:,.0f} hip fractures a year. Check it"
    )
    found = {}
    hips = standing(known["caseload.hips_per_year"], figures).value
    if hips is not None and hips > most:
        found["caseload.hips_per_year"] = reason
    own = [row for row in figures.own if row.site == "hip"]
    if sum(row.per_year for row in own) > most:
        found[own_key("hip", own[0].sex, "n")] = f"hip: {reason}"
    return found


def _faults_of_arm(arm: str, figures: Figures) -> dict[str, str]:
    now = {
        key: standing(question, figures).value
        for key, question in questions().items()
        if key.startswith(f"arms.{arm}.")
    }
    shares = sum(value or 0.0 for key, value in now.items() if ".drugs." in key)
    if abs(shares - 1) > 1e-6:
        reason = f"the shares of the drugs come to {100 * shares:g} %, not to 100 %"
        return {f"arms.{arm}.drugs.alendronate": reason}
    falls = {key: value for key, value in now.items() if ".falls." in key}
    open_ones = [key for key, value in falls.items() if value is None]
    if 0 < len(open_ones) < len(falls):
        return {open_ones[0]: "the falls programme needs all four figures, or none"}
    return {}
