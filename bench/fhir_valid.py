"""Everything that leaves of a whole fictional year, by another library: ``python bench/fhir_valid.py [SIZE [FILE]]``.

SIZE is the fragility fractures a year of the fictional hospital (default 60). FILE gets every resource as JSON lines,
for a validator of another kind. Every resource of every person, every letter as a document and as a Binary, and every
page of every search through the API itself are validated with fhir.resources, which wrote none of them; the demands of
R4 and UK Core that it does not know are asked by tests/integration/uk_core.py; every reference must lead to a resource
that this server has. Prints the counts and ends with 1 where anything is wrong.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
os.environ.setdefault("OPENFLS_DATA", tempfile.mkdtemp(prefix="openfls-fhir-"))
os.environ.setdefault("OPENFLS_API_A_MINUTE", "1000000")


def references(node: object) -> Iterator[str]:
    """Every reference below a node that names a resource of this server."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name in ("reference", "url") and isinstance(value, str) and value[:1].isupper():
                yield value
            else:
                yield from references(value)
    elif isinstance(node, list):
        for each in node:
            yield from references(each)


class Checked:
    """What was read, what another library did not take, which resources there are and which are named."""

    def __init__(self, kept: IO[str] | None = None) -> None:
        self.kept = kept
        self.counts: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.keys: set[str] = set()
        self.named: set[str] = set()

    def check(self, resource: dict[str, Any]) -> None:
        """Count one, and have it read by the other library."""
        from fhir.resources.R4B import get_fhir_model_class

        from integration.uk_core import faults

        kind = resource["resourceType"]
        self.counts[kind] += 1
        if self.kept is not None:
            self.kept.write(json.dumps(resource) + "\n")
        if "id" in resource:
            self.keys.add(f"{kind}/{resource['id']}")
        try:
            get_fhir_model_class(kind).model_validate(resource)
        except Exception as error:  # whatever it is, it is counted and shown
            self.wrong.append(f"{kind}/{resource.get('id')}: {str(error)[:300]}")
            return
        self.wrong += [f"{kind}/{resource.get('id')}: {fault}" for fault in faults(resource)]


def get_with(client: Any, secret: str) -> Callable[[str], dict[str, Any]]:
    """How one connection asks, with a fresh token each time."""
    from django.test import Client

    from openfls.service.sharing.client import token_for

    def get(path: str) -> dict[str, Any]:
        token = token_for(str(client.pk), secret).text
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/fhir+json"}
        answer = Client().get(path, headers=headers)
        assert answer.status_code == 200, (path, answer.status_code, answer.content[:200])
        return answer.json()

    return get


def read_all(get: Callable[[str], dict[str, Any]], checked: Checked) -> None:
    """Every page of every kind, and every letter in its three shapes."""
    from openfls.integration.fhir.parameters import PARAMETERS

    for kind in PARAMETERS:
        path = f"/fhir/R4/{kind}?_count=100"
        while path:
            page = get(path)
            checked.check(page)
            for entry in page.get("entry", ()):
                resource = entry["resource"]
                checked.check(resource)
                checked.named |= set(references(resource))
                if kind == "DocumentReference":
                    checked.check(get(f"/fhir/R4/Bundle/{resource['id']}"))
                    checked.check(get(f"/fhir/R4/Binary/{resource['id']}"))
            following = [each["url"] for each in page["link"] if each["relation"] == "next"]
            path = following[0].removeprefix("http://testserver") if following else ""


def main(size: int, file: str = "") -> int:
    """How many resources were wrong, or lead nowhere."""
    from openfls.commands.database import prepare_database

    prepare_database(begin=True)
    from django.conf import settings

    from openfls.service import clock
    from openfls.service.actor import actor_of
    from openfls.service.fictional.filling import fill
    from openfls.service.models import Membership, Service
    from openfls.service.roles import Role
    from openfls.service.sharing import connecting
    from service.sharing.connected import wish

    settings.ALLOWED_HOSTS = ["testserver"]
    if not Service.objects.exists():
        fill(clock.today(), size)
    kept = open(file, "w", encoding="utf-8") if file else None  # noqa: SIM115 (closed below, where there is one)
    checked, began = Checked(kept), time.perf_counter()
    for row in Membership.objects.filter(role=Role.MANAGER).select_related("user", "service"):
        by = actor_of(row)
        client = connecting.make(wish=wish(), by=by)
        read_all(get_with(client, connecting.give_secret(client=client, by=by)), checked)
    if kept is not None:
        kept.close()
    seconds = time.perf_counter() - began
    for kind, count in sorted(checked.counts.items()):
        print(f"{kind:22}{count:8,}")
    lost = sorted(checked.named - checked.keys)
    print(f"{sum(checked.counts.values()):,} validated in {seconds:.0f} s, {len(checked.wrong)} wrong")
    print(f"{len(checked.named):,} resources are referred to, {len(lost)} of them are not there")
    for line in [*checked.wrong[:20], *lost[:20]]:
        print(f"  {line}")
    return len(checked.wrong) + len(lost)


if __name__ == "__main__":
    raise SystemExit(1 if main(int((sys.argv[1:] or ["60"])[0]), "".join(sys.argv[2:3])) else 0)
