"""Reading what a server answered: each field is what it must be, or the whole is no answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class NoAnswer(ValueError):
    """A field is missing or is something else."""


def of(json: object) -> Mapping[str, Any]:
    if not isinstance(json, dict):
        raise NoAnswer("it is no object")
    return json


def text(json: Mapping[str, Any], field: str) -> str:
    value = json.get(field)
    if not isinstance(value, str):
        raise NoAnswer(f"`{field}` is no text")
    return value


def number(json: Mapping[str, Any], field: str) -> int:
    value = json.get(field)
    if type(value) is not int or value < 0:
        raise NoAnswer(f"`{field}` is no number")
    return value


def truth(json: Mapping[str, Any], field: str) -> bool:
    value = json.get(field)
    if not isinstance(value, bool):
        raise NoAnswer(f"`{field}` is not true or false")
    return value


def objects(json: Mapping[str, Any], field: str) -> list[Mapping[str, Any]]:
    return [of(one) for one in items(json, field)]


def items(json: Mapping[str, Any], field: str) -> list[Any]:
    value = json.get(field)
    if not isinstance(value, list):
        raise NoAnswer(f"`{field}` is no list")
    return value
