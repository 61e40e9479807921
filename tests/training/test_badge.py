"""Badges: read by a library of another hand (PyJWT), with the key as it is published."""

from __future__ import annotations

import gzip
from base64 import urlsafe_b64decode
from datetime import UTC, datetime

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from openfls.training.badge import Addresses, Awarded, credential, jwk, signed, status_list
from openfls.training.codes import LETTERS, as_code, new_code
from openfls.training.courses import NO_CLAIM, courses

WHERE = Addresses("https://fls.example.org")
KEY = Ed25519PrivateKey.from_private_bytes(b"7" * 32)
AWARDED = Awarded(
    id="11111111-1111-1111-1111-111111111111",
    subject="22222222-2222-2222-2222-222222222222",
    name="Ada Example",
    code="ABCD-EFGH-2345",
    status_index=77,
    since=datetime(2026, 6, 1, 12, tzinfo=UTC),
    until=datetime(2096, 6, 1, 23, 59, 59, tzinfo=UTC),
)


def verified(token, key=KEY):
    """What an independent library reads, with the key of the published set that the token names."""
    published = jwt.PyJWKSet.from_dict({"keys": [jwk(key.public_key(), WHERE)]})
    public = published[jwt.get_unverified_header(token)["kid"]]
    return jwt.decode(token, public, algorithms=["EdDSA"], issuer=WHERE.issuer)


def test_a_badge_is_verified_by_an_independent_library():
    token = signed(credential(AWARDED, courses()["foundation"], WHERE), KEY, WHERE)
    told = verified(token)
    assert told["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert told["jti"] == told["id"] == f"urn:uuid:{AWARDED.id}"
    assert told["sub"] == told["credentialSubject"]["id"]
    assert told["nbf"] == 1780315200
    assert told["validUntil"] == "2096-06-01T23:59:59Z"
    assert told["credentialSubject"]["identifier"][0]["identityHash"] == "Ada Example"
    assert NO_CLAIM in told["credentialSubject"]["achievement"]["description"]
    assert told["credentialStatus"]["statusListIndex"] == "77"
    assert token == signed(credential(AWARDED, courses()["foundation"], WHERE), KEY, WHERE)


def test_an_altered_badge_is_refused():
    token = signed(credential(AWARDED, courses()["foundation"], WHERE), KEY, WHERE)
    head, body, signature = token.split(".")
    forged = signed(
        credential(AWARDED, courses()["advanced"], WHERE),
        Ed25519PrivateKey.from_private_bytes(b"8" * 32),
        WHERE,
    )
    for wrong in (
        f"{head}.{forged.split('.')[1]}.{signature}",
        f"{head}.{body}.{signature[:-4]}AAAA",
        f"{head}.{forged.split('.')[1]}.{forged.split('.')[2]}",
    ):
        with pytest.raises(jwt.InvalidSignatureError):
            verified(wrong)
    with pytest.raises((jwt.PyJWTError, KeyError)):
        verified(forged)


def test_a_badge_that_has_run_out_is_refused():
    old = Awarded(
        AWARDED.id,
        AWARDED.subject,
        AWARDED.name,
        AWARDED.code,
        1,
        datetime(2001, 1, 1, tzinfo=UTC),
        datetime(2004, 1, 1, tzinfo=UTC),
    )
    with pytest.raises(jwt.ExpiredSignatureError):
        verified(signed(credential(old, courses()["foundation"], WHERE), KEY, WHERE))


def test_the_status_list_has_a_bit_for_each_that_is_revoked():
    told = verified(signed(status_list([77, 131_080], AWARDED.since, WHERE), KEY, WHERE))
    packed = told["credentialSubject"]["encodedList"]
    assert packed[0] == "u"
    bits = gzip.decompress(urlsafe_b64decode(packed[1:] + "=" * (-len(packed[1:]) % 4)))
    revoked = [number for number in range(8 * len(bits)) if bits[number // 8] >> 7 - number % 8 & 1]
    assert revoked == [77, 131_080]
    assert len(bits) * 8 >= 131_072


def test_codes_are_read_as_people_type_them():
    code = new_code(lambda letters: letters[-1])
    assert code == "ZZZZ-ZZZZ-ZZZZ"
    assert as_code("abcd efgh2345") == "ABCD-EFGH-2345"
    for wrong in ("", "ABCD", "ABCD-EFGH-234O", "ABCD-EFGH-23456", "ÄBCD-EFGH-2345"):
        assert as_code(wrong) == ""
    assert len(set(LETTERS)) == 32
