"""The benefits calculator on its pages: open to everybody, about an area and never about a person."""

from __future__ import annotations

import io
import json
import re
from functools import partial

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

import world
from openfls.service import toolkit_cases
from openfls.service.models import AuditEvent, ToolkitCase
from openfls.toolkit.analysis import STAGES
from openfls.toolkit.case.state import Answer, Case
from openfls.toolkit.kit.library import PAPERS
from openfls.toolkit.scenario_text import text_of
from toolkit.cases import DRUG_PRICE, SERVICE_COST, full_case
from web.conftest import signed_in
from web.page import Page

pytestmark = pytest.mark.django_db
LEEDS = "E08000035"
GROUPS = ("caseload", "current", "target", "costs", "effects", "epidemiology", "settings")
ANSWERS = ("", "results/", "what-changed/", "take-away/", "what-would-make-it-fail/", "how-sure/")
READ = (*ANSWERS, *(f"figures/{group}/" for group in GROUPS))


@pytest.fixture
def visitor() -> Client:
    """Somebody who has not signed in."""
    return Client()


def kept(case: Case) -> str:
    """The address of a case."""
    return f"/toolkit/{toolkit_cases.make(case).key}/"


@pytest.fixture
def address(db) -> str:
    """The address of a case that has every figure."""
    return kept(full_case())


@pytest.fixture
def few_draws(monkeypatch):
    """Everything is computed as always, from fewer draws."""
    from openfls.toolkit.case import building

    full = building.scenario_of

    def small(case):
        made = full(case)
        fewer = made.analysis.model_copy(update={"draws": 100, "lifetime_draws": 100})
        return made.model_copy(update={"analysis": fewer})

    monkeypatch.setattr(building, "scenario_of", small)
    monkeypatch.setattr(
        toolkit_cases, "STAGES", {name: partial(remembered, name, stage) for name, stage in STAGES.items()}
    )


def remembered(name, stage, prepared):
    """A stage of the same scenario is computed once for all tests."""
    key = name, text_of(prepared.scenario)
    if key not in _FOUND:
        _FOUND[key] = stage(prepared)
    return _FOUND[key]


_FOUND: dict = {}


def words(answer) -> str:
    """What a page says."""
    return Page(answer.content).words


def case_at(address: str) -> Case:
    """The case as it is kept now."""
    return toolkit_cases.case_of(ToolkitCase.objects.get(key=address.split("/")[2]))


def test_a_case_begins_with_an_area_and_without_signing_in(visitor):
    found = visitor.get("/toolkit/", {"q": "leeds"})
    assert "Leeds (E08000035)" in words(found)
    begun = visitor.post("/toolkit/", {"area": LEEDS})
    assert begun.status_code == 302
    assert re.fullmatch(r"/toolkit/[\w-]{22}/", begun.headers["Location"])
    page = visitor.get(begun.headers["Location"])
    assert "The case for Leeds" in words(page)
    assert "nothing is invented in their place" in words(page)
    assert not AuditEvent.objects.exists()
    assert "sessionid" not in visitor.cookies, "nobody is followed"


def test_an_area_of_ones_own_has_a_name_and_nothing_begins_without_one(visitor):
    begun = visitor.post("/toolkit/", {"title": "Our valley <b>"})
    assert "The case for Our valley &lt;b&gt;" in visitor.get(begun.headers["Location"]).content.decode()
    refused = visitor.post("/toolkit/", {"area": "nowhere"})
    assert refused.status_code == 422
    assert "Pick your area, or give yours a name" in words(refused) or "Pick an area" in words(refused)
    assert "No area of ours is called" in words(visitor.get("/toolkit/", {"q": "atlantis"}))


@pytest.mark.parametrize("path", READ)
def test_every_page_of_a_new_case_says_what_it_needs(path, visitor):
    answer = visitor.get(kept(Case(area=LEEDS)) + path, follow=True)
    assert answer.status_code == 200
    assert "What the service costs a year" in words(answer)
    assert Page(answer.content).empty_tables == 0


@pytest.mark.parametrize("name", PAPERS)
def test_every_paper_of_a_new_case_opens_and_can_be_downloaded(name, visitor):
    address = kept(Case(area=LEEDS))
    assert visitor.get(f"{address}papers/{name}/").status_code == 200
    answer = visitor.get(f"{address}files/{name}.docx")
    assert docx.Document(io.BytesIO(answer.content)).paragraphs


def test_a_changed_figure_changes_the_answer_and_is_marked(address, visitor):
    before = visitor.get(f"{address}figures/target/")
    saved = visitor.post(f"{address}figures/target/", {"arms.target.recommended": "70"})
    assert saved.headers["Location"] == f"{address}figures/target/?saved=1"
    after = visitor.get(saved.headers["Location"])
    assert "Saved." in words(after)
    assert "your own figure" in words(after)
    assert "Published: 50 (FLS-DB planning rule" in words(after)
    numbers = [re.findall(r"<dd>([^<]*)</dd>", page.content.decode())[0] for page in (before, after)]
    assert numbers[0] != numbers[1]
    assert case_at(address).figures.answers["arms.target.recommended"].value == 0.7


def test_a_slip_is_named_at_its_question_and_what_was_typed_stays(address, visitor):
    answer = visitor.post(
        f"{address}figures/target/", {"arms.target.started": "most", "arms.target.identified": "77"}
    )
    assert answer.status_code == 422
    text = answer.content.decode()
    assert 'href="#id_arms_target_started"' in text
    assert "Started by 16 weeks: “most” is no number" in words(answer)
    assert 'value="most"' in text
    assert 'value="77"' in text
    assert case_at(address) == full_case()


def test_a_stand_in_is_taken_with_one_press_and_marked(visitor):
    address = kept(Case(area=LEEDS))
    visitor.post(f"{address}figures/costs/", {"take": DRUG_PRICE})
    page = visitor.get(f"{address}figures/costs/")
    assert "stand-in, to be replaced" in words(page)
    assert case_at(address).figures.answers[DRUG_PRICE].kind == "stand-in"
    visitor.post(f"{address}figures/costs/", {"take": "cost.hip"})
    assert "cost.hip" not in case_at(address).figures.answers


def test_a_population_file_is_taken_as_numbers(address, visitor):
    file = SimpleUploadedFile("people.csv", b"sex,age,people\nfemale,70,9000\nmale,70,8000\n")
    assert visitor.post(f"{address}figures/caseload/", {"population": file}).status_code == 302
    assert "17,000 people" in words(visitor.get(f"{address}figures/caseload/"))
    wrong = SimpleUploadedFile("people.csv", b"sex,age,people\nfemale,seventy,9000\n")
    answer = visitor.post(f"{address}figures/caseload/", {"population": wrong})
    assert (answer.status_code, "row 2" in words(answer)) == (422, True)
    visitor.post(f"{address}figures/caseload/", {"forget_population": "1"})
    assert not case_at(address).figures.population


def test_three_ways_to_count_stand_side_by_side(address, visitor):
    visitor.post(
        f"{address}figures/caseload/",
        {"caseload.hips_per_year": "290", "own.hip.female.n": "200", "own.hip.female.age": "83"},
    )
    page = words(visitor.get(f"{address}figures/caseload/"))
    assert "drives the answer" in page
    assert "200" in page
    assert "1,450" in page


def test_how_sure_is_computed_part_by_part(address, visitor, few_draws):
    answer = visitor.get(f"{address}how-sure/")
    assert f"0 of {len(STAGES)} parts are ready" in words(answer)
    for done in range(1, len(STAGES)):
        answer = visitor.get(answer.headers["Refresh"].partition("url=")[2])
        assert f"{done} of {len(STAGES)} parts are ready" in words(answer)
    answer = visitor.get(answer.headers["Refresh"].partition("url=")[2], follow=True)
    assert "Refresh" not in answer.headers
    said = words(answer)
    for each in (
        "The probability that it",
        "Acceptability curve and frontier",
        "EVPI",
        "Where the answer turns",
    ):
        assert each in said
    for name in ("plane", "acceptability", "tornado", "information", "cost-by-year"):
        assert visitor.get(f"{address}charts/{name}.svg").content.startswith(b"<svg")
    assert "What others found" in words(visitor.get(f"{address}what-would-make-it-fail/"))
    visitor.post(f"{address}figures/target/", {"arms.target.recommended": "70"})
    assert "0 of" in words(visitor.get(f"{address}how-sure/")), "other figures, other simulations"


def test_what_changed_adds_up_from_where_it_was_kept(address, visitor):
    visitor.post(f"{address}what-changed/")
    assert "Nothing has changed since then" in words(visitor.get(f"{address}what-changed/"))
    visitor.post(f"{address}figures/costs/", {"cost.hip": "15000"})
    page = visitor.get(f"{address}what-changed/")
    assert "Hospital cost of a fracture: hip" in words(page)
    assert visitor.get(f"{address}charts/changes.svg").content.startswith(b"<svg")


def test_the_record_taken_away_gives_the_same_digits(address, visitor, few_draws):
    record = visitor.get(f"{address}files/run-record.json").content
    file = SimpleUploadedFile("run-record.json", record)
    answer = visitor.post("/toolkit/rerun/", {"record": file})
    assert "Every digit is the same." in words(answer)
    assert json.loads(record)["results_sha256"] in words(answer)
    other = json.loads(record) | {"results_sha256": "0" * 64}
    answer = visitor.post(
        "/toolkit/rerun/", {"record": SimpleUploadedFile("r.json", json.dumps(other).encode())}
    )
    assert "The digits are not the same." in words(answer)
    answer = visitor.post("/toolkit/rerun/", {"record": SimpleUploadedFile("r.json", b"no")})
    assert (answer.status_code, "not readable as JSON" in words(answer)) == (422, True)


@pytest.mark.parametrize("name", ["report.pdf", "costs-by-year.csv"])
def test_files_are_handed_out_under_their_name(name, address, visitor, few_draws):
    answer = visitor.get(f"{address}files/{name}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert len(answer.content) > 500


def test_ones_own_word_template_is_filled_or_sent_back(address, visitor, few_draws):
    def send(text: str):
        made, out = docx.Document(), io.BytesIO()
        made.add_paragraph(text)
        made.save(out)
        return visitor.post(
            f"{address}take-away/", {"template": SimpleUploadedFile("ours.docx", out.getvalue())}
        )

    filled = docx.Document(io.BytesIO(send("In {{ area }}: {{ cost_difference }}").content))
    assert filled.paragraphs[0].text.startswith("In An area of 320,000 people: £")
    answer = send("In {{ aera }}")
    assert (answer.status_code, "Did you mean “area”?" in words(answer)) == (422, True)


def test_a_paper_remembers(address, visitor):
    visitor.post(
        f"{address}papers/gap-analysis/", {"gap-analysis.1.state": "met", "gap-analysis.1.who": "Ward team"}
    )
    page = visitor.get(f"{address}papers/gap-analysis/")
    assert "1 met" in words(page)
    assert 'value="Ward team"' in page.content.decode()
    answer = visitor.post(f"{address}papers/capacity/", {"capacity.wte": "two"})
    assert (answer.status_code, "is no number" in words(answer)) == (422, True)
    assert "gap-analysis.1.who" in case_at(address).words


def test_a_copy_goes_its_own_way(address, visitor):
    copy = visitor.post(f"{address}copy/").headers["Location"]
    visitor.post(f"{copy}figures/target/", {"arms.target.recommended": "70"})
    assert "arms.target.recommended" not in case_at(address).figures.answers


@pytest.mark.parametrize(
    "path",
    [
        "nobody-made-this-one/",
        "nobody-made-this-one/figures/target/",
        "nobody-made-this-one/how-sure/",
        "nobody-made-this-one/files/report.pdf",
        "{case}figures/nothing/",
        "{case}papers/nothing/",
        "{case}files/secret-key",
        "{case}files/..%2Fsecret-key",
        "{case}charts/nothing.svg",
        "{case}charts/plane.svg",
    ],
)
def test_what_is_not_there_is_not_found(path, address, visitor):
    path = path.replace("{case}", address.removeprefix("/toolkit/"))
    assert visitor.get(f"/toolkit/{path}").status_code == 404


def test_strangers_cannot_fill_the_database(visitor, monkeypatch):
    monkeypatch.setattr(toolkit_cases, "MOST", 1)
    assert visitor.post("/toolkit/", {"area": LEEDS}).status_code == 302
    full = visitor.post("/toolkit/", {"area": LEEDS})
    assert (full.status_code, "no room" in words(full)) == (422, True)
    ToolkitCase.objects.update(changed_at="2020-01-01T00:00:00Z")
    assert visitor.post("/toolkit/", {"area": LEEDS}).status_code == 302
    monkeypatch.setattr(toolkit_cases, "LARGEST", 10)
    address = f"/toolkit/{ToolkitCase.objects.get().key}/"
    answer = visitor.post(f"{address}papers/business-case/", {"business-case.need": "words"})
    assert (answer.status_code, "too much text" in words(answer)) == (422, True)


def test_those_who_are_signed_in_read_the_service_from_its_measures(nurse, client, address):
    for _ in range(3):
        world.planned(nurse)
    page = client.get(f"{address}figures/current/")
    assert "Read it from our measures" in words(page)
    answer = client.post(f"{address}from-our-measures/", follow=True)
    assert "fewer than 20 people have been measured" in words(answer)
    assert not any(answer.kind == "measured" for answer in case_at(address).figures.answers.values())


def test_no_page_of_a_case_tells_of_a_service_or_a_person(nurse, address):
    person = world.planned(nurse).person
    client = signed_in(nurse)
    for path in ("", "figures/current/", "results/"):
        body = client.get(address + path).content.decode()
        assert person.name not in body
        assert person.identifiers.get().value not in body


def test_the_figures_in_the_middle_are_those_of_the_base_case():
    """The answer at the head of the page is the horizon's own."""
    from openfls.toolkit.analysis import base
    from openfls.toolkit.case.building import prepared_of
    from openfls.web.pages.toolkit_parts import headline

    found = base(prepared_of(full_case()))
    cheaper = full_case().with_figures(
        answers={**full_case().figures.answers, SERVICE_COST: Answer(value=0.0)}
    )
    shown = dict(headline(found))
    assert shown["second fractures over 5 years"] == "−96.6"
    assert shown["more cost to the NHS over 5 years"] == "£470,000"
    assert "less cost to the NHS over 5 years" in dict(headline(base(prepared_of(cheaper))))
