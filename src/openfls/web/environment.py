"""The Jinja environment of the pages: NHS components, our templates, and a few filters for dates and people."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader

from openfls import __version__
from openfls.quality.rating import percent_words
from openfls.record.people import age_on, nhs_number_digits
from openfls.record.reasons import Drug
from openfls.service import clock
from openfls.service.actor import can
from openfls.service.input_words import input_words
from openfls.service.queue import Wish
from openfls.service.roles import May
from openfls.service.training.sandbox.simulated import day_of as simulated_day
from openfls.training.courses import NO_CLAIM
from openfls.web.navigation import navigation
from openfls_qfracture import DISCLAIMER

_DRUGS = {one.value: one.label for one in Drug}


def day(value: date | datetime | None) -> str:
    """``27 March 2026``; a dash where there is no date."""
    if value is None:
        return "–"
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return f"{value.day} {value:%B %Y}"


def told_day(value: Any) -> Any:
    """A day that was kept as ISO text in words; anything else as it is."""
    try:
        return day(date.fromisoformat(value))
    except (TypeError, ValueError):
        return value


def moment(value: datetime) -> str:
    """``27 March 2026, 14:05``."""
    return f"{day(value)}, {timezone.localtime(value):%H:%M}"


def nhs_number(value: str) -> str:
    """``999 123 4567``; whatever is not ten digits stays as it is."""
    digits = nhs_number_digits(value)
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}" if len(digits) == 10 else value


def age(person: Any) -> str:
    """Age today, or at death."""
    if person.birth_date is None:
        return "age not known"
    return f"{age_on(person.birth_date, person.deceased_on or clock.today())} years"


def drug(key: str) -> str:
    """``Ibandronate injection``: a drug by its key, in the words of the record."""
    return _DRUGS.get(key, key.capitalize().replace("_", " "))


def address(name: str, *args: Any, **query: Any) -> str:
    """The address of a page, with a query where one is given."""
    given = {key: value for key, value in query.items() if value not in (None, "")}
    return reverse(name, args=args) + (f"?{urlencode(given)}" if given else "")


def environment(**options: Any) -> Environment:
    """Django calls this once."""
    options["undefined"] = (
        ChainableUndefined  # the NHS components read chains of parameters that may be absent
    )
    options["loader"] = ChoiceLoader([options["loader"], PackageLoader("nhsuk_frontend_jinja")])
    env = Environment(**options, trim_blocks=True, lstrip_blocks=True)
    env.filters |= {
        "day": day,
        "moment": moment,
        "told_day": told_day,
        "nhs_number": nhs_number,
        "age": age,
        "input_words": input_words,
        "drug": drug,
        "percent": percent_words,
    }
    env.globals |= {
        "static": static,
        "address": address,
        "today": clock.today,
        "now": clock.now,
        "day_of_print": clock.today,  # a name that no page gives a value of its own
        "idle_minutes": lambda: settings.SESSION_COOKIE_AGE // 60,
        "score_terms": DISCLAIMER,
        "messages_of": messages.get_messages,
        "can": can,
        "wish_of": lambda request: Wish.of(request.GET).query,
        "May": May,
        "navigation": navigation,
        "version": __version__,
        "no_claim": NO_CLAIM,
        "simulated_day": simulated_day,
    }
    return env
