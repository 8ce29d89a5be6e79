"""A wire between browser and dashboard that a test can cut and mend: what a bad network does, and nothing milder."""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType


class Wire:
    """Passes TCP connections on to a port of this machine, until it is cut.

    Parameters
    ----------
    to : the port at the other end.
    """

    def __init__(self, to: int) -> None:
        self.to, self.whole = to, True
        self._ends: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._threads = [threading.Thread(target=self._accept, daemon=True)]

    def __enter__(self) -> Wire:
        """Begin to pass connections on."""
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Cut it for good."""
        self.cut()
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join(5)

    def cut(self) -> None:
        """Drop every connection and take no new one."""
        self.whole = False
        with self._lock:
            for end in self._ends:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        """Take connections again; those that were cut stay cut."""
        self.whole = True

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            self._join(near)

    def _join(self, near: socket.socket) -> None:
        far = None
        with contextlib.suppress(OSError):
            far = socket.create_connection(("127.0.0.1", self.to)) if self.whole else None
        if far is None:
            near.close()
            return
        with self._lock:
            self._ends |= {near, far}
        for pair in ((near, far), (far, near)):
            thread = threading.Thread(target=self._pump, args=pair, daemon=True)
            self._threads.append(thread)
            thread.start()

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        with self._lock:
            first = source in self._ends
            self._ends -= {source, target}
        if not first:  # the other direction is done too: nobody uses the pair any more
            source.close()
            target.close()
