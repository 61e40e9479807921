"""The code lists in use: ours, and the service's own active version laid over them."""

from __future__ import annotations

import csv
import hashlib
from datetime import date
from functools import lru_cache

from django.db import transaction
from django.db.models import Max

from openfls.identification.codes import CodeLists, TrustList, our_lists, parse_trust_list
from openfls.record.errors import BadInput
from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.models import CodeList, Service
from openfls.service.roles import May

MOST_BYTES = 5 * 1024 * 1024
"""The whole SNOMED CT list of fractures has a few thousand rows; this holds fifty thousand."""


def lists_of(service: Service) -> CodeLists:
    """The lists by which the feeds of a service are read."""
    active = CodeList.objects.filter(service=service, active=True).values_list("pk", "sha256").first()
    return our_lists() if active is None else _laid_over(*active)


@lru_cache(maxsize=16)
def _laid_over(key: int, sha256: str) -> CodeLists:
    """Ours with the version ``key`` over them, whose content is ``sha256``."""
    read = read_list(CodeList.objects.get(pk=key).content)
    return our_lists().with_entries(entry for _, entry in read.entries)


def read_list(content: str, where: str = "") -> TrustList:
    """A list as it is kept.

    Raises:
        BadInput: it is no list.
    """
    try:
        return parse_trust_list(content, where)
    except csv.Error as error:
        raise BadInput(f"not readable as CSV ({error})", where=where) from error


@action("codes.add_list", May.LOAD_FEEDS)
def add_list(*, title: str, data: bytes, file_name: str = "", by: Actor) -> CodeList:
    """Keep a service's own list as its next version, not yet active.

    Raises:
        BadInput: it is no text or no list, none of its rows can be used, or the same list is kept already.
    """
    where = file_name or "the list"
    if len(data) > MOST_BYTES:
        raise BadInput(f"larger than {MOST_BYTES // 1024 // 1024} MB", where=where)
    try:
        content = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput("not text in UTF-8; save it as “CSV UTF-8”", where=where) from error
    if "\x00" in content:
        raise BadInput("not text: it holds zero bytes", where=where)
    read = read_list(content, where)
    if not read.entries:
        first = read.refused[0]
        raise BadInput(
            f"no row can be used; the first: {first.reason}", where=where, row=first.row, field=first.field
        )
    sha256 = hashlib.sha256(data).hexdigest()
    with transaction.atomic():
        # The service's row is the lock: two uploads at once get two numbers.
        Service.objects.select_for_update().only("pk").get(pk=by.service.pk)
        kept = CodeList.objects.filter(service=by.service)
        same = kept.filter(sha256=sha256).first()
        if same is not None:
            raise BadInput(f"the same list is kept already, as version {same.number}", where=where)
        made = CodeList.objects.create(
            service=by.service,
            number=(kept.aggregate(last=Max("number"))["last"] or 0) + 1,
            title=(title.strip() or read.pack.id)[:200],
            on=read.pack.on if read.pack.on != date.min else clock.today(),
            source=read.pack.source[:300],
            content=content,
            sha256=sha256,
            entries=len(read.entries),
            refused=len(read.refused),
            uploaded_at=clock.now(),
            uploaded_by=by.user,
        )
    note(
        by,
        "codes.add_list",
        subject=f"code list {made.number}",
        entries=made.entries,
        refused=made.refused,
    )
    return made


@action("codes.activate", May.LOAD_FEEDS)
def activate(*, code_list: CodeList, by: Actor) -> CodeList:
    """From now on feeds are read by this version. What was loaded before stays as it was read then."""
    if CodeList.objects.filter(pk=code_list.pk, active=True).exists():
        raise NotPossible("This version is in use already.")
    CodeList.objects.filter(service=by.service, active=True).update(active=False)
    code_list.active = True
    code_list.activated_at = clock.now()
    code_list.activated_by = by.user
    code_list.save(update_fields=["active", "activated_at", "activated_by"])
    note(by, "codes.activate", subject=f"code list {code_list.number}")
    return code_list


@action("codes.deactivate", May.LOAD_FEEDS)
def deactivate(*, code_list: CodeList, by: Actor) -> CodeList:
    """From now on feeds are read by our lists alone."""
    if not CodeList.objects.filter(pk=code_list.pk, active=True).exists():
        raise NotPossible("This version is not in use.")
    code_list.active = False
    code_list.save(update_fields=["active"])
    note(by, "codes.deactivate", subject=f"code list {code_list.number}")
    return code_list
