"""What is a permit and what is none."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from nattoku import Decision, Question, Settings, Verdict
from nattoku.call import of_principal
from nattoku.fields import NoAnswer
from nattoku.settings import base

ANSWER: dict[str, Any] = {
    "decision": "permit",
    "permitted": True,
    "principal": "sakura",
    "obligations": [],
    "revision": 7,
    "categories": [{"category": "purchase", "verdict": "permit"}],
    "reason": {"gate": "consent", "reason": "consent_given"},
    "policy_version": "2019-12-11",
    "policy_digest": "b9",
}


def read(**changes: Any) -> Decision:
    return Decision.read(copy.deepcopy(ANSWER) | changes, "sakura")


def test_a_clear_permit_is_one() -> None:
    decision = read()
    assert decision.is_permitted
    assert decision.reason and decision.reason.code == "consent_given"
    assert (decision.revision, decision.policy_digest) == (7, "b9")


def test_a_node_without_a_lease_denies_by_no_gate() -> None:
    decision = read(decision="deny", permitted=False, reason={"gate": None, "reason": "stale", "verdict": "deny"})
    assert not decision.is_permitted
    assert decision.reason and (decision.reason.gate, decision.reason.code) == (None, "stale")
    with pytest.raises(NoAnswer):
        read(reason={"gate": 1, "reason": "stale"})


@pytest.mark.parametrize("verdict", ["permit_with_conditions", "needs_consent", "refer", "deny", "Permit", "granted", ""])
def test_another_verdict_is_no_permit(verdict: str) -> None:
    assert not read(decision=verdict).is_permitted


@pytest.mark.parametrize(
    "changes",
    [
        {"permitted": False},
        {"categories": []},
        {"categories": [{"category": "purchase", "verdict": "deny"}]},
        {"obligations": [{"kind": "mask"}]},
    ],
)
def test_parts_that_say_otherwise_are_no_permit(changes: dict[str, Any]) -> None:
    assert not read(**changes).is_permitted


@pytest.mark.parametrize("field", ["decision", "permitted", "principal", "obligations", "revision", "categories"])
@pytest.mark.parametrize("value", [None, 1.5, {}, "true"])
def test_what_is_something_else_is_no_decision(field: str, value: object) -> None:
    if field == "decision" and value == "true":
        assert read(decision=value).verdict is Verdict.UNKNOWN
        return
    with pytest.raises(NoAnswer):
        read(**{field: value})


def test_conditions_permit_to_whoever_carries_out_all_of_them() -> None:
    decision = read(
        decision="permit_with_conditions",
        categories=[{"category": "purchase", "verdict": "permit_with_conditions"}],
        obligations=[{"kind": "mask", "categories": ["purchase"]}, {"kind": "tell"}],
    )
    assert not decision.is_permitted
    assert decision.permits_if(lambda _: True)
    assert not decision.permits_if(lambda obligation: obligation.kind == "mask")
    assert not read(decision="refer").permits_if(lambda _: True)


def test_a_decision_is_neither_true_nor_false() -> None:
    with pytest.raises(TypeError):
        bool(read())


def test_one_name_is_no_list() -> None:
    question = Question(principal="sakura", action="use", activity="a", categories="purchase")
    with pytest.raises(TypeError):
        question.key()


def test_a_principal_is_one_part_of_an_address() -> None:
    assert of_principal("../x?", "consents") == "/v1/principals/%2E%2E%2Fx%3F/consents"


def test_a_token_goes_in_the_clear_to_this_machine_alone() -> None:
    assert base("http://127.0.0.1:8080/", Settings()) == "http://127.0.0.1:8080"
    assert base("https://nattoku.example/api", Settings()) == "https://nattoku.example/api"
    for address in ["http://nattoku.example", "nattoku.example", "ftp://127.0.0.1", "https://a:b@c", "https://a/?b"]:
        with pytest.raises(ValueError):
            base(address, Settings())
    assert base("http://nattoku.example", Settings(allow_clear_text=True))
