"""Two people change a threshold; a person answers at home on a phone, and the nurse takes the answers over."""

from __future__ import annotations

import world
from browser.conftest import DESKTOP, PHONE
from openfls.service.actions import assessing
from openfls.service.guidance import guidance_of
from openfls.service.models import Questionnaire
from openfls.service.roles import Role
from service import asking_world as aw


def test_a_threshold_changes_by_two_people(nurse, open_browser) -> None:
    episode = world.confirmed(nurse)
    frax = {"frax.on": "2026-06-01", "frax.major_osteoporotic_pct": 12.0, "frax.hip_pct": 3.0}
    answers = {**frax, "frax.country_model": "UK", "frax.with_bmd": False}
    assessing.answer(episode=episode, answers=answers, by=nurse)
    world.member(nurse.service, Role.CLINICIAN, "lead")

    first = open_browser()
    first.sign_in()
    first.follow("Guidelines")
    first.follow("Propose a change")
    first.fill("A scan is considered from a 10-year risk of a major osteoporotic fracture of (%)", "15")
    first.fill("Why", "Fewer scans than places")
    first.press("See who would move")
    first.sees("1 of 1 people under care would be advised differently")
    first.sees("You proposed it: a second person decides.")
    assert first.page.get_by_role("button", name="Approve").count() == 0

    second = open_browser(PHONE)
    second.sign_in("lead")
    second.open("/guidance/")
    second.follow("Change 1", exact=True)
    second.sees(episode.person.name)
    second.press("Approve")
    second.said("Approved. It holds from 1 June 2026.")
    assert guidance_of(nurse.service, world.TODAY).settings

    # The person, side by side and on the chart
    first.open(f"/episodes/{episode.pk}/advice/?all=1")
    first.sees("They differ")
    first.follow("Fracture risk and FRAX")
    assert first.page.locator("svg[role=img] title").count() == 2
    first.fill("Day of the result", "1 6 2026")
    first.fill("Major osteoporotic fracture in ten years", "22")
    first.fill("Hip fracture in ten years", "9")
    first.choose("Country model", "United Kingdom")
    first.choose("Computed with bone density", "Yes")
    first.press("Keep the FRAX result")
    first.sees("very high risk")


def test_a_person_answers_at_home_and_the_nurse_takes_it_over(nurse, open_browser) -> None:
    made = aw.asked(nurse)
    person = open_browser(PHONE)
    person.open("/your-answers/")
    person.fill("The code on your letter", made.secrets.code_in_groups)
    person.fill("Your date of birth", "2 3 1950")
    person.press("Go on")
    person.sees("We do not know this code with this date of birth.")
    person.fill("Your date of birth", "1 3 1950")
    person.press("Go on")
    person.fill("How many times have you fallen in the last 12 months?", "2")
    person.press("Save and go on")
    person.choose("Did you black out in any fall?", "No")
    while "/check/" not in person.page.url:
        if person.page.get_by_label("Feet", exact=True).count():
            person.fill("Feet", "5")
            person.fill("Inches", "four")
            person.press("Save and go on")
            person.sees("Write numbers only")
            person.fill("Inches", "4")
        person.press("Save and go on")
    person.sees("162.6 cm")
    person.press("Send my answers")
    person.sees_heading("Thank you")

    user = open_browser(DESKTOP)
    user.sign_in()
    user.open("/questionnaires/")
    user.follow(made.questionnaire.episode.person.name)
    user.press("Accept all that nothing speaks against")
    user.said("3 answers are taken into the assessment.")
    user.press("I have looked through all of it")
    user.said("Looked through.")
    user.open(f"/episodes/{made.questionnaire.episode_id}/assessment/")
    user.sees("the person’s own questionnaire")


def test_it_works_without_script_and_can_be_left_and_sent_once(nurse, open_browser) -> None:
    made = aw.asked(nurse)
    link = f"/your-answers/link/{made.secrets.token}/"
    person = open_browser(PHONE, script=False)
    person.open(link)
    person.fill("Your date of birth", "1 March 1950")
    person.press("Go on")
    person.fill("How many times have you fallen in the last 12 months?", "2")
    person.press("Save and stop for now")
    person.sees("Your answers are saved.")
    person.open(link)
    person.fill("Your date of birth", "1 3 50")
    person.press("Go on")
    field = person.page.get_by_label("How many times have you fallen in the last 12 months?", exact=True)
    assert field.input_value() == "2"
    person.press("Save and go on")
    person.open("/your-answers/check/")
    person.press("Send my answers")
    person.sees_heading("Thank you")
    assert person.open(link).status == 410
    assert Questionnaire.objects.get().sent_at
