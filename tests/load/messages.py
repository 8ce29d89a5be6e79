"""What goes over the wire between a browser and Solara: Jupyter's messages, with and without binary parts."""

from __future__ import annotations

import json
import struct
from typing import Any

Message = dict[str, Any]


def written(session: str, number: str, kind: str, content: Message) -> str:
    """Return a message from the browser."""
    header = {"msg_id": number, "msg_type": kind, "session": session, "username": "", "version": "5.2"}
    header["date"] = "2026-01-01T00:00:00.000Z"
    empty: Message = {}
    whole = {"header": header, "parent_header": empty, "metadata": empty, "content": content}
    return json.dumps({**whole, "buffers": [], "channel": "shell"})


def read(frame: str | bytes) -> Message:
    """Return a message from the server; its binary parts are left out."""
    if isinstance(frame, str):
        found: Message = json.loads(frame)
        return found
    parts = struct.unpack("!i", frame[:4])[0]
    offsets = struct.unpack("!" + "I" * parts, frame[4 : 4 * (parts + 1)])
    end = offsets[1] if parts > 1 else len(frame)
    with_parts: Message = json.loads(frame[offsets[0] : end])
    return with_parts
