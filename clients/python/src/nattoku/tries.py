"""When a call is tried again. Every call may be: questions change nothing, and a write has a name under which it is done once."""

from __future__ import annotations

import random

from .errors import NattokuError, Unreachable
from .settings import Settings

_PAUSE = 0.05
_AGAIN = {429, 503}


class Tries:
    """The tries of one call."""

    def __init__(self, settings: Settings, now: float) -> None:
        self._began = now
        self._made = 0
        self._most = settings.tries_max
        self._within = settings.whole_wait

    def wait(self, one: float, now: float) -> float:
        """How long the next try may take: its own wait, within that of all."""
        self._made += 1
        return max(min(one, self._left(now)), 0.001)

    def pause_after_answer(self, status: int, retry_after: str | None, now: float) -> float | None:
        """How long to wait before the next try; nothing where there is none."""
        if status not in _AGAIN:
            return None
        if retry_after is None:
            return self._pause(0.0, now)
        # A date is not understood, and coming too early would be wrong.
        return self._pause(float(retry_after), now) if retry_after.isdecimal() else None

    def pause_after_error(self, error: NattokuError, now: float) -> float | None:
        """One that was late is not tried again: it may be that the server has more to do than it can."""
        return self._pause(0.0, now) if isinstance(error, Unreachable) else None

    def _pause(self, asked: float, now: float) -> float | None:
        pause = _PAUSE * float(2 ** (self._made - 1))
        # Many clients that were refused at once do not come back at once.
        pause = max(pause, asked) + pause * random.random()
        return pause if self._made < self._most and pause < self._left(now) else None

    def _left(self, now: float) -> float:
        return self._within - (now - self._began)
