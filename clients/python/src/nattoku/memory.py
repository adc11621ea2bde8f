"""What a client remembers: answers for a moment, and the revisions of its own writes for good, so that it reads what it wrote.

Principals are put into a fixed number of places by a hash of their id. A write about one of them drops the answers about all in the same
place, and makes their next questions ask for its revision: more than is needed, never less, and bounded however many there are.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from .decision import Decision
from .question import Question
from .settings import CACHE_AGE_MAX

_PLACES = 4096


@dataclass
class _Place:
    writes: int = 0
    """How many times a write about one of its principals began or ended."""
    revision: int = 0
    """The newest revision that this client has written about one of them."""


@dataclass(frozen=True)
class Asked:
    """When a question was asked, and what was known then."""

    at: float
    writes: int
    known: int


class Writing:
    """A write under way."""

    revision = 0


class Memory:
    """Answers and revisions."""

    def __init__(self, age_max: float, answers_max: int) -> None:
        self._age_max = min(age_max, CACHE_AGE_MAX)
        self._answers_max = answers_max
        self._lock = threading.Lock()
        self._answers: OrderedDict[str, tuple[Decision, Asked]] = OrderedDict()
        self._places = [_Place() for _ in range(_PLACES)]

    def ask(self, question: Question, now: float) -> Asked:
        """What to ask with, whatever is remembered."""
        with self._lock:
            place = self._place(question.principal)
            return Asked(now, place.writes, place.revision)

    def recall(self, question: Question, now: float) -> Decision | None:
        """The answer to a question, where there is a fresh one."""
        key = question.key()
        with self._lock:
            kept = self._answers.get(key)
            if kept is None:
                return None
            decision, asked = kept
            place = self._place(question.principal)
            if not 0 <= now - asked.at < self._age_max or asked.writes != place.writes:
                del self._answers[key]
                return None
            if decision.revision < question.least(place.revision):
                return None
            self._answers.move_to_end(key)
            return decision

    def keep(self, question: Question, asked: Asked, decision: Decision) -> None:
        """Remembers an answer. Where something was written about the principal since it was asked for, it is never used."""
        if self._age_max <= 0 or self._answers_max <= 0:
            return
        with self._lock:
            key = question.key()
            self._answers[key] = (decision, asked)
            self._answers.move_to_end(key)
            if len(self._answers) > self._answers_max:
                self._answers.popitem(last=False)

    @contextmanager
    def write(self, principal: str) -> Iterator[Writing]:
        """A write about a principal. Whatever becomes of it, no answer of before its end is used after it."""
        writing = Writing()
        self._mark(principal, 0)
        try:
            yield writing
        finally:
            self._mark(principal, writing.revision)

    def _mark(self, principal: str, revision: int) -> None:
        with self._lock:
            place = self._place(principal)
            place.writes += 1
            place.revision = max(place.revision, revision)

    def _place(self, principal: str) -> _Place:
        return self._places[hash(principal) % _PLACES]
