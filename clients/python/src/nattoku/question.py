"""Questions: may this be done with that data, of one principal or of everybody."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question about one principal. The application is that of the token, unless it is named. Instants are those of now unless given."""

    principal: str
    action: str
    activity: str
    categories: Sequence[str]
    recipient: str | None = None
    purpose: str | None = None
    application: str | None = None
    at: datetime | str | None = None
    known_at: datetime | str | None = None
    exception: Mapping[str, Any] | None = None
    """`{"name": "statute", "document": "W-1"}`."""
    min_revision: int | None = None
    """Answered only from a ledger that stands at this revision or after it."""

    def key(self) -> str:
        """What is asked, whatever the revision: equal for equal questions."""
        return json.dumps(_sent(self), sort_keys=True)

    def least(self, known: int) -> int:
        """The least revision that the caller asks for, or that is known to be needed."""
        return max(self.min_revision or 0, known)

    def sent(self, known: int) -> dict[str, Any]:
        least = self.least(known)
        return _sent(self) | ({"min_revision": least} if least else {})


@dataclass(frozen=True, kw_only=True)
class AudienceQuestion:
    """A question about everybody."""

    action: str
    activity: str
    categories: Sequence[str]
    recipient: str | None = None
    purpose: str | None = None
    application: str | None = None
    exception: Mapping[str, Any] | None = None
    min_revision: int | None = None

    def sent(self) -> dict[str, Any]:
        return _sent(self) | ({"min_revision": self.min_revision} if self.min_revision else {})


def _sent(question: Question | AudienceQuestion) -> dict[str, Any]:
    if isinstance(question.categories, str):
        raise TypeError("`categories` is a list of names, not one name")
    sent = {}
    for field in fields(question):
        value = getattr(question, field.name)
        if value is not None and field.name != "min_revision":
            sent[field.name] = _json(value)
    return sent


def _json(value: object) -> object:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("an instant needs its offset: datetime.now(timezone.utc)")
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: _json(part) for name, part in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_json(part) for part in value]
    return value
