"""Asks a Nattoku server whether personal data may be used, and tells it what a principal wants.

What is never a permit: an error, an answer that is late or cannot be read, an answer about somebody else or older than what this client
has itself written, and a verdict this version does not know. `permit_with_conditions` is one only for a caller who says of each
obligation that it is carried out: `Decision.permits_if`.
"""

from .aio import AsyncClient
from .answers import Changed, Figures, Listed, Receipt, Recorded, RecordedEvent
from .asgi import RequirePermission
from .client import Client
from .decision import Decision, Obligation, Reason, Verdict
from .errors import Late, NattokuError, Old, Problem, Unreachable, Unreadable
from .question import AudienceQuestion, Question
from .settings import CACHE_AGE_MAX, Settings

__all__ = [
    "CACHE_AGE_MAX",
    "AsyncClient",
    "AudienceQuestion",
    "Changed",
    "Client",
    "Decision",
    "Figures",
    "Late",
    "Listed",
    "NattokuError",
    "Obligation",
    "Old",
    "Problem",
    "Question",
    "Reason",
    "Receipt",
    "Recorded",
    "RecordedEvent",
    "RequirePermission",
    "Settings",
    "Unreachable",
    "Unreadable",
    "Verdict",
]
