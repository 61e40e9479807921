"""The blocks of a lesson as HTML. Every text is escaped; a figure is an image, in which nothing can run."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from html import escape, unescape

from openfls.training.text import Block, Notes, Run, blocks_of
from openfls.training.values import Claim, Topic

_DESCRIBED = re.compile(r"<desc[^>]*>([^<]*)</desc>")
_CLASS = {"Red flag": "fls-callout--red", "In the clinic": "fls-callout--clinic"}
SHORT = {
    "checked, second-hand": "second-hand",
    "recalled, high": "recalled",
    "recalled, medium": "recalled, unsure",
    "recalled, low": "recalled, very unsure",
    "inferred": "inferred",
}
"""The mark beside a sentence; the note under the lesson gives it in full."""


def lesson_html(topic: Topic, notes: Notes) -> str:
    """The lesson of a topic; ``notes`` collects what it cites."""
    return html_of(blocks_of(topic.lesson), topic, notes)


def case_html(topic: Topic, notes: Notes) -> str:
    """The worked case of a topic."""
    return html_of(blocks_of(topic.case), topic, notes, under=1)


def html_of(blocks: tuple[Block, ...], topic: Topic, notes: Notes, *, under: int = 0) -> str:
    """Blocks as HTML; headings stand ``under`` so many levels lower than they say, the highest at h2."""
    return "\n".join(_block(block, topic, notes, under) for block in blocks)


def _block(block: Block, topic: Topic, notes: Notes, under: int) -> str:  # noqa: PLR0911 - one line a kind
    inner = _runs(block.runs, topic.claims, notes)
    match block.kind:
        case "heading":
            level = min(6, max(2, block.level) + under)
            size = "m" if level == 2 else "s"
            return f'<h{level} class="nhsuk-heading-{size}">{inner}</h{level}>'
        case "paragraph":
            return f"<p>{inner}</p>"
        case "bullets" | "numbers":
            tag = "ul" if block.kind == "bullets" else "ol"
            items = "".join(f"<li>{_item(item, topic, notes, under)}</li>" for item in block.items)
            return f'<{tag} class="nhsuk-list nhsuk-list--{"bullet" if tag == "ul" else "number"}">{items}</{tag}>'
        case "quote":
            label = f'<p class="fls-callout__label">{escape(block.label)}</p>' if block.label else ""
            kind = _CLASS.get(block.label, "")
            return f'<div class="fls-callout {kind}">{label}{html_of(block.inside, topic, notes, under=under)}</div>'
        case "table":
            return _table(block, topic, notes)
        case "figure":
            return figure_html(topic, block.name, block.alt)
        case "code":
            return f"<pre>{inner}</pre>"
        case _:
            return "<hr>"


def figure_html(topic: Topic, name: str, alt: str) -> str:
    """A figure of a topic; words in its place where it is missing."""
    svg = topic.figures.get(name)
    if svg is None:
        return f"<p><strong>Figure missing: {escape(name)}</strong> {escape(alt)}</p>"
    words = (
        '<details class="nhsuk-details"><summary class="nhsuk-details__summary">'
        '<span class="nhsuk-details__summary-text">The figure in words</span></summary>'
        f'<div class="nhsuk-details__text"><p>{escape(_in_words(svg, alt))}</p></div></details>'
    )
    return f'<figure class="fls-lesson__figure">{image_html(svg, alt)}{words}</figure>'


def _in_words(svg: str, alt: str) -> str:
    """All that is to be seen in a drawing: what its lesson says of it, then what it says of itself."""
    found = _DESCRIBED.search(svg)
    told = unescape(found.group(1).strip()) if found else ""
    return " ".join(part if part.endswith(".") else f"{part}." for part in (alt, told) if part)


def image_html(svg: str, alt: str) -> str:
    """A drawing as an image: no script of it runs, and no style of it reaches the page."""
    data = b64encode(svg.encode()).decode()
    return f'<img src="data:image/svg+xml;base64,{data}" alt="{escape(alt)}">'


def notes_html(topic: Topic, notes: Notes) -> str:
    """The numbered claims with source and mark, as a list."""
    lines = []
    for number, key in enumerate(notes.keys, start=1):
        claim = topic.claims.get(key)
        if claim is None:
            told = f"<strong>There is no claim {escape(key)}.</strong>"
        else:
            told = f"{escape(claim.sentence)} {source_html(claim)}"
        lines.append(f'<li id="note-{number}">{told}</li>')
    return f'<ol class="fls-notes-list">{"".join(lines)}</ol>' if lines else ""


def source_html(claim: Claim) -> str:
    """Where a claim comes from, and how sure it is where it is not checked."""
    mark = (
        f' <strong class="fls-unsure">{escape(claim.confidence)}, still to be verified</strong>'
        if claim.unsure
        else ""
    )
    return f'<span class="fls-quiet">Source: {escape(claim.source)}</span>{mark}'


def _item(item: tuple[Block, ...], topic: Topic, notes: Notes, under: int) -> str:
    """A list item; one plain paragraph needs no paragraph around it."""
    if item and item[0].kind == "paragraph":
        first = _runs(item[0].runs, topic.claims, notes)
        return first + html_of(item[1:], topic, notes, under=under)
    return html_of(item, topic, notes, under=under)


def _table(block: Block, topic: Topic, notes: Notes) -> str:
    head, *body = block.rows
    names = ["".join(run.text for run in cell) for cell in head]
    heading = "".join(f'<th scope="col">{_runs(cell, topic.claims, notes)}</th>' for cell in head)
    rows = ""
    for row in body:
        cells = "".join(
            f'<td><span class="nhsuk-table-responsive__heading" aria-hidden="true">{escape(name)} </span>'
            f"{_runs(cell, topic.claims, notes)}</td>"
            for name, cell in zip(names, row, strict=False)
        )
        rows += f"<tr>{cells}</tr>"
    return (
        '<table class="nhsuk-table-responsive fls-table"><thead><tr>'
        f"{heading}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _runs(runs: tuple[Run, ...], claims: Mapping[str, Claim], notes: Notes) -> str:
    return "".join(_run(run, claims, notes) for run in runs)


def _run(run: Run, claims: Mapping[str, Claim], notes: Notes) -> str:
    text = escape(run.text).replace("\n", "<br>")
    for wanted, tag in ((run.code, "code"), (run.italic, "em"), (run.bold, "strong")):
        text = f"<{tag}>{text}</{tag}>" if wanted and text else text
    if run.link:
        text = f'<a href="{escape(run.link)}">{text}</a>'
    for key in run.cites:
        number = notes.number(key)
        claim = claims.get(key)
        mark = SHORT.get(claim.confidence, "") if claim else "no source"
        told = f' <span class="fls-unsure">{mark}</span>' if mark else ""
        text += (
            f'<sup class="fls-note"><a href="#note-{number}">'
            f'<span class="nhsuk-u-visually-hidden">Note </span>{number}{told}</a></sup>'
        )
    return text
