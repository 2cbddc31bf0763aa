"""A worker process does several things beside each other, and lives only while all of them do."""

import logging
import threading

import pytest

from suar.serving import run_together


def test_every_part_ends_when_it_is_told() -> None:
    """And that is no failure."""
    stop, seen = threading.Event(), []

    def part(stopping: threading.Event) -> None:
        seen.append(threading.current_thread())
        stopping.wait(10)

    threading.Timer(0.1, stop.set).start()
    assert run_together([part, part, part], stop)
    assert len(set(seen)) == 3


@pytest.mark.parametrize("place", [0, 1])
def test_a_part_that_fails_ends_the_others(place: int, caplog: pytest.LogCaptureFixture) -> None:
    """Answering without sending would look healthy and reach nobody."""

    def fails(_: threading.Event) -> None:
        raise ValueError("broken")

    def waits(stopping: threading.Event) -> None:
        assert stopping.wait(10)

    parts = [waits, waits]
    parts[place] = fails
    with caplog.at_level(logging.ERROR):
        assert not run_together(parts, threading.Event())
    assert "ValueError" in caplog.text
