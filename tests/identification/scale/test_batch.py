"""A batch gives for each row what the reader gives for its text, whatever the batch looks like."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openfls.identification.reports.prefilter import DOUBTFUL, SURE
from openfls.identification.reports.reader import read_report
from openfls.identification.reports.tokens import fold
from openfls.identification.scale import batch as batch_module
from openfls.identification.scale import read_batch
from openfls.identification.scale.batch import as_object
from openfls.identification.scale.candidates import may_mention
from openfls.record.findings import triage

SPEC = Path(__file__).parents[1] / "reports" / "spec.csv"
BROKEN = ("New fracture of the hip.", "Fracture of L1.")


def spec_texts():
    with SPEC.open(encoding="utf-8", newline="") as file:
        return [row["text"].replace("\\n", "\n") for row in csv.DictReader(file)]


def of(texts, kind=None):
    return pa.record_batch(
        {"id": pa.array([str(n) for n in range(len(texts))]), "text": pa.array(texts, kind or pa.string())}
    )


def row_by_row(texts, *, evidence=False):
    rows = []
    for number, text in enumerate(texts):
        found = read_report(text)
        findings = [as_object(finding, text, evidence=evidence) for finding in found]
        rows.append(
            {
                "id": str(number),
                "triage": triage(found).value,
                "findings": json.dumps(findings, ensure_ascii=False),
                "error": None,
            }
        )
    return rows


@pytest.mark.parametrize("evidence", [False, True])
def test_the_spec_table_reads_the_same_in_a_batch(evidence):
    texts = spec_texts()
    texts += [text.upper() for text in texts]
    expected = row_by_row(texts, evidence=evidence)
    assert len({row["triage"] for row in expected}) == 3
    assert read_batch(of(texts), evidence=evidence).to_pylist() == expected


WORDS = st.sampled_from(
    ["frac", "FRACTURE of L1", "#NOF", "wedged T12", " aff", "\u00a0AFFs", "height", "loss of height", "No ", "old ",
     "plan", "compress", "\u2019", "\u017f", "\u212a", "\n", ". ", "lungs clear", "-", "\u2013"]
)  # fmt: skip


@given(st.lists(st.lists(WORDS | st.text(max_size=4), max_size=8).map(" ".join), max_size=8))
@settings(deadline=None, max_examples=150)
def test_any_texts_read_the_same_in_a_batch(texts):
    texts = [text.encode("utf-8", "replace").decode() for text in texts]
    assert read_batch(of(texts)).to_pylist() == row_by_row(texts)


def test_the_fast_way_out_lets_through_every_word_in_every_spelling_that_folds_to_it():
    signs = {sign for word in (*SURE, *DOUBTFUL) for sign in word}
    spellings: dict[str, list[str]] = {sign: [] for sign in signs}
    for code in range(sys.maxunicode + 1):
        if not 0xD800 <= code < 0xE000:
            # The reader folds a text with a sign beyond ASCII in its own way.
            for folded in (fold(chr(code)), fold(chr(code) + "é")[0]):
                if folded in spellings:
                    spellings[folded].append(chr(code))
    words = [
        word[:at] + spelling + word[at + 1 :]
        for word in (*SURE, *DOUBTFUL)
        for at, sign in enumerate(word)
        for spelling in spellings[sign]
    ]
    assert "fRac" in words
    assert may_mention(pa.array([f"x{word}x" for word in words])).to_pylist() == [True] * len(words)


def test_most_texts_never_reach_the_reader(monkeypatch):
    asked = []
    monkeypatch.setattr(batch_module, "read_report", lambda text, **_: asked.append(text) or ())
    read_batch(of(["The lungs are clear.", "Fracture of the hip.", "No effusion."]))
    assert asked == ["Fracture of the hip."]


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())], ids=str
)
def test_every_kind_of_text_column_is_read(kind):
    texts = ["Fracture of L1.", "Normal.", "?Fracture of the left hip."]
    assert read_batch(of(texts, kind)).to_pylist() == row_by_row(texts)


def test_a_slice_is_read_as_itself():
    texts = spec_texts()[:60]
    whole = read_batch(of(texts))
    assert read_batch(of(texts).slice(17, 20)).equals(whole.slice(17, 20))


def test_no_rows_give_no_rows():
    assert read_batch(of([])).num_rows == 0


@pytest.mark.parametrize(
    ("ids", "written"),
    [
        (pa.array([7, -1]), ["7", "-1"]),
        (pa.array([1.5, 2.0]), ["1.5", "2.0"]),
        (pa.array(["a", "b"]).dictionary_encode(), ["a", "b"]),
    ],
    ids=["whole", "broken", "dictionary"],
)
def test_an_id_is_written_as_python_writes_it(ids, written):
    out = read_batch(pa.record_batch({"id": ids, "text": ["Normal.", "Normal."]}))
    assert out.column("id").to_pylist() == written
    assert out.column("error").to_pylist() == [None, None]


def among_good_rows(*, names=("a", "b", "c"), texts):
    out = read_batch(pa.record_batch({"id": pa.array(names), "text": texts})).to_pylist()
    assert [out[0]["triage"], out[0]["error"]] == ["case", None]
    assert [out[2]["triage"], out[2]["error"]] == ["case", None]
    return out[1]


def test_a_row_without_text_waits_for_a_person_and_costs_only_itself():
    row = among_good_rows(texts=pa.array([BROKEN[0], None, BROKEN[1]]))
    assert row == {"id": "b", "triage": "review", "findings": "[]", "error": "text: no value"}


def test_broken_bytes_cost_only_their_row():
    raw = pa.array([BROKEN[0].encode(), b"Fracture of \xff hip", BROKEN[1].encode()], pa.binary())
    row = among_good_rows(texts=pa.StringArray.from_buffers(3, raw.buffers()[1], raw.buffers()[2]))
    assert row == {"id": "b", "triage": "review", "findings": "[]", "error": "text: not UTF-8"}


def test_a_fault_of_the_reader_costs_only_its_row_and_tells_nothing_of_the_text(monkeypatch):
    def faulty(text, **options):
        if "secret" in text:
            raise IndexError(text)
        return read_report(text, **options)

    monkeypatch.setattr(batch_module, "read_report", faulty)
    row = among_good_rows(texts=pa.array([BROKEN[0], "secret fracture", BROKEN[1]]))
    assert row["error"] == "text: the reader failed (IndexError)"
    assert row["triage"] == "review"


@pytest.mark.parametrize("name", [None, ""])
def test_a_row_without_an_id_is_still_read_and_says_so(name):
    row = among_good_rows(names=("a", name, "c"), texts=pa.array([BROKEN[0], "Fracture of L2.", BROKEN[1]]))
    assert (row["triage"], row["error"]) == ("case", "id: no value")


def test_a_column_that_holds_no_text_is_read_by_nobody():
    out = read_batch(pa.record_batch({"id": ["a", "b"], "text": pa.array([5, None])}))
    assert out.column("error").to_pylist() == ["text: not text", "text: no value"]
    assert out.column("triage").to_pylist() == ["review", "review"]
