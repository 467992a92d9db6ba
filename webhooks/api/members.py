"""Members over the API: enrol, read, find, correct, erase."""

from http import HTTPStatus
from typing import Any, cast

from flask import Blueprint, Response
from sqlalchemy import Connection

from wallet_service import brands, enrolment, members
from wallet_service.enrolment import Changes, NewMember
from wallet_service.errors import Refusal
from wallet_service.language import phrase
from wallet_service.sales.errors import UnknownMember
from wallet_service.web import current_wallet
from webhooks.api import body, calls, etags, shapes
from webhooks.api.answers import MemberShown, MembersPage
from webhooks.api.key import actor, current, needs
from webhooks.api.models import MemberChanges, MembersQuery, NewMemberBody
from webhooks.api.reply import json_reply


class SecondPersonNeeded(Refusal):
    """At the brand's level of security nobody erases a member alone, and a key is nobody else."""

    code = "second_person_needed"


@needs("members")
@calls.call(
    "Enrol a member",
    MemberShown,
    status=HTTPStatus.CREATED,
    also={HTTPStatus.OK: MemberShown},
    body=NewMemberBody,
    refuses=("member_exists",),
    repeats="external_id",
)
def enrol() -> Response:
    """Enrol a member: 201; 200 with the member there is when the external_id is known."""
    told = body.read(NewMemberBody)
    shown, is_new = current_wallet().database.run(_enrol, told)
    if not is_new:
        return json_reply(shown)
    response = json_reply(shown, HTTPStatus.CREATED)
    response.headers["Location"] = f"/api/v1/members/{shown['id']}"
    return response


@needs("members:read")
@calls.call("Read a member", MemberShown, refuses=("unknown_member",), tagged=True)
def read(member_id: str) -> Response:
    """One member."""
    with current_wallet().database.read() as connection:
        shown = _shown(connection, member_id)
    return etags.tagged(shown)


@needs("members:read")
@calls.call("Find members", MembersPage, query=MembersQuery, tagged=True)
def find() -> Response:
    """Members by a part of a name, an address, a number, a card code, or by external_id."""
    asked = body.read_query(MembersQuery)
    with current_wallet().database.read() as connection:
        found, following = members.search(
            connection,
            current().brand_id,
            query=asked.query,
            external_id=asked.external_id,
            after=asked.cursor,
            limit=asked.limit,
        )
        items = [shapes.member(connection, each) for each in found]
    return etags.tagged({"items": items, "next": following})


@needs("members")
@calls.call(
    "Change what is known of a member",
    MemberShown,
    body=MemberChanges,
    refuses=("unknown_member", "member_exists", "member_left", "changed_meanwhile"),
    tagged=True,
    guarded=True,
)
def correct(member_id: str) -> Response:
    """Change what is known of a member. A consent patched to false is a withdrawal."""
    told = body.read(MemberChanges)
    return etags.tagged(current_wallet().database.run(_correct, member_id, told))


@needs("members")
@calls.call(
    "Forget a member",
    status=HTTPStatus.NO_CONTENT,
    refuses=("unknown_member", "second_person_needed"),
)
def erase(member_id: str) -> Response:
    """Forget a member as a person: 204."""
    current_wallet().database.run(_erase, member_id)
    return Response(status=HTTPStatus.NO_CONTENT)


def add_to(blueprint: Blueprint) -> None:
    """Put these calls under the API's address."""
    blueprint.post("/members")(enrol)
    blueprint.get("/members")(find)
    blueprint.get("/members/<member_id>", endpoint="member")(read)
    blueprint.patch("/members/<member_id>")(correct)
    blueprint.delete("/members/<member_id>")(erase)


def _enrol(connection: Connection, told: NewMemberBody) -> tuple[dict[str, Any], bool]:
    new = NewMember(
        given_name=told.given_name,
        family_name=told.family_name,
        email=told.email,
        phone=told.phone,
        language=told.language,
        birthday=told.birthday,
        external_id=told.external_id,
        attributes=told.attributes,
        consents=cast("dict[str, bool]", told.consents),
    )
    enrolled = enrolment.enrol(
        connection, current().brand_id, new, _source(), current_wallet().issuing
    )
    return _shown(connection, enrolled.member_id), enrolled.is_new


def _correct(connection: Connection, member_id: str, told: MemberChanges) -> dict[str, Any]:
    if etags.is_guarded():
        _shown(connection, member_id)
        # Held before it is compared: of two who saw the same, the second must see the first.
        members.lock(connection, member_id)
        etags.require_unchanged(_shown(connection, member_id))
    changes = cast(Changes, told.model_dump(mode="json", exclude_unset=True))
    try:
        enrolment.correct(
            connection, current().brand_id, member_id, changes, _source(), actor=actor()
        )
    except LookupError:
        raise _unknown() from None
    return _shown(connection, member_id)


def _erase(connection: Connection, member_id: str) -> None:
    if not brands.get(connection, current().brand_id).level.erase_alone:
        _shown(connection, member_id)
        raise SecondPersonNeeded(
            phrase("Here a second person must agree to an erasure. Please ask in the console.")
        )
    try:
        enrolment.erase(connection, current().brand_id, member_id, actor=actor())
    except LookupError:
        raise _unknown() from None


def _shown(connection: Connection, member_id: str) -> dict[str, Any]:
    try:
        view = members.read(connection, current().brand_id, member_id)
    except LookupError:
        raise _unknown() from None
    return shapes.member(connection, view)


def _source() -> str:
    return f"api {current().source}"


def _unknown() -> UnknownMember:
    return UnknownMember(phrase("We do not know this member."))
