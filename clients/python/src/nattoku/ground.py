"""What both clients stand on: everything but how bytes are sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import httpx

from . import fields
from .call import Call
from .decision import Decision
from .errors import NattokuError, Old, Problem, Unreadable
from .memory import Asked, Memory
from .question import Question
from .settings import Settings, base

Answer = TypeVar("Answer")

BYTES_MAX = 64 << 20
"""Most bytes of an answer."""


class Reply:
    """An answer of any status."""

    def __init__(self, status: int, retry_after: str | None, body: bytes) -> None:
        self.status = status
        self.retry_after = retry_after
        self._body = body

    def read(self, read: Callable[[object], Answer]) -> Answer:
        """Reads what the answer of a call that was done holds. Any other status than 200 is an error, whatever is written in it."""
        try:
            told = json.loads(self._body)
        except ValueError as error:
            raise Unreadable(f"the answer (status {self.status}) is no JSON") from error
        if self.status != 200:
            raise Problem.read(told) or Unreadable(f"the answer (status {self.status}) is no problem")
        try:
            return read(told)
        except fields.NoAnswer as error:
            raise Unreadable(f"the answer cannot be read: {error}") from error


class Ground:
    """Settings, memory, and what becomes of a call and its answer."""

    def __init__(self, address: str, token: str, settings: Settings) -> None:
        self.settings = settings
        self.base = base(address, settings)
        self.memory = Memory(settings.cache_age, settings.cache_answers)
        self.headers = {
            "Authorization": f"Bearer {token}",
            "Accept-Language": settings.language,
            "User-Agent": "nattoku-python/0.1.0",
        }

    def sent(self, call: Call) -> dict[str, Any]:
        """A call as httpx has it."""
        sent: dict[str, Any] = {"url": self.base + call.path, "method": "GET" if call.body is None else "POST"}
        headers = {}
        if call.body is not None:
            headers["Content-Type"] = "application/json"
            sent["content"] = json.dumps(call.body, ensure_ascii=False, allow_nan=False).encode()
        if call.key is not None:
            headers["Idempotency-Key"] = call.key
        return sent | {"headers": headers}

    def decided(self, question: Question, asked: Asked, reply: Reply) -> Decision:
        """Reads the answer to a question, and remembers it."""
        decision = self.explained(question, asked, reply)
        self.memory.keep(question, asked, decision)
        return decision

    def explained(self, question: Question, asked: Asked, reply: Reply) -> Decision:
        """Reads the answer to a question."""
        return _accepted(question, asked, reply.read(lambda told: Decision.read(told, question.principal)))


class Batch:
    """The questions of a batch: what is known of each, and what is sent for the others."""

    def __init__(self, ground: Ground, questions: Sequence[Question], now: float) -> None:
        self._ground = ground
        self._known = [
            (question, ground.memory.ask(question, now), ground.memory.recall(question, now)) for question in questions
        ]
        self.sent = [question.sent(asked.known) for question, asked, known in self._known if known is None]

    def decided(self, reply: Reply | None) -> list[Decision | NattokuError]:
        """Puts the answers together with what was known, each a decision or why there is none."""
        answers = iter(reply.read(self._answers) if reply else [])
        decided: list[Decision | NattokuError] = []
        for question, asked, known in self._known:
            try:
                decided.append(self._one(question, asked, next(answers)) if known is None else known)
            except NattokuError as error:
                decided.append(error)
        return decided

    def _answers(self, told: object) -> list[Any]:
        answers = fields.items(fields.of(told), "answers")
        if len(answers) != len(self.sent):
            raise fields.NoAnswer(f"`answers` is no list of {len(self.sent)}")
        return answers

    def _one(self, question: Question, asked: Asked, answer: object) -> Decision:
        if isinstance(answer, dict) and "problem" in answer:
            raise Problem.read(answer["problem"]) or Unreadable("the problem cannot be read")
        try:
            decision = _accepted(question, asked, Decision.read(answer, question.principal))
        except fields.NoAnswer as error:
            raise Unreadable(f"the answer cannot be read: {error}") from error
        self._ground.memory.keep(question, asked, decision)
        return decision


def _accepted(question: Question, asked: Asked, decision: Decision) -> Decision:
    """An answer, where it is of no less a revision than was asked for."""
    least = question.least(asked.known)
    if decision.revision < least:
        raise Old(f"the answer is of revision {decision.revision}, and {least} was asked for")
    return decision


def reply_of(response: httpx.Response, body: bytes) -> Reply:
    return Reply(response.status_code, response.headers.get("Retry-After"), body)


def told(json: object) -> Mapping[str, Any]:
    """An answer as it is."""
    return fields.of(json)
