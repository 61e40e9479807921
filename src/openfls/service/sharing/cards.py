"""Which cards another system is shown about the person whom it has open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from openfls.integration.fhir.cards import Shown, Told, card
from openfls.integration.fhir.parts import Json
from openfls.record.pathway import UNDER_CARE, State
from openfls.record.people import NHS_NUMBER
from openfls.record.reasons import Drug, DrugDecision
from openfls.service.models import Episode, Person, Plan, Service
from openfls.service.sharing.people import shared_people
from openfls.service.situation import standing_plan

_DRUGS = {drug.value: drug.label for drug in Drug}


@dataclass(frozen=True, slots=True)
class Cards:
    """The cards, and the person whom they are about; None where the person is a stranger."""

    cards: list[Json]
    person: Person | None


def cards_for(service: Service, shown: Shown, url_of: Callable[[UUID], str]) -> Cards:
    """The cards about a person with this NHS number and, where one is sent, this date of birth.

    ``url_of`` makes the address of a person's page from the key. Nobody is found by a number alone whose date of birth
    is another: two records are mixed up then, and saying nothing is the safe answer.
    """
    found = shared_people(service).filter(
        identifiers__system=NHS_NUMBER, identifiers__valid=True, identifiers__value=shown.nhs_number
    )
    person = found.first() if shown.nhs_number else None
    if person is None or person.deceased or not _same_birth(person, shown):
        return Cards([], None)
    episodes = person.episodes.filter(state__in=UNDER_CARE).prefetch_related("fractures")
    told = [_told(episode, service, url_of(person.pk)) for episode in episodes.order_by("-index_date")]
    return Cards([found for each in told if (found := card(each))], person)


def _told(episode: Episode, service: Service, url: str) -> Told:
    plan = standing_plan(episode)
    detail = getattr(plan, "detail", None)
    waits = bool(detail and detail.waits)
    return Told(
        on=episode.index_date,
        state=State(episode.state),
        bones=tuple(row.words for row in episode.fractures.all() if row.fragility is not False),
        # A drug that no prescriber has agreed to is nobody's to act on.
        plan=_words(plan) if plan and not waits else "",
        service=service.name,
        url=url,
        key=str(episode.pk),
        unsigned=waits,
    )


def _same_birth(person: Person, shown: Shown) -> bool:
    if not shown.birth_date or person.birth_date is None:
        return True
    return person.birth_date.isoformat() == shown.birth_date


def _words(plan: Plan) -> str:
    drug = _DRUGS.get(plan.drug, plan.drug)
    words = DrugDecision(plan.decision).label
    return f"{words} ({drug})" if drug else words
