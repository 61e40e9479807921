"""What must be true of every answer: its headers, no inline script, and addresses that tell nothing."""

from __future__ import annotations

from web.places import Place

INLINE = ("<style", " style=", " onclick=", " onload=", "javascript:", "<script>")


def policy(answer) -> dict[str, str]:
    """The content security policy by directive."""
    parts = answer.headers["Content-Security-Policy"].split(";")
    return {name: rest for name, _, rest in (part.strip().partition(" ") for part in parts)}


def check_headers(answer) -> None:
    """The page is private, framed by nobody, and runs only what we serve."""
    rules = policy(answer)
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["connect-src"] == "'self'"
    assert rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert rules["form-action"] == "'self'"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def check_page(answer, place: Place) -> None:
    """The page is private, without inline script, and its addresses tell nothing."""
    check_headers(answer)
    if answer.streaming or not answer.headers["Content-Type"].startswith("text/html"):
        return
    body = answer.content.decode()
    for forbidden in INLINE:
        assert forbidden not in body
    if place.person is not None:
        check_addresses(place, body)


def check_addresses(place: Place, body: str) -> None:
    """No link of the page, nor its own address, holds a name or a number of the person."""
    numbers = place.person.identifiers.values_list("value", flat=True)
    addresses = [part.split('"')[0] for name in ("href", "action") for part in body.split(f'{name}="')[1:]]
    assert addresses
    for address in [place.path, *addresses]:
        if not address.startswith("tel:"):
            assert "example" not in address.lower()
            assert not [number for number in numbers if number in address]
