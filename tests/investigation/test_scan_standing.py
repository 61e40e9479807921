"""Who goes without a scan and why: each reason has its rule, and none is guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from openfls.investigation import build, evaluate
from openfls.investigation.scan_standing import (
    Standing,
    implied,
    reason_of,
    reasons,
    scan_standing,
)
from openfls.record.people import Sex
from openfls.record.picture import BoneDensity, PastFracture, Picture
from openfls.record.questions import by_field
from openfls.record.reasons import DxaDecision
from openfls.record.sites import Site

TODAY = date(2026, 6, 1)
BROKE = date(2026, 5, 1)
HER = Picture(on=TODAY, sex=Sex.FEMALE, age=76, fractures=(PastFracture(Site.HIP, on=BROKE, fragility=True),))
NG259 = build("NG259@2026-07-29")


def stands(picture: Picture = HER, **more: Any) -> Any:
    return scan_standing(picture, evaluate(NG259, picture).advice, **more)


@pytest.mark.parametrize(
    ("picture", "more", "standing", "rule", "words"),
    [
        (HER, {}, Standing.ADVISED, "NG259-1.4.1", "Offer a DXA scan"),
        (HER, {"reason": "declined"}, Standing.WITHOUT, "", "Goes without a scan: offered, and declined."),
        (HER, {"reason": "cannot_lie"}, Standing.WITHOUT, "NG259-1.7.4", "cannot lie flat"),
        (HER, {"reason": "frailty"}, Standing.WITHOUT, "NG259-1.7.4", "lives with frailty"),
        (HER, {"reason": "declined", "on_its_way": "Booked."}, Standing.ON_ITS_WAY, "", "Booked."),
        (replace(HER, bone_density=BoneDensity(on=TODAY)), {"reason": "declined"}, Standing.DONE, "", "Done on"),
        (
            replace(HER, bone_density=BoneDensity(on=date(2025, 1, 7))),
            {},
            Standing.WITHOUT,
            "NG259-1.10.1",
            "scanned less than 2 years ago (7 January 2025)",
        ),
        (replace(HER, bone_density=BoneDensity(on=date(2023, 1, 7))), {}, Standing.ADVISED, "NG259-1.4.1", ""),
        (replace(HER, fractures=()), {}, Standing.NOT_ADVISED, "", "asks for no scan"),
        (replace(HER, fractures=()), {"needs": ("Weight",)}, Standing.OPEN, "", "cannot be said yet whether"),
    ],
)  # fmt: skip
def test_the_line(picture: Picture, more: dict[str, Any], standing: Standing, rule: str, words: str) -> None:
    line = stands(picture, **more)
    assert (line.standing, line.rule) == (standing, rule)
    assert words in line.words
    assert bool(line.source) is bool(line.rule)
    assert bool(line.note) is (standing is Standing.WITHOUT)


def test_frailty_alone_takes_no_scan_away_but_asks() -> None:
    line = stands(replace(HER, frail=True))
    assert line.standing is Standing.ADVISED
    assert "whether a scan would change anything" in line.note
    assert not stands(replace(HER, frail=True, dxa_needed=True)).note


def test_each_reason_can_be_told_or_follows_from_what_is_known() -> None:
    options = dict(by_field()["dxa.without"].options)
    assert {key: one.words for key, one in reasons().items() if key in options} == options
    follows = {reason_of({"dxa_possible": False}), reason_of({"dxa_needed": False}), "recent"}
    assert set(options) | follows == set(reasons())
    refused = (DxaDecision.DECLINED, DxaDecision.NOT_FEASIBLE, DxaDecision.NOT_NEEDED)
    assert {reason_of({}, each.value) for each in refused} <= set(reasons())
    assert not any(reason_of({}, each.value) for each in set(DxaDecision) - set(refused))
    assert reason_of({}) == reason_of({"dxa_possible": True, "dxa_needed": None}) == ""


def test_a_reason_that_was_told_is_a_no_to_its_question_and_never_overrides_an_answer() -> None:
    assert implied({"dxa.without": "cannot_lie"}) == {"dxa_possible": False}
    assert implied({"dxa.without": "frailty"}) == {"dxa_needed": False}
    assert implied({"dxa.without": "declined"}) == {}
    assert implied({"dxa.without": "cannot_lie", "dxa_possible": True}) == {}
    assert implied({}) == {}
