"""A service's letterhead and its own wording of letters. Each change is a row of its own; the newest counts."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from openfls.information.letter import LetterKind
from openfls.information.local_check import faults_of
from openfls.information.local_text import LineFault
from openfls.information.wording import wording_pack
from openfls.record.pathway import NotPossible
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.letterheads import newest_letterhead, newest_wordings
from openfls.service.models import Letterhead, LocalWording, Service
from openfls.service.roles import May


@dataclass(frozen=True, slots=True)
class Head:
    """A letterhead as it is typed. Lines of ``above``, ``address`` and ``signature`` are parted by line ends."""

    name: str
    telephone: str
    above: str = ""
    address: str = ""
    email: str = ""
    hours: str = ""
    signature: str = ""


class FaultyWording(NotPossible):
    """A wording that cannot be used; ``faults`` name each line."""

    def __init__(self, faults: tuple[LineFault, ...]) -> None:
        super().__init__("The wording cannot be used yet.")
        self.faults = faults


@action("letterhead.save", May.CHANGE_WORDING)
def save_letterhead(*, head: Head, seen: int | None, by: Actor) -> Letterhead:
    """Keep a letterhead. ``seen`` is the row that was on the page, None where there was none.

    Raises:
        NotPossible: name or telephone are missing, or somebody else has saved one since.
    """
    if not head.name.strip() or not head.telephone.strip():
        raise NotPossible("A letterhead needs a name and a telephone number: letters ask people to call it.")
    _lock(by)
    newest = newest_letterhead(by.service)
    if (newest.pk if newest else None) != seen:
        raise NotPossible("Somebody else has changed the letterhead since. Look at it, and save again.")
    row = Letterhead.objects.create(
        service=by.service,
        at=clock.now(),
        by=by.user,
        **{key: text.strip() for key, text in asdict(head).items()},
    )
    note(by, "letterhead.save", subject=f"letterhead {row.pk}")
    return row


@action("wording.save", May.CHANGE_WORDING)
def save_wording(*, kind: str, text: str, why: str, seen: int | None, by: Actor) -> LocalWording:
    """Keep the service's own wording of a kind of letter; letters written from now on use it.

    Raises:
        FaultyWording: it has faults, each with its line.
        NotPossible: there is no such kind, no reason, or somebody else has saved one since.
    """
    faults = faults_of(_kind(kind), text)
    if faults:
        raise FaultyWording(faults)
    return _keep(kind, text, why, seen, by, "wording.save")


@action("wording.standard", May.CHANGE_WORDING)
def use_standard(*, kind: str, why: str, seen: int | None, by: Actor) -> LocalWording:
    """Go back to the standard wording; the service's own stays in the history.

    Raises:
        NotPossible: the standard wording is in use already, there is no reason, or somebody else has saved one since.
    """
    newest = newest_wordings(by.service).get(_kind(kind))
    if newest is None or not newest.text:
        raise NotPossible("The standard wording is in use already.")
    return _keep(kind, "", why, seen, by, "wording.standard")


def _keep(kind: str, text: str, why: str, seen: int | None, by: Actor, name: str) -> LocalWording:
    if not why.strip():
        raise NotPossible("Say why the wording changes.")
    _lock(by)
    newest = newest_wordings(by.service).get(kind)
    if (newest.pk if newest else None) != seen:
        raise NotPossible("Somebody else has changed this wording since. Look at it, and save again.")
    row = LocalWording.objects.create(
        service=by.service,
        kind=kind,
        text=text.replace("\r\n", "\n"),
        why=why.strip()[:300],
        made_on=wording_pack().version,
        at=clock.now(),
        by=by.user,
    )
    note(by, name, subject=f"wording {row.pk}", kind=kind)
    return row


def _kind(kind: str) -> LetterKind:
    if kind not in set(LetterKind):
        raise NotPossible("Choose which letter.")
    return LetterKind(kind)


def _lock(by: Actor) -> None:
    """Two who save at once take turns."""
    Service.objects.select_for_update(no_key=True).only("pk").get(pk=by.service.pk)
