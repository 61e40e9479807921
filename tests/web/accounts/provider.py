"""A small OpenID Connect server in this process: it answers what a real one answers, and checks what it is sent."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm
from requests.adapters import BaseAdapter

SERVER = "https://login.trust.example"
CLIENT, SECRET = "openfls", "client secret"

KEY = ec.generate_private_key(ec.SECP256R1())
PUBLIC = {**json.loads(ECAlgorithm.to_jwk(KEY.public_key())), "kid": "key 1", "alg": "ES256"}


def id_token(key: Any = KEY, alg: str = "ES256", **changed: Any) -> str:
    """An ID token as the server signs it."""
    now = int(time.time())
    said = {"iss": SERVER, "aud": CLIENT, "sub": "staff-17", "iat": now, "exp": now + 60, **changed}
    return jwt.encode(said, key, algorithm=alg, headers={"kid": "key 1"})


class Provider(BaseAdapter):
    """Vouches for one person at a time: ``claims``."""

    def __init__(self, **claims: Any) -> None:
        super().__init__()
        self.claims = {"sub": "staff-17", "email_verified": True, **claims}
        self.asked: dict[str, str] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.issuer = SERVER
        self.token: str | None = id_token()

    def consent(self, address: str) -> str:
        """What a browser does there: signs in, and is sent back. Returns the query with which it comes back."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert query["client_id"] == CLIENT
        assert query["code_challenge_method"] == "S256"
        code = secrets.token_hex(8)
        self.codes[code] = query
        return f"code={code}&state={query['state']}"

    def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:
        """One request of ours."""
        path = urlsplit(str(request.url)).path
        return {
            "/.well-known/openid-configuration": self._about,
            "/token": self._token,
            "/me": self._me,
            "/keys": lambda _: _json({"keys": [PUBLIC]}),
        }[path](request)

    def close(self) -> None:
        """Nothing is open."""

    def _about(self, request: requests.PreparedRequest) -> requests.Response:
        return _json(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{SERVER}/authorize",
                "token_endpoint": f"{SERVER}/token",
                "userinfo_endpoint": f"{SERVER}/me",
                "jwks_uri": f"{SERVER}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }
        )

    def _token(self, request: requests.PreparedRequest) -> requests.Response:
        sent = {name: values[0] for name, values in parse_qs(str(request.body)).items()}
        asked = self.codes.pop(sent["code"], None)
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            asked is None
            or asked["code_challenge"] != challenge
            or sent["redirect_uri"] != asked["redirect_uri"]
            or (sent["client_id"], sent["client_secret"]) != (CLIENT, SECRET)
        ):
            return _json({"error": "invalid_grant"}, 400)
        given = {"access_token": "for /me", "token_type": "Bearer", "expires_in": 60}
        return _json(given if self.token is None else {**given, "id_token": self.token})

    def _me(self, request: requests.PreparedRequest) -> requests.Response:
        assert request.headers["Authorization"] == "Bearer for /me"
        return _json(self.claims)


def _json(value: Any, status: int = 200) -> requests.Response:
    answer = requests.Response()
    answer.status_code = status
    answer.headers["content-type"] = "application/json"
    answer._content = json.dumps(value).encode()
    return answer
