"""A signed-in session for each co-ordinator, and what they may come upon."""

from __future__ import annotations

import random

from django.db import connection
from django.test import Client

from load.readers import World
from openfls.service.models import Episode, Membership, Person, PersonIdentifier, Service, User
from openfls.service.roles import Role

SAMPLE = 4000


def sessions(count: int) -> list[str]:
    """The cookies of so many co-ordinators of the service that has the most people."""
    service = _service()
    cookies = []
    for number in range(count):
        user, _ = User.objects.get_or_create(username=f"bench.{number}")
        Membership.objects.get_or_create(user=user, service=service, defaults={"role": Role.CO_ORDINATOR})
        client = Client()
        client.force_login(user)
        cookies.append(client.cookies["sessionid"].value)
    return cookies


def world() -> World:
    """A sample of what is in the service, drawn anew from all over it."""
    service = _service()
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.42)")
    people = list(
        Person.objects.filter(service=service, episodes__isnull=False)
        .order_by("?")
        .values_list("pk", flat=True)[:SAMPLE]
    )
    rows = Episode.objects.filter(service=service)
    numbers = PersonIdentifier.objects.filter(service=service).order_by("?").values_list("value", flat=True)
    names = Person.objects.filter(service=service).order_by("?").values_list("family_name", "given_name")
    rng = random.Random(5)
    return World(
        people=[str(key) for key in people],
        to_assess=[
            str(key)
            for key in rows.filter(state="to_assess").order_by("?").values_list("pk", flat=True)[:SAMPLE]
        ],
        to_confirm=[
            str(key) for key in rows.filter(state="found").order_by("?").values_list("pk", flat=True)[:SAMPLE]
        ],
        # As people search: the family name, or the beginnings of both.
        names=[
            family if rng.random() < 0.5 else f"{family[:5]} {given[:4]}" for family, given in names[:SAMPLE]
        ],
        numbers=list(numbers[:SAMPLE]),
    )


def _service() -> Service:
    return Service.objects.get(code="brindlemouth")
