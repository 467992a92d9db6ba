"""How many pushes fly at once, and how long all wait after trouble."""

from wallet_service.delivery.apns.pace import Pace, Patience

PATIENCE = Patience(backoff_seconds=1, backoff_max_seconds=20, configuration_seconds=300)


def a_pace(window_max: int = 50) -> Pace:
    return Pace(window_max, PATIENCE, jitter=lambda: 1.0)


def answer(pace: Pace, times: int) -> None:
    for _ in range(times):
        pace.answered()


def test_one_push_goes_ahead_of_the_others():
    pace = a_pace()
    assert (pace.room(0), pace.room(1)) == (1, 0)

    answer(pace, 100)
    assert (pace.room(0), pace.room(49), pace.room(60)) == (50, 1, 0)


def test_the_window_halves_when_the_server_is_crowded_and_grows_slowly_again():
    pace = a_pace()
    answer(pace, 100)

    pace.crowded()
    assert pace.room(0) == 25
    answer(pace, 26)
    assert pace.room(0) == 26
    for _ in range(20):
        pace.crowded()
    assert pace.room(0) == 1


def test_a_lost_connection_is_counted_once_for_all_pushes_on_it():
    pace = a_pace()
    answer(pace, 100)
    connection = pace.connection

    assert [pace.lost(connection, 100.0) for _ in range(49)] == [True] + [False] * 48
    assert pace.held_for(100.0) == 1
    assert pace.room(0) == 1


def test_the_pause_doubles_up_to_its_limit_and_an_answer_ends_it():
    pace = a_pace()
    pauses = []
    for _ in range(8):
        pace.lost(pace.connection, 0.0)
        pauses.append(pace.held_for(0.0))

    assert pauses == [1, 2, 4, 8, 16, 20, 20, 20]
    assert pace.is_recovering
    pace.answered()
    assert not pace.is_recovering
    pace.lost(pace.connection, 0.0)
    assert pace.held_for(0.0) == 1


def test_losing_the_connection_for_days_breaks_nothing():
    pace = a_pace()
    for _ in range(10_000):
        pace.lost(pace.connection, 0.0)

    assert pace.held_for(0.0) == 20


def test_ten_refusals_in_a_row_make_all_wait_and_then_three():
    pace = a_pace()
    answer(pace, 100)

    assert [pace.refused(pace.connection, 0.0) for _ in range(10)] == [False] * 9 + [True]
    assert [pace.refused(pace.connection, 5.0) for _ in range(3)] == [False, False, True]
    assert pace.held_for(5.0) == 2


def test_refusals_among_good_answers_make_nobody_wait():
    pace = a_pace()
    for _ in range(100):
        assert not pace.refused(pace.connection, 0.0)
        pace.answered()

    assert pace.held_for(0.0) == 0


def test_a_fault_of_ours_waits_long():
    pace = a_pace()

    assert pace.misconfigured(pace.connection, 0.0)
    assert pace.held_for(0.0) == 300


def test_a_server_that_hangs_up_has_half_a_minute():
    pace = a_pace()

    assert pace.hung_up(pace.connection, 0.0)
    assert (pace.held_for(0.0), pace.room(0)) == (30, 1)
    assert pace.is_recovering
