"""The web server: waitress, one process, a taken port is a clear error, and it stops at once."""

import errno
import socket
import threading
from typing import Any

from flask import Flask
from waitress.server import create_server

from wallet_service.errors import StartError

THREADS = 32  # an open stream of events holds one; /phones opens at most eight


class WebServer:
    """Serves an application on a socket that was bound before anything else was started."""

    def __init__(self, host: str, port: int) -> None:
        """Take the port (0: any free one). Raises StartError when it is taken."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        # Never REUSEPORT: a second server would share the port without a word.
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind((host, port))
            self._socket.listen(512)
        except OSError as error:
            self._socket.close()
            raise StartError(_why_not(host, port, error)) from None
        self.host = host
        self.port: int = self._socket.getsockname()[1]
        self._stopping = threading.Event()
        self._closing = threading.RLock()  # a signal may come while its own thread closes
        self._server: Any = None  # waitress, while it serves

    def serve(self, app: Flask, *, proxies: int = 0) -> None:
        """Answer requests until `stop()`; call it once, from any thread."""
        # Every answer below an application that streams must end when this one stops.
        app.extensions["stopping"] = self._stopping
        trusted = {"trusted_proxy": "*", "trusted_proxy_count": proxies} if proxies else {}
        if proxies:
            trusted["trusted_proxy_headers"] = "x-forwarded-for x-forwarded-proto"
        server = self._server = create_server(
            app,
            sockets=[self._socket],
            threads=THREADS,
            ident=None,
            connection_limit=500,
            channel_timeout=20,
            max_request_body_size=2 << 20,  # the application itself refuses beyond 1 MB
            asyncore_use_poll=True,
            # Nobody believes them, but the practice phones refuse whoever comes with one.
            clear_untrusted_proxy_headers=False,
            **trusted,
        )
        while not self._stopping.is_set():
            server.asyncore.loop(timeout=1, map=server._map, use_poll=True, count=1)
        # The order matters: threads first, or they write to sockets that are closed already.
        server.task_dispatcher.shutdown(cancel_pending=True, timeout=1.0)
        for channel in list(server.active_channels.values()):
            channel.handle_close()
        with self._closing:  # a trigger that is pulled too late would write to a stranger's file
            server.close()
            self._server = None

    def stop(self) -> None:
        """Let `serve` return; safe from a signal handler and from any thread."""
        self._stopping.set()
        with self._closing:
            if self._server is not None:
                self._server.pull_trigger()

    def close(self) -> None:
        """Give the port back when `serve` was never called."""
        self._socket.close()


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is in use; stop what uses it, or choose another --port."
    if error.errno == errno.EACCES:
        return f"Port {port} on {host} may not be opened by this user; choose one above 1023."
    return f"Port {port} on {host} cannot be opened: {error.strerror or error}."
