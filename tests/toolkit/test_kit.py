"""The papers of the kit: filled with the case's figures, with their gaps marked; in Word, in PDF, in the user's own
template."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from pypdf import PdfReader

from openfls.record.errors import BadInput
from openfls.toolkit.analysis import analyse
from openfls.toolkit.case.building import asks, prepared_of
from openfls.toolkit.case.state import Case
from openfls.toolkit.kit import pdf, word
from openfls.toolkit.kit.cheers import ITEMS
from openfls.toolkit.kit.forms import papers, written
from openfls.toolkit.kit.library import LISTS, PAPERS, values
from openfls.toolkit.kit.local import Local
from openfls.toolkit.kit.paper import Bullets, Chart, Gap, Heading, Text
from openfls.toolkit.kit.template import LARGEST, fill
from openfls.toolkit.run_record import run_record
from openfls.toolkit.tables import Table
from toolkit.cases import full_case
from toolkit.scenarios import prepared

WORDS = {
    "gap-analysis.1.state": "met",
    "gap-analysis.2.state": "not met",
    "gap-analysis.2.action": "A second clinic day",
    "service-model.type": "B",
    "capacity.wte": "1",
    "capacity.hours": "20",
    "capacity.minutes": "40",
    "capacity.weeks": "42",
    "capacity.dxa_share": "50",
    "capacity.dxa_slots": "12",
    "business-case.need": "Nobody <searches> the wards & clinics",
    "cheers.funding": "Nobody paid",
}


@pytest.fixture(scope="module")
def local() -> Local:
    """A full case, with fewer draws than a page takes."""
    case = full_case(words=WORDS)
    ready = prepared_of(case)
    analysis = ready.scenario.analysis.model_copy(update={"draws": 300, "lifetime_draws": 100})
    from dataclasses import replace

    ready = replace(ready, scenario=ready.scenario.model_copy(update={"analysis": analysis}))
    found = analyse(ready)
    return Local(case, found, run_record(ready, found))


@pytest.fixture
def bare() -> Local:
    """A case that has nothing yet."""
    case = Case(area="E08000035")
    return Local(case, asks=tuple(each.words for each in asks(case)))


def words_of(data: bytes) -> str:
    """All text of a Word file, tables included."""
    document = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for cell in table._cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


@pytest.mark.parametrize("name", PAPERS)
def test_every_paper_opens_as_word_and_says_what_the_page_says(name, local):
    paper = PAPERS[name](local)
    data = word.word(paper)
    said = words_of(data)
    assert paper.title in said
    for part in paper.parts:
        match part:
            case Heading() | Text():
                assert part.text in said
            case Gap():
                assert f"[{part.text}]" in said
            case Bullets():
                assert all(item in said for item in part.items)
            case Table():
                assert all(cell in said for row in part.rows for cell in row)
    pictures = [name for name in zipfile.ZipFile(io.BytesIO(data)).namelist() if "media" in name]
    assert len(pictures) == sum(isinstance(part, Chart) for part in paper.parts)


def test_the_same_paper_is_the_same_file(local):
    paper = PAPERS["capacity"](local)
    assert word.word(paper) == word.word(paper)
    assert pdf.pdf(paper) == pdf.pdf(paper)


def test_every_paper_without_figures_asks_for_them(bare):
    for name, build in PAPERS.items():
        paper = build(bare)
        assert paper.title, name
        assert paper.parts, name
    gaps = [part.text for part in PAPERS["business-case"](bare).parts if isinstance(part, Gap)]
    assert any("hip fractures a year" in gap for gap in gaps)


def test_the_pdf_of_the_business_case_is_tagged_and_has_the_figures(local):
    paper = PAPERS["business-case"](local)
    reader = PdfReader(io.BytesIO(pdf.pdf(paper)))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "What would make this case fail" in text
    assert "[the decision" not in text.lower() or paper.gaps
    assert local.record["results_sha256"][:12] in text.replace(" ", "")


def test_slides_are_wide_and_one_a_section(local):
    paper = PAPERS["presentation"](local)
    reader = PdfReader(io.BytesIO(pdf.pdf(paper)))
    assert reader.pages[0].mediabox.width > reader.pages[0].mediabox.height
    assert len(reader.pages) > sum(isinstance(part, Heading) and part.level == 1 for part in paper.parts)


def test_no_paper_promises_a_saving(local):
    import re

    for name in ("business-case", "presentation"):
        said = " ".join(map(str, PAPERS[name](local).parts))
        said = re.sub(r"<svg.*?</svg>", "", said, flags=re.DOTALL)
        assert not re.search(r"\b(will|would|to) save\b|guarantee|savings\b", said, re.IGNORECASE), name
        assert "robability" in said


def test_the_gap_analysis_counts_and_asks(local):
    said = words_of(word.word(PAPERS["gap-analysis"](local)))
    assert "Of ten standards: 1 met, 0 partly met, 1 not met, 8 not judged yet." in said
    assert "A second clinic day" in said


def test_the_capacity_paper_tells_the_load(local):
    parts = PAPERS["capacity"](local).parts
    said = " ".join(part.text for part in parts if isinstance(part, Text))
    # 290 hips x 5 x 80 % a year come; 20 h of 40 minutes in 42 of 52 weeks are 24.2 appointments a week
    assert "22.3 a week" in said
    assert "24.2 assessments a week" in said
    assert "92 % of the appointments are needed" in said


def test_cheers_has_its_28_items_and_asks_for_what_only_the_user_knows(local):
    table = next(part for part in PAPERS["cheers"](local).parts if isinstance(part, Table))
    assert len(table.rows) == 1 + len(ITEMS) == 29
    answers = {row[1]: row[2] for row in table.rows[1:]}
    assert answers["Source of funding"] == "Nobody paid"
    assert "only you can say" in answers["Conflicts of interest"]
    assert "seed 20250101" in answers["Uncertainty"]


@pytest.mark.parametrize("name", [name for name in papers() if papers()[name].fields])
def test_what_is_written_on_a_paper_is_kept_and_taken_back(name):
    fields = papers()[name].fields
    given = {
        each.key: "12" if each.number else (each.options[-1][0] if each.options else "ours")
        for each in fields
    }
    made, errors = written(Case(), name, given)
    assert not errors
    assert made.words == given
    back, errors = written(made, name, dict.fromkeys(given, ""))
    assert back == Case()


@pytest.mark.parametrize(
    ("name", "key", "text", "reason"),
    [
        ("capacity", "capacity.wte", "two", "is no number"),
        ("capacity", "capacity.wte", "-1", "is no number from zero up"),
        ("service-model", "service-model.type", "E", "choose one"),
        ("business-case", "business-case.need", "x" * 4_001, "at most 4,000"),
    ],
)
def test_a_slip_on_a_paper_changes_nothing(name, key, text, reason):
    made, errors = written(Case(), name, {key: text})
    assert made == Case()
    assert reason in errors[key]


# The user's own template


def template(*paragraphs: str, rows: tuple[str, ...] = ()) -> bytes:
    """A Word file with these paragraphs, and a table with these cells, a row each."""
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if rows:
        table = document.add_table(rows=len(rows), cols=1)
        for cell, text in zip(table._cells, rows, strict=True):
            cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_template_of_ones_own_is_filled(local):
    made = fill(
        template(
            "For {{ area }}: {{ fractures_difference }} fractures.",
            "{{ business_case_need }}",
            "{{ chart_cost_by_year }}",
            rows=("{%tr for row in payers %}", "{{ row.payer }}: {{ row.total }}", "{%tr endfor %}"),
        ),
        values(local),
    )
    said = words_of(made)
    assert f"For {local.place}: " in said
    assert "Nobody <searches> the wards & clinics" in said, "what the user wrote is text, never markup"
    assert "NHS prescribing: £" in said
    assert "{{" not in said
    assert any("media" in name for name in zipfile.ZipFile(io.BytesIO(made)).namelist())


def test_every_place_can_be_filled(local):
    known = values(local)
    names = [name for name in known if name not in LISTS]
    said = words_of(fill(template(*(f"{{{{ {name} }}}}" for name in names)), known))
    assert "{{" not in said
    assert set(LISTS) == {name for name, value in known.items() if isinstance(value, list)}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{{ aera }}", "“{{ aera }}” is no place of ours. Did you mean “area”?"),
        ("{{ area", "not written rightly"),
        ("{{ area.upper() }}", "something else"),
        ("{{ ''.__class__ }}", "is no place of ours"),
        ("{{ area | upper }}", "something else"),
        ("{% for x in range(9) %}{{ area }}{% endfor %}", "list"),
        ("{% for a in payers %}{% for b in payers %}x{% endfor %}{% endfor %}", "not inside another"),
        ("{% include 'x' %}", "something else"),
        ("{% set x = 1 %}", "something else"),
        ("{{ payers }}", "is a list"),
        ("{% for row in payers %}{{ row.pay }}{% endfor %}", "has no “pay”; it has payer, year1"),
        ("{% for row in payers %}{{ row }}{% endfor %}", "Say which part of “row”"),
        ("{" * 60_000, "not closed near"),
        ("{{ " * 9_000, "not closed near"),
        ("{{ area }}" * 501, "more than 500 places"),
        ("{% for row in payers %}" + "x" * 1_100_000 + "{% endfor %}", "too long"),
        ("No place at all", "no place to fill"),
    ],
)
def test_a_place_that_cannot_be_filled_is_named(text, reason, local):
    with pytest.raises(BadInput) as error:
        fill(template(text), values(local))
    assert reason in str(error.value)


def archive(**parts: bytes) -> bytes:
    """A zip file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/"), content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xd0\xcf\x11\xe0 an old .doc", "is no Word file"),
        (b"x" * (LARGEST + 1), "larger than 5 MB"),
        (archive(a=b"1"), "is no Word file"),
        (archive(**{"word__document.xml": b"0" * 1_001}), "It is too large when unpacked"),
        (archive(**{"word__document.xml": b"0" * 501}), "Its text is too large"),
        (archive(**{"word__document.xml": b"<w/>", "word__vbaProject.bin": b"1"}), "macros"),
        (archive(**{"word__document.xml": b"<w/>"}), "cannot be opened"),
    ],
)
def test_what_is_no_template_is_refused(data, reason, monkeypatch):
    monkeypatch.setattr("openfls.toolkit.kit.template.UNPACKED", 1_000)
    monkeypatch.setattr("openfls.toolkit.kit.template.TEXT", 500)
    with pytest.raises(BadInput, match=reason):
        fill(data, {"area": "Leeds"})


def test_a_place_in_the_head_of_the_page_is_filled_and_checked(local):
    document = docx.Document()
    document.add_paragraph("{{ title }}")
    document.sections[0].header.paragraphs[0].text = "{{ nowhere }}"
    out = io.BytesIO()
    document.save(out)
    with pytest.raises(BadInput, match="nowhere"):
        fill(out.getvalue(), values(local))


def test_usual_care_known_as_one_share_is_not_shown_as_everybody_found(local):
    from openfls.toolkit.result_tables import funnel

    table = funnel(local.found)
    rows = {row[0]: row[1:] for row in table.rows}
    assert rows["Identified"][0] == rows["Treatment recommended"][0] == "not told apart"
    assert rows["Identified"][1] not in ("not told apart", rows["Fragility fractures a year"][1])
    assert rows["Started by 16 weeks"][0][0].isdigit()
    assert "known only as a share" in table.note


def test_a_source_is_not_quoted_with_a_rounded_figure(local):
    rows = [
        row for part in PAPERS["business-case"](local).parts if isinstance(part, Table) for row in part.rows
    ]
    hips = next(row for row in rows if row[0] == "Hospital cost of a fracture: hip")
    assert hips[1].startswith("10,964 ")


def test_the_small_scenario_of_other_tests_still_makes_every_table():
    from openfls.toolkit.report import all_tables

    found = analyse(prepared())
    assert all(table.rows[0] for table in all_tables(found))
