"""Progress off a terminal: a line a while, and the time left."""

from oestra.cli.told_progress import ToldProgress


class Clock:
    """Time that passes when told."""

    now = 100.0

    def __call__(self):
        return self.now


def test_a_line_a_while_with_the_time_left():
    lines, clock = [], Clock()
    told = ToldProgress(lines.append, clock=clock, every=15.0)
    told("Running", 0, 100)
    for done in range(1, 61):
        clock.now += 1
        told("Running", done, 100)
    assert lines == [
        "Running: 15 of 100, about 85 s left",
        "Running: 30 of 100, about 70 s left",
        "Running: 45 of 100, about 55 s left",
        "Running: 60 of 100, about 40 s left",
    ]


def test_the_time_left_grows_no_faster_than_a_long_step_makes_it():
    lines, clock = [], Clock()
    told = ToldProgress(lines.append, clock=clock, every=15.0)
    told("Fitting", 0, 10)
    clock.now += 20
    told("Fitting", 1, 10)
    for _ in range(3):
        clock.now += 20
        told.tell()
    assert lines == [
        "Fitting: 1 of 10, about 3 min left",
        "Fitting: 1 of 10, about 3 min left",
        "Fitting: 1 of 10, about 4 min left",
        "Fitting: 1 of 10, about 5 min left",
    ]


def test_quick_work_says_nothing():
    lines, clock = [], Clock()
    told = ToldProgress(lines.append, clock=clock)
    for done in range(10):
        clock.now += 1
        told("Running", done, 10)
    assert lines == []


def test_a_long_step_is_told_of_too():
    lines, clock = [], Clock()
    told = ToldProgress(lines.append, clock=clock)
    told("Simulating", 0, 1)
    clock.now += 200
    told.tell()
    told.tell()
    assert lines == ["Simulating, for 3 min"]


def test_the_time_left_is_that_of_what_is_being_done():
    lines, clock = [], Clock()
    told = ToldProgress(lines.append, clock=clock)
    told("Slow", 0, 2)
    clock.now += 7200
    told("Slow", 1, 2)
    told("Quick", 10, 30)
    clock.now += 20
    told("Quick", 20, 30)
    assert lines == [
        "Slow: 1 of 2, about 2.0 h left",
        "Quick: 20 of 30, about 20 s left",
    ]
