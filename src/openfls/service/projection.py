"""From an episode to its row of the national audit. The one place that knows how our record answers its fields.

Where the audit's options are not known, the column keeps our own words (see `record.flsdb`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import Any

from openfls.record.flsdb import DRUGS
from openfls.record.pathway import State
from openfls.record.people import age_on
from openfls.record.reasons import Drug, DrugDecision, DxaDecision, FallsReferral, ReviewOutcome
from openfls.record.sites import Site, audit_site
from openfls.service import clock
from openfls.service.known import values_of
from openfls.service.models import Assessment, Episode, FlsdbRow, Fracture, Plan, Review
from openfls.service.models.audit_row import new_stamp
from openfls.service.remembering import reading

VERSION = 3
"""The version of what is written here. Raise it with every change of a row's answers: rows of a lower version are made
anew by `openfls rebuild`, by the night, and by a server at work."""

NOT_IN_AUDIT = (State.FOUND, State.NOT_FOR_US)
_YES_NO = {True: "Yes", False: "No", None: None}
_DECISION = {
    DrugDecision.REFER_GP: "Referred to GP to decide prescription",
    DrugDecision.REFER_OPINION: "Referred for further clinical opinion",
    DrugDecision.DECLINED: "Informed decline",
    DrugDecision.INAPPROPRIATE: "Inappropriate",
}
_OUTCOME = {
    ReviewOutcome.NOT_STARTED: "Not started",
    # The audit has no word for "started, and stopped": the field stays blank, which counts as not on treatment.
    ReviewOutcome.DECLINED: "Informed decline",
    ReviewOutcome.NO_LONGER: "No longer appropriate",
    ReviewOutcome.REFERRED: "Refer for clinical opinion",
    ReviewOutcome.UNKNOWN: "Don't know",
}
_FOLLOWED_UP = {ReviewOutcome.DIED: "Died", ReviewOutcome.NOT_REACHED: "No"}


_DRUG: dict[str, str] = {Drug.OESTROGENS: "Systemic Oestrogens", Drug.IBANDRONATE_IV: "Ibandronate"}


def drug_words(drug: str) -> str | None:
    """The audit's word for a drug. None where it has none: the field stays blank, which counts as no drug."""
    words = _DRUG.get(drug, drug.capitalize())
    return words if words in DRUGS else None


_waiting: ContextVar[set[object] | None] = ContextVar("waiting", default=None)


@contextmanager
def postponed() -> Iterator[None]:
    """Within this block rows are not rewritten one by one, but all at its end: for work on many episodes."""
    waiting: set[object] = set()
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    rebuild(waiting)


def rebuild(keys: Iterable[object] | None = None) -> int:
    """Rewrite the rows of these episodes, or of all. Returns how many."""
    chosen = list(Episode.objects.values_list("pk", flat=True) if keys is None else keys)
    for key in chosen:
        refresh(key)
    return len(chosen)


def refresh(key: object) -> bool:
    """Write the row of the episode ``key`` anew, or remove it while the episode is not confirmed. Whether anything of
    it is another now; False where it is put off (`postponed`)."""
    waiting = _waiting.get()
    if waiting is not None:
        waiting.add(key)
        return False
    episode = Episode.objects.select_related("person", "service").get(pk=key)
    if not in_audit(episode):
        removed, _ = FlsdbRow.objects.filter(episode=episode).delete()
        return removed > 0
    return _keep(episode, row_of(episode))


def refresh_from(key: object) -> None:
    """Write the row of the episode ``key`` anew, then those of the person's later fractures: this one is an earlier one
    to them. In the order of time, so that two writers never wait for each other."""
    refresh(key)
    episode = Episode.objects.only("person_id", "index_date").get(pk=key)
    later = Episode.objects.filter(person=episode.person_id, index_date__gt=episode.index_date)
    later = later.exclude(state__in=NOT_IN_AUDIT).order_by("index_date", "pk")
    for other in later.values_list("pk", flat=True):
        refresh(other)


def _keep(episode: Episode, values: dict[str, Any]) -> bool:
    """Write the row where anything in it is another: its stamp tells those who count that it changed."""
    rows = FlsdbRow.objects.select_for_update()
    row, made = rows.get_or_create(episode=episode, defaults=values | {"made_by": VERSION})
    if made:
        return True
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    if changed:
        FlsdbRow.objects.filter(episode=episode).update(**changed, stamp=new_stamp(), made_by=VERSION)
    elif row.made_by != VERSION:
        FlsdbRow.objects.filter(episode=episode).update(made_by=VERSION)
    return bool(changed)


def in_audit(episode: Episode) -> bool:
    """Whether the episode has a row: a person has confirmed it, and nobody found later that it was no case."""
    if episode.state in NOT_IN_AUDIT:
        return False
    return episode.state != State.CLOSED or episode.fractures.exclude(fragility=False).exists()


@reading()
def row_of(episode: Episode) -> dict[str, Any]:
    """The values of every column that the record can answer; the others stay empty."""
    assessment = Assessment.objects.filter(episode=episode).first()
    assessed_on = assessment.assessed_on if assessment else None
    # One of a kind stands at a time.
    reviews = {row.kind: row for row in episode.reviews.filter(withdrawn=False)}
    return {
        **_identity(episode, assessed_on),
        **_assessment(episode, assessed_on),
        **_plan(episode),
        "bone_therapy_started_date": _started(episode),
        **_review("16", reviews.get(Review.Kind.WEEK_16)),
        **_review("52", reviews.get(Review.Kind.WEEK_52)),
        **_letters(episode),
    }


def _identity(episode: Episode, assessed_on: date | None) -> dict[str, Any]:
    person = episode.person
    fractures = list(episode.fractures.all())
    sites = [audit_site(Site(row.site)) for row in fractures]
    return {
        "record_id": str(episode.pk),
        "service": episode.service.code,
        "found_by": _found_by(fractures[0]),
        "age": age_on(person.birth_date, episode.index_date) if person.birth_date else None,
        "sex": {"male": "Male", "female": "Female"}.get(person.sex),
        "postcode": person.postcode or None,
        "fls_contact_date": _first_contact(episode, assessed_on),
        "index_diagnosis_date": episode.index_date,
        # Field 1.10: our kinds (`record.findings.Kind`) are no words of the audit, and its options are not known.
        "fracture_type": None,
        "index_site": sites[0],
        "second_site": sites[1] if len(sites) > 1 else None,
        "third_site": sites[2] if len(sites) > 2 else None,
        "deceased": "Yes" if person.deceased else None,  # a death that nobody told of is not known, not a No
        "death_date": person.deceased_on,
    }


def _first_contact(episode: Episode, assessed_on: date | None) -> date:
    """The day on which the service first had to do with the fracture; never after its assessment."""
    confirmed = episode.statuses.filter(step="confirm", undone_by=None).order_by("pk").first()
    days = [
        episode.found_on,
        *episode.contacts.values_list("on", flat=True),
        *([clock.day_of(confirmed.at)] if confirmed else []),
        *([assessed_on] if assessed_on else []),
    ]
    return min(days)


def _found_by(index: Fracture) -> str | None:
    first = index.source_records.order_by("pk").first()
    return first.kind if first else None


def _assessment(episode: Episode, assessed_on: date | None) -> dict[str, Any]:
    answers = values_of(episode)
    falls = answers.get("falls_last_year")
    smoking = answers.get("smoking")
    drug_now = answers.get("bone_drug_now")
    t_scores = [
        answers[field]
        for field in (
            "bone_density.lumbar_spine_t",
            "bone_density.total_hip_t",
            "bone_density.femoral_neck_t",
        )
        if answers.get(field) is not None
    ]
    return {
        "fls_assessment_date": assessed_on,
        "care_home": _YES_NO[answers.get("care_home")],
        "height_cm": answers.get("height_cm"),
        "weight_kg": answers.get("weight_kg"),
        "previous_fracture": _YES_NO[answers.get("previous_fracture")],
        "parental_hip_fracture": _YES_NO[answers.get("parent_hip_fracture")],
        "smoker": None if smoking is None else _YES_NO[smoking not in ("never", "former")],
        "bone_therapy_at_fracture": _DRUG.get(drug_now, drug_now.capitalize()) if drug_now else None,
        "t_score": min(t_scores) if t_scores else None,
        # The service has assessed falls once it has finished an assessment in which it asked about them.
        "falls_assessment": None if assessed_on is None else _YES_NO[falls is not None],
        "two_falls": None if falls is None else _YES_NO[falls >= 2],
        "fear_of_falling": _YES_NO[answers.get("fear_of_falling")],
    }


def _plan(episode: Episode) -> dict[str, Any]:
    plan = Plan.objects.filter(episode=episode, withdrawn=False).order_by("-pk").first()
    if plan is None:
        return {
            name: None
            for name in (
                *("dxa", "dxa_not_ordered_reason", "dxa_date"),
                *("bone_therapy", "calcium_vitamin_d", "referrals"),
            )
        }
    scan = values_of(episode).get("bone_density.on")
    scanned_on = date.fromisoformat(str(scan)) if scan else None
    # A scan from before the fracture was not ordered for it.
    since = scanned_on is not None and scanned_on >= episode.index_date
    done = plan.dxa == DxaDecision.DONE
    ordered = plan.dxa == DxaDecision.ORDERED or (done and since)
    decision = DrugDecision(plan.decision)
    return {
        "dxa": "Ordered" if ordered else "No",
        "dxa_not_ordered_reason": (
            None if ordered else "Recent scan" if done else DxaDecision(plan.dxa).label
        ),
        "dxa_date": scanned_on if ordered and since else None,
        "bone_therapy": drug_words(plan.drug) if plan.drug else _DECISION[decision],
        "calcium_vitamin_d": plan.calcium_vitamin_d,
        "referrals": "Falls"
        if plan.falls_referral in (FallsReferral.REFERRED, FallsReferral.ALREADY)
        else "None",
    }


def _started(episode: Episode) -> date | None:
    """The first dose since the index diagnosis. A course that a review heard of has a day that nobody told, so of it
    only a dose counts."""
    courses = episode.treatments.filter(withdrawn=False)
    told = courses.values_list("started_on", "known_from", "doses__on")
    days = [day for started, heard_from, dose in told for day in (dose, None if heard_from else started)]
    return min((day for day in days if day and day >= episode.index_date), default=None)


def _review(weeks: str, review: Review | None) -> dict[str, Any]:
    outcome = ReviewOutcome(review.outcome) if review else None
    followed_up = _FOLLOWED_UP.get(outcome, "Yes") if outcome else None
    values: dict[str, Any] = {
        f"followed_up_{weeks}_weeks": followed_up,
        f"follow_up_{weeks}_weeks_date": review.reviewed_on if review and followed_up == "Yes" else None,
        f"bone_therapy_{weeks}_weeks": (
            drug_words(review.drug) if review and review.drug else _OUTCOME.get(outcome) if outcome else None
        ),
    }
    if weeks == "16":
        values["strength_balance_started"] = _YES_NO[review.strength_balance if review else None]
    else:
        values["refractures"] = review.refractures if review else None
    return values


def _letters(episode: Episode) -> dict[str, Any]:
    sent = {letter.kind: letter.approved_at for letter in episode.letters.exclude(approved_at=None)}
    return {
        "gp_letter_date": clock.day_of(sent["gp"]) if "gp" in sent else None,
        "patient_letter_date": clock.day_of(sent["person"]) if "person" in sent else None,
        "information_given_date": clock.day_of(sent["person"]) if "person" in sent else None,
    }
