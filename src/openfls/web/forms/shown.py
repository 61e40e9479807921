"""A question and a section of the assessment as a page shows them: what stands there, from whom, and how old it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from openfls.record.questions import NotAnAnswer, Question, QuestionKind, Section, Value
from openfls.service.checks import query_of
from openfls.service.claims import COMPUTED, EARLIER, RECORD, TYPED, Claim, Known
from openfls.service.told import Doubt

RECENT = 14
"""Days within which it is enough to say how long ago an answer was typed; its history has the day."""


def as_typed(value: Value) -> str:
    """A value as it would be typed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, int | float) else value


def ago(on: date, today: date) -> str:
    """How long ago a day was, in words."""
    days = (today - on).days
    if days < 14:
        return {0: "today", 1: "yesterday"}.get(days, f"{days} days ago")
    if days < 63:
        return f"{days} days ago"
    if days < 731:
        return f"{round(days / 30.44)} months ago"
    return f"{days // 365} years ago"


def _plain(unit: str) -> str:
    """A unit without the ways of writing it: spaces, case, micro and raised figures."""
    for sign, plain in ((" ", ""), ("µ", "u"), ("μ", "u"), ("²", "2"), ("[", ""), ("]", "")):
        unit = unit.replace(sign, plain)
    return unit.lower()


@dataclass(frozen=True, slots=True)
class Shown:
    """One question on the page: what stands in it, where that came from, and what is wrong with it.

    ``now`` is what counts for everybody, as it would be typed; ``moot``: another answer makes it needless; ``doubts``:
    what speaks against taking over an answer of the person, by its key; ``clash``: what on record it contradicts.
    """

    question: Question
    typed: str
    known: Known | None
    today: date
    error: str = ""
    now: str = ""
    moot: bool = False
    doubts: Mapping[str, Doubt] = field(default_factory=dict)
    clash: str = ""

    @property
    def id(self) -> str:
        """The identifier of its input on the page."""
        return "id_" + self.question.field.replace(".", "_")

    @property
    def counts(self) -> Claim | None:
        """What counts now."""
        return self.known.counts if self.known else None

    @property
    def rivals(self) -> tuple[Claim, ...]:
        """Sources that disagree."""
        return self.known.rivals if self.known else ()

    @property
    def waiting(self) -> tuple[Claim, ...]:
        """What the person said, to be accepted."""
        return self.known.waiting if self.known else ()

    @property
    def beside(self) -> tuple[Claim, ...]:
        """Other values that do not count."""
        return self.known.beside if self.known else ()

    @property
    def offered(self) -> Claim | None:
        """What an earlier episode says and nobody has confirmed."""
        return self.known.offered if self.known else None

    @property
    def answered(self) -> bool:
        """Whether something stands in it."""
        return bool(self.typed)

    @property
    def needs_a_look(self) -> bool:
        """Whether it is wrong, in doubt, contradicts, is out of date or waits."""
        return bool(
            self.error or self.clash or self.rivals or self.waiting or (self.known and self.known.expired)
        )

    @property
    def origin(self) -> str:
        """Where the value came from and when: ``from WINPATH, 3 November 2026 · 19 days ago``."""
        return self.told_by(self.counts) if self.counts else ""

    @property
    def offered_when(self) -> str:
        """The day of what is offered."""
        claim = self.offered
        return f"{claim.on.day} {claim.on:%B %Y} · {ago(claim.on, self.today)}" if claim else ""

    def told_by(self, claim: Claim) -> str:
        """Who says so and when."""
        day = f"{claim.on.day} {claim.on:%B %Y}"
        when = f"{day} · {ago(claim.on, self.today)}"
        if claim.kind == COMPUTED:
            return f"{claim.source}, {when}"
        if claim.kind == RECORD:
            return f"from {claim.source} · {ago(claim.on, self.today)}"
        if claim.kind == EARLIER:
            who = f", by {claim.by}" if claim.by else ""
            return f"from an earlier assessment, {when}{who}"
        if claim.kind == TYPED:
            who = f" by {claim.by}" if claim.by else ""
            recent = (self.today - claim.on).days < RECENT
            return f"{claim.source}{who} · {ago(claim.on, self.today) if recent else when}"
        marks = [
            mark
            for mark, is_so in (("preliminary", claim.preliminary), ("corrected", claim.corrected))
            if is_so
        ]
        return " · ".join([f"from {claim.source}, {when}", *marks])

    def words(self, claim: Claim) -> str:
        """A value of somebody, with what was sent where it was converted."""
        words = claim.words(self.question)
        converted = claim.as_sent and _plain(self.question.unit) not in _plain(claim.as_sent)
        return f"{words} (sent as {claim.as_sent})" if converted else words

    @property
    def limit(self) -> str:
        """The value with its sign where the laboratory sent the limit of its test, or another unit."""
        claim = self.counts
        if claim is None:
            return ""
        return self.words(claim) if claim.comparator or "sent as" in self.words(claim) else ""

    @property
    def odd(self) -> str:
        """A remark about an unlikely value that a feed brought and nobody has looked at."""
        if self.counts is None or self.counts.kind == TYPED or self.error:
            return ""
        try:
            return query_of(self.question.field, self.counts.value)
        except NotAnAnswer:
            return ""

    @property
    def out_of_date(self) -> str:
        """That a result is older than it may be used for, with how sure that limit is."""
        if self.known is None or self.known.expiry is None or not self.known.expired:
            return ""
        expiry = self.known.expiry
        return f"Older than {expiry.months} months: ask for a new one"


@dataclass(frozen=True, slots=True)
class SectionShown:
    """One section on the page. ``folded``: closed unless something in it needs a look, as on a small screen."""

    section: Section
    questions: Sequence[Shown]
    folded: bool = False

    @property
    def title(self) -> str:
        """Its heading."""
        return self.section.title

    @property
    def key(self) -> str:
        """Its identifier on the page."""
        return "section-" + "".join(letter if letter.isalnum() else "-" for letter in self.title.lower())

    @property
    def plain(self) -> list[Shown]:
        """The questions that are always there."""
        return [each for each in self.questions if not each.question.more]

    @property
    def more(self) -> list[Shown]:
        """Those that are folded away."""
        return [each for each in self.questions if each.question.more]

    @property
    def lacking(self) -> int:
        """How many questions have no answer."""
        return sum(not each.answered and not each.moot for each in self.plain)

    @property
    def looks(self) -> int:
        """How many need a look: wrong, in doubt, out of date, waiting."""
        return sum(each.needs_a_look for each in self.questions)

    @property
    def is_open(self) -> bool:
        """Open where something is missing or wrong; what can wait opens only for the second."""
        if self.folded:
            return bool(self.looks)
        return bool(self.looks) or self.is_missing

    @property
    def is_missing(self) -> bool:
        """Whether something in it is still to be asked."""
        return bool(self.lacking) and not self.section.can_wait

    @property
    def more_open(self) -> bool:
        """Whether the folded part needs a look."""
        return any(each.needs_a_look for each in self.more)

    @property
    def state(self) -> str:
        """How far it is, in words."""
        known = sum(each.answered for each in self.questions)
        if not self.lacking:
            words = "complete"
        elif self.section.can_wait and not known:
            words = "nothing yet"
        else:
            words = f"{len(self.plain) - self.lacking} of {len(self.plain)} answered"
        return f"{words}, {self.looks} to look at" if self.looks else words

    @property
    def rest_leaves(self) -> list[str]:
        """The questions that no such no answers, and that stay open: each is asked by itself."""
        return [
            each.question.label
            for each in self.questions
            if each.question.kind is QuestionKind.YES_NO
            and not each.question.with_rest
            and not each.answered
            and not each.moot
        ]

    @property
    def has_rest(self) -> bool:
        """Whether those that were not answered may be answered with one no."""
        open_still = [
            each
            for each in self.questions
            if each.question.kind is QuestionKind.YES_NO and each.question.with_rest and not each.answered
        ]
        return len(open_still) > 1
