"""Where events go: into the open over https, and nowhere inside unless it was allowed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openfls.service.sharing.addresses import NotAllowedAddress, check_address

OUTSIDE = "93.184.215.14"


def stands_for(*numbers: str):
    """A name server that has these numbers for every name."""
    return lambda host, port: list(numbers)


@pytest.mark.parametrize(
    ("url", "number", "place"),
    [
        ("https://hooks.example.nhs.uk/a?b=1", OUTSIDE, ("https", "hooks.example.nhs.uk", 443, "/a?b=1")),
        ("https://hooks.example.nhs.uk:8443", OUTSIDE, ("https", "hooks.example.nhs.uk", 8443, "/")),
        ("https://[2606:2800:21f::1]/x", "2606:2800:21f::1", ("https", "2606:2800:21f::1", 443, "/x")),
        ("http://localhost:9000/in", "127.0.0.1", ("http", "localhost", 9000, "/in")),
        ("http://[::1]:9000/in", "::1", ("http", "::1", 9000, "/in")),
        ("https://127.0.0.1/in", "127.0.0.1", ("https", "127.0.0.1", 443, "/in")),
    ],
)
def test_a_place_that_is_fine(url: str, number: str, place: tuple[str, str, int, str]) -> None:
    found = check_address(url, lookup=stands_for(number))
    assert (found.scheme, found.host, found.port, found.path) == place
    assert found.number == number, "the number that was judged is the one to which it goes"


@pytest.mark.parametrize(
    "url",
    [
        *("http://hooks.example.nhs.uk/", "ftp://hooks.example.nhs.uk/", "file:///etc/passwd", "https://"),
        *("hooks.example.nhs.uk", "https:///a", "https://a b/", "https://a/\n", "https://a\\@b/", ""),
        *("https://user:word@hooks.example.nhs.uk/", "https://hooks.example.nhs.uk/#x", "https://a:99999/"),
        *("https://[::1", "https://hooks.example.nhs.uk/" + "a" * 500, "javascript:1", "https://ä.uk/"),
    ],
)
def test_an_address_that_is_none_of_ours(url: str) -> None:
    with pytest.raises(NotAllowedAddress):
        check_address(url, lookup=stands_for(OUTSIDE))


INSIDE = (
    *("10.0.0.1", "172.16.5.4", "192.168.1.1", "100.64.0.1", "fd00::1", "::ffff:a00:1"),
    *("169.254.169.254", "fe80::1", "0.0.0.0", "::", "224.0.0.1", "ff02::1", "255.255.255.255", "240.0.0.1"),
)
NEVER = (
    "169.254.169.254",
    "fe80::1",
    "0.0.0.0",
    "::",
    "224.0.0.1",
    "ff02::1",
    "255.255.255.255",
    "240.0.0.1",
)


@pytest.mark.parametrize("number", INSIDE)
def test_nothing_goes_inside_unless_the_name_was_allowed(number: str) -> None:
    url = "https://inside.example.nhs.uk/"
    for numbers in ((number,), (OUTSIDE, number), (number, OUTSIDE)):
        with pytest.raises(NotAllowedAddress, match="private network"):
            check_address(url, lookup=stands_for(*numbers))
    allowed = {"inside.example.nhs.uk"}
    if number in (*NEVER, "100.64.0.1"):
        with pytest.raises(NotAllowedAddress):
            check_address(url, allowed, stands_for(number))
    else:
        assert check_address(url, allowed, stands_for(number)).number == number
    with pytest.raises(NotAllowedAddress):
        check_address(url, {"another.example.nhs.uk"}, stands_for(number))


def test_a_name_that_means_this_machine_and_another_is_refused() -> None:
    for numbers in (("127.0.0.1", OUTSIDE), (OUTSIDE, "127.0.0.1")):
        with pytest.raises(NotAllowedAddress):
            check_address("https://both.example.nhs.uk/", lookup=stands_for(*numbers))
    with pytest.raises(NotAllowedAddress, match="https"):
        check_address("http://both.example.nhs.uk/", lookup=stands_for("127.0.0.1", OUTSIDE))


def test_a_name_without_a_number_is_refused() -> None:
    def fail(host: str, port: int) -> list[str]:
        raise OSError

    for lookup in (fail, stands_for()):
        with pytest.raises(NotAllowedAddress, match="looked up"):
            check_address("https://gone.example.nhs.uk/", lookup=lookup)


@settings(max_examples=60)
@given(st.text(max_size=30) | st.text(max_size=20).map("https://{}".format))
def test_any_text_is_an_address_or_refused_in_words(text: str) -> None:
    try:
        found = check_address(text, lookup=stands_for(OUTSIDE))
    except NotAllowedAddress:
        return
    assert found.scheme == "https"
    assert found.host
