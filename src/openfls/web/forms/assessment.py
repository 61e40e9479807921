"""The assessment as typed: every question of the record, read into answers, with an error beside each that is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from openfls.record.people import Sex
from openfls.record.questions import NotAnAnswer, Question, Section, Value, read_answer, sections
from openfls.service.checks import contradictions, query_of
from openfls.service.models import Answer


@dataclass(frozen=True, slots=True)
class Shown:
    """One question on the page: what stands in it, where that came from, and what is wrong with it."""

    question: Question
    typed: str
    kept: Answer | None
    error: str = ""

    @property
    def id(self) -> str:
        """The identifier of its input on the page."""
        return "id_" + self.question.field.replace(".", "_")


@dataclass(slots=True)
class AssessmentForm:
    """All questions for one person, or those that a laboratory or a scan answers.

    ``typed`` is None where the page is only shown; ``accepted`` names the odd values that were asked back about and
    saved again.
    """

    sex: Sex
    kept: Mapping[str, Answer]
    today: date
    typed: Mapping[str, str] | None = None
    answers: dict[str, Value] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    accepted: frozenset[str] = frozenset()
    results_only: bool = False

    def is_valid(self) -> bool:
        """Read what was typed into ``answers``; what cannot be read is in ``errors``, and nothing is lost."""
        assert self.typed is not None
        for question in self._questions():
            try:
                value = read_answer(question, self.typed.get(question.field, ""), self.today)
                checked = query_of(question.field, value)
            except NotAnAnswer as error:
                self.errors[question.field] = str(error)
                continue
            if checked and question.field not in self.accepted and value != self._kept_value(question):
                self.errors[question.field] = f"{checked} If it is right, save again."
            self.answers[question.field] = value
        kept = {field: row.value for field, row in self.kept.items()}
        for name, why in contradictions({**kept, **self.answers}, self.today).items():
            self.errors.setdefault(name, why)
        return not self.errors

    def sections(self) -> list[tuple[str, list[Shown], bool]]:
        """Title, questions, and whether something in it is unanswered or wrong."""
        found = []
        for section in self._asked():
            shown = [self._shown(question) for question in section.questions if question.asked_of(self.sex)]
            found.append((section.title, shown, any(item.error or not item.typed for item in shown)))
        return found

    def _questions(self) -> list[Question]:
        return [item for section in self._asked() for item in section.questions if item.asked_of(self.sex)]

    def _asked(self) -> list[Section]:
        return [section for section in sections() if section.results or not self.results_only]

    def _kept_value(self, question: Question) -> Value:
        row = self.kept.get(question.field)
        return row.value if row else None

    def _shown(self, question: Question) -> Shown:
        row = self.kept.get(question.field)
        kept = _as_typed(row.value if row else None)
        typed = kept if self.typed is None else self.typed.get(question.field, "")
        error = self.errors.get(question.field, "")
        return Shown(question, typed, row if row and row.value is not None else None, error)


def _as_typed(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, int | float) else value
