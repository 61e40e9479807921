"""A commissioner makes the case in an afternoon: without signing in, by the words on the page."""

from __future__ import annotations

import io
import json

import docx
import pytest

from browser.conftest import DESKTOP, PHONE
from openfls.service import toolkit_cases
from openfls.toolkit.case import building
from openfls.toolkit.kit.library import PAPERS
from toolkit.cases import full_case


@pytest.fixture(autouse=True)
def _fewer_draws(monkeypatch):
    """The same analysis from fewer simulations."""
    full = building.scenario_of

    def small(case):
        made = full(case)
        fewer = made.analysis.model_copy(update={"draws": 100, "lifetime_draws": 100})
        return made.model_copy(update={"analysis": fewer})

    monkeypatch.setattr(building, "scenario_of", small)


def test_from_an_area_to_a_business_case_that_can_be_run_again(it_is, open_browser, tmp_path):
    user = open_browser(DESKTOP)
    user.open("/toolkit/")
    user.fill("Name or code of the area", "west yorkshire")
    user.press("Find the area")
    user.press("West Yorkshire ICB (QWO) (E54000054)")
    user.sees_heading("The case for West Yorkshire ICB (QWO)")
    user.sees("nothing is invented in their place")
    address = user.page.url

    user.follow("How many fractures", exact=False)
    user.fill("Hip fractures a year (a year)", "1,290")
    user.press("Save and see the answer")
    user.follow("What the service costs a year", exact=False)
    user.fill("What the service costs a year (£)", "520000")
    user.fill("Recommended a bone-protecting drug (%)", "most")
    user.press("Save and see the answer")
    user.sees("“most” is no number")
    user.fill("Recommended a bone-protecting drug (%)", "60")
    user.press("Save and see the answer")
    user.follow("Price of alendronate for a year")
    user.press("Use £53.56 until you have a better one")
    user.sees("second fractures over 5 years")

    user.follow("What changed")
    user.sees("Fracture liaison service, 80/50/80: share recommended a drug")
    # The page goes on by itself: it is looked at once it stands still.
    user.page.get_by_role("link", name="How sure", exact=True).click()
    user.page.wait_for_selector("text=What knowing more would be worth")
    user.look()
    user.sees("The probability that it is cost-effective at £20,000 per QALY")
    user.follow("What would make this case fail?")
    user.sees("What others found")

    user.follow("Take away")
    business_case = docx.Document(io.BytesIO(user.download(f"{address}files/business-case.docx")))
    said = "\n".join(paragraph.text for paragraph in business_case.paragraphs)
    assert "West Yorkshire ICB" in said
    assert "probability" in said
    record = user.download(f"{address}files/run-record.json")
    (tmp_path / "run-record.json").write_bytes(record)
    user.follow("Run a record again")
    user.page.get_by_label("The file run-record.json of a case").set_input_files(tmp_path / "run-record.json")
    user.press("Run it again")
    user.sees("Every digit is the same.")
    user.sees(json.loads(record)["results_sha256"])


def test_every_page_of_a_case_on_a_phone(it_is, open_browser):
    row = toolkit_cases.make(full_case())
    toolkit_cases.everything(row)
    user = open_browser(PHONE)
    pages = ("", "results/", "how-sure/", "what-would-make-it-fail/", "what-changed/", "take-away/")
    groups = ("caseload", "current", "target", "costs", "effects", "epidemiology", "settings")
    for path in (*pages, *(f"figures/{group}/" for group in groups), *(f"papers/{name}/" for name in PAPERS)):
        assert user.open(f"/toolkit/{row.key}/{path}").status == 200
    user.open("/toolkit/?q=leeds")
    user.open("/toolkit/rerun/")


def test_without_script_the_pages_go_on_by_themselves(it_is, open_browser):
    row = toolkit_cases.make(full_case())
    user = open_browser(DESKTOP, script=False)
    user.page.goto(f"/toolkit/{row.key}/how-sure/")
    user.page.wait_for_selector("text=What knowing more would be worth")
