"""Pages that watch the phones: nothing is missed, and nobody watches for ever."""

import json
import threading

import pytest

from wallet_service.practice.events import Events, TooManyStreams


def told(piece: str) -> list[tuple[str, str]]:
    """The kinds and phones in one piece of a stream."""
    found = []
    for block in piece.strip().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.split("\n"))
        found.append((lines["event"], json.loads(lines["data"])["phone"]))
    return found


def test_a_stream_tells_what_happens_from_now_on():
    events = Events()
    events.tell("push", "aino")
    stream = events.stream()
    assert next(stream) == "retry: 1000\n\n"

    events.tell("banner", "mikko")

    assert told(next(stream)) == [("banner", "mikko")]


def test_a_page_that_was_away_hears_what_it_missed():
    events = Events()
    for kind in ("push", "wire", "banner"):
        events.tell(kind, "aino")

    stream = events.stream(after=1)
    next(stream)

    assert told(next(stream)) == [("wire", "aino"), ("banner", "aino")]


def test_a_number_from_before_a_restart_brings_everything_there_is():
    events = Events()
    events.tell("push", "aino")

    stream = events.stream(after=400)
    next(stream)

    assert told(next(stream)) == [("push", "aino")]


def test_only_so_many_pages_may_watch_and_one_that_leaves_makes_room():
    events = Events(streams_max=2)
    first, _second = events.stream(), events.stream()
    with pytest.raises(TooManyStreams):
        events.stream()

    first.close()
    first.close()

    assert events.streams_open == 1
    events.stream()


def test_closing_ends_a_stream_that_waits():
    events = Events()
    stream = events.stream()
    next(stream)
    reader = threading.Thread(target=lambda: list(stream))
    reader.start()

    events.close()
    reader.join(timeout=10)

    assert not reader.is_alive()
    assert events.streams_open == 0


def test_a_stop_from_outside_ends_a_stream():
    events, stop = Events(), threading.Event()
    stream = events.stream(stop=stop)
    next(stream)
    stop.set()
    assert list(stream) == []


def test_nobody_can_watch_what_is_closed():
    events = Events()
    events.close()
    with pytest.raises(TooManyStreams):
        events.stream()
