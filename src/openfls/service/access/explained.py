"""What each permission means for whoever has it, in a sentence."""

from __future__ import annotations

from openfls.service.roles import ALLOWED, May, Role

MEANS: dict[May, str] = {
    May.SEE_PEOPLE: "Opens every person's record of the service, its lists and its letters. Each look is written down.",
    May.WORK_THE_PATHWAY: "Confirms fractures, assesses, agrees plans, records reviews and contacts, closes.",
    May.SIGN_LETTERS: "Approves letters, which locks them as they were sent.",
    May.SIGN_PLANS: "Signs a plan as the one who prescribes.",
    May.LOAD_FEEDS: "Loads files from hospital systems, and keeps the service's own code lists.",
    May.SEE_MEASURES: "Sees how the service does: measures, charts and standards, with the people behind each number.",
    May.IMPROVE: "Keeps changes tried, evidence for the standards, opt-outs, and makes the national audit file.",
    May.CHANGE_GUIDELINES: "Proposes another guideline or figure, or decides on what a colleague proposes.",
    May.CHANGE_WORDING: "Changes the letterhead and the wording of letters.",
    May.MAP_RESULTS: "Says which result a laboratory's own code stands for.",
    May.CONNECT: "Lets other systems read, and tells them of events.",
    May.TRAIN: "Learns, sits papers and holds certificates.",
    May.SUPERVISE: "Sees how the team's training stands, and signs topics off.",
    May.PRACTISE: "Works on fictional people, on the same pages.",
    May.SET_CLINIC: "Says how many people each day of the clinic takes, and on which days it is closed.",
    May.SEE_AUDIT: "Sees who looked at, searched for or took away what, and judges what stands out.",
    May.GIVE_EVERYTHING: "Makes one file of everything held about a person who asks for it. The log says so.",
    May.GIVE_ACCESS: "Invites people, changes and ends their roles, reviews them, and judges emergencies.",
    May.OPEN_IN_EMERGENCY: "Opens one record of another service of this installation for a short time, to read, with a "
    "reason. The other service's manager sees it and judges it.",
}

FOR: dict[Role, str] = {
    Role.CO_ORDINATOR: "For the nurse or therapist who carries the service from day to day.",
    Role.CLINICIAN: "For the doctor or prescriber who leads the service.",
    Role.MANAGER: "For who answers for the service: its figures, its staff, its connections. No clinical step.",
    Role.VIEWER: "For who must see and not touch: an auditor, a visiting clinician.",
    Role.TRAINEE: "For who learns here and treats nobody yet. No real person can be opened.",
}


def explained() -> list[tuple[Role, str, list[tuple[May, str]], list[May]]]:
    """Each role, whom it is for, what it may do and what it may not, in the order of the table."""
    return [
        (
            role,
            FOR[role],
            [(what, MEANS.get(what, f"{what.value.capitalize()}.")) for what in May if what in ALLOWED[role]],
            [what for what in May if what not in ALLOWED[role]],
        )
        for role in Role
    ]
