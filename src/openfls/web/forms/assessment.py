"""The assessment as typed: what was changed is read into answers; what cannot be is asked back about, nothing is lost.

A field that nobody touched is not saved again: what somebody else has written meanwhile stays. One that was touched is
saved only over what the page had shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from openfls.record.people import Sex
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
from openfls.service.checks import ONLY_IF
from openfls.service.claims import EARLIER, Claim, Known
from openfls.service.investigation.earlier_fractures import against, record_of
from openfls.service.known import SCANNED_ON, of_a_scan
from openfls.service.scans import Scan
from openfls.service.told import Doubt, doubts
from openfls.web.forms.shown import SectionShown, Shown, as_typed
from openfls.web.investigation.asking_back import AGAIN, AskingBack


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
    clashes: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        """Look once for what speaks against an answer of the person, and for what on record contradicts."""
        self.clashes = self._asking.clashes
        self.doubts = doubts(self.known, self.today, self._asking.age)

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
        chosen = {name: claim.value for name, claim in self.chosen.items()}
        if given := {**chosen, **self.answers}:
            for name, why in self._asking.new_clashes(given).items():
                self.errors.setdefault(name, why)
            self._ask_about_frax(given)
        return not self.errors

    def _ask_about_frax(self, given: Mapping[str, Value]) -> None:
        """Ask back about an odd result at each part that was typed: a confirmation holds for all of them together."""
        typed = [name for name in self.answers if name.startswith("frax.")]
        if not typed or any(name.startswith("frax.") for name in self.errors):
            return
        query = self._asking.frax({name: one.value for name, one in self.known.items()} | given)
        if query and not all(self.has_confirmed(name) for name in typed):
            self.errors |= dict.fromkeys(typed, f"{query} If it is right, {AGAIN}")

    def _read(self, question: Question) -> None:
        name = question.field
        assert self.typed is not None
        typed = self.typed.get(name, "").strip()
        try:
            value = read_answer(question, typed, self.today)
            odd = self._asking.odd(question, value)
        except NotAnAnswer as error:
            self.errors[name] = str(error)
            return
        now = as_typed(self._value(name))
        if now not in (self.was.get(name, ""), as_typed(value)) and f"{name}={now}" not in self.over:
            self.errors[name] = f"{self._asking.who(name)} If yours is right, {AGAIN}"
        elif odd and not self.has_confirmed(name) and value != self._value(name):
            self.errors[name] = f"{odd} If it is right, {AGAIN}"
        elif name == SCANNED_ON:
            why = self._asking.other_day(value, confirmed=self.has_confirmed(name))
            self.errors |= {name: why} if why else {}
        self.answers[name] = value

    @property
    def _asking(self) -> AskingBack:
        return AskingBack(self.known, self.today, self.birth_date, self.scans, self.broke_on, self.answers)

    def has_confirmed(self, name: str) -> bool:
        """Whether the very value that stands in a field now was asked back about and saved again."""
        assert self.typed is not None
        return f"{name}={self.typed.get(name, '').strip()}" in self.accepted

    @property
    def day_was_wrong(self) -> bool:
        """Whether the day of the typed scan is put right, with the figures staying."""
        return SCANNED_ON in self.answers

    def _choose(self, question: Question) -> None:
        """Take over the one that was chosen of the sources that disagree."""
        assert self.typed is not None
        key = self.typed.get(f"choose.{question.field}", "")
        one = self.known.get(question.field)
        among = (*one.rivals, one.offered) if one and key else ()
        claim = next((rival for rival in among if rival and rival.key == key), None)
        if one is None or claim is None or self._touched(question):
            return
        record = record_of(one)
        if record is not None and claim.value is False:
            claim = replace(claim, source=against(claim.source, record))
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
        return filled, sum(one.offered is not None and one.offered.kind == EARLIER for one in mine)

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

    def in_short(self) -> str:
        """The errors as one line; what is said of several fields is said once."""
        named: dict[str, list[str]] = {}
        for name, error in self.errors.items():
            question = by_field().get(name)
            label = question.label if question and not error.startswith(question.label) else ""
            named.setdefault(error, []).append(label)
        return " ".join(
            f"{first}{f' and {len(rest)} more' if rest else ''}: {error}" if first else error
            for error, (first, *rest) in named.items()
        )

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
        one, clash = self.known.get(name), self.clashes.get(name, "")
        return Shown(question, typed, one, self.today, error, known, moot, self.doubts, clash)

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
