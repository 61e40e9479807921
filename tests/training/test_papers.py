"""Papers: drawn by the blueprint, never the same twice, kept as they were, marked by what was shown."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openfls.training.courses import course_of_topic, courses, topic_points
from openfls.training.marking import NotAnswered, by_topic, explained, percent, read, score, words
from openfls.training.papers import draw, for_papers, from_json, hash_of, item_of, practice, to_json
from openfls.training.timing import Allowance, Pause, add_months, deadline, in_words, left, rest_left
from openfls.training.values import Kind
from training import small

FOUNDATION = courses()["foundation"]


def test_a_paper_has_so_many_of_each_topic_and_none_of_its_check(bank):
    items = draw(bank, FOUNDATION, "seed")
    assert Counter(item.topic for item in items) == {"F1": 3, "F2": 3}
    kept = {one.id for topic in bank.topics.values() for one in practice(topic, FOUNDATION)}
    assert len(kept) == 8
    assert not kept & {item.question.id for item in items}


def test_the_check_asks_every_objective(bank):
    for topic in bank.topics.values():
        assert {one.objective for one in practice(topic, FOUNDATION)} == {one.id for one in topic.objectives}


def test_difficulties_are_near_the_wishes(bank):
    hard = draw(bank, replace(FOUNDATION, wishes=(3, 3)), "seed")
    assert {item.question.difficulty for item in hard} == {3}


def test_the_same_seed_gives_the_same_paper_and_no_two_seeds_do(bank):
    papers = [json.dumps([to_json(one) for one in draw(bank, FOUNDATION, str(seed))]) for seed in range(40)]
    assert len(set(papers)) == 40
    assert papers[0] == json.dumps([to_json(one) for one in draw(bank, FOUNDATION, "0")])


def test_a_resit_has_other_questions_as_long_as_there_are_any(bank):
    course = replace(FOUNDATION, wishes=(1, 2, 3))
    first = {item.question.id for item in draw(bank, course, "a")}
    second = {item.question.id for item in draw(bank, course, "b", first)}
    assert not first & second
    third = draw(bank, course, "c", first | second)
    fresh = {one.id for topic in bank.topics.values() for one in for_papers(topic, course)} - first - second
    assert len(third) == 6
    assert fresh <= {item.question.id for item in third}, "what is left comes first"


def test_a_kept_item_comes_back_whole_and_knows_its_wording(bank):
    for item in draw(bank, replace(FOUNDATION, wishes=(1,) * 9), "seed"):
        back = from_json(json.loads(json.dumps(to_json(item))))
        assert back == item
        assert back.hash == hash_of(back.question) != hash_of(replace(back.question, stem="Another"))


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_right_answer_as_shown_earns_all_and_a_wrong_one_nothing(bank, seed):
    for topic in bank.topics.values():
        for question in topic.questions:
            item = item_of(topic, question, Random(seed))
            right = [read(item, step, small.sent_one(item, step)) for step in range(item.steps)]
            wrong = [read(item, step, small.sent_one(item, step, right=False)) for step in range(item.steps)]
            assert score(item, right) == 1
            assert score(item, wrong) == 0
            assert score(item, [None] * item.steps) == 0


def _item(bank, kind):
    topic = bank.topics["F1"]
    return item_of(topic, next(one for one in topic.questions if one.kind is kind), Random(3))


def test_an_order_is_never_shown_in_its_right_order(bank):
    topic = bank.topics["F1"]
    question = next(one for one in topic.questions if one.kind is Kind.ORDER)
    assert all(item_of(topic, question, Random(seed)).shown[0] != (0, 1, 2, 3) for seed in range(60))


def test_parts_of_an_answer_earn_parts(bank):
    several = _item(bank, Kind.SEVERAL)
    right = [number for number, one in enumerate(several.question.options) if one.right]
    wrong = [number for number, one in enumerate(several.question.options) if not one.right]
    assert score(several, [right[:1]]) == 0.5
    assert score(several, [[*right, wrong[0]]]) == 0.5, "ticking everything earns less"
    assert score(several, [[*right, *wrong]]) == 0
    order = _item(bank, Kind.ORDER)
    assert score(order, [[1, 0, 2, 3]]) == pytest.approx(4 / 6)
    assert score(order, [[3, 2, 1, 0]]) == 0
    case = _item(bank, Kind.UNFOLDING)
    assert score(case, [[0], None]) == 0.5
    number = _item(bank, Kind.NUMBER)
    assert [score(number, [value]) for value in (29.9, 30.0, 32.0, 32.1)] == [0, 1, 1, 0]


@pytest.mark.parametrize(
    ("kind", "sent", "reason"),
    [
        (Kind.SINGLE, {}, "Choose one answer"),
        (Kind.SINGLE, {"choice": ["0", "1"]}, "Choose one answer"),
        (Kind.SINGLE, {"choice": ["9"]}, "Choose from the answers shown"),
        (Kind.SINGLE, {"choice": ["-1"]}, "Choose from the answers shown"),
        (Kind.SEVERAL, {}, "Choose at least one"),
        (Kind.ORDER, {"place-0": ["1"]}, "Give every line its number"),
        (Kind.ORDER, {f"place-{number}": ["1"] for number in range(4)}, "Use every number once"),
        (Kind.NUMBER, {"number": [" "]}, "Enter a number"),
        (Kind.NUMBER, {"number": ["about 31"]}, "Enter a number, for example"),
        (Kind.NUMBER, {"number": ["nan"]}, "Enter a number, for example"),
        (Kind.NUMBER, {"number": ["9" * 400]}, "Enter a number, for example"),
        (Kind.NUMBER, {"number": ["1,08,0"]}, "Enter a number, for example"),
        (Kind.SINGLE, {"choice": ["1" * 5000]}, "Choose from the answers shown"),
    ],
)
def test_what_is_no_answer_is_refused(bank, kind, sent, reason):
    with pytest.raises(NotAnswered, match=reason):
        read(_item(bank, kind), 0, sent)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *[(typed, 31) for typed in ("31", "31.0", " 31 ", "31 mL/min", "31ml/min", "31,0")],
        *[("280,000", 280_000), ("1 080", 1080), ("1,234,567.5", 1_234_567.5)],
        *[("0,800", 0.8), ("4,15", 4.15), ("−0.5", -0.5), (".8", 0.8)],
    ],
)
def test_a_number_is_read_as_people_type_it(bank, typed, meant):
    item = _item(bank, Kind.NUMBER)
    found = read(item, 0, {"number": [typed]})
    assert found == meant
    assert read(item, 0, {"number": [words(item, 0, found)]}) == meant, "and told as it can be typed"


def test_an_explanation_says_of_each_option_whether_it_was_right_and_taken(bank):
    item = _item(bank, Kind.SINGLE)
    told = explained(item, 0, [1])
    assert [one.text for one in told] == [item.question.options[number].text for number in item.shown[0]]
    assert sum(one.right for one in told) == sum(one.chosen for one in told) == 1


def test_marks_by_topic_and_in_all(bank):
    items = draw(bank, FOUNDATION, "seed")
    scored = [(item, 1.0 if item.topic == "F1" else 0.5) for item in items]
    assert [(one.topic, one.points, one.of) for one in by_topic(scored)] == [("F1", 3, 3), ("F2", 1.5, 3)]
    assert percent([points for _, points in scored]) == 75
    assert percent([1] * 7 + [0.99]) == 99.8, "never rounded up over a pass mark"
    assert percent([]) == 0


NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def _after(minutes):
    return NOON + timedelta(minutes=minutes)


def test_extra_time_and_rests_move_the_end():
    allowed = Allowance(60, extra_percent=25, rest_minutes=10)
    assert deadline(allowed, NOON, [], _after(1)) == _after(75)
    rest = [Pause(_after(10), _after(14))]
    assert deadline(allowed, NOON, rest, _after(20)) == _after(79)
    assert rest_left(allowed, rest, _after(20)) == timedelta(minutes=6)
    assert left(allowed, NOON, [Pause(_after(10))], _after(15)) == timedelta(minutes=65), "the clock stands"
    assert left(allowed, NOON, [Pause(_after(10))], _after(40)) == timedelta(minutes=45), (
        "no longer than arranged"
    )
    assert left(allowed, NOON, [], _after(200)) == timedelta()


def test_times_and_points_in_words_and_months():
    assert [in_words(timedelta(seconds=number)) for number in (1, 60, 3600, 3720, 59)] == [
        "1 second",
        "1 minute",
        "1 hour",
        "1 hour 2 minutes",
        "59 seconds",
    ]
    assert add_months(datetime(2024, 2, 29), 12) == datetime(2025, 2, 28)
    assert add_months(datetime(2026, 12, 31), -10) == datetime(2026, 2, 28)
    assert [topic_points(minutes) for minutes in (10, 15, 20, 30)] == [0.25, 0.25, 0.25, 0.5]
    assert course_of_topic("A7").key == "advanced"
    with pytest.raises(KeyError):
        course_of_topic("Z1")
