"""A new service: every page says that there is nothing yet, and what comes next."""

from __future__ import annotations

import pytest

from openfls.service.quality.measures import standing_set
from openfls.service.roles import May
from openfls.service.tasklist import TASK_LISTS
from openfls.service.worklist import WORKLISTS
from openfls.web.pages.alerts import KINDS
from openfls.web.urls import ROUTES
from web.conftest import one_who_may, signed_in
from web.page import Page
from web.places import parameter

pytestmark = pytest.mark.django_db

SAID = {
    "/": "Nothing. Every promise is kept, every letter signed, every call made.",
    "/worklist/": WORKLISTS[0].when_empty,
    **{f"/worklist/{worklist.key}/": worklist.when_empty for worklist in WORKLISTS},
    "/tasks/": "No call is promised for today.",
    **{f"/tasks/?kind={one.key}": one.when_empty for one in TASK_LISTS},
    "/feeds/own-codes/": "No result waits under a code that is not known.",
    "/bone-density/": "Nobody is under care.",
    "/reviews/": "No review is due. Nobody waits for your call.",
    "/clinic/": "No weekday takes anybody yet. 0 promises wait for a day.",
    "/clinic/hours/": "How many reviews the staff there are can make,",
    "/clinic/absences/": "No day from today on is closed, and nobody is away.",
    "/clinic/calendar/": "You have no address yet.",
    "/alerts/": "No red alert waits for a decision.",
    **{f"/alerts/?kind={kind}": words for kind, (_, words) in KINDS.items()},
    "/people/": "Name, NHS number, hospital number or date of birth, in any order",
    "/measures/": "Nothing can be measured yet: no fracture has been confirmed.",
    **{f"/measures/{measure.id}/": "Nobody." for measure in standing_set().measures},
    "/quality/pathway/": "Nobody was found in this period",
    "/quality/times/": "No fracture was diagnosed in June 2025 to May 2026.",
    "/quality/changes/": "No change is kept yet.",
    "/quality/standards/": "nothing that holds today",
    "/quality/audit-file/": "there is nothing to send",
    "/quality/opt-outs/": "Nobody is to be looked up.",
    "/quality/measure-a-file/": "Nothing of the file is kept: it is read, counted and forgotten.",
    "/quality/other-services/": "No service shares its results for June 2025 to May 2026 yet.",
    "/quality/facilities/": "Nothing is told about 2026 yet.",
    "/quality/nation/": "nothing can be expected until the caseload or the population is entered",
    "/whom-do-we-miss/": "No fracture has been found in the last twelve whole months.",
    "/guidance/": "Nothing has been changed since the service began.",
    "/guidance/propose/": "Nothing changes when you send this.",
    "/fractures/add/": "Records that look alike are shown to you before a second one is made.",
    "/questionnaires/": "No questionnaire waits to be looked through.",
    "/whom-do-we-miss/our-figures/": "Neither figure has been entered yet.",
    "/whom-do-we-miss/found/": "No fracture was found there.",
    "/letters/": "No letter waits to be approved.",
    "/letters/?list=sent": "No letter has been recorded as sent yet.",
    "/letters/batches/": "No batch has been put together yet.",
    "/letters/wording/": "no letterhead has been set",
    "/letters/letterhead/": "No letterhead has been set",
    "/connections/": "No other system is connected.",
    "/connections/events/": "The outbox is empty.",
    "/leaflets/": "They are for everybody.",
    "/feeds/": "No feed has been loaded yet.",
    "/feeds/start-date/": "All fractures are put forward, however old.",
    "/feeds/load/": "Nothing is loaded before you have seen it.",
    "/feeds/waiting/": "No row waits: every record has found its person.",
    "/code-lists/": "You have no list of your own yet; ours alone are in use.",
    "/reader/": "Nothing has been decided yet about a fracture that the reader found.",
    "/reader/passed-over/": "No report waits to be read.",
    "/training/": "0 of 12 topics done",
    "/training/practice/": "0 of 13 done well.",
    "/training/portfolio/": "No points yet",
    "/training/team/": "0 of 2 hold a certificate that is valid today",
    "/training/rules/": "one under way keeps the rules it began with",
    "/training/questions/": "there is nothing to analyse",
    "/certificates/": "Every certificate of the training has a code.",
    "/roles/": "Confirms fractures, assesses, agrees plans",
    "/access/": "No link waits.",
    "/access/invite/": "They get a link that is good once",
    "/access/review/": "Nothing is due. The next role must be looked at by",
    "/access/rules/": "A second factor is an authenticator app or a passkey.",
    "/access/emergencies/": "None waits to be judged.",
    "/emergency/": "You see one record, to read, for a short time.",
    "/services/": "North Fracture Liaison Service",
    "/audit/": "Nothing of the last 30 days waits for a review.",
    "/audit/stands-out/": "Nothing stands out in these days.",
}


def test_the_list_above_has_every_page_without_a_record() -> None:
    pages = {"/" + route.address for route in ROUTES if parameter(route) is None and "." not in route.address}
    assert pages <= set(SAID)


@pytest.mark.parametrize("path", SAID)
def test_an_empty_page_says_so(path: str, nurse) -> None:
    needs = next((route.needs for route in ROUTES if f"/{route.address}" == path), May.SEE_PEOPLE)
    answer = signed_in(one_who_may(nurse, needs)).get(path)
    page = Page(answer.content)
    assert answer.status_code == 200
    assert SAID[path] in page.words
    assert page.empty_tables == 0, "no table without rows"


def test_the_empty_list_as_a_file_has_its_heading(client) -> None:
    assert b"".join(client.get("/worklist/to-confirm.csv")).startswith(b"name,born,numbers,")


def test_nobody_found_says_what_to_try(client) -> None:
    assert "Nobody in this service matches." in Page(client.post("/people/", {"q": "Zebedee"}).content).words
