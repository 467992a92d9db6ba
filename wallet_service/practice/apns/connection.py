"""One HTTP/2 connection of the pretend APNs.

Two frames are written by hand. h2 ends the whole connection when a client passes the limit of
streams, even before the client can know it: so h2 keeps a limit that is never reached, another
is advertised, and the excess is refused stream by stream. And `close_connection` of h2 forbids
all later answers, while a server that goes away must still answer what it has taken.
"""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast
from uuid import uuid4

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import (
    ConnectionTerminated,
    DataReceived,
    Event,
    RequestReceived,
    StreamEnded,
    StreamReset,
)
from h2.exceptions import ProtocolError
from h2.settings import SettingCodes, Settings
from hyperframe.frame import GoAwayFrame, SettingsFrame

from wallet_service.practice.apns.faults import Answer, Fault
from wallet_service.practice.apns.requests import PAYLOAD_BYTES_MAX, Request

_STREAMS_NEVER_REACHED = 1_000_000

Decide = Callable[[Request, str | None], Answer | Fault]
Changed = Callable[["Connection"], None]


@dataclass(slots=True)
class _Stream:
    headers: dict[str, str]
    body: bytearray = field(default_factory=bytearray)


class Connection(asyncio.Protocol):
    """Reads requests, asks `decide` for the answer to each, and writes it."""

    def __init__(self, decide: Decide, streams_max: int, opened: Changed, closed: Changed) -> None:
        self._decide = decide
        self._streams_max = streams_max
        self._opened = opened
        self._closed = closed
        self._h2 = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
        self._streams: dict[int, _Stream] = {}
        self._last_taken = 0
        self._goes_after: int | None = None
        self._is_deaf = False
        self._certificate_topic: str | None = None
        self._transport: asyncio.Transport | None = None

    # What asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._certificate_topic = _user_id(transport.get_extra_info("peercert") or {})
        limits = {
            SettingCodes.MAX_CONCURRENT_STREAMS: _STREAMS_NEVER_REACHED,
            SettingCodes.MAX_HEADER_LIST_SIZE: 16_384,
        }
        self._h2.local_settings = Settings(client=False, initial_values=limits)
        self._h2.initiate_connection()
        self._h2.clear_outbound_data_buffer()
        limits[SettingCodes.MAX_CONCURRENT_STREAMS] = self._streams_max
        advertised = SettingsFrame(0)
        advertised.settings = {int(code): value for code, value in limits.items()}
        self._transport.write(advertised.serialize())
        self._opened(self)

    def data_received(self, received: bytes) -> None:
        if self._is_deaf or self._transport is None:
            return
        try:
            for event in self._h2.receive_data(received):
                self._take(event)
        except ProtocolError:
            self._flush()
            self._transport.close()
            return
        self._flush()

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        self._streams.clear()
        self._closed(self)

    def abort(self) -> None:
        """End without a word."""
        if self._transport is not None:
            self._transport.abort()

    def deafen(self) -> None:
        """Stay open, and answer nothing any more."""
        self._is_deaf = True

    def go_away(self, last_stream: int | None = None) -> None:
        """Answer what was taken, up to `last_stream`, refuse what comes after, then close."""
        if self._transport is None or self._goes_after is not None:
            return
        self._goes_after = self._last_taken if last_stream is None else last_stream
        reason = json.dumps({"reason": "Shutdown"}).encode()
        frame = GoAwayFrame(0, last_stream_id=self._goes_after, additional_data=reason)
        self._flush()
        self._transport.write(frame.serialize())
        self._streams = {
            stream_id: stream
            for stream_id, stream in self._streams.items()
            if stream_id <= self._goes_after
        }
        self._close_when_drained()

    # What the client sends

    def _take(self, event: Event) -> None:
        match event:
            case RequestReceived():
                self._open(event.stream_id, event.headers or [])
            case DataReceived():
                stream_id = event.stream_id
                self._h2.acknowledge_received_data(event.flow_controlled_length or 0, stream_id)
                stream = self._streams.get(stream_id)
                # One byte too many is enough to know; the rest is not kept.
                if stream is not None and len(stream.body) <= PAYLOAD_BYTES_MAX:
                    stream.body += event.data or b""
            case StreamEnded():
                if (stream := self._streams.get(event.stream_id)) is not None:
                    self._answer(event.stream_id, stream)
            case StreamReset():
                self._streams.pop(event.stream_id, None)
                self._close_when_drained()
            case ConnectionTerminated():
                if self._transport is not None:
                    self._transport.close()

    def _open(self, stream_id: int, headers: object) -> None:
        if self._goes_after is not None and stream_id > self._goes_after:
            return
        if len(self._streams) >= self._streams_max:
            self._h2.reset_stream(stream_id, ErrorCodes.REFUSED_STREAM)
            return
        pairs = cast(list[tuple[str, str]], headers)
        self._streams[stream_id] = _Stream(headers=dict(pairs))
        self._last_taken = max(self._last_taken, stream_id)

    def _answer(self, stream_id: int, stream: _Stream) -> None:
        request = Request(
            method=stream.headers.get(":method", ""),
            path=stream.headers.get(":path", ""),
            headers=stream.headers,
            body=bytes(stream.body),
        )
        match self._decide(request, self._certificate_topic):
            case Answer() as answer:
                self._send(stream_id, request, answer)
            case Fault.GOAWAY:
                del self._streams[stream_id]
                self.go_away(last_stream=stream_id - 1)
            case Fault.DEAF:
                self.deafen()
            case Fault.RESET:
                del self._streams[stream_id]
                self._h2.reset_stream(stream_id, ErrorCodes.INTERNAL_ERROR)
            case Fault.CUT:
                self.abort()
            case Fault.STALL:
                return  # It keeps its place among the streams, as a stalled push would.
        self._close_when_drained()

    def _send(self, stream_id: int, request: Request, answer: Answer) -> None:
        headers = [
            (":status", str(answer.status)),
            ("apns-id", request.headers.get("apns-id") or str(uuid4()).upper()),
        ]
        if answer.retry_after is not None:
            headers.append(("retry-after", str(answer.retry_after)))
        self._streams.pop(stream_id, None)
        if not answer.reason:
            self._h2.send_headers(stream_id, headers, end_stream=True)
            return
        says: dict[str, object] = {"reason": answer.reason}
        if answer.timestamp is not None:
            says["timestamp"] = _milliseconds(answer.timestamp)
        headers.append(("content-type", "application/json"))
        self._h2.send_headers(stream_id, headers)
        self._h2.send_data(stream_id, json.dumps(says).encode(), end_stream=True)

    # What the transport carries

    def _flush(self) -> None:
        if self._transport is not None and not self._is_deaf:
            with suppress(ProtocolError):
                if waiting := self._h2.data_to_send():
                    self._transport.write(waiting)

    def _close_when_drained(self) -> None:
        if self._goes_after is not None and not self._streams and self._transport is not None:
            self._flush()
            self._transport.close()


def _user_id(peer_certificate: dict[str, object]) -> str | None:
    # OpenSSL's long name of UID.
    for relative_name in cast(
        tuple[tuple[tuple[str, str], ...], ...], peer_certificate.get("subject", ())
    ):
        for name, value in relative_name:
            if name == "userId":
                return value
    return None


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
