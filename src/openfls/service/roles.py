"""Roles and what each may do. The table is the whole rule: a page asks it, and so does every action."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What somebody is in a service."""

    CO_ORDINATOR = "co_ordinator"
    CLINICIAN = "clinician"
    MANAGER = "manager"
    VIEWER = "viewer"
    TRAINEE = "trainee"

    @property
    def label(self) -> str:
        """The words a page shows."""
        return {
            Role.CO_ORDINATOR: "FLS co-ordinator",
            Role.CLINICIAN: "Lead clinician",
            Role.MANAGER: "Service manager",
            Role.VIEWER: "Viewer (read only)",
            Role.TRAINEE: "Trainee (fictional people only)",
        }[self]


class May(StrEnum):
    """Something a role may be allowed to do."""

    SEE_PEOPLE = "see people"
    WORK_THE_PATHWAY = "work the pathway"
    SIGN_LETTERS = "sign letters"
    SIGN_PLANS = "sign plans as a prescriber"
    LOAD_FEEDS = "load feeds"
    SEE_MEASURES = "see measures"
    IMPROVE = "keep the record of quality"
    CHANGE_GUIDELINES = "change guidelines"
    CHANGE_WORDING = "change letterhead and wording"
    MAP_RESULTS = "say what a laboratory's own codes mean"
    CONNECT = "connect other systems"
    SET_CLINIC = "set the days and places of the clinic"
    TRAIN = "train and sit papers"
    SUPERVISE = "supervise the training of the team"
    PRACTISE = "practise on fictional people"
    SEE_AUDIT = "see who looked at whom"
    GIVE_EVERYTHING = "give out everything held about a person"
    GIVE_ACCESS = "invite people, change and end their roles"
    OPEN_IN_EMERGENCY = "open a record of another service in an emergency"


ALLOWED: dict[Role, frozenset[May]] = {
    Role.CO_ORDINATOR: frozenset(
        {
            May.SEE_PEOPLE,
            May.WORK_THE_PATHWAY,
            May.SIGN_LETTERS,
            May.LOAD_FEEDS,
            May.SEE_MEASURES,
            May.IMPROVE,
            May.SET_CLINIC,
            May.CHANGE_GUIDELINES,
            May.CHANGE_WORDING,
            May.TRAIN,
            May.PRACTISE,
            May.OPEN_IN_EMERGENCY,
        }
    ),
    Role.CLINICIAN: frozenset(
        {
            May.SEE_PEOPLE,
            May.WORK_THE_PATHWAY,
            May.SIGN_LETTERS,
            May.SIGN_PLANS,
            May.LOAD_FEEDS,
            May.SEE_MEASURES,
            May.IMPROVE,
            May.SET_CLINIC,
            May.CHANGE_GUIDELINES,
            May.CHANGE_WORDING,
            May.MAP_RESULTS,
            May.TRAIN,
            May.PRACTISE,
            May.SUPERVISE,
            May.OPEN_IN_EMERGENCY,
        }
    ),
    Role.MANAGER: frozenset(
        {
            May.SEE_PEOPLE,
            May.LOAD_FEEDS,
            May.SEE_MEASURES,
            May.IMPROVE,
            May.SET_CLINIC,
            May.CHANGE_WORDING,
            May.MAP_RESULTS,
            May.CONNECT,
            May.SEE_AUDIT,
            May.GIVE_EVERYTHING,
            May.TRAIN,
            May.PRACTISE,
            May.SUPERVISE,
            May.GIVE_ACCESS,
        }
    ),
    Role.VIEWER: frozenset({May.SEE_PEOPLE, May.SEE_MEASURES, May.TRAIN, May.PRACTISE}),
    Role.TRAINEE: frozenset({May.TRAIN, May.PRACTISE}),
}

IN_PRACTICE = frozenset(
    {May.SEE_PEOPLE, May.WORK_THE_PATHWAY, May.SIGN_LETTERS, May.SIGN_PLANS, May.PRACTISE}
)
"""What a trainee does in the room of a practice, whatever her role is elsewhere. Nothing there loads a file, measures,
changes a rule or a wording, or connects a system."""


def may(role: Role, what: May) -> bool:
    """Whether ``role`` may do ``what``."""
    return what in ALLOWED[role]
