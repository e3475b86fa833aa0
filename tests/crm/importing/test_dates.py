from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from crm.importing.date_survey import DateSurvey
from crm.importing.dates import DateReader, checked_format
from crm.importing.problems import CellProblem, ImportProblem
from crm.importing.table import Cell

JUNE_15 = date(2023, 6, 15)


def reader(*cells: Cell) -> DateReader:
    survey = DateSurvey()
    for cell in cells:
        survey.observe(cell)
    return survey.reader("seen")


@pytest.mark.parametrize(
    "text",
    [
        *("2023-06-15", "2023/06/15", "2023.6.15", "20230615"),
        *("15.06.2023", "15/6/2023", "15-06-2023", "6/15/2023", "06-15-2023", "6.15.2023"),
        *("15.06.23", "15/06/23", "6/15/23"),
        *("15 Jun 2023", "15-Jun-2023", "15. June 2023", "15th June 2023", "15-Jun-23"),
        *("Jun 15, 2023", "June 15 2023", "JUNE 15, 2023"),
        *("2023-06-15 14:30", "2023-06-15T14:30:00", "2023-06-15 14:30:00.123"),
        *("15.06.2023 14:30", "15.06.2023, 14:30:05", "6/15/2023 2:30 PM", "15 Jun 2023 14:30"),
        *("2023-06-15T14:30:00Z", "2023-06-15T14:30:00+02:00", "2023-06-15 14:30:00 UTC"),
        *(JUNE_15, datetime(2023, 6, 15, 14, 30)),
    ],
)
def test_it_recognises_a_date_that_can_only_be_one_day(text: Cell):
    assert reader(text).day(text) == JUNE_15


@pytest.mark.parametrize(
    ("proof", "expected"), [("13/01/2023", date(2023, 4, 3)), ("01/13/2023", date(2023, 3, 4))]
)
def test_one_value_decides_for_the_column(proof: str, expected: date):
    assert reader("03/04/2023", proof, "05/05/2023").day("03/04/2023") == expected


@pytest.mark.parametrize(
    ("texts", "formats"),
    [
        (["03/04/2023", "05/06/2023"], ["%d/%m/%Y", "%m/%d/%Y"]),
        (["03-04-2023"], ["%d-%m-%Y", "%m-%d-%Y"]),
        (["03/04/23"], ["%d/%m/%y", "%m/%d/%y"]),
    ],
)
def test_a_column_that_fits_both_orders_asks_and_shows_values(texts: list[str], formats: list[str]):
    with pytest.raises(ImportProblem) as raised:
        reader(*texts)

    for expected in (*texts, *(f'--date-format "seen={each}"' for each in formats)):
        assert expected in raised.value.message


def test_a_column_that_contradicts_itself_asks_and_shows_both_values():
    with pytest.raises(ImportProblem, match=r"'13/01/2023', '01/14/2023'"):
        reader("02/03/2023", "13/01/2023", "01/14/2023")


def test_days_that_equal_their_month_leave_nothing_open():
    assert reader("05/05/2023", "07/07/2023").day("05/05/2023") == date(2023, 5, 5)


def test_with_points_the_day_comes_first_unless_a_value_shows_otherwise():
    assert reader("03.04.2023").day("03.04.2023") == date(2023, 4, 3)
    assert reader("03.04.2023", "04.13.2023").day("03.04.2023") == date(2023, 3, 4)


def test_a_few_strangers_are_left_to_their_rows():
    dates = reader("2023-06-15", "soon", "2023-02-30")

    for text in ("soon", "2023-02-30", "1023-02-03", "45092"):
        with pytest.raises(CellProblem, match="is not a date"):
            dates.day(text)


def test_a_column_without_any_date_stops_and_shows_values():
    with pytest.raises(ImportProblem, match=r"'red', 'green'.*--date-format"):
        reader("red", "green")


def test_a_zero_date_is_not_known():
    assert reader("2023-06-15", "0000-00-00").day("0000-00-00 00:00:00") is None


@override_settings(TIME_ZONE="America/New_York")
def test_a_moment_with_a_time_zone_is_a_day_where_the_team_sits():
    evening = datetime(2023, 6, 16, 2, 0, tzinfo=UTC)

    assert reader(evening).day(evening) == JUNE_15
    assert reader("2023-06-16T02:00:00Z").day("2023-06-16T02:00:00Z") == JUNE_15
    assert reader("2023-06-16T02:00:00").day("2023-06-16T02:00:00") == date(2023, 6, 16)


def test_a_given_format_is_followed_and_times_behind_it_do_not_matter():
    dates = DateReader(format="%d/%m/%Y")

    assert dates.day("03/04/2023") == dates.day("03/04/2023 10:30") == date(2023, 4, 3)
    assert dates.day(datetime(2023, 4, 3)) == date(2023, 4, 3)
    with pytest.raises(CellProblem):
        dates.day("2023-04-03")


@pytest.mark.parametrize("pattern", ["%d/%m", "%Y", "dd/mm/yyyy", "%q", ""])
def test_a_format_that_gives_no_whole_date_is_refused(pattern: str):
    with pytest.raises(ImportProblem, match="a format says where day, month and year stand"):
        checked_format("seen", pattern)


@pytest.mark.parametrize("pattern", ["%d/%m/%Y", "%m-%d-%y", "%Y%m%d", "%d. %B %Y", "%Y-%j"])
def test_a_format_that_gives_a_whole_date_is_taken(pattern: str):
    assert checked_format("seen", pattern) == pattern


@given(st.lists(st.dates(date(1900, 1, 1), date(2100, 1, 1)), min_size=1), st.data())
def test_what_it_reads_without_asking_it_reads_right(days: list[date], data: st.DataObject):
    pattern = data.draw(
        st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"])
    )
    texts = [f"{day:{pattern}}" for day in days]
    try:
        dates = reader(*texts)
    except ImportProblem:
        assert pattern[3] != "m" or all(day.day <= 12 for day in days)
        return

    assert [dates.day(text) for text in texts] == days


def test_an_offset_far_away_is_no_crash():
    moment = datetime(2023, 6, 15, tzinfo=timezone(timedelta(hours=14)))

    assert reader(moment.isoformat()).day(moment.isoformat()) == date(2023, 6, 14)
