"""What to ask back about a typed answer before it is kept: odd values, lost signs, days that cannot be, contradictions.

It decides nothing about confirming: the form knows which questions were asked and answered already.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from openfls.record.people import age_on
from openfls.record.questions import NotAnAnswer, Question, QuestionKind, Value, by_field
from openfls.service.checks import (
    booking_query,
    contradictions,
    frax_of,
    frax_queries,
    query_of,
    sign_query,
)
from openfls.service.claims import TYPED, Known
from openfls.service.investigation.scanning import ASKED, BOOKED
from openfls.service.known import SCANNED_ON, of_a_scan
from openfls.service.scans import Scan

AGAIN = "save again."


@dataclass(frozen=True, slots=True)
class AskingBack:
    """What is known beside what was typed. ``answers`` grows while a form is read."""

    known: Mapping[str, Known]
    today: date
    birth_date: date | None
    scans: Sequence[Scan]
    broke_on: date | None
    answers: Mapping[str, Value]

    @property
    def age(self) -> int | None:
        """The age today."""
        return age_on(self.birth_date, self.today) if self.birth_date else None

    def odd(self, question: Question, value: Value) -> str:
        """What to ask back about one answer, empty for a usual one.

        Raises:
            NotAnAnswer: it cannot be.
        """
        is_day = question.kind is QuestionKind.DATE and value
        if is_day and self.birth_date and date.fromisoformat(str(value)) < self.birth_date:
            raise NotAnAnswer("This day is before the person was born")
        name = question.field
        return query_of(name, value, self.age) or self._sign(name, value) or self._booking(name, value)

    def _sign(self, name: str, value: Value) -> str:
        """What to ask back where a T-score may have lost its minus."""
        is_score = name.startswith("bone_density.") and name.endswith("_t")
        if not is_score or not isinstance(value, int | float):
            return ""
        day = self.answers.get(SCANNED_ON) or self._value(SCANNED_ON)
        scores = [(scan.on.isoformat(), scan.number(name)) for scan in self.scans]
        there = [(on, score) for on, score in scores if score is not None]
        one = self.known.get(name)
        rivals = [claim.value for claim in one.rivals] if one else []
        that_day = [score for on, score in there if on == day]
        that_day += [float(rival) for rival in rivals if isinstance(rival, int | float)]
        return sign_query(value, that_day, there[-1][1] if there else None)

    def _booking(self, name: str, value: Value) -> str:
        """What to ask back where a scan is booked for a day before it was asked for, or before the fracture."""
        if name not in (ASKED, BOOKED):
            return ""
        days = {each: self.answers.get(each, self._value(each)) for each in (ASKED, BOOKED)} | {name: value}
        return booking_query(days[BOOKED], days[ASKED], self.broke_on)

    def frax(self, answers: Mapping[str, Value]) -> str:
        """What to ask back about an odd FRAX result of ``answers``, its parts taken together."""
        result = frax_of(answers)
        if result is None:
            return ""
        stands = frax_of({name: one.value for name, one in self.known.items()})
        scanned = bool(self.scans or answers.get(SCANNED_ON))
        return " ".join(frax_queries(result, self.today, stands, scanned=scanned))

    def other_day(self, value: Value, *, confirmed: bool) -> str:
        """What to say where the day of a scan is changed under its figures: they belong to one day."""
        stands = self.known.get(SCANNED_ON)
        if stands is None or stands.counts is None or stands.value == value:
            return ""
        was, question = stands.counts, by_field()[SCANNED_ON]
        if was.kind != TYPED:
            return (
                f"The scan of {was.words(question)} came from {was.source}, and its day with it. Add another scan on "
                "the page of all scans."
            )
        figures = [name for name, one in self.known.items() if of_a_scan(name) and one.value is not None]
        if figures == [SCANNED_ON] or confirmed:
            return ""
        return (
            f"The figures here are of {was.words(question)}. If that day was typed wrongly, {AGAIN} Another scan is "
            "added on the page of all scans."
        )

    def who(self, name: str) -> str:
        """Who changed a field since the page was shown, and to what."""
        one = self.known.get(name)
        claim = one.counts if one else None
        if claim is None:
            return "This was emptied, or came into doubt, since you opened the page."
        who = claim.by or claim.source
        return f"Meanwhile {who} says: {claim.words(by_field()[name])}."

    @property
    def clashes(self) -> dict[str, str]:
        """What stands on record and cannot be together, by the field where it is best mended."""
        return contradictions({name: one.value for name, one in self.known.items()}, self.today)

    def new_clashes(self, answers: Mapping[str, Value]) -> dict[str, str]:
        """The contradictions that ``answers`` bring in or leave in a field of their own.

        What contradicted before and was not touched keeps nobody from saving something else.
        """
        before = self.clashes
        kept = {name: one.value for name, one in self.known.items()}
        return {
            name: why
            for name, why in contradictions({**kept, **answers}, self.today).items()
            if name in answers or before.get(name) != why
        }

    def _value(self, name: str) -> Value:
        one = self.known.get(name)
        return one.value if one else None
