"""The questions that a person answers at home: plain, complete, and read into the answers of the record."""

from datetime import date

import pytest

from openfls.information.questionnaire import WORDS, asks, everything_read, pages, pages_for, texts
from openfls.information.readability import readability
from openfls.record.people import Sex
from openfls.record.questions import NotAnAnswer, by_field

TODAY = date(2026, 6, 1)


def test_it_is_plain_english():
    read = readability(everything_read())
    assert read.reading_age <= 9, "an average of nine years"
    for ask in asks().values():
        assert readability(ask.ask).words <= 16, ask.ask


def test_every_question_fills_a_field_of_the_record_and_is_asked_once():
    fields = [ask.field for page in pages() for ask in page.asks]
    assert len(fields) == len(set(fields))
    assert set(fields) - {WORDS} <= set(by_field())
    for ask in asks().values():
        if ask.options:
            assert dict(ask.options).keys() == dict(by_field()[ask.field].options).keys()


def test_a_page_has_few_questions_and_depends_on_an_earlier_one():
    seen: set[str] = set()
    for page in pages():
        assert 1 <= len(page.asks) <= 3
        assert not page.after or page.after in seen
        seen |= {ask.field for ask in page.asks}


def test_questions_that_do_not_concern_a_person_are_not_asked():
    titles = {page.title for page in pages_for(Sex.MALE, {"falls_last_year": 0, "previous_fracture": None})}
    assert not titles & {"Your falls", "Which bones", "Your periods"}
    more = {page.title for page in pages_for(Sex.UNKNOWN, {"falls_last_year": 2, "previous_fracture": True})}
    assert {"Your falls", "Which bones", "Your periods"} <= more


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("falls_last_year", {"falls_last_year": " 2 "}, 2),
        ("falls_last_year", {"falls_last_year": ""}, None),
        ("care_home", {"care_home": "no"}, False),
        ("care_home", {"care_home": "not_sure"}, None),
        ("care_home", {}, None),
        ("smoking", {"smoking": "former"}, "former"),
        ("height_cm", {"height_cm": "162,5"}, 162.5),
        ("height_cm", {"height_ft": "5", "height_in": "4"}, 162.6),
        ("height_cm", {"height_ft": "5"}, 152.4),
        ("weight_kg", {"weight_st": "9", "weight_lb": "7"}, 60.3),
        ("weight_kg", {}, None),
        ("words", {"words": "  the stairs "}, "the stairs"),
    ],
)
def test_what_is_typed_is_read(field, typed, value):
    ask = asks()[field]
    assert ask.read(typed, TODAY) == value
    assert ask.read(ask.typed(value), TODAY) == value


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("falls_last_year", {"falls_last_year": "many"}),
        ("falls_last_year", {"falls_last_year": "1.5"}),
        ("care_home", {"care_home": "perhaps"}),
        ("height_cm", {"height_cm": "160", "height_ft": "5"}),
        ("height_cm", {"height_cm": "-160"}),
        ("weight_kg", {"weight_st": "nine"}),
    ],
)
def test_what_is_no_answer_is_said_in_plain_words(field, typed):
    with pytest.raises(NotAnAnswer) as error:
        asks()[field].read(typed, TODAY)
    assert readability(str(error.value)).words <= 9


def test_left_open_is_read_back_as_left_open():
    assert asks()["care_home"].words(None) == "Left open"
    assert asks()["smoking"].words("former") == "I used to, but I stopped"
    assert texts("urgent")
