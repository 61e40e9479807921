"""Content as one HTML file that needs nothing else, for an author while writing: lesson, case, questions, answers."""

from __future__ import annotations

from html import escape

from openfls.training.as_html import case_html, image_html, lesson_html, notes_html
from openfls.training.checking import Fault
from openfls.training.text import Notes
from openfls.training.values import Bank, Kind, Question, Topic

_STYLE = """
body { font: 1.1rem/1.5 arial, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; color: #212b32; }
img { max-width: 100%; height: auto; }
table { border-collapse: collapse; } td, th { border: 1px solid #aeb7bd; padding: 4px 8px; }
.fls-callout { border-left: 6px solid #005eb8; background: #f0f4f5; padding: 4px 16px; margin: 16px 0; }
.fls-callout--red { border-color: #d5281b; } .fls-callout__label { font-weight: bold; margin-bottom: 0; }
.fls-unsure { background: #fff9c4; font-weight: normal; } .fls-quiet { color: #4c6272; }
.nhsuk-table-responsive__heading, .nhsuk-u-visually-hidden { display: none; }
.faults { background: #fff0ef; padding: 8px 16px; }
.right { font-weight: bold; }
"""


def preview(bank: Bank, faults: list[Fault]) -> str:
    """Every topic of a folder as a page, with what `checking` found at its head."""
    told = "".join(f"<li>{escape(str(fault))}</li>" for fault in faults)
    head = f'<div class="faults"><h2>{len(faults)} to mend</h2><ul>{told}</ul></div>' if faults else ""
    body = "".join(_topic(topic) for topic in bank.topics.values())
    return (
        '<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>Preview</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body>{head}{body}</body></html>"
    )


def _topic(topic: Topic) -> str:
    notes = Notes()
    objectives = "".join(f"<li>{escape(one.id)} {escape(one.text)}</li>" for one in topic.objectives)
    lesson, case = lesson_html(topic, notes), case_html(topic, notes)
    questions = "".join(_question(topic, one) for one in topic.questions)
    return (
        f"<h1>{escape(topic.id)}. {escape(topic.title)}</h1><p>{escape(topic.summary)} "
        f"({topic.minutes} minutes, {escape(topic.version)})</p><ul>{objectives}</ul>{lesson}"
        f"<h2>A case</h2>{case}<h2>Notes and sources</h2>{notes_html(topic, notes)}<h2>Questions</h2>{questions}"
    )


def _question(topic: Topic, question: Question) -> str:
    picture = ""
    if question.picture in topic.figures:
        picture = image_html(topic.figures[question.picture], question.alt)
    parts = ""
    for step in question.parts:
        tells = f"<p><em>{escape(step.tells)}</em></p>" if step.tells else ""
        stem = f"<p>{escape(step.stem)}</p>" if question.kind is Kind.UNFOLDING else ""
        options = "".join(
            f"<li{' class=right' if one.right else ''}>{'✓' if one.right else '✗'} {escape(one.text)}"
            f' <span class="fls-quiet">{escape(one.why)}</span></li>'
            for one in step.options
        )
        parts += f"{tells}{stem}<ol type=a>{options}</ol>" if options else ""
    if question.items:
        parts += "<ol>" + "".join(f"<li>{escape(item)}</li>" for item in question.items) + "</ol>"
    if question.number:
        number = question.number
        parts += (
            f"<p class=right>{number.value:g} {escape(number.unit)} ({number.low:g} to {number.high:g})</p>"
        )
    about = f"{question.kind.label}; {question.objective}; difficulty {question.difficulty}"
    return (
        f"<h3>{escape(question.id)}</h3><p class=fls-quiet>{escape(about)}</p><p>{escape(question.stem)}</p>"
        f"{picture}{parts}<p>{escape(question.explanation)}</p>"
        f"<p class=fls-quiet>Sources: {escape(', '.join(question.sources))}</p>"
    )
