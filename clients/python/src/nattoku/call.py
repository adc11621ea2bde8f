"""What is sent: one value for each thing that can be asked, the same for both clients."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from .question import AudienceQuestion, Question
from .settings import Settings


@dataclass(frozen=True)
class Call:
    """One call."""

    path: str
    wait: float
    body: Mapping[str, Any] | None = None
    """What is posted; nothing is got."""
    key: str | None = None
    """The name under which the server knows a write again."""


def decide(question: Question, known: int, settings: Settings) -> Call:
    return Call("/v1/decide", settings.question_wait, question.sent(known))


def batch(questions: Sequence[Mapping[str, Any]], settings: Settings) -> Call:
    return Call("/v1/decide/batch", settings.write_wait, {"questions": list(questions)})


def explain(question: Question, known: int, settings: Settings) -> Call:
    return Call("/v1/explain", settings.write_wait, question.sent(known))


def act(principal: str, place: str, fields: Mapping[str, Any], key: str | None, settings: Settings) -> Call:
    """An act of will: `grant` and `withdraw` of `consents`, `decline` and `restore` of `choices`."""
    given = {name: value for name, value in fields.items() if value is not None}
    return Call(of_principal(principal, place), settings.write_wait, given, key or secrets.token_hex(16))


def record(
    principal: str, events: Sequence[Mapping[str, Any]], acknowledge: str, key: str | None, settings: Settings
) -> Call:
    body = {"events": [dict(event) for event in events], "acknowledge": acknowledge}
    return Call(of_principal(principal, "events"), settings.write_wait, body, key or secrets.token_hex(16))


def audience(question: AudienceQuestion, page: Mapping[str, int] | None, settings: Settings) -> Call:
    body = question.sent() | ({} if page is None else {"list": dict(page)})
    return Call("/v1/audience", settings.write_wait, body)


def changed_since(since: int, principals: Sequence[str], settings: Settings) -> Call:
    return Call("/v1/changed-since", settings.write_wait, {"since": since, "principals": list(principals)})


def about(principal: str, place: str, settings: Settings) -> Call:
    return Call(of_principal(principal, place), settings.write_wait)


def of_principal(principal: str, place: str) -> str:
    # A point is not left as it is: `..` would be another address.
    return f"/v1/principals/{quote(principal, safe='').replace('.', '%2E')}/{place}"
