"""What is answered beside decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import fields
from .decision import Verdict


@dataclass(frozen=True)
class Receipt:
    """That an act of a principal's will is in the ledger."""

    number: str
    revision: int
    recorded_at: str
    acknowledged: str
    """`durable`: every node respects it within the bound of its lease; `enforced`: every node does."""
    json: Mapping[str, Any]

    @classmethod
    def read(cls, json: object) -> Receipt:
        told = fields.of(json)
        return cls(
            number=fields.text(told, "receipt"),
            revision=fields.number(told, "revision"),
            recorded_at=fields.text(told, "recorded_at"),
            acknowledged=fields.text(told, "acknowledged"),
            json=told,
        )


@dataclass(frozen=True)
class RecordedEvent:
    """That one event is in the ledger."""

    revision: int
    recorded_at: str
    already_there: bool


@dataclass(frozen=True)
class Recorded:
    """That events are in the ledger, each in its order."""

    events: tuple[RecordedEvent, ...]
    revision: int
    acknowledged: str
    json: Mapping[str, Any]

    @classmethod
    def read(cls, json: object) -> Recorded:
        told = fields.of(json)
        events = tuple(
            RecordedEvent(
                fields.number(one, "revision"), fields.text(one, "recorded_at"), fields.truth(one, "already_there")
            )
            for one in fields.objects(told, "events")
        )
        return cls(events, fields.number(told, "revision"), fields.text(told, "acknowledged"), told)


@dataclass(frozen=True)
class Figures:
    """For how many something is permitted, with conditions or without."""

    all: int
    permitted: int
    by_verdict: Mapping[str, int]
    revision: int
    json: Mapping[str, Any]

    @classmethod
    def read(cls, json: object) -> Figures:
        told = fields.of(json)
        principals = fields.of(told.get("principals"))
        by_verdict = fields.of(principals.get("by_verdict"))
        return cls(
            all=fields.number(principals, "all"),
            permitted=fields.number(principals, "permitted"),
            by_verdict={name: fields.number(by_verdict, name) for name in by_verdict},
            revision=fields.number(told, "revision"),
            json=told,
        )


@dataclass(frozen=True)
class Listed:
    """A part of the list of those for whom something is permitted, each with the verdict."""

    principals: tuple[tuple[str, Verdict], ...]
    next: int | None
    """After what the next part begins; none at the end."""
    revision: int
    """Ask `changed_since` it right before the list is used."""

    @classmethod
    def read(cls, json: object) -> Listed:
        told = fields.of(json)
        principals = tuple(
            (fields.text(one, "principal"), Verdict.read(fields.text(one, "verdict")))
            for one in fields.objects(told, "principals")
        )
        following = None if told.get("next") is None else fields.number(told, "next")
        return cls(principals, following, fields.number(told, "revision"))


@dataclass(frozen=True)
class Changed:
    """To whom something has happened since a revision."""

    principals: frozenset[str]
    everybody: bool
    """Something has happened that concerns everybody: the whole list is to be made anew."""
    revision: int

    def concerns(self, principal: str) -> bool:
        """Whether a principal has to be asked about again."""
        return self.everybody or principal in self.principals

    @classmethod
    def read(cls, json: object) -> Changed:
        told = fields.of(json)
        changed = fields.items(told, "changed")
        if not all(isinstance(one, str) for one in changed):
            raise fields.NoAnswer("`changed` is no list of texts")
        return cls(frozenset(changed), fields.truth(told, "everybody"), fields.number(told, "revision"))
