"""The shapes that are sent and read are those of the API's document."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from nattoku import AudienceQuestion, Question, Settings, Verdict, call

DOCUMENT = json.loads((Path(__file__).parents[3] / "crates/nattoku-web/openapi.json").read_text("utf-8"))
SHAPES: Mapping[str, Any] = DOCUMENT["components"]["schemas"]


def names(shape: str, part: str = "properties") -> set[str]:
    return set(SHAPES[shape][part])


def test_questions_have_the_fields_of_the_document() -> None:
    assert {field.name for field in dataclasses.fields(Question)} == names("Question")
    assert {field.name for field in dataclasses.fields(AudienceQuestion)} | {"list"} == names("QuestionAboutEverybody")


def test_every_verdict_is_known() -> None:
    assert {verdict.value for verdict in Verdict} - {"unknown"} == set(SHAPES["Verdict"]["enum"])


@pytest.mark.parametrize(
    ("shape", "read"),
    [
        ("Decision", "decision permitted principal reason categories obligations policy_version policy_digest revision"),
        ("CaseAnswer", "category verdict"),
        ("Obligation", "kind categories"),
        ("Reason", "gate reason"),
        ("WillAnswer", "receipt revision recorded_at acknowledged"),
        ("Recorded", "events revision acknowledged"),
        ("Figures", "principals revision"),
        ("PermittedPage", "principals next revision"),
        ("Changed", "changed everybody revision"),
        ("Problem", "type title status detail"),
    ],
)
def test_what_is_read_is_always_answered(shape: str, read: str) -> None:
    assert set(read.split()) <= names(shape, "required")


def test_every_call_is_to_an_address_of_the_document() -> None:
    settings = Settings()
    question = Question(principal="p", action="use", activity="a", categories=["c"])
    everybody = AudienceQuestion(action="use", activity="a", categories=["c"])
    sent = [
        call.decide(question, 0, settings),
        call.batch([], settings),
        call.explain(question, 0, settings),
        call.act("p", "consents", {"item": "i", "act": "grant"}, None, settings),
        call.act("p", "choices", {"choice": "c", "act": "decline"}, None, settings),
        call.record("p", [], "durable", None, settings),
        call.audience(everybody, None, settings),
        call.changed_since(0, [], settings),
        call.about("p", "holdings", settings),
    ]
    for one in sent:
        path = one.path.replace("/p/", "/{principal}/")
        assert ("get" if one.body is None else "post") in DOCUMENT["paths"][path], path
