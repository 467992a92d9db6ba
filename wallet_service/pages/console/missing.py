"""What is not there, or is another brand's: 404, the one like the other."""

from http import HTTPStatus

from flask import Blueprint, Response

from wallet_service.errors import Refusal
from wallet_service.pages.console.lost import answer


def is_404(pages: Blueprint, *refusals: type[Refusal]) -> None:
    """Let these refusals be "there is nothing here" on all of these pages."""

    def nothing_here(_refusal: Refusal) -> Response:
        return answer(HTTPStatus.NOT_FOUND)

    for refusal in refusals:
        pages.register_error_handler(refusal, nothing_here)
