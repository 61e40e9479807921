"""Decisions recorded under a pack come out the same, byte for byte; and a record that cannot be read says
why.

`recorded/*.json` were written when the pack was made. A change that makes one of them differ changes the
past: a new version of the pack is needed instead.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from openfls.investigation import PACKS, build, evaluate, pack
from openfls.investigation.codec import (
    evaluation_to_json,
    picture_from_dict,
    picture_from_json,
    picture_to_json,
    replay,
)
from openfls.investigation.packs import registry
from openfls.record.errors import BadInput
from openfls.record.picture import FraxResult, Picture

RECORDED = sorted((Path(__file__).parent / "recorded").glob("*.json"))


@pytest.mark.parametrize("path", RECORDED, ids=[path.stem for path in RECORDED])
def test_a_recorded_decision_is_replayed_bit_for_bit(path):
    recorded = path.read_text(encoding="utf-8").strip()
    assert evaluation_to_json(replay(recorded)) == recorded


def test_every_pack_has_a_recorded_decision():
    assert {path.stem for path in RECORDED} == set(PACKS)


def test_local_settings_are_replayed_too():
    picture = Picture(date(2026, 11, 1), frax=FraxResult(9.0, 1.0, date(2026, 11, 1), "UK", with_bmd=False))
    recorded = evaluation_to_json(evaluate(build("NG259@2026-07-29", {"consider_dxa_major_pct": 8}), picture))
    assert "consider-dxa" in replay(recorded).actions
    assert "consider-dxa" not in evaluate(pack("NG259@2026-07-29"), picture).actions


def test_whole_numbers_and_reals_are_recorded_alike():
    on = date(2026, 11, 1)
    assert picture_to_json(Picture(on, weight_kg=60)) == picture_to_json(Picture(on, weight_kg=60.0))


def test_what_is_not_known_is_not_written():
    assert picture_to_json(Picture(date(2026, 11, 1), hrt=False)) == '{"hrt":false,"on":"2026-11-01"}'


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({}, "on is needed"),
        ({"on": "1 November"}, "on: '1 November' is not a date"),
        ({"on": "2026-11-01", "colour": "red"}, "colour: no such field"),
        ({"on": "2026-11-01", "age": "70"}, "age: '70' is not of the kind"),
        ({"on": "2026-11-01", "hrt": 1}, "hrt: 1 is not of the kind bool"),
        ({"on": "2026-11-01", "sex": "f"}, "sex: 'f' is none of female, male, unknown"),
        ({"on": "2026-11-01", "fractures": {"site": "hip"}}, "fractures: a list is needed"),
        ({"on": "2026-11-01", "fractures": [{"site": "knee"}]}, r"fractures\[0\].site: 'knee' is none of"),
        (
            {"on": "2026-11-01", "frax": {"hip_pct": 1}},
            "frax: major_osteoporotic_pct, on, country_model, with_bmd",
        ),
        ({"on": "2026-11-01", "frax": 12}, "frax: an object is needed"),
    ],
)
def test_a_picture_that_does_not_fit_names_the_field(values, reason):
    with pytest.raises(BadInput, match=reason):
        picture_from_dict(values)


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"pack": "NG259@2026-07-29"}'])
def test_a_broken_record_is_refused(text):
    with pytest.raises(BadInput):
        replay(text)


def test_a_broken_picture_is_refused():
    with pytest.raises(BadInput, match="not readable as JSON"):
        picture_from_json("{")


@pytest.mark.parametrize("path", RECORDED, ids=[path.stem for path in RECORDED])
def test_two_later_versions_of_a_pack_leave_its_recorded_decision_alone(path, monkeypatch):
    """Later versions turn every rule round; the decision is of its own version, to the last byte."""
    recorded = path.read_text(encoding="utf-8").strip()
    name, _, version = path.stem.partition("@")
    make, defaults = registry._BUILDERS[name, version]

    def later(number):
        def built(settings):
            old = make(settings)
            rules = [replace(rule, when=~rule.when, text=f"{rule.text} ({number})") for rule in old.rules]
            return replace(old, version=number, rules=tuple(reversed(rules)))

        return built

    added = {(name, number): (later(number), defaults) for number in ("2027-01-01", "2028-01-01")}
    monkeypatch.setattr(registry, "_BUILDERS", {**registry._BUILDERS, **added})
    picture = replay(recorded).picture
    for number in ("2027-01-01", "2028-01-01"):
        assert evaluation_to_json(evaluate(build(f"{name}@{number}"), picture)) != recorded
    assert evaluation_to_json(replay(recorded)) == recorded
