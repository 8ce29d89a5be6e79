"""Ports for servers that tests start."""

from __future__ import annotations

import os
import secrets
import socket

FIRST, MANY = 20_000, 1000
"""Below the ports that systems hand out by themselves; each process that shares the tests has its own thousand."""


def free_port() -> int:
    """Return a port of this machine on which nobody listens, and that no other process of these tests is given."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    while True:
        port = FIRST + MANY * (worker % 10) + secrets.randbelow(MANY)
        with socket.socket() as listening:
            try:
                listening.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
