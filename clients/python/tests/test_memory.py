"""What is remembered, for how long, and what makes it forgotten."""

from __future__ import annotations

from typing import Any

from nattoku import Decision, Question
from nattoku.memory import Memory


def question(principal: str, **more: Any) -> Question:
    return Question(principal=principal, action="use", activity="invoicing", categories=["contact"], **more)


def decision(principal: str, revision: int) -> Decision:
    answer = {
        "decision": "permit",
        "permitted": True,
        "principal": principal,
        "obligations": [],
        "revision": revision,
        "categories": [{"category": "contact", "verdict": "permit"}],
    }
    return Decision.read(answer, principal)


def keep(memory: Memory, principal: str, now: float) -> None:
    memory.keep(question(principal), memory.ask(question(principal), now), decision(principal, 5))


def test_an_answer_is_used_again_for_its_time_and_no_longer() -> None:
    memory = Memory(1.0, 10)
    keep(memory, "sakura", 100.0)
    assert memory.recall(question("sakura"), 100.9) is not None
    assert memory.recall(question("ren"), 100.9) is None
    assert memory.recall(question("sakura", purpose="other"), 100.9) is None
    assert memory.recall(question("sakura", min_revision=6), 100.9) is None
    assert memory.recall(question("sakura", min_revision=5), 100.9) is not None
    assert memory.recall(question("sakura"), 101.0) is None


def test_no_answer_is_used_for_longer_than_a_lease() -> None:
    memory = Memory(60.0, 10)
    keep(memory, "sakura", 100.0)
    assert memory.recall(question("sakura"), 101.9) is not None
    assert memory.recall(question("sakura"), 102.0) is None


def test_a_write_drops_what_was_known_and_its_revision_is_asked_for() -> None:
    memory = Memory(1.0, 10)
    keep(memory, "sakura", 100.0)
    for revision in (9, 8):
        with memory.write("sakura") as writing:
            writing.revision = revision
        assert memory.recall(question("sakura"), 100.0) is None
        assert memory.ask(question("sakura"), 100.0).known == 9
    assert question("sakura").sent(9)["min_revision"] == 9


def test_an_answer_asked_for_before_a_write_ends_is_not_kept() -> None:
    memory = Memory(1.0, 10)
    before = memory.ask(question("sakura"), 100.0)
    try:
        with memory.write("sakura"):
            memory.keep(question("sakura"), before, decision("sakura", 5))
            assert memory.recall(question("sakura"), 100.0) is None
            keep(memory, "sakura", 100.0)
            raise TimeoutError
    except TimeoutError:
        pass
    assert memory.recall(question("sakura"), 100.0) is None


def test_so_many_are_kept_and_no_more() -> None:
    memory = Memory(1.0, 2)
    for principal in ["a", "b", "c"]:
        keep(memory, principal, 100.0)
    assert [memory.recall(question(one), 100.0) is not None for one in "abc"] == [False, True, True]
