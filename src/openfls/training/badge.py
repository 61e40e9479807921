"""A certificate as an Open Badges 3.0 credential: a verifiable credential signed as a JWT with Ed25519 (EdDSA).

Sources: 1EdTech Open Badges 3.0 (JSON Web Token proof format: the credential's members are the claims of the token);
W3C Verifiable Credentials 2.0; W3C Bitstring Status List 1.0; RFC 7515, 7517, 7638, 8037 (checked, second-hand).
"""

from __future__ import annotations

import gzip
import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from openfls.training.courses import NO_CLAIM, Course

_CONTEXT = "https://www.w3.org/ns/credentials/v2"
_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
STATUS_BITS = 131_072
"""The least length of a status list, so that no list is so short that an entry gives its holder away."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where an installation publishes what a verifier asks for; ``base`` is its address without a slash at the end."""

    base: str

    @property
    def issuer(self) -> str:
        """The issuer's profile, which is also its id."""
        return f"{self.base}/certificates/issuer.json"

    @property
    def keys(self) -> str:
        """The public keys (a JWK set)."""
        return f"{self.base}/certificates/issuer/keys.json"

    @property
    def status(self) -> str:
        """The list of what is revoked, itself a signed credential."""
        return f"{self.base}/certificates/issuer/status.jwt"

    def achievement(self, course: str) -> str:
        """What a course asks."""
        return f"{self.base}/certificates/achievements/{course}.json"

    def certificate(self, code: str) -> str:
        """The page on which people verify a certificate."""
        return f"{self.base}/certificates/{code}/"


@dataclass(frozen=True, slots=True)
class Awarded:
    """A certificate as the credential tells of it. ``subject`` is a meaningless number of the holder."""

    id: str
    subject: str
    name: str
    code: str
    status_index: int
    since: datetime
    until: datetime


def achievement(course: Course, where: Addresses) -> dict[str, Any]:
    """What a certificate stands for."""
    return {
        "id": where.achievement(course.key),
        "type": ["Achievement"],
        "achievementType": "Certificate",
        "name": f"Fracture Liaison Service practitioner training: {course.title}",
        "description": f"{course.about} {NO_CLAIM}",
        "criteria": {"narrative": course.criteria},
        "creator": profile(where),
    }


def profile(where: Addresses) -> dict[str, Any]:
    """Who issues: the installation."""
    return {
        "id": where.issuer,
        "type": ["Profile"],
        "name": "openfls practitioner training",
        "url": where.base,
        "description": NO_CLAIM,
    }


def credential(awarded: Awarded, course: Course, where: Addresses) -> dict[str, Any]:
    """The credential of one certificate, unsigned."""
    return {
        "@context": [_CONTEXT, _BADGES],
        "id": f"urn:uuid:{awarded.id}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": course.title,
        "issuer": profile(where),
        "validFrom": _moment(awarded.since),
        "validUntil": _moment(awarded.until),
        "credentialSubject": {
            "id": f"urn:uuid:{awarded.subject}",
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": False,
                    "identityHash": awarded.name,
                    "identityType": "name",
                }
            ],
            "achievement": achievement(course, where),
        },
        "evidence": [
            {
                "id": where.certificate(awarded.code),
                "type": ["Evidence"],
                "name": "Page that verifies the code",
            }
        ],
        "credentialStatus": {
            "id": f"{where.status}#{awarded.status_index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(awarded.status_index),
            "statusListCredential": where.status,
        },
    }


def status_list(revoked: Iterable[int], since: datetime, where: Addresses) -> dict[str, Any]:
    """The credential that says which certificates are revoked: one bit each, 1 for revoked."""
    numbers = list(revoked)
    bits = bytearray(max(STATUS_BITS, (max(numbers, default=0) // 8 + 1) * 8) // 8)
    for number in numbers:
        bits[number // 8] |= 128 >> number % 8
    return {
        "@context": [_CONTEXT],
        "id": where.status,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": where.issuer,
        "validFrom": _moment(since),
        "credentialSubject": {
            "id": f"{where.status}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": "u" + _base64(gzip.compress(bytes(bits), mtime=0)),
        },
    }


def signed(told: dict[str, Any], key: Ed25519PrivateKey, where: Addresses) -> str:
    """A credential as a JWT: its members are the claims, beside those that every JWT has."""
    issuer, subject = told["issuer"], told["credentialSubject"]
    claims = {
        **told,
        "iss": issuer["id"] if isinstance(issuer, dict) else issuer,
        "jti": told["id"],
        "sub": subject["id"],
        "nbf": _seconds(told["validFrom"]),
    }
    if "validUntil" in told:
        claims["exp"] = _seconds(told["validUntil"])
    public = jwk(key.public_key(), where)
    bare = {name: public[name] for name in ("kty", "crv", "x")}
    head = {"alg": "EdDSA", "typ": "JWT", "kid": public["kid"], "jwk": bare}
    signing = f"{_part(head)}.{_part(claims)}"
    return f"{signing}.{_base64(key.sign(signing.encode()))}"


def jwk(key: Ed25519PublicKey, where: Addresses) -> dict[str, str]:
    """A public key as others read it; its name is the address of the set and the key's own thumbprint (RFC 7638)."""
    bare = {"crv": "Ed25519", "kty": "OKP", "x": _base64(key.public_bytes_raw())}
    canonical = json.dumps(bare, sort_keys=True, separators=(",", ":"))
    thumbprint = _base64(hashlib.sha256(canonical.encode()).digest())
    return {**bare, "kid": f"{where.keys}#{thumbprint}", "alg": "EdDSA", "use": "sig"}


def _part(value: dict[str, Any]) -> str:
    return _base64(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode())


def _base64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())
