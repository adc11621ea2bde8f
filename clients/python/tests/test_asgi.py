"""The middleware: what is not clearly permitted does not reach the application."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from conftest import Demo, Scripted, answer

from nattoku import AsyncClient, Question, RequirePermission, Settings
from nattoku.asgi import Receive, Scope, Send


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        return await send({"type": "lifespan.startup.complete"})
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": scope["nattoku.decision"].verdict.value.encode()})


def offers(scope: Scope) -> Question | None:
    """`/offers/sakura` asks about sakura."""
    if not scope["path"].startswith("/offers/"):
        return None
    return Question(
        principal=scope["path"].removeprefix("/offers/"),
        action="provide",
        activity="partner_offers",
        categories=["purchase"],
        recipient="store_partners",
    )


def get(address: str, token: str, path: str, question: Any = offers, act: str | None = None) -> httpx.Response:
    async def ask() -> httpx.Response:
        async with AsyncClient(address, token, Settings(cache_age=0, tries_max=1)) as nattoku:
            if act is not None:
                await getattr(nattoku, act)("sakura", "partner_sharing", channel="app")
            guarded = RequirePermission(application, client=nattoku, question=question)
            transport = httpx.ASGITransport(guarded)
            async with httpx.AsyncClient(transport=transport, base_url="http://app") as browser:
                return await browser.get(path)

    return asyncio.run(ask())


def test_what_is_permitted_reaches_the_application_and_nothing_else_does(demo: Demo) -> None:
    permitted = get(demo.url, demo.token, "/offers/sakura", act="grant")
    assert (permitted.status_code, permitted.text) == (200, "permit")
    assert get(demo.url, demo.token, "/other").status_code == 403
    assert get(demo.url, demo.token, "/offers/nobody-of-that-name").status_code == 403
    denied = get(demo.url, demo.token, "/offers/sakura", act="withdraw")
    assert denied.status_code == 403
    assert denied.headers["content-type"] == "application/problem+json"
    assert (denied.json()["decision"], denied.json()["reason"]) == ("deny", "withdrawn")
    assert get(demo.url, demo.token, "/offers/sakura", act="grant").status_code == 200


CONDITIONS = (
    '{"decision":"permit_with_conditions","permitted":true,"principal":"hana","obligations":[{"kind":"mask"}],'
    '"revision":8,"categories":[{"category":"purchase","verdict":"permit_with_conditions"}]}'
)


@pytest.mark.parametrize(("carried_out", "status"), [(None, 403), ("mask", 200), ("tell", 403)])
def test_conditions_are_let_through_to_who_carries_them_out(
    scripted: Scripted, carried_out: str | None, status: int
) -> None:
    address, _ = scripted([answer("200 OK", CONDITIONS)])

    async def ask() -> httpx.Response:
        async with AsyncClient(address, "t") as nattoku:
            guarded = RequirePermission(
                application,
                client=nattoku,
                question=offers,
                carries_out=None if carried_out is None else lambda obligation: obligation.kind == carried_out,
            )
            transport = httpx.ASGITransport(guarded)
            async with httpx.AsyncClient(transport=transport, base_url="http://app") as browser:
                return await browser.get("/offers/hana")

    assert asyncio.run(ask()).status_code == status


def test_without_a_decision_nothing_is_let_through(
    demo: Demo, nobody: str, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(scope: Scope) -> Question:
        raise KeyError("principal")

    async def later(scope: Scope) -> Question | None:
        return offers(scope)

    assert get(nobody, demo.token, "/offers/sakura").status_code == 403
    assert [one.exc_info for one in caplog.records if one.name == "nattoku"] == [None]
    assert get(demo.url, "nattoku_00", "/offers/sakura").status_code == 403
    assert get(demo.url, demo.token, "/offers/sakura", question=breaks).status_code == 403
    assert get(demo.url, demo.token, "/offers/sakura", question=later).status_code == 200


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        ("websocket", [{"type": "websocket.close", "code": 1008}]),
        ("lifespan", [{"type": "lifespan.startup.complete"}]),
        ("of a later version", []),
    ],
)
def test_other_scopes(kind: str, sent: list[dict[str, Any]]) -> None:
    told: list[Any] = []

    async def run() -> None:
        async def receive() -> dict[str, Any]:
            return {}

        async def send(message: Any) -> None:
            told.append(message)

        async with AsyncClient("http://127.0.0.1:1", "t") as nattoku:
            guarded = RequirePermission(application, client=nattoku, question=lambda _: None)
            await guarded({"type": kind, "path": "/"}, receive, send)

    asyncio.run(run())
    assert told == sent
