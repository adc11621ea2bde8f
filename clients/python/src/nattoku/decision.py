"""A decision as it was answered, and what it permits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, NoReturn

from . import fields


class Verdict(Enum):
    """What a decision comes to."""

    PERMIT = "permit"
    PERMIT_WITH_CONDITIONS = "permit_with_conditions"
    NEEDS_CONSENT = "needs_consent"
    REFER = "refer"
    DENY = "deny"
    UNKNOWN = "unknown"
    """A verdict this version of the client does not know: no permit."""

    @classmethod
    def read(cls, name: str) -> Verdict:
        try:
            return cls(name)
        except ValueError:
            return cls.UNKNOWN


@dataclass(frozen=True)
class Obligation:
    """What a caller has to do who does what is permitted with conditions."""

    kind: str
    categories: tuple[str, ...]
    json: Mapping[str, Any]


@dataclass(frozen=True)
class Reason:
    """What decided: the gate, and the code, which never changes its meaning."""

    gate: str | None
    """None where a node without a lease denies whatever it would have said, as `stale`."""
    code: str


@dataclass(frozen=True)
class Decision:
    """A decision. It is neither true nor false: ask `is_permitted`."""

    verdict: Verdict
    permitted: bool
    """What the server says of it, which holds for `permit_with_conditions` too: ask `is_permitted`."""
    reason: Reason | None
    obligations: tuple[Obligation, ...]
    categories: tuple[tuple[str, Verdict], ...]
    policy_version: str | None
    policy_digest: str | None
    revision: int
    json: Mapping[str, Any]
    """The whole answer."""

    @property
    def is_permitted(self) -> bool:
        """Whether it may be done and nothing else has to be: the verdict is `permit`, and so it is for every category."""
        return self.verdict is Verdict.PERMIT and self._agrees() and not self.obligations

    def permits_if(self, carries_out: Callable[[Obligation], bool]) -> bool:
        """Whether it may be done by a caller who carries out every obligation of which `carries_out` says so."""
        is_permit = self.verdict in (Verdict.PERMIT, Verdict.PERMIT_WITH_CONDITIONS)
        return is_permit and self._agrees() and all(carries_out(obligation) is True for obligation in self.obligations)

    def __bool__(self) -> NoReturn:
        raise TypeError("a decision is neither true nor false: ask `is_permitted`")

    def _agrees(self) -> bool:
        """Whether the parts of the answer say the same as the whole."""
        permits = {Verdict.PERMIT, self.verdict}
        return self.permitted and bool(self.categories) and all(verdict in permits for _, verdict in self.categories)

    @classmethod
    def read(cls, json: object, principal: str) -> Decision:
        """Reads an answer about a principal. What is missing or is something else makes it no decision."""
        answer = fields.of(json)
        if answer.get("principal") != principal:
            raise fields.NoAnswer("it is about another principal")
        reason = answer.get("reason")
        return cls(
            verdict=Verdict.read(fields.text(answer, "decision")),
            permitted=fields.truth(answer, "permitted"),
            reason=None if reason is None else _reason(fields.of(reason)),
            obligations=tuple(_obligation(one) for one in fields.objects(answer, "obligations")),
            categories=tuple(
                (fields.text(one, "category"), Verdict.read(fields.text(one, "verdict")))
                for one in fields.objects(answer, "categories")
            ),
            policy_version=_text_or_none(answer, "policy_version"),
            policy_digest=_text_or_none(answer, "policy_digest"),
            revision=fields.number(answer, "revision"),
            json=answer,
        )


def _reason(json: Mapping[str, Any]) -> Reason:
    gate = None if json.get("gate") is None else fields.text(json, "gate")
    return Reason(gate=gate, code=fields.text(json, "reason"))


def _obligation(json: Mapping[str, Any]) -> Obligation:
    categories = json.get("categories")
    named = tuple(name for name in categories if isinstance(name, str)) if isinstance(categories, list) else ()
    return Obligation(kind=fields.text(json, "kind"), categories=named, json=json)


def _text_or_none(json: Mapping[str, Any], field: str) -> str | None:
    value = json.get(field)
    return value if isinstance(value, str) else None
