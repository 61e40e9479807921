"""No quarter that is suppressed can be worked out of the year, the other quarters and the percentages beside them."""

from __future__ import annotations

from functools import cache
from itertools import product
from random import Random

from openfls.quality.disclosure import Shown, safe_share
from openfls.quality.protecting import is_small, rounded, whole_percent
from openfls.quality.together import Counts, Kind, safe_together

PEOPLE = Kind(of_people=True, of_fields=False)
CASELOAD = Kind(of_people=False, of_fields=False)


@cache
def everything() -> dict[Shown, set[tuple[int, int]]]:
    """The pairs of met and missed, by what leaves of them."""
    found: dict[Shown, set[tuple[int, int]]] = {}
    for met, missed in product(range(70), repeat=2):
        found.setdefault(safe_share(met, met + missed), set()).add((met, missed))
    return found


def less(ones: set[tuple[int, int]], others: set[tuple[int, int]]) -> set[tuple[int, int]]:
    return {(a - c, b - d) for a, b in ones for c, d in others}


def reader_finds(shown: list[Shown], total: Shown, place: int) -> set[tuple[int, int]]:
    """Every pair that the share at ``place`` may be, by trying all that fit."""
    rest = everything()[total]
    hidden = sum(each.is_hidden for each in shown)
    for other, each in enumerate(shown):
        if other != place and not each.is_hidden:
            rest = less(rest, everything()[each])
    rest = {pair for pair in rest if min(pair) >= 0}
    if hidden > 1:  # the other hidden ones take any part of what is left
        rest = {(a, b) for met, missed in rest for a in range(met + 1) for b in range(missed + 1)}
    else:
        rest = {(a, b) for a, b in rest if any(map(is_small, (a, b, a + b)))}
    return rest


def check(parts: list[tuple[int, int]]) -> int:
    """Check the shares of met and missed as they leave; how many were shown."""
    counts = [Counts(met, met + missed, 0, 0) for met, missed in parts]
    shown = [each.shown for each in safe_together(counts, PEOPLE, alone=True)]
    total = safe_share(sum(met for met, _ in parts), sum(map(sum, parts)))
    for place, (met, missed) in enumerate(parts):
        small = [met, missed, met + missed]
        if not any(map(is_small, small)):
            continue
        assert shown[place].is_hidden
        if total.is_hidden:
            continue  # nothing is left to subtract from
        possible = reader_finds(shown, total, place)
        assert (met, missed) in possible
        for value, values in zip(small, zip(*((a, b, a + b) for a, b in possible), strict=True), strict=True):
            assert not is_small(value) or len(set(values)) >= 4, (parts, shown)
    return sum(not each.is_hidden for each in shown)


def test_no_quarter_of_a_random_year_is_worked_out() -> None:
    """Of the four quarters of a small service one in seven years used to be down to a single value."""
    chance = Random(6)
    shown = 0
    for most in (8, 14):
        for _ in range(60):
            shown += check([(chance.randint(0, most), chance.randint(0, most)) for _ in range(4)])
    assert shown > 60, "and not everything is gone"


def test_of_a_known_caseload_too() -> None:
    """The denominator is no secret, so a percentage nearly gives the number: 10 of 25 is 40 %, and nothing else is."""
    chance = Random(6)
    for _ in range(80):
        met = [chance.randint(0, 20) for _ in range(4)]
        safe = safe_together([Counts(each, 25.0, 0, 0) for each in met], CASELOAD, alone=True)
        shown = [each.shown for each in safe]
        total = safe_share(sum(met), 100.0, of_people=False)
        if total.is_hidden:
            continue
        rest = {value for value in range(81) if safe_share(value, 100.0, of_people=False) == total}
        for each in shown:
            if not each.is_hidden:
                behind = {value for value in range(21) if safe_share(value, 25.0, of_people=False) == each}
                rest = {most - value for most in rest for value in behind}
        hidden = [each.is_hidden for each in shown]
        for place, value in enumerate(met):
            if is_small(value):
                possible = rest & {1, 2, 3, 4} if sum(hidden) == 1 else set(range(max(rest) + 1))
                assert hidden[place]
                assert value in possible
                assert len(possible) >= 4, (met, shown)


def test_who_is_not_eligible_in_a_quarter_is_not_what_is_left_of_the_year() -> None:
    """Five and one are six: shown as 5 both times, the one would be 1 or 2."""
    chance = Random(6)
    years = [[5, 1, 0, 0]] + [[chance.choice((0, 1, 3, 5, 6, 8)) for _ in range(4)] for _ in range(25)]
    for out in years:
        safe = safe_together([Counts(20, 40, each, 0) for each in out], PEOPLE, alone=True)
        if is_small(sum(out)):
            continue
        shown = [each.not_eligible for each in safe]
        ways = product(*(range(1, 31) if each is None else could_be(each) for each in shown))
        fits = [way for way in ways if rounded(sum(way)) == rounded(sum(out))]
        for place, value in enumerate(out):
            if is_small(value):
                assert shown[place] is None
                assert len({way[place] for way in fits}) >= 4, (out, shown)


def could_be(shown: int) -> range:
    """The counts that are shown so."""
    return range(1) if shown == 0 else range(max(5, shown - 2), shown + 3)


def test_of_a_guess_that_is_made_of_people_no_share_is_left_beside_a_suppressed_one() -> None:
    """Five for each hip: a multiple of five is not hidden by rounding to five."""
    guessed = Kind(of_people=False, of_fields=False, each=5.0)
    hips = [(9, 10), (12, 9), (3, 2), (8, 9)]
    safe = safe_together([Counts(met, 5.0 * each, 0, 0) for met, each in hips], guessed, alone=True)
    assert all(each.shown.is_hidden for each in safe)
    full = safe_together([Counts(9, 50.0, 0, 0), Counts(12, 45.0, 0, 0)], guessed, alone=True)
    assert [each.shown.value for each in full] == [whole_percent(9, 50), whole_percent(12, 45)]
