"""Invariants of the reader: it always ends, its spans are true, and its fast path loses nothing."""

from __future__ import annotations

import string
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_spec_rows import ROWS

from openfls.identification.reports.levels import ORDER
from openfls.identification.reports.lexicon import expand, rows, tree
from openfls.identification.reports.mentions import mentions_in
from openfls.identification.reports.prefilter import _GROUPS, DOUBTFUL, SURE, trigger_places
from openfls.identification.reports.reader import _Reading, read_report
from openfls.identification.reports.tokens import fold
from openfls.identification.reports.typing_errors import meant_words, slips
from openfls.record.findings import Finding
from openfls.record.sites import Site

PHRASES = sorted(
    {
        phrase
        for name in ("fractures", "sites", "context")
        for row in rows(f"{name}.csv")
        for phrase in expand(row["phrases"])
    }
)
WORDS = st.one_of(
    st.sampled_from(PHRASES),
    st.sampled_from(
        [*ORDER, "T11/12", "L1-L3", ",", ".", ";", ":", "\n", "\n\n", "?", "#", "-", "(", ")", "and", "of"]
    ),
    st.text(alphabet=string.ascii_letters + " .\n", max_size=8),
)

DOUBTFUL_WORDS = [
    "collapse", "collapsed", "of the", "right", "lower lobe", "loss of", "reduced", "vertebral", "body", "height",
    "compression", "crush", "deformity", "malignant", "thoracic spine", "lungs", "is", "burst", "injury", "approx 30%",
]  # fmt: skip


def check(text: str, findings: tuple[Finding, ...]) -> None:
    """What must hold of any findings of any text."""
    for finding in findings:
        assert finding.spans, "a finding without evidence"
        for span in finding.spans:
            assert 0 <= span.start < span.end <= len(text)
            assert span.rule
        assert finding.site is Site.VERTEBRA or finding.levels == ()
        assert list(finding.levels) == sorted(set(finding.levels), key=ORDER.index)
    keys = [(f.site, f.side, f.certainty, f.age, f.kind) for f in findings]
    assert len(keys) == len(set(keys)), "two findings that are one"


@settings(deadline=None, max_examples=150)
@given(st.lists(WORDS, max_size=40))
def test_any_sentence_of_known_words_is_read(words):
    text = " ".join(words)
    check(text, read_report(text))


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=400))
def test_any_text_is_read(text):
    check(text, read_report(text))


@settings(deadline=None, max_examples=20)
@given(st.binary(max_size=2000))
def test_any_bytes_are_read(data):
    text = data.decode("latin-1") + " fracture"
    check(text, read_report(text))


@settings(deadline=None, max_examples=12)
@given(st.lists(WORDS, min_size=1, max_size=3), st.sampled_from(["", " ", ", ", "\n", ". ", ": "]))
def test_long_repeats_end(words, joint):
    text = joint.join(" ".join(words) for _ in range(1500)) + " fracture"
    check(text, read_report(text))


@pytest.mark.parametrize(
    "unit", ["fracture ", "no ", "? ", "T12, ", "(", "a" * 50, " \n", "hx: ", "addendum ", "L1-", "left "]
)
def test_a_hundred_thousand_of_the_same_end(unit):
    text = unit * (100_000 // len(unit)) + "fracture of T12"
    check(text, read_report(text))


def test_reading_twice_gives_the_same():
    for row in ROWS:
        assert read_report(row["text"]) == read_report(row["text"])


def test_spans_show_the_words_that_made_the_finding():
    text = "There is an undisplaced fracture of the LEFT femoral neck, probably old."
    (finding,) = read_report(text)
    shown = {span.rule: text[span.start : span.end] for span in finding.spans}
    assert shown == {
        "fx.word": "fracture",
        "site.nof": "femoral neck",
        "side.left": "LEFT",
        "age.old": "old",
    }


def test_capitals_and_odd_signs_change_nothing():
    plain = "Fracture of T12 - L1, unchanged. No rib fracture."
    assert [f.levels for f in read_report(plain)] == [("T12", "L1")]
    for same in (
        plain.upper(),
        plain.replace("-", "\u2013"),
        plain.replace(" ", "\u00a0"),
        plain.replace("\n", "\r\n"),
    ):
        assert [(f.levels, f.age) for f in read_report(same)] == [(("T12", "L1"), "old")]


def test_every_fracture_phrase_passes_the_fast_path():
    for row in rows("fractures.csv"):
        for phrase in expand(row["phrases"]):
            assert trigger_places(fold(f"seen {phrase} of t12")), phrase


def test_the_quick_test_of_a_group_sees_each_of_its_words_beside_any_other():
    tests = {word: may_hold for may_hold, words in _GROUPS for word in words}
    assert tests.keys() == {*SURE, *DOUBTFUL}
    for one, other in product(tests, tests):
        text = f"{one}{other}"
        assert tests[one](text), text
        assert tests[other](text), text
    assert not any(may_hold("the lungs are clear") for may_hold in tests.values())


def test_what_is_remembered_of_a_sentence_is_changed_by_no_report():
    mentions_in.cache_clear()
    texts = [row["text"] for row in ROWS if row["group"] in {"Limb", "Sections", "Mixed"}]
    first = [read_report(text) for text in texts]
    assert [read_report(text) for text in texts] == first
    sentence = "Fracture of the distal radius, unchanged."
    left = read_report(f"XR left wrist.\n{sentence}")
    assert [(each.side, each.age) for each in read_report(f"XR right wrist.\n{sentence}")] == [
        ("right", "old")
    ]
    assert read_report(f"XR left wrist.\n{sentence}") == left


def read_every_sentence(text: str) -> tuple[Finding, ...]:
    """The findings of a reading that looks at every sentence, with or without a word for a fracture."""
    folded = fold(text)
    return _Reading(text, folded, list(range(len(folded)))).findings() if folded else ()


def test_the_fast_path_loses_nothing_of_the_spec_table():
    for row in ROWS:
        assert read_report(row["text"]) == read_every_sentence(row["text"]), row["text"]


def test_the_fast_path_loses_no_fracture_phrase_by_itself():
    for row in rows("fractures.csv"):
        for phrase in expand(row["phrases"]):
            for text in (phrase, f"malignant mild {phrase}"):
                assert read_report(text) == read_every_sentence(text), text


@settings(deadline=None, max_examples=150)
@given(st.lists(st.one_of(WORDS, st.sampled_from(DOUBTFUL_WORDS)), max_size=25))
def test_the_fast_path_loses_nothing_of_any_sentence(words):
    text = " ".join(words)
    assert read_report(text) == read_every_sentence(text)


@pytest.mark.parametrize(
    "text",
    [
        "No lobar collapse. The lungs are clear.",
        "The left lower lobe is collapsed.",
        "Vertebral body heights are maintained.",
        "Compressive atelectasis at both bases.",
        "Disc height is reduced.",
        "Loss of height of 4 cm reported by the patient.",
    ],
)
def test_lungs_discs_and_kept_heights_never_reach_the_reader(text):
    assert trigger_places(fold(text)) == []


def test_rule_ids_are_unique_and_noted():
    seen: set[str] = set()
    for name in ("fractures", "sites", "context", "headings"):
        for row in rows(f"{name}.csv"):
            assert row["id"] not in seen
            assert row["note"], row["id"]
            assert None not in row.values(), row["id"]
            seen.add(row["id"])


def test_tree_holds_every_phrase():
    assert len(PHRASES) > 2000
    assert all(fold(phrase) == phrase for phrase in PHRASES), "phrases are written in small letters"
    assert tree()["fracture"]


def test_unclosed_brace_is_refused():
    with pytest.raises(ValueError, match="unbalanced"):
        expand("{left|right hip")


def test_one_wrong_letter_is_forgiven_and_no_known_word_is_changed():
    assert {"clavcle", "clavvicle", "calvicle", "vlavicle", "clovicle"} <= set(slips("clavicle"))
    meant = meant_words()
    known = {word for phrase in PHRASES for word in phrase.split()}
    assert known.isdisjoint(meant)
    assert meant["clavcle"] == "clavicle"
    assert "typical" not in meant, "a word of its own"
    [finding] = read_report("Frcature of the left clavcle.")
    assert finding.site is Site.CLAVICLE
    check("Frcature of the left clavcle.", (finding,))
