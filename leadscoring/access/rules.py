"""The one permission matrix: what a route needs of an API key, and of a logged-in user."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

SCOPES: Mapping[str, str] = MappingProxyType(
    {
        "predict": "Score leads",
        "leads": "Read, write and erase leads; read the predictions log",
        "outcomes": "Record what became of leads",
        "models": "Read model versions and their metrics",
        "batches": "Score files in the background (with `leads`: stored leads too)",
    }
)


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may: keys that have `scope` (any valid key if it is ""; no key at all if it is None)
    and all of `also`, and users who have all of `permissions` and, if `staff`, may enter the
    admin."""

    scope: str | None
    permissions: tuple[str, ...] = ()
    staff: bool = False
    also: tuple[str, ...] = ()


_WATCH = Rule("leads", ("crm.view_lead", "scoring.view_prediction"))
_WRITE_LEADS = Rule("leads", ("crm.add_lead", "crm.change_lead"))

# Resource (`ApiView.resource`) -> method -> rule. A method that is not here does not exist.
RULES: Mapping[str, Mapping[str, Rule]] = MappingProxyType(
    {
        "predict": {"POST": Rule("predict", ("scoring.add_prediction",))},
        "leads": {
            "GET": Rule("leads", ("crm.view_lead",)),
            "POST": _WRITE_LEADS,
            "PUT": _WRITE_LEADS,
            "PATCH": _WRITE_LEADS,
            "DELETE": Rule("leads", ("crm.delete_lead",)),
        },
        "outcomes": {
            "POST": Rule("outcomes", ("crm.add_outcome", "crm.change_outcome")),
            "DELETE": Rule("outcomes", ("crm.delete_outcome",)),
        },
        "predictions": {"GET": Rule("leads", ("scoring.view_prediction",))},
        "explanation": {"GET": Rule("leads", ("crm.view_lead", "scoring.view_prediction"))},
        "scores": {"GET": Rule("leads", ("crm.view_lead", "scoring.view_prediction"))},
        # Sockets at /ws/scores go by the rule for events too.
        "events": {"GET": _WATCH},
        "ws-ticket": {"POST": _WATCH},
        "what-if": {"POST": Rule("predict", ("scoring.add_prediction",))},
        "worklist": {
            "GET": Rule("predict", ("crm.view_lead", "scoring.view_leadscore"), also=("leads",))
        },
        "models": {"GET": Rule("models", ("scoring.view_modelversion",))},
        "promotion": {"POST": Rule(None, ("scoring.change_modelversion",))},
        "batches": {
            "GET": Rule("batches", ("scoring.view_job",)),
            "POST": Rule("batches", ("scoring.add_job",)),
            "DELETE": Rule("batches", ("scoring.change_job",)),
        },
        "jobs": {
            "GET": Rule("batches", ("scoring.view_job",)),
            "POST": Rule(None, ("scoring.add_job", "scoring.change_modelversion")),
            "DELETE": Rule("batches", ("scoring.change_job",)),
        },
        "ready": {"GET": Rule("", staff=True)},
        "schema": {"GET": Rule("", staff=True)},
        "docs": {"GET": Rule(None, staff=True)},
    }
)


def rule_for(resource: str, method: str) -> Rule | None:
    """The rule of a method; HEAD is a GET without its body."""
    return RULES.get(resource, {}).get("GET" if method == "HEAD" else method)
