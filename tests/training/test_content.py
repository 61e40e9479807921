"""Content from files: what cannot be read is named by file, id and reason; what is wrong with it is a fault a line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from openfls.record.errors import BadInput
from openfls.training.bias import bias
from openfls.training.checking import check, drawing_faults
from openfls.training.loader import load_bank
from openfls.training.text import blocks_of, plain, words
from training import small


def easy(_: str) -> float:
    """Every text is easy."""
    return 5.0


def test_small_content_has_no_fault(bank):
    assert check(bank, easy) == []
    assert list(bank.topics) == ["F1", "F2"]


def _question(name, value, number=0):
    def change(_, asked):
        if value is None:
            asked[number].pop(name)
        else:
            asked[number][name] = value

    return change


def _topic(change):
    return lambda told, _: change(told)


UNREADABLE = [
    (_question("kind", "essay"), "f1/questions.yaml, F1-01, kind: 'essay' is none of"),
    (_question("difficulty", 4), "F1-01, difficulty: 1, 2 or 3"),
    (_question("stem", None), "F1-01, stem: it is missing"),
    (_question("options", [{"text": "a", "right": True}]), "F1-01, options: at least two options"),
    (_question("options", [{"text": "a", "right": True}] * 2), "2 options are right where one is asked for"),
    (_question("answer", {"value": 5, "low": 6, "high": 7}, 8), "F1-09, answer: the value lies outside"),
    (_question("items", ["one"], 7), "F1-08, items: a question of the kind order needs more"),
    (_question("id", "F1-02"), "F1-02, id: the id is used twice"),
    (_topic(lambda told: told.update(id="Z1")), "f1/topic.yaml, id: 'Z1' is no id of a topic"),
    (
        _topic(lambda told: told["claims"]["alive"].update(confidence="sure")),
        "claim alive, confidence: 'sure'",
    ),
]


@pytest.mark.parametrize(("change", "reason"), UNREADABLE, ids=[reason for _, reason in UNREADABLE])
def test_what_cannot_be_read_is_named(change, reason, tmp_path):
    with pytest.raises(BadInput, match=reason.replace("(", r"\(")):
        load_bank(small.write(tmp_path, "F1", change=change))


def test_missing_files_and_folders_are_named(tmp_path):
    with pytest.raises(BadInput, match=r"nowhere: there is no such folder"):
        load_bank(tmp_path / "nowhere")
    with pytest.raises(BadInput, match=r"no topic\.yaml"):
        load_bank(tmp_path)
    small.write(tmp_path, "F1")
    (tmp_path / "f1" / "case.md").unlink()
    with pytest.raises(BadInput, match=r"f1/case\.md: the file is missing"):
        load_bank(tmp_path)
    (tmp_path / "f1" / "case.md").write_text("x")
    (tmp_path / "f1" / "topic.yaml").write_text("id: [")
    with pytest.raises(BadInput, match=r"f1/topic\.yaml, row \d: "):
        load_bank(tmp_path)


def _longer(_, asked):
    for row in asked[:6]:
        for option in row["options"]:
            option["text"] += " and so on and on" * option["right"]


FAULTY = [
    (lambda told, _: told["objectives"].append({"id": "F1.5", "text": "Explain"}), "F1.5: no question tests"),
    (_question("explanation", ""), "F1-01: it has no explanation"),
    (_question("sources", []), "F1-01: it has no source"),
    (_question("sources", ["nobody"]), "F1-01: there is no claim nobody"),
    (_question("objective", "F1.9"), "F1-01: there is no objective F1.9"),
    (_question("picture", "gone.svg", 10), "F1-11: the picture gone.svg is missing"),
    (_question("id", "F2-01"), "F2-01: the id is not F1- and a number"),
    (lambda told, _: told["claims"].pop("shaky"), "f1/lesson.md: @shaky: cites a claim"),
    (lambda told, _: told["claims"].update(idle=told["claims"]["alive"]), "idle: nothing cites this claim"),
    (
        lambda told, _: told["claims"]["alive"].update(source="Shared data, 7"),
        "alive: its source is a working note",
    ),
    (lambda _, asked: asked[0]["options"][0].update(text="All of the above"), "F1-01: an option speaks of"),
    (_longer, "F1: the right option is the longest in 6 of 9"),
    (lambda _, asked: asked.__delitem__(slice(6, None)), "F1: 6 questions; at least 10"),
]


@pytest.mark.parametrize(("change", "fault"), FAULTY, ids=[fault for _, fault in FAULTY])
def test_each_fault_is_found(change, fault, tmp_path):
    found = check(load_bank(small.write(tmp_path, "F1", change=change)), easy)
    assert any(fault in str(one) for one in found), [str(one) for one in found]


def test_hard_reading_a_missing_figure_and_a_stem_twice(tmp_path):
    root = small.write(tmp_path, "F1", "F2", change=_question("stem", "The very same?"))
    (root / "f1" / "bars.svg").unlink()
    found = "\n".join(map(str, check(load_bank(root), lambda text: 12.1 if "built" in text else 5)))
    assert "f1/lesson.md: F1: reads like grade 12.1; 12 is the limit" in found
    assert "f1/lesson.md: bars.svg: the figure is missing" in found
    assert "F2-01: asks nearly what F1-01 asks" in found


@pytest.mark.parametrize(
    ("svg", "fault"),
    [
        ("<svg", "no XML"),
        ("<svg><title>a</title><desc>b</desc></svg>", "no viewBox"),
        ('<svg viewBox="0 0 1 1"><title>a</title></svg>', "no <desc>"),
        (small.SVG.replace("<rect", "<script>1</script><rect", 1), "script"),
        (small.SVG.replace("<rect", '<rect onclick="x()"', 1), "script"),
        (small.SVG.replace("<rect", '<a href="https://example.org/"/><rect', 1), "outside"),
    ],
)
def test_a_drawing_that_is_no_picture(svg, fault):
    assert any(fault in one for one in drawing_faults(svg))
    assert drawing_faults(small.SVG) == []


def test_bias_is_measured(bank):
    found = bias(bank.topics["F1"].questions)
    assert (found.questions, found.longest) == (9, 0), "six singles, one picture, two steps of a case"
    assert sum(found.places) == 9


def test_every_word_that_is_read_is_counted_and_nothing_else():
    said = "## A head\n\nOne, two–three.[@a] Four + 5 = 9.\n\n![no alt text](x.svg)\n\n1. six\n\n"
    quote = "> **Red flag** Seven.\n\n| a [@b] | b |\n|---|---|\n| c | d d |\n"
    assert words(blocks_of(said)) == 2 + 5 + 1
    assert words(blocks_of(quote)) == 1 + 5, "the label is a heading of the page"


@pytest.mark.parametrize(
    ("count", "fault"),
    [
        (
            1999,
            "f1/lesson.md: F1: 1999 words with its case, 10.0 minutes at 200 words a minute; a lesson takes",
        ),
        (2000, ""),
        (4000, ""),
        (4001, "4001 words"),
    ],
)
def test_a_lesson_takes_ten_to_twenty_minutes(bank, count, fault):
    topic = replace(bank.topics["F1"], words=count)
    found = " ".join(map(str, check(replace(bank, topics={"F1": topic}), easy)))
    assert fault in found
    assert bool(found) is bool(fault)


def test_what_is_read_is_measured_without_headings_and_tables():
    assert plain(blocks_of("## Head\n\nOne.[@a]\n\n- two\n\n| a |\n|---|\n| b |\n")) == "One.\ntwo"
