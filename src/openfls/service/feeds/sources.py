"""How the feeds of a service are read: the source of a file, its mapping, and the service's own code list."""

from __future__ import annotations

from openfls.identification.feeds import FeedOptions
from openfls.identification.feeds.csvfile.columns import check_columns
from openfls.identification.feeds.options import steady_name
from openfls.record.errors import BadInput
from openfls.service import clock
from openfls.service.actions.action import action, note
from openfls.service.actor import Actor
from openfls.service.codelists import lists_of
from openfls.service.models import FeedSource, Service
from openfls.service.roles import May


def source_called(service: Service, name: str) -> FeedSource:
    """The source with that name.

    Raises:
        BadInput: the service has none of that name.
    """
    sources = {each.name: each for each in FeedSource.objects.filter(service=service)}
    if name not in sources:
        known = ", ".join(sources) or "none yet; the first is saved on the page “Load a file”"
        raise BadInput(f"no feed source {name!r}; there are: {known}")
    return sources[name]


def source_for(service: Service, file_name: str) -> FeedSource | None:
    """The source whose files are called like this one, dates and numbers apart."""
    return FeedSource.objects.filter(service=service, files=steady_name(file_name)).first()


def options_from(service: Service, source: FeedSource | None = None) -> FeedOptions:
    """How files of ``source`` are read; without one, how any file of the service is."""
    lists = lists_of(service)
    if source is None:
        return FeedOptions(
            lists=lists,
            hospital_system=service.hospital_system,
            measured=True,
            holds_unknown=True,
            today=clock.today(),
        )
    return FeedOptions(
        today=clock.today(),
        measured=True,
        holds_unknown=True,
        feed=source.name,
        lists=lists,
        columns=source.columns,
        hospital_system=source.hospital_system or service.hospital_system,
    )


@action("feed.save_source", May.LOAD_FEEDS)
def save_source(
    *, name: str, file_name: str = "", columns: dict[str, str], hospital_system: str = "", by: Actor
) -> FeedSource:
    """Keep how files of a source are read. A new source takes files that are called like ``file_name``.

    Raises:
        BadInput: the mapping names a field that does not exist, or there is no name.
    """
    name = name.strip()
    if not name:
        raise BadInput("a source needs a name", field="source")
    columns = check_columns(columns, name)
    files = steady_name(file_name)[:200] if file_name else ""
    if files and FeedSource.objects.filter(service=by.service, files=files).exclude(name=name).exists():
        files = ""
    source = FeedSource.objects.filter(service=by.service, name=name).first()
    if source is None:
        source = FeedSource(service=by.service, name=name, files=files)
    source.files = source.files or files
    source.columns = columns
    source.hospital_system = hospital_system.strip()
    source.changed_at = clock.now()
    source.changed_by = by.user
    source.save()
    note(by, "feed.save_source", subject=f"source {source.pk}", columns=columns)
    return source


@action("feed.forget_source", May.LOAD_FEEDS)
def forget_source(*, source: FeedSource, by: Actor) -> None:
    """Remove a source's mapping; what it has delivered stays. The audit event keeps the mapping."""
    note(by, "feed.forget_source", subject=f"source {source.pk}", columns=source.columns)
    source.delete()
