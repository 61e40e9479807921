"""A letter about a fictional person of whom everything is known, to look at a wording with."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

from openfls.information.context import (
    AdviceLine,
    BrokenBone,
    FollowUp,
    LetterContext,
    Organisation,
    PersonDetails,
    Plan,
    Referral,
    ServiceDetails,
    SignOff,
)


def sample_context(service: ServiceDetails) -> LetterContext:
    """What a letter of ``service`` about the fictional person may speak of."""
    return replace(_context(), service=service)


@lru_cache(maxsize=1)
def _context() -> LetterContext:
    data = tomllib.loads((files("openfls.information") / "data" / "sample.toml").read_text("utf-8"))
    on: date = data["on"]
    plan, advice, referrals = data["plan"], data["advice"], data["referrals"]

    def referral(name: str) -> Referral:
        team, reason = referrals[name]
        return Referral(Organisation(team), on, (reason,))

    return LetterContext(
        on=on,
        service=ServiceDetails(""),
        person=PersonDetails(**_tuples(data["person"])),
        gp=Organisation(**_tuples(data["gp"])),
        sign_off=SignOff(*data["clinician"]),
        fractures=(BrokenBone(*data["fracture"]),),
        findings=tuple((label, value) for label, value in data["findings"]),
        findings_for_person=tuple(data["findings_for_person"]),
        advice=(AdviceLine(advice["text"], advice["source"]),),
        advice_for_person=tuple(data["advice_for_person"]),
        plan=Plan(**_tuples(plan)),
        falls_referral=referral("falls"),
        dxa_request=referral("dxa"),
        specialist_referral=referral("specialist"),
        scan_result=data["scan_result"],
        follow_ups=tuple(FollowUp(label, day) for label, day in data["follow_ups"]),
        attempts=tuple(data["attempts"]),
        reference=data["reference"],
    )


def _tuples(data: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}
