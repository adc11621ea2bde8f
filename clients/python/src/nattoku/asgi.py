"""A middleware of ASGI that asks before a request reaches the application, and lets through only what is clearly permitted."""

from __future__ import annotations

import inspect
import json
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from .aio import AsyncClient
from .decision import Decision, Obligation
from .errors import NattokuError
from .question import Question

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Asks = Callable[[Scope], "Question | None | Awaitable[Question | None]"]

_log = logging.getLogger("nattoku")


class RequirePermission:
    """Lets a request through when the question made of it is answered by a clear permit; the decision is then `scope["nattoku.decision"]`.

    Everything else is answered 403, and a WebSocket is closed: no question, no decision, any error. With `carries_out`, which says of
    an obligation whether the application carries it out, `permit_with_conditions` is let through when it carries out all.
    """

    def __init__(
        self,
        app: App,
        *,
        client: AsyncClient,
        question: Asks,
        carries_out: Callable[[Obligation], bool] | None = None,
    ) -> None:
        self._app = app
        self._client = client
        self._question = question
        self._carries_out = carries_out

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Starting and stopping uses nobody's data.
        if scope["type"] == "lifespan":
            return await self._app(scope, receive, send)
        decision = await self._ask(scope)
        if decision is not None and self._permits(decision):
            scope["nattoku.decision"] = decision
            return await self._app(scope, receive, send)
        return await _deny(scope["type"], decision, send)

    async def _ask(self, scope: Scope) -> Decision | None:
        try:
            question = self._question(scope)
            if inspect.isawaitable(question):
                question = await question
            return None if question is None else await self._client.decide(question)
        except NattokuError as error:
            _log.warning("a request is denied, since there is no decision: %s", error)
        except Exception:
            _log.exception("a request is denied, since no question can be made of it")
        return None

    def _permits(self, decision: Decision) -> bool:
        try:
            return decision.is_permitted if self._carries_out is None else decision.permits_if(self._carries_out)
        except Exception:
            _log.exception("a request is denied, since it is not known what is carried out")
            return False


async def _deny(kind: str, decision: Decision | None, send: Send) -> None:
    if kind == "websocket":
        await send({"type": "websocket.close", "code": 1008})
    if kind != "http":
        return
    problem: dict[str, Any] = {"title": "Not permitted", "status": 403}
    if decision is not None:
        problem["decision"] = decision.json.get("decision")
        problem["reason"] = decision.reason.code if decision.reason else None
    body = json.dumps(problem).encode()
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": body})
