"""From claims to findings: the addendum over the conclusion over the findings, and like with like."""

from __future__ import annotations

from dataclasses import dataclass

from openfls.identification.reports.claims import Claim
from openfls.identification.reports.levels import in_order
from openfls.identification.reports.sections import Section
from openfls.record.findings import Certainty, Finding, FractureAge, Kind, Span
from openfls.record.sites import Side, Site

_YIELDS = frozenset(
    {
        "vx.wedge",
        "vx.wedging",
        "vx.wedge_alone",
        "vx.wedged",
        "vx.height",
        "vx.height_loss",
        "vx.loss",
        "vx.vertebral_height",
        "vx.compressed",
    }
)
"""Words of shape that a report may go on to question: "mild wedging, possible fracture" is possible."""

_MANY = 300
_SIDES = {side.value: side for side in Side}


@dataclass(frozen=True, slots=True)
class Denial:
    """A fracture denied: where (no site: anywhere), and whether old or further ones only."""

    sites: frozenset[Site]
    levels: frozenset[str]
    denies: str
    section: Section


def findings_of(
    claims: list[Claim], denials: list[Denial], *, treated: frozenset[str], evidence: bool
) -> tuple[Finding, ...]:
    """The findings that remain when the report's sections have been weighed and claims of one kind joined."""
    if len(claims) > 1 or denials:
        claims = _weigh(_without_repeats(claims), list(dict.fromkeys(denials)))
    return _group(claims, treated=treated, evidence=evidence)


def _weigh(claims: list[Claim], denials: list[Denial]) -> list[Claim]:
    for section in (Section.CONCLUSION, Section.ADDENDUM):
        claims = _deny(claims, [denial for denial in denials if denial.section is section], section)
        claims = _override(claims, section)
    if len(claims) < 2:
        return claims  # what follows weighs claims against each other
    claims = _question_shapes(claims)
    claims = _join_same_bone(claims)
    return _drop_vague(claims)


def _without_repeats(claims: list[Claim]) -> list[Claim]:
    """No report of a person makes hundreds of claims; the repeats of one that does are dropped."""
    if len(claims) <= _MANY:
        return claims
    unique: dict[tuple[object, ...], Claim] = {}
    for claim in claims:
        key = (claim.site, claim.side, claim.level, claim.possible, claim.age, claim.kind, claim.section)
        unique.setdefault(key, claim)
    return list(unique.values())


def _deny(claims: list[Claim], denials: list[Denial], section: Section) -> list[Claim]:
    """A later section's denial takes away what an earlier one said."""
    for denial in denials:
        if denial.denies == "other":
            continue
        claims = [
            claim for claim in claims if claim.section >= section or not _is_denied(claim, denial, section)
        ]
    return claims


def _is_denied(claim: Claim, denial: Denial, section: Section) -> bool:
    if denial.sites and claim.site not in denial.sites:
        return False
    if denial.levels and claim.level and claim.level not in denial.levels:
        return False
    if section is Section.ADDENDUM:
        return denial.denies == "" or claim.age in {"", "new"}
    if denial.denies == "new":
        return claim.possible and claim.age in {"", "new"}
    # A bare "no fracture" below a plainly affirmed one is taken as loose speech: a missed fracture costs more.
    return claim.possible or bool(denial.levels)


def _override(claims: list[Claim], section: Section) -> list[Claim]:
    """A later section's claim replaces the earlier ones of the same bone, and takes over what it does not say."""
    later = [claim for claim in claims if claim.section is section]
    earlier = [claim for claim in claims if claim.section < section]
    if not later or not earlier:
        return claims
    gone: set[int] = set()
    for claim in later:
        twins = [other for other in earlier if _is_same_bone(other, claim, across=True)]
        if claim.age:
            agreeing = [other for other in twins if _age_class(other.age) == _age_class(claim.age)]
            unsaid = [other for other in twins if not other.age]
            twins = agreeing or unsaid or twins
        for other in twins:
            gone.add(id(other))
            claim.age = claim.age or other.age
            claim.kind = (
                claim.kind if claim.kind not in (None, Kind.TRAUMATIC) else (other.kind or claim.kind)
            )
            claim.side = claim.side or other.side
            if claim.possible and not other.possible and section is Section.CONCLUSION:
                claim.possible = False
            claim.said = other.said + claim.said
            claim.sentence = min(claim.sentence, other.sentence)
    return [claim for claim in claims if id(claim) not in gone]


def _age_class(age: str) -> str:
    return {"soft": "old", "": "new"}.get(age, age)


def _is_same_bone(one: Claim, other: Claim, *, across: bool) -> bool:
    if one.site is not other.site:
        return False
    if one.site is Site.VERTEBRA:
        return one.level == other.level
    if one.side == other.side or not one.side or not other.side:
        return True
    return across and one.site is not Site.RIB and "both" not in {one.side, other.side}


def _question_shapes(claims: list[Claim]) -> list[Claim]:
    """A shape whose own report asks whether it is a fracture is possible, and no second finding."""
    kept: list[Claim] = []
    for claim in claims:
        asked = [
            other
            for other in claims
            if other is not claim
            and other.possible
            and other.site is claim.site is Site.VERTEBRA
            and other.level in {claim.level, ""}
            and 0 <= other.sentence - claim.sentence <= 1
            and other.section is claim.section
            and not other.rule.startswith("vx.")
        ]
        if claim.rule in _YIELDS and not claim.possible and not claim.age and asked:
            for other in asked:
                other.level = other.level or claim.level
            continue
        kept.append(claim)
    return kept


def _join_same_bone(claims: list[Claim]) -> list[Claim]:
    """Mentions of one bone in one section: the plainer certainty, the age and kind that is said."""
    kept: list[Claim] = []
    for claim in claims:
        twin = next((other for other in reversed(kept) if _may_join(other, claim)), None)
        if twin is None:
            kept.append(claim)
            continue
        twin.possible = twin.possible and claim.possible
        twin.age = _joint_age(twin.age, claim.age)
        if twin.kind in (None, Kind.TRAUMATIC) and claim.kind:
            twin.kind = claim.kind
        twin.side = twin.side or claim.side
        twin.said = twin.said + claim.said
    return kept


def _may_join(one: Claim, other: Claim) -> bool:
    if not _is_same_bone(one, other, across=False):
        return False
    if one.site is Site.VERTEBRA and one.level:
        return True
    apart = other.added and (one.possible, _age_class(one.age)) != (other.possible, _age_class(other.age))
    if apart or ("both" in {one.side, other.side} and one.side != other.side and one.side and other.side):
        return False
    if _age_class(one.age) == _age_class(other.age):
        # "Rib fractures? There are fractures of the left 7th and 8th ribs": asked and answered, not two of many ribs.
        answered = one.asks and one.sentence == other.sentence
        return one.possible == other.possible or one.site is not Site.RIB or answered
    if one.age and other.age:
        return False
    # One says its age and the other does not: the same fracture only where the second points back.
    return one.sentence == other.sentence or not other.own_place or other.definite


def _joint_age(one: str, other: str) -> str:
    if not one or not other:
        return one or other
    if "new" in {one, other}:
        return "new"
    return "old" if "old" in {one, other} else one


def _drop_vague(claims: list[Claim]) -> list[Claim]:
    """Drop "fracture" without a site, or a vertebral one without a level, that a plainer claim explains."""
    sited = [claim for claim in claims if claim.site is not Site.UNSPECIFIED]
    if sited:
        for claim in claims:
            if claim.site is Site.UNSPECIFIED:
                _lend_kind(claim, sited)
        claims = sited
    levelled = [claim for claim in claims if claim.level]
    if levelled:
        kept = []
        for claim in claims:
            if claim.site is Site.VERTEBRA and not claim.level:
                agreeing = [other for other in levelled if _age_class(other.age) == _age_class(claim.age)]
                if not claim.age or agreeing or claim.possible:
                    _lend_kind(claim, agreeing or levelled)
                    continue
            kept.append(claim)
        claims = kept
    sided = {(claim.site, claim.side) for claim in claims}
    return [
        claim
        for claim in claims
        if not (claim.side == "both" and (claim.site, "left") in sided and (claim.site, "right") in sided)
    ]


def _lend_kind(claim: Claim, others: list[Claim]) -> None:
    if claim.kind in (None, Kind.TRAUMATIC):
        return
    for other in others:
        if other.kind is None:
            other.kind = claim.kind


def _group(claims: list[Claim], *, treated: frozenset[str], evidence: bool) -> tuple[Finding, ...]:
    if len(claims) == 1:  # most reports have but one
        return (_finding(claims, _age(claims[0], treated), evidence=evidence),)
    groups: dict[tuple[Site, str, bool, FractureAge, Kind], list[Claim]] = {}
    for claim in sorted(claims, key=lambda claim: claim.sentence):
        kind = claim.kind or Kind.TRAUMATIC
        key = (claim.site, claim.side, claim.possible, _age(claim, treated), kind)
        groups.setdefault(key, []).append(claim)
    return tuple(_finding(members, age, evidence=evidence) for (*_, age, _), members in groups.items())


def _age(claim: Claim, treated: frozenset[str]) -> FractureAge:
    old = claim.age == "old" or (
        claim.age == "soft" and ("spine" if claim.site is Site.VERTEBRA else "") not in treated
    )
    return FractureAge.OLD if old else FractureAge.NEW


def _finding(members: list[Claim], age: FractureAge, *, evidence: bool) -> Finding:
    """The finding of claims that agree in all but their levels."""
    first = members[0]
    levels = {claim.level for claim in members if claim.level}
    return Finding(
        site=first.site,
        side=_SIDES[first.side],
        levels=in_order(levels) if levels else (),
        certainty=Certainty.POSSIBLE if first.possible else Certainty.PRESENT,
        age=age,
        kind=first.kind or Kind.TRAUMATIC,
        spans=_spans(members) if evidence else (),
    )


def _spans(members: list[Claim]) -> tuple[Span, ...]:
    places = {
        (sentence.places[0][hit.start], sentence.places[1][hit.end - 1], hit.entry.rule)
        for claim in members
        for sentence, hit in claim.said
    }
    return tuple(Span(*place) for place in sorted(places))
