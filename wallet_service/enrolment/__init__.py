"""A member's coming and going: enrol, correct, erase. Each is one transaction."""

from wallet_service.enrolment.add import add
from wallet_service.enrolment.correct import Changes, correct
from wallet_service.enrolment.enrol import Enrolled, Issuing, MemberExists, NewMember, enrol
from wallet_service.enrolment.erase import erase

__all__ = [
    "Changes",
    "Enrolled",
    "Issuing",
    "MemberExists",
    "NewMember",
    "add",
    "correct",
    "enrol",
    "erase",
]
