"""Numbers in templates, as everywhere else."""

from __future__ import annotations

from django import template

from scoring import wording

register = template.Library()
register.filter("percent", wording.percent)
register.filter("whole", wording.number)
