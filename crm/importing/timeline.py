"""One lead's states in time, while the rows of a file are put among them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from crm.days import day_end, day_start
from crm.models import Lead, Outcome
from crm.services.cleaning import MAX_ATTRIBUTES, Values
from crm.services.lead_upsert import change_lead, new_lead
from crm.services.outcome_record import stored_outcome
from crm.values import OutcomeData

# What the history says of a state that came from a file begins with this.
IMPORTED = "import of "
_TICK = timedelta(microseconds=1)
STATE_FIELDS = tuple(field.attname for field in Lead.history.model.tracked_fields)


@dataclass(slots=True)
class State:
    """A lead as it was since `moment`.

    lead:     a Lead or a row of its history; None for a stored state that nothing builds on.
    imported: it came from a file.
    """

    moment: datetime
    lead: Any
    imported: bool


class Timeline:
    """A lead with its states, oldest first; the last one is the lead as it is.

    fresh:   states that the history does not have yet.
    changed: the lead's fields that the database does not have yet.
    created: the lead is new.
    """

    def __init__(self, lead: Lead | None, states: Iterable[State] = ()) -> None:
        self.lead = lead
        self.created = lead is None
        self.changed: set[str] = set()
        self.fresh: list[State] = []
        self.outcome: OutcomeData | None = None
        self._states = list(states)
        # All that is known of it is a prediction request: a file knows better, even of an
        # earlier day.
        self._mentioned = lead is not None and not lead.confirmed

    @property
    def known(self) -> Lead:
        """The lead, once a row has said something of it."""
        if self.lead is None:
            raise LookupError("No row has said anything of this lead yet.")
        return self.lead

    def misfit(self, values: Values, outcome: OutcomeData | None) -> str:
        """Why the lead cannot be as a row says; "" if it can. Changes nothing."""
        days = [self.lead.seen_on if self.lead else None, values.get("seen_on")]
        seen_on = min((day for day in days if day), default=None)
        decided = self._decided_on(outcome)
        if seen_on and decided and decided < seen_on:
            return f"won or lost on {decided}, before the lead was known ({seen_on})"
        kept = self.lead.attributes if self.lead else {}
        if len({*kept, *values.get("attributes", ())}) > MAX_ATTRIBUTES:
            return f"with what the lead has, it would be over {MAX_ATTRIBUTES} attributes"
        return ""

    def _decided_on(self, outcome: OutcomeData | None) -> date | None:
        for known in (outcome, self.outcome, self._stored_outcome()):
            if known and isinstance(known.occurred_on, date):
                return known.occurred_on
        return None

    def _stored_outcome(self) -> Outcome | None:
        return stored_outcome(self.lead) if self.lead else None

    def decide(self, outcome: OutcomeData, seen_on: date | None) -> None:
        """What became of the lead, unless a state of a later day came from a file already."""
        later = seen_on and any(
            each.imported and each.moment >= day_end(seen_on) for each in self._states
        )
        if not later:
            self.outcome = outcome

    def add(self, values: Values, now: datetime) -> bool:
        """Put in what a row says of the lead, on its `seen_on` or else now; whether that is new.

        A state of a day is written over by adding a later one of the same day.
        """
        given = {name: value for name, value in values.items() if name != "seen_on"}
        day: date | None = values.get("seen_on")
        if self.lead is None:
            self.lead = new_lead(given, source=Lead.Source.IMPORT, seen_on=day)
            self._keep(len(self._states), day_start(day) if day else now, self.lead)
            return True
        if day is None:
            return self._change(given, now, always=False)
        place = next(
            (n for n, each in enumerate(self._states) if each.moment >= day_end(day)),
            len(self._states),
        )
        if place == len(self._states):
            known = bool(place) and self._states[-1].moment >= day_start(day)
            given["seen_on"] = self._earliest(self.lead, day)
            return self._change(given, day_start(day), always=not known)
        return self._add_past(given, day, place, now)

    def _change(self, values: Values, moment: datetime, *, always: bool) -> bool:
        """Change the lead as it is; with `always` that is a state even if nothing differs."""
        lead = self.known
        if self._states and self._states[-1].lead in (None, lead):
            self._states[-1].lead = _copy(lead)
        changed = change_lead(lead, values)
        self.changed |= changed
        if changed or always:
            self._keep(len(self._states), moment, lead)
        return bool(changed) or always

    def _add_past(self, values: Values, day: date, place: int, now: datetime) -> bool:
        """Add a state before the present one, which stays as it is."""
        lead = self.known
        changed = change_lead(lead, {"seen_on": self._earliest(lead, day)})
        self.changed |= changed
        base = self._states[place - 1] if place else None
        if base is None:
            state = new_lead(values, source=Lead.Source.IMPORT, seen_on=lead.seen_on)
            state.owner_id = lead.owner_id
        else:
            state = _copy(base.lead)
        differs = bool(change_lead(state, values)) or base is None
        if differs or (base and base.moment < day_start(day)):
            state.seen_on = lead.seen_on
            self._keep(place, day_start(day), state)
            changed.add("history")
        if self._mentioned:
            self._change(values, now, always=False)
        return bool(changed)

    def _keep(self, place: int, moment: datetime, lead: Lead) -> None:
        if place:
            moment = max(moment, self._states[place - 1].moment + _TICK)
        state = State(moment, lead, imported=True)
        self._states.insert(place, state)
        self.fresh.append(state)

    @staticmethod
    def _earliest(lead: Lead, day: date) -> date:
        return min(lead.seen_on or day, day)


def _copy(state: Any) -> Lead:
    """A lead of its own with the fields of a lead or of a history row, for the history only."""
    return Lead(**{name: getattr(state, name) for name in STATE_FIELDS})
