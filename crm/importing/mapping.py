"""What each column of a file is, from flags and header alone."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from crm.importing.dates import checked_format
from crm.importing.options import NONE, REST
from crm.importing.problems import ImportProblem, samples
from crm.importing.table import column_name, second_of
from crm.models import Outcome
from crm.services.cleaning import MAX_ATTRIBUTES

# The contract's name of a field -> the model's. Both may be typed.
FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "name": "name",
        "company": "company",
        "industry": "industry",
        "size": "size",
        "email": "email",
        "position": "position",
        "lastContact": "last_contact",
        "budget": "budget",
        "previousPurchases": "previous_purchases",
        "interactions": "interactions",
    }
)
_BY_KEY = {name.replace("_", "").casefold(): name for name in FIELDS.values()}
# Among the values of an outcome: any that is not named otherwise.
ANY = "*"
DAYS = frozenset({"seen_on", "last_contact", "occurred_on"})
COUNTS = frozenset({"previous_purchases", "interactions"})
MONEY = frozenset({"budget", "value"})
NUMBERS = COUNTS | MONEY
_VALUE = re.compile(r"[\d.,:/ -]*\d[\d.,:/ -]*")


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """Which column is what.

    fields:   field of the lead, or `seen_on` -> column.
    outcome:  the column that says what became of the lead; "" if none does.
    results:  its values, without case -> won, lost or disqualified.
    decision: `occurred_on` and `value` of the outcome -> column.
    formats:  column -> the strptime format that was given for its dates.
    guessed:  the fields whose column nobody named: it is named like the field.
    """

    id: str
    fields: Mapping[str, str]
    attributes: tuple[str, ...]
    outcome: str = ""
    results: Mapping[str, str] = field(default_factory=dict)
    decision: Mapping[str, str] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    guessed: frozenset[str] = frozenset()

    def used(self) -> set[str]:
        """The columns that are more than attributes."""
        return {self.id, self.outcome, *self.fields.values(), *self.decision.values()} - {""}

    def result_of(self, value: str) -> str:
        """won, lost or disqualified, or "" for an outcome column's value that says none."""
        return self.results.get(value.casefold()) or (self.results.get(ANY, "") if value else "")

    def without(self, columns: Collection[str], options: Mapping[str, Any]) -> ColumnPlan:
        """The plan where these, taken for fields by their names, are columns of one's own."""
        kept = (options.get("attributes") or REST) == REST
        return replace(
            self,
            fields={name: each for name, each in self.fields.items() if each not in columns},
            attributes=(*self.attributes, *columns) if kept else self.attributes,
            guessed=frozenset(name for name in self.guessed if self.fields[name] not in columns),
        )

    def fitting(self, empty: Collection[str], options: Mapping[str, Any]) -> ColumnPlan:
        """The plan without empty columns where that makes the others fit a lead.

        Raises:
            ImportProblem: if there are too many all the same.
        """
        if len(self.attributes) <= MAX_ATTRIBUTES:
            return self
        chosen = (options.get("attributes") or REST) != REST
        kept = tuple(each for each in self.attributes if chosen or each not in empty)
        if len(kept) > MAX_ATTRIBUTES:
            raise ImportProblem(
                f"A lead keeps at most {MAX_ATTRIBUTES} columns of your own; these are "
                f"{len(kept)} with a value: choose with --attributes COL,COL."
            )
        return replace(self, attributes=kept)

    def of_kind(self, names: Iterable[str]) -> dict[str, str]:
        """These of all mapped fields, the outcome's too -> column."""
        mapped = {**self.fields, **self.decision}
        return {name: mapped[name] for name in mapped if name in set(names)}


def plan_columns(options: Mapping[str, Any], columns: Sequence[str]) -> ColumnPlan:
    """What the flags say of these columns; `options` as argparse gives them.

    Raises:
        ImportProblem: for a field or column that does not exist, or flags that do not fit.
    """
    id_column = _existing("--id", options.get("id") or "id", columns)
    fields = _mapped(options.get("map") or [], columns)
    if seen_on := options.get("seen_on"):
        fields["seen_on"] = _existing("--seen-on", seen_on, columns)
    outcome, results, decision = _outcome(options, columns)
    choice = options.get("attributes") or REST
    taken = {id_column, outcome, *fields.values(), *decision.values()}
    guessed: set[str] = set()
    listed = [] if choice in (REST, NONE) else _listed(choice, columns)
    for column in columns:
        name = _BY_KEY.get(_key(column))
        if name and name not in fields and column not in (*taken, *listed):
            fields[name] = column
            guessed.add(name)
    rest = [column for column in columns if column not in {*taken, *fields.values()}]
    attributes = _checked_attributes(rest if choice == REST else listed)
    dated = {fields.get("seen_on"), fields.get("last_contact"), decision.get("occurred_on")}
    return ColumnPlan(
        id=id_column,
        fields={name: column for name, column in fields.items() if column},
        attributes=attributes,
        outcome=outcome,
        results=results,
        decision=decision,
        formats=_formats(options.get("date_format") or [], columns, {*dated, *attributes}),
        guessed=frozenset(guessed),
    )


def _key(name: str) -> str:
    return "".join(each for each in name.casefold() if each not in "_ -")


def _existing(flag: str, typed: str, columns: Sequence[str]) -> str:
    column = column_name(typed)
    if column not in columns:
        near = [each for each in columns if _key(each) == _key(column)]
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise ImportProblem(
            f"{flag}: there is no column {typed!r}.{hint} "
            f"The file has {samples(list(columns), 60)}.{_unnamed(columns)}"
        )
    if second_of(column) in columns:
        raise ImportProblem(f"Two columns are named {column!r}, and {flag} means one: rename it.")
    return column


def _unnamed(columns: Sequence[str]) -> str:
    """A hint where what should name the columns has a number or a date among its names."""
    if any(_VALUE.fullmatch(name) for name in columns):
        return " The first row must name the columns: is that row missing?"
    return ""


def _mapped(pairs: Sequence[str], columns: Sequence[str]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for pair in pairs:
        typed, equals, column = pair.partition("=")
        if not equals:
            raise ImportProblem(f"--map {pair}: write it as FIELD=COL.")
        name = _BY_KEY.get(_key(typed))
        if name is None:
            raise ImportProblem(
                f"--map {pair}: there is no field {typed!r}. The fields are {', '.join(FIELDS)}."
            )
        if name in fields:
            raise ImportProblem(f"--map: {typed} is mapped twice.")
        fields[name] = _existing(f"--map {typed}", column, columns) if column else ""
    return fields


def _outcome(
    options: Mapping[str, Any], columns: Sequence[str]
) -> tuple[str, dict[str, str], dict[str, str]]:
    flags = {"occurred_on": "outcome_on", "value": "value"}
    given = {name: options[flag] for name, flag in flags.items() if options.get(flag)}
    results: dict[str, str] = {}
    for result in Outcome.Result.values:
        for value in options.get(result) or []:
            if results.setdefault(value.strip().casefold(), result) != result:
                raise ImportProblem(f"{value!r} cannot mean two outcomes.")
    column = options.get("outcome") or ""
    if not column:
        if given or results:
            raise ImportProblem("Say with --outcome COL which column holds the outcome.")
        return "", {}, {}
    column = _existing("--outcome", column, columns)
    if not results:
        raise ImportProblem(
            f"Say which values of {column!r} mean what: --won VALUE and --lost VALUE."
        )
    decision = {
        name: _existing("--" + flags[name].replace("_", "-"), each, columns)
        for name, each in given.items()
    }
    return column, results, decision


def _listed(choice: str, columns: Sequence[str]) -> list[str]:
    typed = dict.fromkeys(each.strip() for each in choice.split(","))
    return [_existing("--attributes", each, columns) for each in typed if each]


def _checked_attributes(chosen: Sequence[str]) -> tuple[str, ...]:
    for column in chosen:
        if not column.isprintable():
            raise ImportProblem(
                f"The name of column {column[:60]!r} is not readable text: rename it, leave it "
                "out with --attributes, or say the file's --encoding."
            )
    return tuple(chosen)


def _formats(
    pairs: Sequence[str], columns: Sequence[str], dates: Collection[str | None]
) -> dict[str, str]:
    formats: dict[str, str] = {}
    for pair in pairs:
        typed, equals, pattern = pair.rpartition("=")
        if not equals or not typed:
            raise ImportProblem(f"--date-format {pair}: write it as COL=FMT, e.g. seen=%d/%m/%Y.")
        column = _existing("--date-format", typed, columns)
        if column not in dates:
            raise ImportProblem(f"--date-format {pair}: this column is not read as a date.")
        formats[column] = checked_format(column, pattern)
    return formats
