"""Questions that are nearly the same: found, kept out of one paper, refused where one is the other."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest

from openfls.training.checking import check
from openfls.training.courses import courses
from openfls.training.loader import shipped
from openfls.training.papers import draw
from openfls.training.twins import NOT_TOGETHER, TWINS, likeness, near, pairs, words_of
from openfls.training.values import Bank

BANK = {one.id: one for topic in shipped().topics.values() for one in topic.questions}


def test_likeness_is_of_words_that_say_something():
    one = replace(BANK["F8-11"], stem="What is the risk of a hip fracture?", options=(), steps=())
    for stem, share in (
        ("Which hip fracture, and at what risk?", 1),
        ("Who rings the practice?", 0),
        ("The risk of a wrist fracture", 2 / 4),
    ):
        assert likeness(words_of(one), words_of(replace(one, stem=stem))) == pytest.approx(share)


def test_no_two_questions_of_the_bank_are_the_same_question():
    assert [(pair.one.id, pair.other.id) for pair in pairs(BANK.values(), TWINS)] == []
    unlike, sum_of_hips = words_of(BANK["F1-01"]), words_of(BANK["F8-11"])
    assert near(sum_of_hips, [unlike, words_of(BANK["F11-02"])]), "the two ask the same sum"


def test_a_paper_has_one_of_two_that_ask_nearly_the_same():
    for course in courses().values():
        for seed in range(6):
            asked = [words_of(item.question) for item in draw(shipped(), course, str(seed))]
            assert len(asked) == 36
            assert all(likeness(*pair) < NOT_TOGETHER for pair in combinations(asked, 2))


def test_a_twin_and_words_about_the_making_are_faults():
    topic = shipped().topics["F1"]
    first, second, *rest = topic.questions
    told = replace(first, id=second.id, explanation="Our sources say so.")
    bank = Bank({"F1": replace(topic, questions=(first, told, *rest))})
    found = "\n".join(map(str, check(bank, lambda _: 1.0)))
    assert f"{second.id}: asks nearly what {first.id} asks" in found
    assert f"{second.id}: “Our sources” says how it was made" in found
