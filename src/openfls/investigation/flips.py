"""What would change one piece of advice: which of the answers that it rests on decide it alone."""

from __future__ import annotations

from dataclasses import dataclass, fields

from openfls.investigation.guideline import Rule
from openfls.investigation.logic import with_field
from openfls.record.advice import Answer
from openfls.record.people import Sex
from openfls.record.picture import Picture

_NOT_TRIED = frozenset({"on", "fractures", "age", "sex"})
"""Age and sex are as they are. A fracture that happened is not thought away; one that is not judged yet is an open
question of its own."""


@dataclass(frozen=True, slots=True)
class Flip:
    """If ``name`` were ``value`` instead, the rule would not hold."""

    name: str
    value: str


def _without(picture: Picture, name: str) -> Picture:
    blank = Sex.UNKNOWN if name == "sex" else None
    return with_field(picture, name, blank)


def what_would_end(rule: Rule, picture: Picture) -> tuple[Flip, ...]:
    """The single answers that would make ``rule`` hold no longer; for each input, the first such value.

    Empty where no single answer would, as after a hip fracture, or where the rule does not hold. The values tried are
    the two sides of the rule's own limits.
    """
    judged = rule.when.judge(picture)
    if judged.answer is not Answer.YES:
        return ()
    found: dict[str, Flip] = {}
    read = {name.partition(".")[0] for name, _ in judged.inputs} - _NOT_TRIED
    for name in (field.name for field in fields(Picture) if field.name in read):
        if getattr(picture, name) in (None, Sex.UNKNOWN):
            continue
        blank = _without(picture, name)
        for trial in rule.when.trials(blank):
            if trial.name not in (name, f"{name}.{trial.name.rpartition('.')[2]}") or trial.name in found:
                continue
            if rule.when.judge(trial.picture).answer is Answer.NO:
                found[trial.name] = Flip(trial.name, trial.value)
    return tuple(found.values())
