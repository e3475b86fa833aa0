"""How sure a lead's probability is, by when it may be won, and whether it is like the others."""

from __future__ import annotations

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from crm.models import Lead
from scoring.errors import ScoringError
from scoring.services.lead_outlook import LeadToday, lead_outlook
from scoring.wording import percent


def outlook_html(lead: Lead) -> SafeString | str:
    """Sentences on the lead as it is today, by the champion; why there are none, if so."""
    try:
        found = lead_outlook(lead)
    except ScoringError as error:
        return error.message
    return format_html_join("", "<div>{}</div>", ((line,) for line in _lines(found)))


def _lines(found: LeadToday) -> list[str]:
    outlook, said = found.outlook, percent(found.probability)
    lines = [f"Today {said}."]
    if outlook.interval is not None:
        low, high = percent(outlook.interval.low), percent(outlook.interval.high)
        sure = percent(outlook.interval.level, 0)
        lines = [f"Today {said}; {sure} sure that it is between {low} and {high}."]
    if outlook.by_day is not None:
        days = ", ".join(f"{day} days {percent(chance)}" for day, chance in outlook.by_day)
        lines.append(f"Won within {days}.")
    if outlook.familiarity is not None and not outlook.familiarity.enough:
        lines.append(outlook.familiarity.text)
    return lines
