"""Item analysis and statements."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest

from openfls.training.analysis import FEWEST, Given, analyse, correlation, weakest
from openfls.training.marking import TopicScore
from openfls.training.papers import item_of
from openfls.training.values import Kind
from openfls.training.xapi import Doing, statement


@pytest.fixture
def item(bank):
    topic = bank.topics["F1"]
    return item_of(topic, topic.questions[5], Random(1))


def _rows(item, rights, rests):
    right = next(number for number, one in enumerate(item.question.options) if one.right)
    wrong = (right + 1) % 4
    return [
        Given(item, ([right if ok else wrong],), float(ok), rest)
        for ok, rest in zip(rights, rests, strict=True)
    ]


def test_few_answers_say_nothing(item):
    (found,) = analyse(_rows(item, [True] * (FEWEST - 1), [0.5] * (FEWEST - 1)))
    assert found.too_few
    assert found.remarks == ()
    assert found.difficulty == 1


def test_a_question_that_parts_nobody_or_the_wrong_ones_is_named(item):
    rights = [number < 15 for number in range(30)]
    (good,) = analyse(_rows(item, rights, [1 - number / 30 for number in range(30)]))
    assert good.discrimination == pytest.approx(0.866, abs=0.01)
    assert (good.kind, good.difficulty) == (Kind.SINGLE, 0.5)
    assert [option.times for option in good.options if option.right] == [15]
    assert len(good.remarks) == 2, "two of the wrong options are never taken"
    (turned,) = analyse(_rows(item, rights, [number / 30 for number in range(30)]))
    assert "is the key right?" in turned.remarks[0]
    (easy,) = analyse(_rows(item, [True] * 30, [number / 30 for number in range(30)]))
    assert easy.discrimination is None
    assert "nearly everybody" in easy.remarks[0]


def test_a_correlation_needs_something_that_varies():
    assert correlation([1, 2, 3], [2, 4, 6]) == pytest.approx(1)
    assert correlation([1, 2], [1, 2]) is None
    assert correlation([1, 1, 1], [1, 2, 3]) is None


def test_the_weakest_topics_come_first():
    scores = [TopicScore("F1", "a", 3, 3), TopicScore("F2", "b", 1, 3), TopicScore("F3", "c", 2, 3)]
    assert [one.topic for one in weakest(scores, 80)] == ["F2", "F3"]


def test_a_statement_names_an_account_and_no_person():
    doing = Doing(
        "attempt 1",
        "user-7",
        "passed",
        "courses/foundation/paper",
        "Paper",
        "assessment",
        datetime(2026, 6, 1, tzinfo=UTC),
        0.85,
        True,
        "courses/foundation",
    )
    made = statement(doing, "https://fls.example.org")
    assert made["actor"]["account"] == {"homePage": "https://fls.example.org", "name": "user-7"}
    assert made["result"] == {"score": {"scaled": 0.85}, "success": True, "completion": True}
    assert made["id"] == statement(doing, "https://fls.example.org")["id"]
    with pytest.raises(ValueError, match="liked"):
        statement(Doing("a", "b", "liked", "c", "d", "e", doing.at), "https://x")
