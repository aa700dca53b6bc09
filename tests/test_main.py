"""`make test`: what can run side by side does, and a failure ends it."""

import pytest

from tests import __main__ as suite


@pytest.fixture
def runs(monkeypatch):
    """What happened to the runs, in order; `runs.fails` names those that do not pass."""

    class Runs(list):
        fails = ()

    runs = Runs()

    class Run:
        def __init__(self, title, environment, command):
            self.title = title
            runs.append(("started", title))

        def status(self):
            runs.append(("awaited", self.title))
            return int(self.title in runs.fails)

    monkeypatch.setattr(suite, "_Run", Run)
    monkeypatch.setattr(suite, "_needs", lambda is_check: [])
    monkeypatch.setattr(suite, "postgresql_answers", lambda: True)
    return runs


def test_all_runs_of_a_stage_are_started_before_one_is_awaited(runs):
    assert suite.main([]) == 0
    verbs = [verb for verb, _title in runs]
    data, servers = 3, 2
    assert verbs == ["started"] * data + ["awaited"] * data + ["started"] * servers + ["awaited"] * servers


def test_what_fails_early_keeps_the_slow_tests_from_starting(runs):
    runs.fails = ("checks",)
    assert suite.main([]) == 1
    assert [title for verb, title in runs if verb == "started"] == ["checks", "SQLite", "PostgreSQL"]


def test_a_check_needs_no_postgresql_and_no_browser(runs):
    assert suite.main(["check"]) == 0
    started = [title for verb, title in runs if verb == "started"]
    assert started == ["checks", "SQLite, greenenergy", "SQLite, the apps"]


def test_a_check_of_some_tests_is_one_run(runs):
    assert suite.main(["check", "tests/news"]) == 0
    assert [title for verb, title in runs if verb == "started"] == ["checks", "SQLite"]
