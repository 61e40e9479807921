"""The assessment as typed: what was changed is read into answers; what cannot be is asked back about, nothing is lost.

A field that nobody touched is not saved again: what somebody else has written meanwhile stays. One that was touched is
saved only over what the page had shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from openfls.record.people import Sex, age_on
from openfls.record.questions import (
    NotAnAnswer,
    Question,
    QuestionKind,
    Section,
    Value,
    by_field,
    read_answer,
    sections,
)
from openfls.service.checks import (
    ONLY_IF,
    booking_query,
    contradictions,
    frax_of,
    frax_queries,
    query_of,
    sign_query,
)
from openfls.service.claims import EARLIER, TYPED, Claim, Known
from openfls.service.investigation.scanning import ASKED, BOOKED
from openfls.service.known import SCANNED_ON, of_a_scan
from openfls.service.scans import Scan
from openfls.service.told import Doubt, doubts
from openfls.web.forms.shown import SectionShown, Shown, as_typed

AGAIN = "save again."


@dataclass(slots=True)
class AssessmentForm:
    """All questions for one person, or those that a laboratory or a scan answers.

    ``typed`` is None where the page is only shown. ``accepted`` names the odd values that were asked back about and
    saved again, each with what was typed, ``over`` what a user has seen of another's answer and wants to write over.
    ``only``: one field alone. ``scans`` are those on record, ``broke_on`` is the day of the fracture.
    """

    sex: Sex
    known: Mapping[str, Known]
    today: date
    birth_date: date | None = None
    scans: Sequence[Scan] = ()
    broke_on: date | None = None
    typed: Mapping[str, str] | None = None
    rest_no: frozenset[str] = frozenset()
    answers: dict[str, Value] = field(default_factory=dict)
    chosen: dict[str, Claim] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    accepted: frozenset[str] = frozenset()
    over: frozenset[str] = frozenset()
    results_only: bool = False
    scan_only: bool = False
    one_open: bool = False
    opened: str = ""
    doubts: Mapping[str, Doubt] = field(init=False)

    def __post_init__(self) -> None:
        """Look once for what speaks against an answer of the person."""
        self.doubts = doubts(self.known, self.today, self._age)

    def is_valid(self) -> bool:
        """Read what was changed into ``answers`` and ``chosen``; what cannot be is in ``errors``."""
        assert self.typed is not None
        for question in self._questions():
            self._choose(question)
            if self._touched(question):
                self._read(question)
        for section in self._asked():
            if section.title in self.rest_no:
                self._rest(section)
        kept = {name: one.value for name, one in self.known.items()}
        chosen = {name: claim.value for name, claim in self.chosen.items()}
        if self.answers or chosen:
            for name, why in contradictions({**kept, **chosen, **self.answers}, self.today).items():
                self.errors.setdefault(name, why)
            self._ask_about_frax({**kept, **chosen, **self.answers}, kept)
        return not self.errors

    def _ask_about_frax(self, answers: Mapping[str, Value], kept: Mapping[str, Value]) -> None:
        """Ask back about an odd result at each part that was typed: a confirmation holds for all of them together."""
        typed = [name for name in self.answers if name.startswith("frax.")]
        result = frax_of(answers)
        if not typed or result is None or any(name.startswith("frax.") for name in self.errors):
            return
        queries = frax_queries(
            result, self.today, frax_of(kept), scanned=bool(self.scans or answers.get(SCANNED_ON))
        )
        if queries and not all(self.has_confirmed(name) for name in typed):
            self.errors |= dict.fromkeys(typed, f"{' '.join(queries)} If it is right, {AGAIN}")

    def _read(self, question: Question) -> None:
        name = question.field
        assert self.typed is not None
        typed = self.typed.get(name, "").strip()
        try:
            value = read_answer(question, typed, self.today)
            odd = query_of(name, value, self._age) or self._sign(name, value) or self._booking(name, value)
            self._check_born(question, value)
        except NotAnAnswer as error:
            self.errors[name] = str(error)
            return
        now = as_typed(self._value(name))
        if now not in (self.was.get(name, ""), as_typed(value)) and f"{name}={now}" not in self.over:
            self.errors[name] = f"{self._who(name)} If yours is right, {AGAIN}"
        elif odd and not self.has_confirmed(name) and value != self._value(name):
            self.errors[name] = f"{odd} If it is right, {AGAIN}"
        elif name == SCANNED_ON and (why := self._other_day(value)):
            self.errors[name] = why
        self.answers[name] = value

    @property
    def _age(self) -> int | None:
        return age_on(self.birth_date, self.today) if self.birth_date else None

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

    def has_confirmed(self, name: str) -> bool:
        """Whether the very value that stands in a field now was asked back about and saved again."""
        assert self.typed is not None
        return f"{name}={self.typed.get(name, '').strip()}" in self.accepted

    def _other_day(self, value: Value) -> str:
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
        if figures == [SCANNED_ON] or self.has_confirmed(SCANNED_ON):
            return ""
        return (
            f"The figures here are of {was.words(question)}. If that day was typed wrongly, {AGAIN} Another scan is "
            "added on the page of all scans."
        )

    @property
    def day_was_wrong(self) -> bool:
        """Whether the day of the typed scan is put right, with the figures staying."""
        return SCANNED_ON in self.answers

    def _who(self, name: str) -> str:
        """Who changed a field since the page was shown, and to what."""
        one = self.known.get(name)
        claim = one.counts if one else None
        if claim is None:
            return "This was emptied, or came into doubt, since you opened the page."
        who = claim.by or claim.source
        return f"Meanwhile {who} says: {claim.words(by_field()[name])}."

    def _check_born(self, question: Question, value: Value) -> None:
        is_day = question.kind is QuestionKind.DATE and value and self.birth_date
        if is_day and date.fromisoformat(str(value)) < (self.birth_date or date.min):
            raise NotAnAnswer("This day is before the person was born")

    def _choose(self, question: Question) -> None:
        """Take over the one that was chosen of the sources that disagree."""
        assert self.typed is not None
        key = self.typed.get(f"choose.{question.field}", "")
        one = self.known.get(question.field)
        among = (*one.rivals, one.offered) if one and key else ()
        claim = next((rival for rival in among if rival and rival.key == key), None)
        if claim is not None and not self._touched(question):
            self.chosen[question.field] = claim

    def _rest(self, section: Section) -> None:
        """Everything in a section that was asked with the others and has no answer is a no."""
        assert self.typed is not None
        for question in section.questions:
            name = question.field
            one = self.known.get(name)
            open_still = not self.typed.get(name, "") and name not in self.answers
            spoken = one is not None and (one.counts or one.rivals or one.waiting)
            doubtful = spoken or (one is not None and one.offered and one.offered.value is not False)
            if (
                question.kind is QuestionKind.YES_NO
                and question.with_rest
                and question.asked_of(self.sex)
                and open_still
                and not doubtful
            ):
                self.answers[name] = False

    @property
    def was(self) -> dict[str, str]:
        """What the page had shown in each field; where it does not tell, what counts now."""
        now = {question.field: as_typed(self._value(question.field)) for question in self._questions()}
        if self.typed is None or "was" not in self.typed:
            return now
        try:
            told = dict(json.loads(self.typed["was"]))
        except (ValueError, TypeError):
            return now
        # What was empty is not told, so that the page stays small.
        return {name: str(told.get(name, "")) for name in now}

    @property
    def was_json(self) -> str:
        """The same for the page that is shown now: old where something was typed, new for the rest."""
        before = self.was
        fresh = {question.field: as_typed(self._value(question.field)) for question in self._questions()}
        touched = {question.field for question in self._questions() if self._touched(question)}
        shown = {name: before[name] if name in touched else value for name, value in fresh.items()}
        return json.dumps({name: value for name, value in shown.items() if value or name in touched})

    def sections(self) -> list[SectionShown]:
        """The sections as a page shows them."""
        made = [
            SectionShown(
                section,
                [self.shown(question) for question in section.questions if question.asked_of(self.sex)],
            )
            for section in self._asked()
        ]
        if not self.one_open:
            return made
        keys = [each.key for each in made]
        first = next((each.key for each in made if each.is_missing), "")
        shown = self.opened if self.opened in keys else first
        return [replace(each, folded=each.key != shown) for each in made]

    @property
    def next_section(self) -> SectionShown | None:
        """The section to go on with: the next one in which something is missing; None where nothing is."""
        made = self.sections()
        here = self.opened if self.opened in {each.key for each in made} else ""
        at = next(
            (
                number
                for number, each in enumerate(made)
                if (each.key == here if here else each.is_open and not each.folded)
            ),
            -1,
        )
        after = made[at + 1 :] + made[: max(at, 0)]
        return next((each for each in after if each.is_missing), None)

    @property
    def waiting_keys(self) -> list[str]:
        """The keys of what the person said and nobody has looked at."""
        asked = {question.field for question in self._questions()}
        return [claim.key for name, one in self.known.items() if name in asked for claim in one.waiting]

    @property
    def from_before(self) -> tuple[int, int]:
        """How many answers of earlier episodes are filled in, and how many are offered."""
        asked = {question.field for question in self._questions()}
        mine = [one for name, one in self.known.items() if name in asked]
        filled = sum(one.counts is not None and one.counts.kind == EARLIER for one in mine)
        return filled, sum(one.offered is not None for one in mine)

    @property
    def to_choose(self) -> list[tuple[Question, Doubt]]:
        """Of these, those that need a choice of their own."""
        return [
            (by_field()[name], self.doubts[claim.key])
            for name, one in self.known.items()
            if name in by_field()
            for claim in one.waiting
            if claim.key in self.doubts
        ]

    def summary(self) -> Iterable[tuple[str, str]]:
        """Field and words of each error; the words name the question."""
        for name in self.errors:
            yield name, self._error(name)

    def _error(self, name: str) -> str:
        """What is wrong with a field, with the words of its question, the same beside it and at the top."""
        error, question = self.errors.get(name, ""), by_field().get(name)
        if not error or question is None or error.startswith(question.label):
            return error
        return f"{question.label}: {error}"

    def shown(self, question: Question) -> Shown:
        """One question."""
        name = question.field
        known = as_typed(self._value(name))
        typed = self.typed[name] if self.typed is not None and self._touched(question) else known
        error = self._error(name)
        moot = name in ONLY_IF and self._value(ONLY_IF[name]) is False
        return Shown(question, typed, self.known.get(name), self.today, error, known, moot, self.doubts)

    def _touched(self, question: Question) -> bool:
        if self.typed is None or question.field not in self.typed:
            return False
        return self.typed[question.field].strip() != self.was.get(question.field, "")

    def _questions(self) -> list[Question]:
        return [item for section in self._asked() for item in section.questions if item.asked_of(self.sex)]

    def _asked(self) -> list[Section]:
        if self.scan_only:
            return [
                section for section in sections() if all(of_a_scan(each.field) for each in section.questions)
            ]
        return [section for section in sections() if section.results or not self.results_only]

    def _value(self, name: str) -> Value:
        one = self.known.get(name)
        return one.value if one else None
