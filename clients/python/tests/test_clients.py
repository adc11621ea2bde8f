"""Both clients against the program, and against servers that are slow, busy or say nonsense."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from typing import Any

import pytest
from conftest import Demo, Scripted, answer

from nattoku import (
    AsyncClient,
    AudienceQuestion,
    Client,
    Decision,
    Late,
    NattokuError,
    Old,
    Problem,
    Question,
    Settings,
    Unreachable,
    Unreadable,
    Verdict,
)

RECEIPT = '{"receipt":"R-1","revision":9,"recorded_at":"2026-11-24T01:12:00Z","acknowledged":"durable"}'
BUSY = '{"type":"urn:nattoku:problem:busy","title":"t","status":503,"detail":"d"}'
PERMIT = (
    '{"decision":"permit","permitted":true,"principal":"hana","obligations":[],"revision":8,'
    '"categories":[{"category":"contact","verdict":"permit"}]}'
)

Make = Callable[..., Any]


class Waiting:
    """The asynchronous client, asked like the other one."""

    def __init__(self, *arguments: Any) -> None:
        self._runner = asyncio.Runner()
        self._client = AsyncClient(*arguments)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            return self._runner.run(getattr(self._client, name)(*arguments, **named))

        return call

    def close(self) -> None:
        self._runner.run(self._client.aclose())
        self._runner.close()


@pytest.fixture(params=[Client, Waiting])
def make(request: pytest.FixtureRequest) -> Iterator[Make]:
    made: list[Any] = []

    def start(address: str, token: str = "t", **settings: Any) -> Any:
        made.append(request.param(address, token, Settings(**settings)))
        return made[-1]

    yield start
    for client in made:
        client.close()


def offers(principal: str, **more: Any) -> Question:
    return Question(
        principal=principal,
        action="provide",
        activity="partner_offers",
        categories=["purchase"],
        recipient="store_partners",
        **more,
    )


def question() -> Question:
    return Question(principal="hana", action="use", activity="invoicing", categories=["contact"])


def test_a_withdrawal_is_respected_by_the_very_next_question(demo: Demo, make: Make) -> None:
    nattoku = make(demo.url, demo.token)
    nattoku.grant("sakura", "partner_sharing", channel="app", language="ja")
    before = nattoku.decide(offers("sakura"))
    assert before.is_permitted and len(before.policy_digest) == 64
    receipt = nattoku.withdraw("sakura", "partner_sharing", channel="app")
    assert receipt.acknowledged == "enforced" and receipt.revision > before.revision
    after = nattoku.decide(offers("sakura"))
    assert (after.verdict, after.reason.code) == (Verdict.DENY, "withdrawn")
    assert after.revision >= receipt.revision
    assert nattoku.explain(offers("sakura")).json["categories"][0]["gates"][0]["sentence"]["ja"]
    standing = {one["item"]: one["status"] for one in nattoku.consents("sakura")["consents"]}
    assert standing["partner_sharing"] == "withdrawn"
    nattoku.grant("sakura", "partner_sharing", channel="app", language="ja")
    assert nattoku.decide(offers("sakura")).is_permitted


def test_an_act_under_one_name_is_done_once(demo: Demo, make: Make) -> None:
    nattoku = make(demo.url, demo.token)
    key = f"form-{time.monotonic_ns()}"
    first = nattoku.decline("sakura", "offers", channel="app", key=key)
    assert nattoku.decline("sakura", "offers", channel="app", key=key).revision == first.revision
    assert nattoku.restore("sakura", "offers", channel="app").revision > first.revision
    assert {one["choice"]: one["declined"] for one in nattoku.choices("sakura")["choices"]}["offers"] is False


def test_an_answer_is_used_again_while_it_is_fresh(demo: Demo, make: Make) -> None:
    remembers, asks = make(demo.url, demo.token, cache_age=60.0), make(demo.url, demo.token, cache_age=0.0)
    asks.grant("sakura", "partner_sharing", channel="app", language="ja")
    began = time.monotonic()
    assert remembers.decide(offers("sakura")).is_permitted
    withdrawn = asks.withdraw("sakura", "partner_sharing", channel="app")
    assert not asks.decide(offers("sakura")).is_permitted
    again = remembers.decide(offers("sakura"))
    assert again.is_permitted or time.monotonic() - began >= 2.0
    assert not remembers.decide(offers("sakura", min_revision=withdrawn.revision)).is_permitted
    assert not remembers.explain(offers("sakura")).is_permitted
    asks.grant("sakura", "partner_sharing", channel="app", language="ja")


def test_several_questions_are_answered_in_their_order_each_for_itself(demo: Demo, make: Make) -> None:
    nattoku = make(demo.url, demo.token)
    nattoku.decide(offers("sakura"))
    wrong = Question(principal="sakura", action="use", activity="partner_offers", categories=["purchas"])
    foreign = offers("sakura", application="billing_system")
    aoi, sakura, undeclared, refused = nattoku.decide_batch([offers("aoi"), offers("sakura"), wrong, foreign])
    assert isinstance(aoi, Decision) and not aoi.is_permitted
    assert isinstance(sakura, Decision)
    assert isinstance(undeclared, Problem) and undeclared.kind == "undeclared"
    assert isinstance(refused, Problem) and refused.kind == "not-allowed"
    assert nattoku.decide_batch([]) == []


def test_what_is_recorded_is_known_to_the_next_question(demo: Demo, make: Make) -> None:
    nattoku = make(demo.url, demo.token)
    event = {
        "event": "data_acquired",
        "at": datetime.now(timezone.utc).isoformat(),
        "category": "purchase",
        "source": "member_store",
    }
    recorded = nattoku.record("sakura", [event])
    assert recorded.acknowledged == "durable" and len(recorded.events) == 1
    assert nattoku.decide(offers("sakura")).revision >= recorded.revision
    assert nattoku.changed_since(recorded.revision - 1, ["sakura", "aoi"]).concerns("sakura")


def test_everybody_is_asked_about(demo: Demo, make: Make) -> None:
    nattoku = make(demo.url, demo.token)
    everybody = AudienceQuestion(
        action="provide", activity="partner_offers", categories=["purchase"], recipient="store_partners"
    )
    figures = nattoku.audience(everybody)
    assert figures.all >= 200 and sum(figures.by_verdict.values()) == figures.all
    listed = nattoku.audience_list(everybody, limit=1)
    assert len(listed.principals) == 1 and listed.next
    assert listed.principals[0][1] in (Verdict.PERMIT, Verdict.PERMIT_WITH_CONDITIONS)
    assert nattoku.policy()["digest"] and nattoku.holdings("sakura")["holdings"]


def test_a_wrong_token_is_no_permit(demo: Demo, make: Make) -> None:
    with pytest.raises(Problem) as raised:
        make(demo.url, "nattoku_00", language="ja").decide(offers("sakura"))
    assert (raised.value.kind, raised.value.title) == ("unknown-token", "トークンが有効ではありません")


def test_a_server_that_never_answers_is_no_permit(silent: str, make: Make) -> None:
    began = time.monotonic()
    with pytest.raises(Late):
        make(silent, question_wait=0.15).decide(question())
    assert time.monotonic() - began < 5


def test_a_server_that_answers_drop_by_drop_is_no_permit(dripping: str, make: Make) -> None:
    began = time.monotonic()
    with pytest.raises(Late):
        make(dripping, question_wait=0.3).decide(question())
    assert time.monotonic() - began < 5


def test_no_server_is_no_permit(nobody: str, make: Make) -> None:
    with pytest.raises(Unreachable):
        make(nobody).decide(question())
    with pytest.raises(Unreachable):
        make(nobody).decide_batch([question()])


def test_a_busy_server_is_asked_again_and_a_write_keeps_its_name(scripted: Scripted, make: Make) -> None:
    busy = answer("503 Service Unavailable", BUSY, "retry-after: 1\r\n")
    address, sent = scripted([busy, answer("200 OK", RECEIPT)])
    began = time.monotonic()
    assert make(address).withdraw("hana", "partner_sharing", channel="app").revision == 9
    assert time.monotonic() - began >= 1
    keys = [line for one in sent for line in one.lower().splitlines() if line.startswith("idempotency-key")]
    assert len(keys) == 2 and keys[0] == keys[1]


def test_a_server_that_stays_busy_is_no_permit(scripted: Scripted, make: Make) -> None:
    address, sent = scripted([answer("429 Too Many Requests", BUSY)] * 3)
    with pytest.raises(Problem):
        make(address).decide(question())
    assert len(sent) == 3


@pytest.mark.parametrize(
    "told",
    [
        answer("200 OK", "<html>permit</html>"),
        answer("302 Found", PERMIT, "location: http://127.0.0.1:1/\r\n"),
        answer("500 Internal Server Error", PERMIT),
        answer("200 OK", ""),
        answer("200 OK", PERMIT.replace("hana", "ren")),
        answer("200 OK", PERMIT.replace('"permitted":true', '"permitted":1')),
        answer("200 OK", PERMIT, "content-encoding: gzip\r\n"),
    ],
)
def test_what_is_no_answer_is_no_permit(scripted: Scripted, make: Make, told: str) -> None:
    address, _ = scripted([told])
    with pytest.raises(Unreadable):
        make(address).decide(question())


def test_an_answer_of_before_what_this_client_wrote_is_no_permit(scripted: Scripted, make: Make) -> None:
    recorded = '{"events":[],"revision":9,"acknowledged":"durable"}'
    for written in (RECEIPT, recorded):
        address, sent = scripted([answer("200 OK", written), answer("200 OK", PERMIT)])
        nattoku = make(address)
        if written is RECEIPT:
            nattoku.withdraw("hana", "partner_sharing", channel="app")
        else:
            nattoku.record("hana", [{"event": "data_erased"}])
        with pytest.raises(Old):
            nattoku.decide(question())
        assert '"min_revision": 9' in sent[1]


def test_both_clients_do_the_same() -> None:
    def surface(client: type) -> dict[str, str]:
        methods = inspect.getmembers(client, inspect.isfunction)
        return {name: str(inspect.signature(one)) for name, one in methods if not name.startswith("_")}

    waits, asks = surface(Client), surface(AsyncClient)
    assert asks.pop("aclose") == waits.pop("close")
    assert waits == asks
    assert issubclass(Late, NattokuError)
