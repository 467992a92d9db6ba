"""A service that never comes to an end: it sends its answer a byte at a time, and listens."""

import socket
import threading

PACE_SECONDS = 0.02
PATIENCE_SECONDS = 15


class SlowService:
    """Sends `beginning` at once and then `rest` again and again, until the reader hangs up.

    Without a `rest` it is the one that hangs up.
    """

    def __init__(self, beginning: bytes, rest: bytes = b"x") -> None:
        self.is_reading = threading.Event()
        self.hung_up = threading.Event()
        self._beginning = beginning
        self._rest = rest
        self._stopped = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, name="slow service")
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def _serve(self) -> None:
        try:
            caller, _ = self._socket.accept()
        except OSError:
            return
        with caller:
            caller.recv(65536)
            try:
                caller.sendall(self._beginning)
                if not self._rest:
                    return
                for _ in range(int(PATIENCE_SECONDS / PACE_SECONDS)):
                    caller.sendall(self._rest)
                    self.is_reading.set()
                    if self._stopped.wait(PACE_SECONDS):
                        return
            except OSError:
                self.hung_up.set()
