"""Apple's device web service as it should be, small, with knobs to make it misbehave."""

import copy
import threading
from collections.abc import Callable
from email.utils import formatdate
from typing import Any

from flask import Flask, Response, jsonify, request
from paper_passes import Paper

from wallet_service.web_server import WebServer

PKPASS = "application/vnd.apple.pkpass"


class BehavingService:
    """One pass, `aino-1`, behind a link; whoever registers it can be told that it changed."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.tag = 417
        self.last_modified = 1_790_000_000
        self.registrations: dict[tuple[str, str], str] = {}
        self.logs: list[str] = []
        self.requests: list[str] = []
        self.pack: Callable[[dict[str, Any]], bytes] = paper.pack
        self.list_answer: Callable[[], object] | None = None
        self.broken = 0
        self.content_type = PKPASS
        self._server = WebServer("127.0.0.1", 0)
        self._thread = threading.Thread(
            target=lambda: self._server.serve(self._app()), name="behaving service"
        )
        self.url = f"http://127.0.0.1:{self._server.port}"
        self.contents = paper.contents(webServiceURL=f"{self.url}/apple")

    @property
    def link(self) -> str:
        return f"{self.url}/c/aino/apple"

    @property
    def topic(self) -> str:
        return self.paper.certificates.pass_type_identifier

    def change(self, change: Callable[[dict[str, Any]], None]) -> None:
        """Change the pass: a new tag and a later Last-Modified, as it must be."""
        self.contents = copy.deepcopy(self.contents)
        change(self.contents)
        self.tag += 1
        self.last_modified += 1

    def news(self, sentence: str, stamps: str = "7/10") -> None:
        def say(contents: dict[str, Any]) -> None:
            card = contents["storeCard"]
            card["secondaryFields"][0]["value"] = sentence
            card["headerFields"][0]["value"] = stamps

        self.change(say)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.stop()
        self._thread.join()

    def _app(self) -> Flask:
        app = Flask("behaving")

        @app.before_request
        def seen() -> Response | None:
            self.requests.append(f"{request.method} {request.path}")
            if self.broken and not request.path.endswith("/log"):
                self.broken -= 1
                return Response(status=503)
            return None

        @app.get("/c/aino/apple")
        def download() -> Response:
            return self._pkpass()

        @app.get("/moved")
        def moved() -> Response:
            return Response(status=302, headers={"Location": "/c/aino/apple"})

        @app.get("/round")
        def round_and_round() -> Response:
            return Response(status=302, headers={"Location": "/round"})

        @app.route(
            "/apple/v1/devices/<device>/registrations/<topic>/<serial>", methods=["POST", "DELETE"]
        )
        def registration(device: str, topic: str, serial: str) -> Response:
            if not self._authorised():
                return Response(status=401)
            if request.method == "DELETE":
                self.registrations.pop((device, serial), None)
                return Response(status=200)
            is_new = (device, serial) not in self.registrations
            self.registrations[device, serial] = request.json["pushToken"]
            return Response(status=201 if is_new else 200)

        @app.get("/apple/v1/devices/<device>/registrations/<topic>")
        def changed(device: str, topic: str) -> Response:
            if self.list_answer:
                return jsonify(self.list_answer())
            since = int(request.args.get("passesUpdatedSince", "0"))
            serials = [serial for known, serial in self.registrations if known == device]
            if not serials or since >= self.tag:
                return Response(status=204)
            return jsonify(serialNumbers=serials, lastUpdated=str(self.tag))

        @app.get("/apple/v1/passes/<topic>/<serial>")
        def latest(topic: str, serial: str) -> Response:
            if not self._authorised():
                return Response(status=401)
            if request.headers.get("If-Modified-Since") == self._date():
                return Response(status=304)
            return self._pkpass()

        @app.post("/apple/v1/log")
        def log() -> Response:
            self.logs.extend(request.json["logs"])
            return Response(status=200)

        return app

    def _authorised(self) -> bool:
        token = self.contents["authenticationToken"]
        return request.headers.get("Authorization") == f"ApplePass {token}"

    def _pkpass(self) -> Response:
        answer = Response(self.pack(self.contents), content_type=self.content_type)
        answer.headers["Last-Modified"] = self._date()
        return answer

    def _date(self) -> str:
        return formatdate(self.last_modified, usegmt=True)
