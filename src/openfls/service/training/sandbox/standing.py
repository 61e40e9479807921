"""What somebody has practised: the last and the best try at each case. For the portfolio and the team's matrix."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from openfls.service.models import Practice, Service, User
from openfls.service.training.sandbox.library import cases
from openfls.training.patients.values import Case


@dataclass(frozen=True, slots=True)
class Practised:
    """One case as somebody stands with it: ``best`` is the finished try with the fewest dangers, then most percent."""

    case: Case
    best: Practice | None = None
    open: Practice | None = None
    tries: int = 0
    kept: int = 0
    """Tries whose room is not cleared."""

    @property
    def well(self) -> bool:
        """Whether it was once done well: enough points, nothing dangerous."""
        return self.best is not None and self.best.well

    @property
    def label(self) -> str:
        """How it stands, in words."""
        if self.open is not None:
            return "Under way"
        if self.best is None:
            return "Not begun"
        return "Done well" if self.well else "Try again"


def practised(service: Service, users: Iterable[User]) -> dict[int, tuple[Practised, ...]]:
    """Every case for each user, with one question to the database however many they are."""
    keys = [user.pk for user in users]
    rows: dict[tuple[int, str], list[Practice]] = defaultdict(list)
    for row in Practice.objects.filter(service=service, user__in=keys).defer("result"):
        rows[row.user_id, row.case].append(row)
    return {user: tuple(_standing(case, rows[user, case.key]) for case in cases()) for user in keys}


def done_well(found: Iterable[Practised]) -> int:
    """How many cases were done well."""
    return sum(one.well for one in found)


def _standing(case: Case, rows: list[Practice]) -> Practised:
    finished = [row for row in rows if row.finished_at is not None]
    return Practised(
        case,
        max(finished, key=lambda row: (row.well, -row.dangers, row.percent or 0), default=None),
        next((row for row in rows if row.is_open), None),
        len(finished),
        sum(row.cleared_at is None for row in rows),
    )
