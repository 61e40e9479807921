"""Taking a case away: report, tables, run record, the user's own Word template filled; and running a record again."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from openfls.record.errors import BadInput
from openfls.service import toolkit_cases
from openfls.toolkit import run_record as records
from openfls.toolkit.bundle import as_csv, as_json, files
from openfls.toolkit.case.state import Case
from openfls.toolkit.kit import pdf as as_pdf
from openfls.toolkit.kit import word as as_word
from openfls.toolkit.kit.forms import papers, written
from openfls.toolkit.kit.library import LISTS, PAPERS, values
from openfls.toolkit.kit.local import Local
from openfls.toolkit.kit.paper import Chart
from openfls.toolkit.kit.template import LARGEST, fill
from openfls.toolkit.kit.word import undated
from openfls.toolkit.result_tables import summary
from openfls.toolkit.wording import sentences
from openfls.web.pages.toolkit_parts import UNPROCESSABLE, Opened, shown
from openfls.web.uploading import uploaded

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TYPES = {
    "pdf": "application/pdf",
    "docx": WORD,
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
}
DATA = (
    "report.pdf",
    "outcomes-by-year.csv",
    "costs-by-year.csv",
    "parameters.csv",
    "summary.json",
    "run-record.json",
)


def local_of(opened: Opened, *, whole: bool = True) -> Local:
    """The case as a paper sees it; ``whole``: with everything computed that is not yet."""
    if opened.prepared is None or (not whole and not opened.complete):
        return Local(opened.case, asks=tuple(each.words for each in opened.asks), base=opened.found)
    prepared, found = toolkit_cases.everything(opened.row)
    return Local(opened.case, found, records.run_record(prepared, found))


def take_away(request: HttpRequest, key: str) -> HttpResponse:
    """Everything that can be taken away; a POST fills the user's own Word template."""
    opened = Opened(key)
    problem = ""
    if request.method == "POST":
        try:
            _, data = uploaded(request, "template")
            if opened.prepared is None:
                raise BadInput("The case still lacks figures; the first page of the case says which")
            made = undated(fill(data, values(local_of(opened))))
            return _file("business-case-own-template.docx", made)
        except BadInput as error:
            problem = str(error)
    return shown(
        request,
        "take_away.jinja",
        opened,
        status=UNPROCESSABLE if problem else 200,
        files=DATA,
        complete=opened.complete,
        error=problem,
        form_errors=problem,
        megabytes=LARGEST // (1024 * 1024),
        places=_places(opened) if opened.complete else [],
        lists=LISTS,
    )


def _places(opened: Opened) -> list[tuple[str, str]]:
    found = []
    for name, value in values(local_of(opened)).items():
        if isinstance(value, list):
            continue
        found.append((name, "a chart" if isinstance(value, Chart) else str(value)[:80]))
    return found


def download(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """One file of the case, computed as far as it needs."""
    opened = Opened(key)
    paper, _, ending = name.rpartition(".")
    if paper in PAPERS and ending in ("docx", "pdf"):
        made = PAPERS[paper](local_of(opened))
        return _file(name, as_word.word(made) if ending == "docx" else as_pdf.pdf(made))
    if name not in DATA or opened.prepared is None:
        raise Http404
    prepared, found = toolkit_cases.everything(opened.row)
    record = records.run_record(prepared, found)
    if name == "run-record.json":
        return _file(name, as_json(record))
    if name == "parameters.csv":
        return _file(name, as_csv(records.parameter_rows(prepared)))
    # The files are made one after the other: none beyond the one that is asked for.
    return _file(name, next(content for each, content in files(prepared, found, record) if each == name))


def _file(name: str, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type=TYPES[name.rpartition(".")[2]])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def rerun(request: HttpRequest) -> HttpResponse:
    """Run a record again, and say whether every digit is the same."""
    problem, done = "", None
    if request.method == "POST":
        try:
            name, data = uploaded(request, "record")
            done = records.rerun(records.read_record(data.decode("utf-8"), name), name)
        except UnicodeDecodeError:
            problem = "The file is not readable as UTF-8 text"
        except BadInput as error:
            problem = str(error)
    return render(
        request,
        "toolkit/rerun.jinja",
        {
            "here": "toolkit",
            "done": done,
            "sentences": sentences(done.found) if done else [],
            "table": summary(done.found) if done else None,
            "problem": problem,
            "form_errors": problem,
        },
        status=UNPROCESSABLE if problem else 200,
    )


def paper(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """One paper of the kit: its fields, which are remembered, and the paper as it stands."""
    if name not in PAPERS:
        raise Http404
    opened = Opened(key)
    errors: dict[str, str] = {}
    given: dict[str, str] = {}
    if request.method == "POST":
        given = {field: str(value) for field, value in request.POST.items()}
        errors = _keep(key, name, given)
        if not errors:
            return redirect(f"{request.path}?saved=1")
    made = PAPERS[name](local_of(opened, whole=False))
    return shown(
        request,
        "paper.jinja",
        opened,
        status=UNPROCESSABLE if errors else 200,
        form=papers()[name],
        paper=made,
        given=given,
        errors=errors,
        form_errors=errors,
        complete=opened.complete,
    )


def _keep(key: str, name: str, given: dict[str, str]) -> dict[str, str]:
    errors: dict[str, str] = {}

    def edit(case: Case) -> Case:
        made, found = written(case, name, given)
        errors.update(found)
        return made

    try:
        toolkit_cases.change(key, edit)
    except BadInput as error:
        errors[""] = str(error)
    return errors
