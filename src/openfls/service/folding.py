"""Names as they are compared, whoever typed them."""

from __future__ import annotations

import unicodedata


def folded(name: str) -> str:
    """A name as it is compared: no case, no accents, one kind of apostrophe."""
    letters = unicodedata.normalize("NFKD", name.casefold().replace("’", "'"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
