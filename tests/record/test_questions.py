"""The questions of an assessment: each has a place in the picture, and an answer is typed or refused."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.record.people import Sex
from openfls.record.picture import BoneDensity, FraxResult, Picture, Smoking
from openfls.record.questions import NotAnAnswer, QuestionKind, by_field, read_answer, sections

TODAY = date(2026, 6, 1)
QUESTIONS = by_field()
HISTORY = {"previous_fracture", "previous_hip_fracture", "previous_vertebral_fracture"}
"""Answered in words, and put into the picture as fractures."""
BESIDE = {
    *(
        "total_calcium_mmol_l",
        "albumin_g_l",
        "phosphate_mmol_l",
        "alp_u_l",
        "alt_u_l",
        "pth_pmol_l",
        "tsh_mu_l",
    ),
    *("haemoglobin_g_l", "esr_mm_h", "crp_mg_l", "ttg_iga_u_ml", "testosterone_nmol_l"),
    *("electrophoresis", "light_chains"),
}
"""Results that stand on the page beside the advice; no rule asks for their figures."""
WORKED_OUT = ("bp.", "dxa.", "vfa.", "falls_medicine.")
"""Fields out of which something is worked out (`service.worked_out`, `service.scans`)."""


def _places() -> set[str]:
    nested = {"bone_density": BoneDensity, "frax": FraxResult}
    inside = {f"{prefix}.{field.name}" for prefix, kind in nested.items() for field in fields(kind)}
    return {field.name for field in fields(Picture)} - set(nested) | inside | HISTORY


@pytest.mark.parametrize("field", QUESTIONS)
def test_every_question_has_a_place_in_the_picture(field: str) -> None:
    assert field in _places() | BESIDE or field.startswith(WORKED_OUT)


def test_no_question_is_asked_twice() -> None:
    asked = [question.field for section in sections() for question in section.questions]
    assert len(asked) == len(set(asked)) > 50


def test_choices_have_options_and_nothing_else_has() -> None:
    for question in QUESTIONS.values():
        assert bool(question.options) is (question.kind is QuestionKind.CHOICE), question.field
        assert len(dict(question.options)) == len(question.options)


def test_a_frax_result_can_be_answered_whole() -> None:
    assert {f"frax.{field.name}" for field in fields(FraxResult)} <= set(QUESTIONS)


def test_the_smoking_options_are_those_of_the_picture() -> None:
    assert {key for key, _ in QUESTIONS["smoking"].options} == set(Smoking)


@pytest.mark.parametrize(
    ("sex", "menopause", "androgen"),
    [(Sex.FEMALE, True, False), (Sex.MALE, False, True), (Sex.UNKNOWN, True, True)],
)
def test_who_is_asked(sex: Sex, menopause: bool, androgen: bool) -> None:
    assert QUESTIONS["postmenopausal"].asked_of(sex) is menopause
    assert QUESTIONS["androgen_deprivation"].asked_of(sex) is androgen
    assert QUESTIONS["falls_last_year"].asked_of(sex)


READ = [
    ("care_home", "yes", True),
    ("care_home", "no", False),
    ("care_home", "", None),
    ("care_home", "   ", None),
    ("falls_last_year", "0", 0),
    ("falls_last_year", " 3 ", 3),
    ("falls_last_year", "2.0", 2),
    ("height_cm", "165", 165.0),
    ("height_cm", "165.5", 165.5),
    ("height_cm", "165,5", 165.5),
    ("bone_density.total_hip_t", "-2.7", -2.7),
    ("bone_density.total_hip_t", "−2,7", -2.7),
    ("smoking", "former", "former"),
    ("bone_density.on", "27 3 2026", "2026-03-27"),
    ("bone_density.on", "1 6 2026", "2026-06-01"),
    ("frax.country_model", "UK", "UK"),
]


@pytest.mark.parametrize(("field", "typed", "answer"), READ)
def test_what_is_read(field: str, typed: str, answer: object) -> None:
    value = read_answer(QUESTIONS[field], typed, TODAY)
    assert (value, type(value)) == (answer, type(answer))


REFUSED = [
    ("care_home", "maybe", "yes or no"),
    ("care_home", "True", "yes or no"),
    ("falls_last_year", "two", "number"),
    ("falls_last_year", "1.5", "whole number"),
    ("falls_last_year", "-1", "whole number"),
    ("height_cm", "165 cm", "in cm, without the unit"),
    ("height_cm", "5'4", "number"),
    ("height_cm", "nan", "number"),
    ("height_cm", "1e3", "number"),
    ("height_cm", "1,000.5", "number"),
    ("creatinine_umol_l", "1,234", "without a comma"),  # a thousand, or one and a bit: nobody can tell
    ("smoking", "sometimes", "one of the answers"),
    ("bone_density.on", "soon", "date"),
    ("bone_density.on", "30 2 2026", "date"),
    ("bone_density.on", "2 6 2026", "today or in the past"),
]


@pytest.mark.parametrize(("field", "typed", "why"), REFUSED)
def test_what_is_refused_and_why(field: str, typed: str, why: str) -> None:
    with pytest.raises(NotAnAnswer, match=why):
        read_answer(QUESTIONS[field], typed, TODAY)


@given(
    st.sampled_from(sorted(QUESTIONS)),
    st.text(max_size=12) | st.sampled_from(["yes", "3", "1.5", "1 1 2020"]),
)
def test_whatever_is_typed_is_an_answer_with_words_or_refused(field: str, typed: str) -> None:
    question = QUESTIONS[field]
    try:
        value = read_answer(question, typed, TODAY)
    except NotAnAnswer:
        return
    assert question.words(value)
    assert (value is None) is (not typed.strip())


WORDS = [
    ("care_home", None, "not known"),
    ("care_home", True, "Yes"),
    ("care_home", False, "No"),
    ("falls_last_year", 0, "0"),
    ("height_cm", 165.0, "165 cm"),
    ("height_cm", 165.5, "165.5 cm"),
    ("smoking", "light", "Fewer than 10 a day"),
    ("smoking", "pipe", "pipe"),  # an option that is no longer asked is still shown
    ("bone_density.on", "2026-03-07", "7 March 2026"),
    ("bone_density.total_hip_t", -2.7, "-2.7 SD"),
    ("bone_density.on", None, "not known"),
]


@pytest.mark.parametrize(("field", "value", "words"), WORDS)
def test_an_answer_in_words(field: str, value: object, words: str) -> None:
    assert QUESTIONS[field].words(value) == words  # type: ignore[arg-type]
