"""Why a call was not answered. None of these is a permit."""

from __future__ import annotations

from typing import Any

_KIND = "urn:nattoku:problem:"


class NattokuError(Exception):
    """A call was not answered as asked."""


class Unreachable(NattokuError):
    """The server was not reached, or the connection broke. Whether a write was done is not known: send it again under the same `key`."""


class Late(NattokuError):
    """The server did not answer in time. Whether a write was done is not known: send it again under the same `key`."""


class Unreadable(NattokuError):
    """The answer is not one."""


class Old(NattokuError):
    """The answer is of before what was asked for."""


class Problem(NattokuError):
    """The server answered that it will not, and why (RFC 9457)."""

    def __init__(self, kind: str, status: int, title: str, detail: str, json: dict[str, Any]) -> None:
        super().__init__(f"{title} ({kind}): {detail}")
        self.kind = kind
        self.status = status
        self.title = title
        self.detail = detail
        self.json = json

    @classmethod
    def read(cls, json: object) -> Problem | None:
        """Reads a problem; nothing where it is none."""
        if not isinstance(json, dict):
            return None
        kind, status, title = json.get("type"), json.get("status"), json.get("title")
        if not (isinstance(kind, str) and isinstance(title, str) and type(status) is int):
            return None
        return cls(kind.removeprefix(_KIND), status, title, str(json.get("detail") or ""), json)
