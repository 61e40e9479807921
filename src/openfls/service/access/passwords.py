"""A password that anybody would try first at this door is refused: the house's own words, and the user's own names."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from django.core.exceptions import ValidationError

from openfls.service.models import Membership, User

SHORTEST = 12
"""A shorter one is refused for that already (`settings`), and is not told twice."""
LEFT = 8
"""So many letters must be left of a password when all that is taken away."""
_WORDS = re.compile(r"[^\W\d_]{3,}")


class OwnWords:
    """Refuses a password that is little more than words of the house (`password_words.toml`) and names of the user."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise `ValidationError` where too little is left."""
        if len(password) < SHORTEST:
            return
        left = password.lower()
        for word in sorted(_words() | _names(user), key=len, reverse=True):
            left = left.replace(word, " ")
        if sum(each.isalpha() for each in left) < LEFT:
            raise ValidationError(
                "Choose a password with fewer words of the house or of your own name: anybody would try those first",
                code="own_words",
            )

    def get_help_text(self) -> str:
        """What is asked, in words."""
        return "Words of the house and your own names do not count."


@cache
def _words() -> frozenset[str]:
    text = (files("openfls.service") / "data" / "password_words.toml").read_text(encoding="utf-8")
    return frozenset(tomllib.loads(text)["words"])


def _names(user: User | None) -> set[str]:
    if user is None:
        return set()
    told = [user.username, user.first_name, user.last_name, user.email.partition("@")[0]]
    if user.pk:
        rows = Membership.objects.filter(user=user).select_related("service")
        told += [name for row in rows for name in (row.service.name, row.service.code)]
    return {word.lower() for each in told for word in _WORDS.findall(each)}
