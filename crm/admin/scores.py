"""What models said of a lead, on the lead's own page."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from crm.models import Lead
from scoring.ml.explaining.wording import signed
from scoring.services.score_history import PastScore, score_history

# The last scores; the API has them all.
SHOWN = 10


def score_history_html(lead: Lead) -> SafeString:
    """The last scores, each with what changed it, as a table."""
    history, more = score_history(lead=lead, limit=SHOWN)
    rows = [{"past": past, "model": _model_part(past), "points": _points(past)} for past in history]
    return render_to_string("crm/score_history.html", {"rows": rows, "more": more is not None})


def _points(past: PastScore) -> str:
    """The whole change."""
    receipt = past.receipt
    return signed(100 * (receipt.after - receipt.before)) if receipt else ""


def _model_part(past: PastScore) -> str:
    """What another model did, all fields together."""
    receipt = past.receipt
    if receipt is None or not (receipt.model or receipt.base):
        return ""
    points = receipt.base + sum(change.points for change in receipt.model)
    return f"Model version {past.prediction.version.number} sees the lead otherwise: " + signed(
        points
    )
