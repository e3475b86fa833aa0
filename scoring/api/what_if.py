"""POST /api/what-if: what would have to change, or what a change would do. Nothing is stored."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType
from rest_framework.request import Request
from rest_framework.response import Response

from leadscoring.api.openapi import describe
from leadscoring.api.views import ApiView
from leadscoring.api.wire import LeadFields
from leadscoring.errors import invalid
from scoring.api.predict import to_leads
from scoring.api.reasons import Explanation, Reason, listed
from scoring.api.wire import ModelType, PredictLead
from scoring.ml.explaining.reasons import Reasons
from scoring.ml.schema import ATTRIBUTE_PREFIX
from scoring.models import score_of
from scoring.services.predict import AUTO
from scoring.services.what_if import Proposal, changes_try, smallest_changes_find

NOTE = (
    "This is what the model expects of leads like this one, not a promise: "
    "it has seen who was won, not what made them buy."
)


class WhatIfRequest(Struct, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A lead as in a predict request, and one of three: the score or the grade to reach, or
    changed fields (null: not known; attributes that are not named stay)."""

    lead: PredictLead
    target_score: Annotated[int, Meta(ge=1, le=100)] | None = None
    target_grade: Literal["A", "B", "C"] | None = None
    changes: LeadFields | None = None
    model_type: ModelType | None = "auto"


class ChangeStep(Struct):
    """A field to change, as people read it: "Interactions from 8 to 11"."""

    name: str
    before: str
    after: str
    text: str


class ProposedChange(Struct, rename="camel"):
    """Steps to take together, and the score that the model expects then.

    `changes` are the same steps as another request takes them, to try them.
    `reached` is false for the best that can be done if nothing reaches the target.
    """

    steps: list[ChangeStep]
    changes: LeadFields
    conversion_probability: float
    score: int
    reached: bool


class Part(Struct, rename="camel"):
    """A score and its reasons: base + their points + rest = 100 × conversionProbability."""

    conversion_probability: float
    score: int
    reasons: list[Reason]
    explanation: Explanation


class WhatIfResponse(Struct, rename="camel"):
    """The lead's score as it is; for a target up to three smallest `proposals`, smallest first
    (none: it is reached, or nothing brings it closer); for changes the score `before` and `after`.
    """

    id: int | str
    conversion_probability: float
    score: int
    model_version: int
    model_type: str
    note: str
    reached: bool | UnsetType = UNSET
    proposals: list[ProposedChange] | UnsetType = UNSET
    before: Part | UnsetType = UNSET
    after: Part | UnsetType = UNSET


class WhatIfView(ApiView):
    """A lead that were otherwise."""

    resource = "what-if"
    tag = "predict"

    @describe(
        "whatIf",
        "The smallest change that reaches a score, or the score after a change",
        request=WhatIfRequest,
        response=WhatIfResponse,
        errors=[409],
    )
    def post(self, request: Request) -> Response:
        asked = self.read(request, WhatIfRequest)
        wanted = (asked.target_score, asked.target_grade, asked.changes)
        if sum(each is not None for each in wanted) != 1:
            problem = "Give one of targetScore, targetGrade and changes."
            raise invalid({"body": problem})
        return Response(_propose(asked) if asked.changes is None else _try(asked, asked.changes))


def _propose(asked: WhatIfRequest) -> WhatIfResponse:
    (lead,) = to_leads([asked.lead])
    found = smallest_changes_find(
        lead=lead,
        model_type=asked.model_type or AUTO,
        score=asked.target_score,
        grade=asked.target_grade,
    )
    return WhatIfResponse(
        id=asked.lead.id,
        conversion_probability=found.probability,
        score=score_of(found.probability),
        model_version=found.version.number,
        model_type=found.version.model_type,
        note=NOTE,
        reached=found.reached,
        proposals=[_proposed(each) for each in found.proposals],
    )


def _try(asked: WhatIfRequest, changes: LeadFields) -> WhatIfResponse:
    lead, changed = to_leads([asked.lead, _changed(asked.lead, changes)])
    found = changes_try(
        lead=lead,
        changed=changed,
        model_type=asked.model_type or AUTO,
    )
    return WhatIfResponse(
        id=asked.lead.id,
        conversion_probability=found.before.probability,
        score=score_of(found.before.probability),
        model_version=found.version.number,
        model_type=found.version.model_type,
        note=NOTE,
        before=_part(found.before),
        after=_part(found.after),
    )


def _changed(lead: PredictLead, changes: LeadFields) -> PredictLead:
    given = {
        name: value
        for name, value in msgspec.structs.asdict(changes).items()
        if not isinstance(value, UnsetType)
    }
    if isinstance(changes.attributes, dict) and isinstance(lead.attributes, dict):
        given["attributes"] = {**lead.attributes, **changes.attributes}
    return msgspec.structs.replace(lead, **given)


def _proposed(proposal: Proposal) -> ProposedChange:
    return ProposedChange(
        steps=[
            ChangeStep(each.name, each.before, each.after, each.text) for each in proposal.steps
        ],
        changes=_as_changes(proposal.changes),
        conversion_probability=proposal.probability,
        score=score_of(proposal.probability),
        reached=proposal.reached,
    )


def _as_changes(changes: dict[str, Any]) -> LeadFields:
    fields = {
        name: value for name, value in changes.items() if not name.startswith(ATTRIBUTE_PREFIX)
    }
    attributes = {
        name.removeprefix(ATTRIBUTE_PREFIX): value
        for name, value in changes.items()
        if name.startswith(ATTRIBUTE_PREFIX)
    }
    return LeadFields(**fields, attributes=attributes or UNSET)


def _part(reasons: Reasons) -> Part:
    return Part(
        conversion_probability=reasons.probability,
        score=score_of(reasons.probability),
        reasons=listed(reasons),
        explanation=Explanation(reasons.base, reasons.rest),
    )
