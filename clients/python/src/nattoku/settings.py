"""Whom a client asks, how long it waits, and for how long it remembers."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field

import httpx

CACHE_AGE_MAX = 2.0
"""No answer is used again when it is older, in seconds: the time after which no lease of before a withdrawal is left."""

_THIS_MACHINE = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of a client. Times are in seconds."""

    question_wait: float = 1.0
    """How long one try of a decision is waited for."""
    write_wait: float = 5.0
    """How long one try of anything else is waited for."""
    tries_max: int = 3
    """How many times a call is tried that the server was too busy for, or that it did not get."""
    whole_wait: float = 10.0
    """How long all tries may take."""
    cache_age: float = 1.0
    """For how long an answer is used again, from when it was asked for; never longer than `CACHE_AGE_MAX`."""
    cache_answers: int = 10_000
    """How many answers are remembered at most."""
    language: str = "en"
    """In which problems are told: `ja` or `en`."""
    allow_clear_text: bool = False
    """Sends the token over plain HTTP to another machine, where the network itself is protected."""
    trust: ssl.SSLContext | None = field(default=None, repr=False)
    """Whom to trust; otherwise the authorities of the system."""


def base(address: str, settings: Settings) -> str:
    """The address that paths are put behind, where it can be called."""
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL as error:
        raise ValueError(f"`{address}` is no address") from error
    if url.scheme not in ("http", "https") or not url.host:
        raise ValueError(f"`{address}` begins with neither https:// nor http://")
    if url.scheme == "http" and url.host not in _THIS_MACHINE and not settings.allow_clear_text:
        raise ValueError(f"the token would be sent in the clear to `{address}`: write https, or allow clear text")
    if url.query or url.fragment or url.userinfo:
        raise ValueError(f"`{address}` has more than a scheme, a host, a port and a path")
    return address.rstrip("/")
