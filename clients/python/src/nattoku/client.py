"""The client for programs that wait."""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any

import httpx

from . import call as calls
from .answers import Changed, Figures, Listed, Receipt, Recorded
from .call import Call
from .decision import Decision
from .errors import Late, NattokuError, Unreachable, Unreadable
from .ground import BYTES_MAX, Batch, Ground, Reply, reply_of, told
from .question import AudienceQuestion, Question
from .settings import Settings
from .tries import Tries


class Client:
    """A client whose calls wait. Made once and shared, by threads too: it keeps connections and remembers."""

    def __init__(self, address: str, token: str, settings: Settings | None = None) -> None:
        self._ground = Ground(address, token, settings or Settings())
        self._settings = self._ground.settings
        self._http = httpx.Client(
            headers=self._ground.headers,
            verify=self._settings.trust or ssl.create_default_context(),
            trust_env=False,
            follow_redirects=False,
        )

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def decide(self, question: Question) -> Decision:
        """Asks one question."""
        asked = self._ground.memory.ask(question, time.monotonic())
        known = self._ground.memory.recall(question, asked.at)
        if known is not None:
            return known
        reply = self._send(calls.decide(question, asked.known, self._settings))
        return self._ground.decided(question, asked, reply)

    def decide_batch(self, questions: Sequence[Question]) -> list[Decision | NattokuError]:
        """Asks up to a thousand questions at once, each answered for itself: a decision, or why there is none."""
        batch = Batch(self._ground, questions, time.monotonic())
        return batch.decided(self._send(calls.batch(batch.sent, self._settings)) if batch.sent else None)

    def explain(self, question: Question) -> Decision:
        """Asks one question by the definition, with rules, events and sentences in `json`. Never from the cache."""
        asked = self._ground.memory.ask(question, time.monotonic())
        reply = self._send(calls.explain(question, asked.known, self._settings))
        return self._ground.explained(question, asked, reply)

    def grant(
        self,
        principal: str,
        item: str,
        *,
        channel: str,
        by: str | None = None,
        language: str | None = None,
        evidence: str | None = None,
        seen: int | None = None,
        acknowledge: str | None = None,
        key: str | None = None,
    ) -> Receipt:
        """A principal grants a consent item. `key` is a name that lasts, under which the act is done once however often it is sent."""
        fields = {"item": item, "act": "grant", "channel": channel, "by": by, "language": language}
        more = {"evidence": evidence, "seen": seen, "acknowledge": acknowledge}
        return self._act(principal, "consents", fields | more, key)

    def withdraw(
        self,
        principal: str,
        item: str,
        *,
        channel: str,
        by: str | None = None,
        seen: int | None = None,
        acknowledge: str | None = None,
        key: str | None = None,
    ) -> Receipt:
        """A principal withdraws a consent item. Answered when every node respects it."""
        fields = {"item": item, "act": "withdraw", "channel": channel, "by": by}
        return self._act(principal, "consents", fields | {"seen": seen, "acknowledge": acknowledge}, key)

    def decline(
        self,
        principal: str,
        choice: str,
        *,
        channel: str,
        by: str | None = None,
        seen: int | None = None,
        acknowledge: str | None = None,
        key: str | None = None,
    ) -> Receipt:
        """A principal declines a choice. Answered when every node respects it."""
        fields = {"choice": choice, "act": "decline", "channel": channel, "by": by}
        return self._act(principal, "choices", fields | {"seen": seen, "acknowledge": acknowledge}, key)

    def restore(
        self,
        principal: str,
        choice: str,
        *,
        channel: str,
        by: str | None = None,
        seen: int | None = None,
        acknowledge: str | None = None,
        key: str | None = None,
    ) -> Receipt:
        """A principal restores a choice."""
        fields = {"choice": choice, "act": "restore", "channel": channel, "by": by}
        return self._act(principal, "choices", fields | {"seen": seen, "acknowledge": acknowledge}, key)

    def record(
        self,
        principal: str,
        events: Sequence[Mapping[str, Any]],
        *,
        acknowledge: str = "durable",
        key: str | None = None,
    ) -> Recorded:
        """Records up to a thousand events about a principal: all of them or none."""
        call = calls.record(principal, events, acknowledge, key, self._settings)
        with self._ground.memory.write(principal) as writing:
            recorded = self._send(call).read(Recorded.read)
            writing.revision = recorded.revision
        return recorded

    def audience(self, question: AudienceQuestion) -> Figures:
        """For how many something is permitted, and why not for the others."""
        return self._send(calls.audience(question, None, self._settings)).read(Figures.read)

    def audience_list(self, question: AudienceQuestion, *, after: int = 0, limit: int = 1000) -> Listed:
        """For whom something is permitted, a part at a time."""
        page = {"after": after, "limit": limit}
        return self._send(calls.audience(question, page, self._settings)).read(Listed.read)

    def changed_since(self, since: int, principals: Sequence[str]) -> Changed:
        """To whom of these something has happened since a revision. Up to ten thousand at once."""
        return self._send(calls.changed_since(since, principals, self._settings)).read(Changed.read)

    def consents(self, principal: str) -> Mapping[str, Any]:
        """How each consent item stands, as it was answered."""
        return self._about(principal, "consents")

    def choices(self, principal: str) -> Mapping[str, Any]:
        """How each choice stands, as it was answered."""
        return self._about(principal, "choices")

    def holdings(self, principal: str) -> Mapping[str, Any]:
        """What is held, as it was answered."""
        return self._about(principal, "holdings")

    def policy(self) -> Mapping[str, Any]:
        """What the policy declares, as it was answered."""
        return self._send(Call("/v1/policy", self._settings.write_wait)).read(told)

    def _about(self, principal: str, place: str) -> Mapping[str, Any]:
        return self._send(calls.about(principal, place, self._settings)).read(told)

    def _act(self, principal: str, place: str, fields: Mapping[str, Any], key: str | None) -> Receipt:
        call = calls.act(principal, place, fields, key, self._settings)
        with self._ground.memory.write(principal) as writing:
            receipt = self._send(call).read(Receipt.read)
            writing.revision = receipt.revision
        return receipt

    def _send(self, call: Call) -> Reply:
        tries = Tries(self._settings, time.monotonic())
        while True:
            wait = tries.wait(call.wait, time.monotonic())
            try:
                reply = self._try_once(call, wait)
            except NattokuError as error:
                pause = tries.pause_after_error(error, time.monotonic())
                if pause is None:
                    raise
            else:
                pause = tries.pause_after_answer(reply.status, reply.retry_after, time.monotonic())
                if pause is None:
                    return reply
            time.sleep(pause)

    def _try_once(self, call: Call, wait: float) -> Reply:
        late = Late(f"the server did not answer within {wait:.3f} s")
        ends = time.monotonic() + wait
        try:
            with self._http.stream(**self._ground.sent(call), timeout=wait) as response:
                body = bytearray()
                for part in response.iter_bytes():
                    body += part
                    if time.monotonic() > ends:
                        raise late
                    if len(body) > BYTES_MAX:
                        raise Unreadable("the answer is too long")
                return reply_of(response, bytes(body))
        except httpx.TimeoutException as error:
            raise late from error
        except httpx.DecodingError as error:
            raise Unreadable("the answer cannot be decoded") from error
        except httpx.HTTPError as error:
            raise Unreachable(f"the server cannot be reached: {error}") from error
