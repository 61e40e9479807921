"""Connections and what they can see, made through the doors of the app."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import world
from openfls.service import clock, letters
from openfls.service.actions import posting, reviewing, treating, writing
from openfls.service.actions.assessing import answer
from openfls.service.actor import Actor
from openfls.service.models import ApiClient, Episode, Letter, OutboxMessage, Review, Webhook
from openfls.service.roles import Role
from openfls.service.sharing import connecting
from openfls.service.sharing.client import token_for
from openfls.service.sharing.outbox import KINDS
from openfls.service.sharing.scopes import KNOWN

HERE = "http://127.0.0.1:9/told"


def manager(of: Actor) -> Actor:
    """The manager of the same service."""
    from openfls.service.models import Membership

    row = Membership.objects.filter(service=of.service, role=Role.MANAGER).select_related("user").first()
    if row is not None:
        return Actor(of.service, Role.MANAGER, row.user)
    return world.member(of.service, Role.MANAGER, f"manager of {of.service.code}")


def wish(*scopes: str) -> connecting.Wish:
    """A connection for everything, or for these scopes."""
    last = clock.today() + timedelta(days=300)
    return connecting.Wish("Shared record", "Direct care", tuple(scopes or sorted(KNOWN)), last)


def connection(by: Actor, *scopes: str) -> tuple[ApiClient, str]:
    """A connection with its secret."""
    client = connecting.make(wish=wish(*scopes), by=manager(by))
    return client, connecting.give_secret(client=client, by=manager(by))


def token(by: Actor, *scopes: str) -> str:
    """A token of a new connection of the service of ``by``."""
    client, secret = connection(by, *scopes)
    return token_for(str(client.pk), secret).text


def webhook(by: Actor, *kinds: str, url: str = HERE) -> Webhook:
    """An address that is told of everything, or of these kinds."""
    return connecting.make_webhook(name="Warehouse", url=url, kinds=kinds or tuple(KINDS), by=manager(by))


def given_up(by: Actor) -> OutboxMessage:
    """A message that could not be delivered."""
    hook = webhook(by)
    person = world.found(by.service).person
    return OutboxMessage.objects.create(
        service=by.service,
        webhook=hook,
        kind="fracture.confirmed",
        person=str(person.pk),
        subject=f"Patient/{person.pk}",
        made_at=clock.now(),
        attempts=9,
        given_up_at=clock.now(),
        last_answer="HTTP 503",
    )


def approved(by: Actor, **columns: object) -> Letter:
    """A locked letter to the GP."""
    letter = writing.write(episode=world.planned(by, **columns), kind="gp", by=by)
    seen = letters.fingerprint(letters.value_of(letter))
    return writing.approve(episode=letter.episode, letter=letter, seen=seen, by=by)


DOINGS: dict[str, Callable[[Actor], Callable[..., object]]] = {
    "connection.make": lambda by: partial(connecting.make, wish=wish()),
    "connection.secret": lambda by: partial(connecting.give_secret, client=connection(by)[0]),
    "connection.end": lambda by: partial(connecting.end, client=connection(by)[0]),
    "webhook.make": lambda by: partial(
        connecting.make_webhook, name="Warehouse", url=HERE, kinds=("plan.signed",)
    ),
    "webhook.secret": lambda by: partial(connecting.give_webhook_secret, webhook=webhook(by)),
    "webhook.stop": lambda by: partial(connecting.stop_webhook, webhook=webhook(by)),
    "outbox.again": lambda by: partial(connecting.try_again, message=given_up(by)),
}
"""Every action of a manager about other systems."""
OF_CONNECTIONS = frozenset(DOINGS)

RESULTS = {
    "height_cm": 161,
    "weight_kg": 58.5,
    "egfr": 62,
    "adjusted_calcium_mmol_l": 2.34,
    "bone_density.on": "2026-05-28",
    "bone_density.lumbar_spine_t": -2.6,
    "bone_density.femoral_neck_t": -2.1,
    "bp.lying_systolic": 142,
    "bp.lying_diastolic": 81,
    "bp.standing_1_systolic": 118,
    "smoking": "former",
    "alcohol_units_week": 4,
    "parent_hip_fracture": True,
    "rheumatoid_arthritis": None,
    "frax.major_osteoporotic_pct": 22.5,
    "frax.hip_pct": 8.1,
    "frax.on": "2026-05-29",
    "frax.country_model": "UK",
    "frax.with_bmd": True,
}


def everything(by: Actor) -> Episode:
    """A person about whom there is one of everything that leaves."""
    letter = approved(by, on=world.TODAY - timedelta(days=120))
    episode = letter.episode
    answer(episode=episode, answers=RESULTS, by=by)
    treating.start(episode=episode, drug="denosumab", started_on=world.TODAY - timedelta(days=5), by=by)
    posting.send(letter=letter, on=world.TODAY, way="post", by=by)
    heard = reviewing.Heard(reviewing.ReviewOutcome.ON_TREATMENT, drug=reviewing.Drug.ALENDRONATE)
    reviewing.record(episode=episode, kind=Review.Kind.WEEK_16, heard=heard, reviewed_on=world.TODAY, by=by)
    return episode
