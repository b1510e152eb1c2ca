"""Commands with a missing, empty or wrong part: refused in one sentence, and the class stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mnist_demo.classroom.commands import COMMANDS, SWITCHES
from tests.browser.conftest import Server, run_server
from tests.classroom.classes import QUESTION
from tests.ui.classroom.phones import Teacher, joined


class Missing:
    """What is not said at all; its name in tests is the same in every process."""

    def __repr__(self) -> str:
        """Name it."""
        return "missing"


MISSING = Missing()
NO_NAMES = (
    MISSING,
    None,
    "",
    " ",
    0,
    3.5,
    True,
    [],
    {},
    ["1-1-1"],
    "none",
    "../..",
    "a\0b",
    "\ud83d",
    "x" * 5000,
)
NO_NUMBERS = (None, "", "1", -1, 1.5, 10**30, True, [], {})
NO_QUESTIONS = (
    MISSING,
    None,
    "",
    "Why?",
    [],
    {},
    {"text": "Why?"},
    QUESTION | {"id": 3},
    QUESTION | {"choices": []},
)
PARTS: dict[str, list[dict[str, Any]]] = {
    "open": [
        *({"digit": digit} for digit in (MISSING, *NO_NUMBERS, 10)),
        *({"kind": kind, "digit": 3} for kind in (None, "", "letter", 1, ["digit"], {})),
        *({"kind": "question", "question": question} for question in NO_QUESTIONS),
    ],
    "use": [{"run": run} for run in NO_NAMES],
    "hide": [{"tile": tile} for tile in NO_NAMES],
    "show": [{"tile": tile} for tile in NO_NAMES],
    "remove": [{"seat": seat} for seat in (MISSING, *NO_NUMBERS, 0, 99)],
    "block": [{"seat": seat} for seat in (MISSING, *NO_NUMBERS, 0, 99)],
    "unblock": [{"seat": seat} for seat in (*NO_NUMBERS, 0, 99)],
    "end": [{"keep": keep} for keep in (None, "", "no", "true", 0, 1, [], {})],
}
WITHOUT_PARTS = {"close", "reveal", "next", "redo", "undo", "train", *SWITCHES}
CASES = [(command, needs) for command, cases in PARTS.items() for needs in cases if command != "use"]
NO_COMMANDS = (
    MISSING,
    None,
    "",
    " ",
    "launch",
    "OPEN",
    "__class__",
    0,
    True,
    [],
    ["open"],
    {"command": "open"},
)
CASES += [(command, {}) for command in NO_COMMANDS]


def test_all_commands_are_tried():
    """Those that need nothing cannot be told wrongly."""
    assert PARTS.keys() | WITHOUT_PARTS == COMMANDS.keys() | {"train"} | SWITCHES.keys() | {"end"}


@pytest.fixture(scope="module")
def teacher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Teacher]:
    """A class in which a round has been revealed, one phone is blocked, and another network reads."""
    with run_server(tmp_path_factory.mktemp("home")) as server:
        yield begun(server)


def begun(server: Server) -> Teacher:
    """Begin that class."""
    teacher = Teacher(server.url)
    teacher.begin()
    teacher.tell("use", run="notebook")
    phones = [joined(server.url, teacher.code) for _ in range(3)]
    teacher.tell("open", digit=1)
    assert phones[0].draw()[0] == 201
    for command, needs in (("close", {}), ("reveal", {}), ("block", {"seat": 3})):
        assert teacher.tell(command, **needs)[0] == 200
    return teacher


@pytest.fixture(scope="module")
def resting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Teacher]:
    """A class before its first round, and another network reads."""
    with run_server(tmp_path_factory.mktemp("home")) as server:
        teacher = Teacher(server.url)
        teacher.begin()
        assert teacher.tell("use", run="notebook")[0] == 200
        yield teacher


@pytest.mark.parametrize("needs", PARTS["use"], ids=lambda value: repr(value)[:60])
def test_nonsense_for_a_run_is_refused_where_one_could_be_chosen(resting: Teacher, needs: dict[str, object]):
    """Between two rounds, that is."""
    check_refused(resting, "use", needs)


@pytest.mark.parametrize(("command", "needs"), CASES, ids=lambda value: repr(value)[:60])
def test_nonsense_is_refused_in_one_sentence_and_changes_nothing(
    teacher: Teacher, command: object, needs: dict[str, object]
):
    """Whatever is missing, empty, of another kind, or names what is not there."""
    check_refused(teacher, command, needs)


def check_refused(teacher: Teacher, command: object, needs: dict[str, object]) -> None:
    """Tell a class nonsense."""
    before = teacher.wall()
    told = {name: value for name, value in {"command": command, **needs}.items() if value is not MISSING}
    status, answer = teacher.ask(f"/{teacher.code}/command", told)
    assert (status, list(answer)) in [(422, ["error"]), (404, ["error"])]
    assert answer["error"].rstrip().endswith(".")
    assert len(answer["error"]) < 400
    assert (teacher.wall(), teacher.wall()["run"]) == (before, "notebook")
