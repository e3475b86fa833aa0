from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.dataset.days import MOST_ROWS, LeftOut, Life, Row, State, face_value, rows_of

TODAY = date(2026, 6, 1)
WINDOW = timedelta(days=90)
SEEN = date(2025, 9, 1)
RECORDED = date(2026, 2, 1)


def day(number: int) -> date:
    """The day `number` days after the lead became known."""
    return SEEN + timedelta(days=number)


def life(*days: int, **fields) -> Life:
    return Life(**{"seen_on": SEEN, "states": [State(day(n)) for n in days], **fields})


def rows(a_life: Life):
    return rows_of(a_life, today=TODAY, window=WINDOW)


def labels(a_life: Life) -> dict[date | None, int]:
    return {row.day: row.label for row in rows(a_life).used}


def test_it_makes_a_row_of_the_first_day_and_of_each_later_day_with_a_change():
    assert rows(life(0, 0, 20, 50)).used == [
        Row(day(0), day(90), label=0, state=0),
        Row(day(20), day(110), label=0, state=2),
        Row(day(50), day(140), label=0, state=3),
    ]


def test_it_sees_the_last_state_of_a_day_but_the_first_of_the_first_day():
    assert [row.state for row in rows(life(0, 0, 20, 20)).used] == [0, 3]


def test_it_labels_a_win_within_the_window_of_the_rows_day_only():
    won = life(0, 5, 40, result="won", occurred_on=day(100))
    assert labels(won) == {day(0): 0, day(5): 0, day(40): 1}


@pytest.mark.parametrize(("after", "label"), [(89, 1), (90, 1), (91, 0)])
def test_it_counts_the_windows_last_day_in(after, label):
    assert labels(life(0, result="won", occurred_on=day(after))) == {day(0): label}


def test_it_takes_no_row_from_the_outcomes_day_on():
    lost = life(0, 10, 20, 30, result="lost", occurred_on=day(20))
    assert labels(lost) == {day(0): 0, day(10): 0}


def test_it_keeps_the_first_day_when_the_outcome_is_on_it_with_its_first_state():
    won = rows(life(0, 0, 0, result="won", occurred_on=SEEN)).used
    assert won == [Row(SEEN, day(90), label=1, state=0)]


def test_a_quick_win_waits_for_its_window_like_the_open_leads_beside_it():
    recent = TODAY - timedelta(days=89)
    quick = Life(
        states=[State(recent)], seen_on=recent, result="won", occurred_on=recent + timedelta(days=1)
    )
    assert rows(quick).left_out == LeftOut.YOUNG
    assert rows(quick).matures == [TODAY + timedelta(days=1)]


def test_it_counts_young_rows_of_leads_that_have_older_ones():
    found = rows(life(0, 270))
    assert [row.day for row in found.used] == [SEEN]
    assert found.matures == [day(360)]
    assert found.left_out is None


def test_an_undated_outcome_is_known_at_once_on_the_first_day_and_waits_on_later_ones():
    recent = TODAY - timedelta(days=30)
    later = recent + timedelta(days=10)
    states = [State(recent), State(later)]
    won = Life(states=states, seen_on=recent, result="won", recorded_on=TODAY)
    assert rows(won).used == [Row(recent, recent, label=1, state=0)]
    assert rows(won).matures == [later + WINDOW]


def test_an_undated_outcome_waits_for_its_window_where_none_counts_at_once():
    lost = Life(states=[State(SEEN)], seen_on=SEEN, result="lost", recorded_on=TODAY)
    (row,) = rows_of(lost, today=TODAY, window=WINDOW, at_once=False).used
    assert row == Row(SEEN, SEEN + WINDOW, label=0, state=0)


@pytest.mark.parametrize(
    ("undated_won", "undated_lost", "expected"),
    [
        (100, 300, True),
        (0, 0, True),
        (60, 300, True),
        (45, 0, True),
        (0, 300, False),
        (100, 0, False),
    ],
)
def test_undated_outcomes_count_at_once_if_wins_and_losses_lack_days_alike(
    undated_won, undated_lost, expected
):
    found = face_value(won=100, lost=300, undated_won=undated_won, undated_lost=undated_lost)
    assert found is expected


def test_undated_wins_wait_where_nothing_is_ever_lost_unless_they_are_few():
    assert not face_value(won=100, lost=0, undated_won=100, undated_lost=0)
    assert face_value(won=19, lost=0, undated_won=19, undated_lost=0)


def test_an_undated_outcome_ends_the_rows_on_the_day_it_was_recorded():
    won = life(0, 10, 20, result="won", recorded_on=day(20))
    assert labels(won) == {day(0): 1, day(10): 1}


def test_without_any_day_there_is_one_row_of_the_first_state():
    imported = Life(states=[State(RECORDED), State(RECORDED)], result="won", recorded_on=RECORDED)
    assert rows(imported).used == [Row(None, None, label=1, state=0)]


def test_a_lead_without_a_first_day_is_judged_from_the_day_it_was_recorded():
    open_lead = Life(states=[State(RECORDED)])
    assert rows(open_lead).used == [Row(RECORDED, RECORDED + WINDOW, label=0, state=0)]


@pytest.mark.parametrize(
    ("a_life", "reason"),
    [
        (life(0, result="disqualified", occurred_on=day(9)), LeftOut.DISQUALIFIED),
        (life(0, confirmed=False), LeftOut.ONLY_PREDICTED),
        (life(), LeftOut.NO_STATE),
        (life(0, result="won", occurred_on=day(-1)), LeftOut.OUTCOME_FIRST),
        (life(0, result="won", recorded_on=day(-1)), LeftOut.OUTCOME_FIRST),
    ],
)
def test_it_says_why_a_lead_makes_no_row(a_life, reason):
    found = rows(a_life)
    assert (found.used, found.left_out) == ([], reason)


def test_a_lead_that_only_predict_knew_is_seen_as_it_was_predicted():
    states = [State(SEEN, mentioned=True), State(SEEN, snapshot=True), State(day(3))]
    won = Life(states=states, seen_on=SEEN, result="won", recorded_on=SEEN)
    assert [row.state for row in rows(won).used] == [1]


def test_a_prediction_of_another_day_does_not_stand_for_the_first_state():
    states = [State(SEEN, mentioned=True), State(day(3), snapshot=True)]
    won = Life(states=states, seen_on=SEEN, result="won", occurred_on=day(2))
    assert [row.state for row in rows(won).used] == [0]


def test_the_first_day_sees_the_state_before_it_or_else_the_first_after_it():
    assert [row.state for row in rows(life(-9, -3, 0, 8)).used] == [1, 3]
    assert [row.state for row in rows(life(4, 4, result="won", occurred_on=day(2))).used] == [0]


def test_it_keeps_the_first_and_the_last_of_many_days_and_spreads_the_others():
    assert [row.day for row in rows(life(*range(101))).used] == [
        day(n) for n in (0, 20, 40, 60, 80, 100)
    ]


some_day = st.integers(-30, 300).map(day)
lives = st.builds(
    Life,
    states=st.lists(st.builds(State, day=some_day), max_size=12).map(
        lambda states: sorted(states, key=lambda state: state.day)
    ),
    seen_on=st.none() | some_day,
    confirmed=st.booleans(),
    result=st.sampled_from([None, "won", "lost", "disqualified"]),
    occurred_on=st.none() | some_day,
    recorded_on=some_day,
).map(lambda life: life if life.result else with_fields(life, occurred_on=None, recorded_on=None))


def with_fields(a_life: Life, **fields) -> Life:
    kept = {name: getattr(a_life, name) for name in Life.__dataclass_fields__}
    return Life(**{**kept, **fields})


@given(lives)
def test_a_lead_has_at_most_six_rows_each_of_another_day_or_a_reason_for_none(a_life):
    found = rows(a_life)
    days = [row.day for row in found.used]
    assert len(days) <= MOST_ROWS
    assert days == [None] or days == sorted(set(days))
    assert bool(found.used) == (found.left_out is None)


@given(lives)
def test_no_row_lies_at_or_after_the_outcome_but_the_first_day_and_none_is_young(a_life):
    for row in rows(a_life).used:
        if row.day is None:
            continue
        assert row.known_on <= TODAY
        if row.day != a_life.seen_on and a_life.outcome_day is not None:
            assert row.day < a_life.outcome_day
        if a_life.occurred_on is not None:
            assert row.day <= a_life.occurred_on
            assert row.known_on == row.day + WINDOW


@given(lives)
def test_a_row_sees_nothing_recorded_after_its_day_once_something_was(a_life):
    first = a_life.states[0].day if a_life.states else None
    for row in rows(a_life).used:
        if row.day is not None and first <= row.day:
            assert a_life.states[row.state].day <= row.day


@given(lives)
def test_labels_of_a_dated_win_only_turn_from_no_to_yes_as_days_pass(a_life):
    found = [row.label for row in rows(a_life).used]
    assert found == sorted(found)
    if a_life.result != "won":
        assert not any(found)


@given(lives, st.lists(st.integers(0, 300), max_size=4))
def test_what_is_written_after_the_outcome_changes_no_row(a_life, later):
    if a_life.outcome_day is None or not a_life.states:
        return
    end = max(a_life.outcome_day, a_life.states[-1].day)
    states = [*a_life.states, *(State(end + timedelta(days=n)) for n in sorted(later))]
    assert rows(with_fields(a_life, states=states)) == rows(a_life)


@given(lives, st.none() | st.integers(0, 90))
def test_a_late_win_of_a_mature_open_lead_turns_its_labels_and_nothing_else(a_life, after):
    before = rows(
        with_fields(a_life, result=None, confirmed=True, occurred_on=None, recorded_on=None)
    )
    if before.left_out is not None or before.matures:
        return
    won_on = None if after is None else before.used[-1].day + timedelta(days=max(after, 1))
    won = rows(
        with_fields(a_life, result="won", confirmed=True, occurred_on=won_on, recorded_on=TODAY)
    )
    assert [(row.day, row.state) for row in won.used] == [
        (row.day, row.state) for row in before.used
    ]
    assert won.used[-1].label == 1
