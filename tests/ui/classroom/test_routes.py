"""The class over HTTP, on a real server, with well-behaved phones and with others."""

from __future__ import annotations

import csv
import io
import json
import signal
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlparse

import pytest

from mnist_demo.classroom.strokes import MAX_POINTS
from mnist_demo.ui.classroom.routes import JOINS, WRONG_CODES
from tests.browser.conftest import Server, run_server
from tests.classroom.classes import QUESTION, STROKES
from tests.ui.classroom.phones import FORWARDED, Caller, Phone, Teacher, joined

FOREIGN = "http://other.example"
PATIENCE = 600
"""Half seconds for a trainer that starts, and trains twice."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for all these tests, each of which begins a class of its own."""
    with run_server(tmp_path_factory.mktemp("home")) as running:
        yield running


@pytest.fixture
def teacher(server: Server) -> Teacher:
    """Somebody who has begun a class and opened a round for threes."""
    found = Teacher(server.url)
    found.begin()
    assert found.tell("open", digit=1)[0] == 200
    return found


@pytest.fixture
def phone(teacher: Teacher) -> Phone:
    """A phone in it."""
    return joined(teacher.url, teacher.code)


def test_round_from_join_to_reveal(teacher: Teacher, phone: Phone):
    """As a class goes through it."""
    status, told = phone.ask(f"/{phone.code}/state")
    assert (status, told["state"], told["round"], told["digit"]) == (200, "open", 1, 1)
    assert phone.draw() == (201, {"new": True})
    assert phone.own()[1] == {"round": 1, "sent": True, "sequence": 1, "choice": None, "guess": "yes"}
    assert teacher.tell("close")[1]["state"] == "closed"
    assert teacher.wall()["tallies"] is None
    assert teacher.tell("reveal")[1]["state"] == "revealed"
    own, wall = phone.own()[1], teacher.wall()
    assert (own["read"], own["verdict"], own["guess_right"]) == (1, "right", True)
    assert (wall["tallies"]["right"], wall["tallies"]["of"], wall["tiles"][0]["read"]) == (1, 1, 1)
    assert 0.9 < wall["tallies"]["mnist"] < 1


def test_one_class_at_a_time(teacher: Teacher):
    """Beginning it again gives the one that there is; its code may be typed in small letters."""
    assert teacher.ask("", {})[1]["code"] == teacher.code
    assert teacher.ask(f"/{teacher.code.lower()}/state")[0] == 200


def test_who_knows_is_answered_without_words(teacher: Teacher, phone: Phone):
    """Phones, most of the time, and the wall."""
    for path, asks in (("state", phone), ("wall", teacher)):
        version = asks.ask(f"/{teacher.code}/{path}")[1]["version"]
        assert asks.ask(f"/{teacher.code}/{path}?known={version}") == (204, {})
        assert asks.ask(f"/{teacher.code}/{path}?known={version - 1}")[0] == 200
    version = phone.ask(f"/{phone.code}/state")[1]["version"]
    phone.draw()
    assert phone.ask(f"/{phone.code}/state?known={version}")[0] == 204  # others' drawings are no news


def test_phone_comes_back_to_its_seat(phone: Phone):
    """After a reload, in another tab, even while nobody new may join."""
    before = phone.join()
    Teacher(phone.url).ask(f"/{phone.code}/command", {"command": "lock"})
    assert phone.join() == before
    status, told = Phone(phone.url, phone.code).join()
    assert (status, list(told)) == (409, ["error"])


def test_drawing_is_taken_once(teacher: Teacher, phone: Phone):
    """Replayed while the round is open, after it, and after the next one has begun."""
    assert phone.draw()[0] == 201
    assert phone.draw() == (200, {"new": False})
    for command, needs in (("close", {}), ("reveal", {}), ("next", {}), ("open", {"digit": 2})):
        teacher.tell(command, **needs)
        assert phone.draw()[0] == 200
    assert phone.draw(sequence=2)[0] == 409
    rows = exported(teacher)
    assert [(row["person"], row["round"], row["sequence"]) for row in rows] == [("1", "1", "1")]


def exported(teacher: Teacher) -> list[dict[str, str]]:
    """The rows of the table."""
    status, _, text = teacher.send(f"/mnist-demo/class/{teacher.code}/export.csv")
    assert status == 200
    return list(csv.DictReader(io.StringIO(text.decode())))


def test_drawings_at_the_same_time_are_all_there(teacher: Teacher):
    """Read and written together."""
    phones = [joined(teacher.url, teacher.code) for _ in range(30)]
    with ThreadPoolExecutor(len(phones)) as threads:
        answers = list(threads.map(Phone.draw, phones))
    assert answers == [(201, {"new": True})] * len(phones)
    wall = teacher.wall()
    assert (wall["joined"], wall["sent"], len(wall["tiles"])) == (30, 30, 30)


def test_any_digit_is_said_by_who_draws_it(teacher: Teacher, phone: Phone):
    """Without it, nobody knows what was meant."""
    for command in ("close", "reveal"):
        teacher.tell(command)
    teacher.tell("open", kind="any")
    assert phone.draw(round_=2)[0] == 422
    assert phone.draw(round_=2, digit=1)[0] == 201
    assert exported(teacher)[0]["asked"] == "1"


def test_question_is_voted_on(teacher: Teacher, phone: Phone):
    """Once each; the figures come with the reveal."""
    for command in ("close", "reveal"):
        teacher.tell(command)
    teacher.tell("open", kind="question", question=QUESTION)
    vote = {"token": phone.token, "round": 2, "choice": 1}
    votes = f"/{phone.code}/votes"
    assert phone.ask(votes, vote)[0] == 201
    assert phone.ask(votes, vote)[0] == 200
    assert phone.ask(votes, vote | {"choice": 0})[0] == 409
    assert phone.ask(votes, vote | {"choice": 9})[0] in {409, 422}
    assert phone.draw(round_=2, sequence=7)[0] == 409
    assert "answer" not in phone.ask(f"/{phone.code}/state")[1]["question"]
    for command in ("close", "reveal"):
        teacher.tell(command)
    assert teacher.wall()["tallies"]["votes"] == [0, 1, 0]


def test_removed_phone_is_unknown_and_a_blocked_one_is_told(teacher: Teacher, phone: Phone):
    """Whatever it asks for."""
    other = joined(teacher.url, teacher.code)
    teacher.tell("remove", seat=phone.seat)
    teacher.tell("block", seat=other.seat)
    for asks, status in ((phone, 404), (other, 403)):
        for answer in (asks.join(), asks.draw(), asks.own()):
            assert (answer[0], list(answer[1])) == (status, ["error"])
    phone.token = ""
    assert phone.join()[0] == 200
    teacher.tell("unblock")
    assert other.own()[0] == 200


TEACHERS = [
    ("", {}),
    ("/{code}/command", {"command": "close"}),
    ("/{code}/command", {"command": "end"}),
    ("/{code}/wall", None),
    ("/{code}/export.zip", None),
    ("/{code}/export.csv", None),
]


@pytest.mark.parametrize(("path", "value"), TEACHERS)
def test_phone_reaches_nothing_of_the_teachers(teacher: Teacher, phone: Phone, path: str, value: object):
    """Not with its token either."""
    status, told = phone.ask(path.format(code=teacher.code), value)
    assert (status, list(told)) == (403, ["error"])
    assert teacher.wall()["state"] == "open"


def test_export_is_a_file(teacher: Teacher, phone: Phone):
    """With a name."""
    phone.draw()
    status, headers, packed = teacher.send(f"/mnist-demo/class/{teacher.code}/export.zip")
    assert (status, packed[:2]) == (200, b"PK")
    assert f'filename="class-{teacher.code}.zip"' in headers["content-disposition"]


DRAWING = {"round": 1, "sequence": 5, "strokes": STROKES, "guess": "yes"}
HOSTILE = {
    "wrong token": (DRAWING | {"token": "x" * 32}, {}, 404),
    "no token": (DRAWING | {"token": None}, {}, 422),
    "endless token": (DRAWING | {"token": "x" * 5000}, {}, 422),
    "other origin": (DRAWING, {"Origin": FOREIGN}, 403),
    "no origin": (DRAWING, {"Origin": ""}, 403),
    "other host": (DRAWING, {"Host": "other.example"}, 421),
    "form": (DRAWING, {"Content_Type": "application/x-www-form-urlencoded"}, 415),
    "plain text": (DRAWING, {"Content_Type": "text/plain"}, 415),
    "5 MB": (b" " * 5_000_000, {}, 413),
    "no JSON": (b"strokes", {}, 422),
    "no object": (b"[1]", {}, 422),
    "deep": (b"[" * 60_000, {}, 422),
    "NaN": (b'{"round": 1, "sequence": 5, "strokes": [[[NaN, 1, 1]]]}', {}, 422),
    "infinity": (DRAWING | {"strokes": [[[1e999, 1, 1]]]}, {}, 422),
    "10,000 points": (DRAWING | {"strokes": [[[1, 2, 3]] * 10_000]}, {}, 413),
    "too many points": (DRAWING | {"strokes": [[[1, 2, 3]] * (MAX_POINTS + 1)]}, {}, 422),
    "41 strokes": (DRAWING | {"strokes": STROKES * 41}, {}, 422),
    "no strokes": (DRAWING | {"strokes": []}, {}, 422),
    "words": (DRAWING | {"strokes": [[["1", "2", "3"]]]}, {}, 422),
    "far away": (DRAWING | {"strokes": [[[9999, 1, 1]]]}, {}, 422),
    "no ink": (DRAWING | {"strokes": [[[-200, -200, 1]]]}, {}, 422),
    "round to come": (DRAWING | {"round": 2}, {}, 409),
    "round that is none": (DRAWING | {"round": "1"}, {}, 422),
    "sequence that is none": (DRAWING | {"sequence": -1}, {}, 422),
    "huge sequence": (DRAWING | {"sequence": 10**30}, {}, 422),
    "guess that is none": (DRAWING | {"guess": ["yes"]}, {}, 422),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_drawing_is_refused_in_one_sentence_and_the_round_goes_on(
    teacher: Teacher, phone: Phone, case: str
):
    """Whatever is sent."""
    sent, headers, expected = HOSTILE[case]
    body = sent if isinstance(sent, bytes) else json.dumps({"token": phone.token} | sent).encode()
    status, told, text = phone.send(f"/mnist-demo/class/{phone.code}/drawings", body, **headers)
    assert status == expected, text
    if "json" in told.get("content-type", ""):
        sentence = json.loads(text)["error"]
        assert (sentence[-1], len(sentence) < 200) == (".", True)
    other = joined(teacher.url, teacher.code)
    assert other.draw()[0] == 201
    assert [row["person"] for row in exported(teacher)] == [str(other.seat)]


def test_slow_post_is_refused_while_others_go_on(teacher: Teacher, phone: Phone):
    """Ten of them that never end hold nobody up."""
    address = urlparse(teacher.url)
    lines = [
        f"POST /mnist-demo/class/{phone.code}/drawings HTTP/1.1",
        f"Host: {address.netloc}",
        f"Origin: {teacher.url}",
        "Content-Type: application/json",
        "Content-Length: 1000",
    ]
    slow = [socket.create_connection((str(address.hostname), address.port)) for _ in range(10)]
    for connection in slow:
        connection.sendall("\r\n".join([*lines, "", '{"token"']).encode())
    assert phone.draw()[0] == 201
    for connection in slow:
        connection.settimeout(60)
        assert connection.recv(100).split()[1] == b"408"
        connection.close()


def test_phone_may_not_draw_all_the_time(phone: Phone):
    """Two a second; what came too soon may come again."""
    statuses = [phone.draw(sequence=sequence)[0] for sequence in range(8)]
    assert statuses[:2] == [201, 201]
    assert 429 in statuses
    others = joined(phone.url, phone.code)
    assert others.draw()[0] == 201


def test_thousand_joins_leave_room_for_the_others(teacher: Teacher, phone: Phone):
    """One address gets only so many seats a minute."""
    greedy = Phone(teacher.url, teacher.code)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: greedy.ask(f"/{greedy.code}/join", {}), range(1000)))
    statuses = [status for status, _ in answers]
    assert statuses.count(200) == JOINS
    assert set(statuses) == {200, 429}
    assert all(list(told) == ["error"] for status, told in answers if status == 429)
    assert joined(teacher.url, teacher.code).draw()[0] == 201
    assert phone.draw()[0] == 201


def test_who_tries_codes_has_to_wait(teacher: Teacher, phone: Phone):
    """And then is not told which one is right either."""
    guesser = Caller(teacher.url, **FORWARDED)
    assert [guesser.ask("/0000/state")[0] for _ in range(WRONG_CODES)] == [404] * WRONG_CODES
    assert guesser.ask("/0000/state")[0] == guesser.ask(f"/{teacher.code}/state")[0] == 429
    assert phone.ask(f"/{teacher.code}/state")[0] == 200


@pytest.mark.parametrize(("language", "word"), [("es", "clase"), ("en", "class"), ("ca,fr;q=0.5", "clase")])
def test_refusal_is_in_the_language_of_the_phone(phone: Phone, language: str, word: str):
    """By what its browser says."""
    assert word in phone.ask("/0000/state", Accept_Language=language)[1]["error"]


@pytest.mark.parametrize("code", ["%C3%91ANDU", "%ff%fe", "%F0%9F%98%80"])
def test_code_in_other_letters_is_no_class(teacher: Teacher, code: str):
    """A typing error, not one of the server's."""
    status, told = Caller(teacher.url).ask(f"/{code}/state")
    assert (status, list(told)) == (404, ["error"])


def test_half_an_emoji_in_a_question_is_refused_and_the_class_goes_on(teacher: Teacher):
    """Nobody could be told of it."""
    teacher.tell("close")
    teacher.tell("reveal")
    assert teacher.tell("open", kind="question", question=QUESTION | {"text": "\ud83d"})[0] == 422
    assert joined(teacher.url, teacher.code).ask(f"/{teacher.code}/state")[1]["state"] == "revealed"


def test_illegal_transition_is_a_conflict(teacher: Teacher):
    """And an unreadable command is none."""
    assert teacher.tell("reveal")[0] == 409
    for command in ("launch", "hide", "remove"):
        assert teacher.tell(command)[0] == 422
    assert teacher.tell("remove", seat=99)[0] == 404
    assert teacher.tell("end") == (200, teacher.ask(f"/{teacher.code}/state")[1])


def test_network_is_chosen_between_rounds(teacher: Teacher):
    """One that there is; a round on the wall keeps the figures of the network that has read it."""
    for command in ("close", "reveal", "next"):
        assert teacher.tell("use", run="notebook")[0] == 409
        teacher.tell(command)
    assert teacher.tell("use", run="notebook")[0] == 200
    assert teacher.tell("use", run="none")[0] == 404
    assert teacher.wall()["run"] == "notebook"


def test_ended_class_leaves_nothing(teacher: Teacher, phone: Phone, server: Server):
    """Phones are told that it has ended; one that is kept has another name."""
    phone.draw()
    teacher.tell("end")
    assert phone.ask(f"/{phone.code}/state")[1]["state"] == "ended"
    assert phone.draw(sequence=2)[0] == phone.draw()[0] == 409
    late = Phone(teacher.url, phone.code).join()
    assert (late[0], "has ended" in late[1]["error"]) == (410, True)
    assert not list((server.home / "classroom").iterdir())
    code = teacher.begin()
    teacher.tell("end", keep=True)
    (kept,) = (server.home / "classroom").iterdir()
    assert code in kept.name
    kept.unlink()


@pytest.mark.parametrize("path", ["/c", "/c/K7M2"])
def test_phones_page_is_small_and_runs_nothing_but_itself(teacher: Teacher, path: str):
    """One response, no cookie, a policy of its own."""
    status, headers, page = teacher.send(path, **FORWARDED)
    assert (status, len(page) < 30_000) == (200, True)
    assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in headers["content-security-policy"]
    assert "set-cookie" not in headers
    assert headers["x-content-type-options"] == "nosniff"


def test_killed_server_goes_on_where_it_was(tmp_path_factory: pytest.TempPathFactory):
    """Phones keep their seats, drawings are there, and the round is still open."""
    home = tmp_path_factory.mktemp("killed")
    with run_server(home) as first:
        teacher = Teacher(first.url)
        code = teacher.begin()
        teacher.tell("open", digit=1)
        phones = [joined(first.url, code) for _ in range(5)]
        assert [phone.draw()[0] for phone in phones] == [201] * 5
        version = phones[0].ask(f"/{code}/state")[1]["version"]
        first.process.send_signal(signal.SIGKILL)
        first.process.wait()
    with run_server(home) as second:
        teacher.url = second.url
        again = [Phone(second.url, code) for _ in phones]
        for new, old in zip(again, phones, strict=True):
            new.token = old.token
            assert new.join()[1]["seat"] == old.seat
            assert new.own()[1]["sent"]
            assert new.draw() == (200, {"new": False})
        assert again[0].ask(f"/{code}/state?known={version}")[0] == 200
        teacher = Teacher(second.url)
        teacher.code = code
        assert (teacher.wall()["sent"], len(exported(teacher))) == (5, 5)


def draw_all(teacher: Teacher, phones: list[Phone], round_: int, kind: str = "any") -> None:
    """Let all phones draw a 1 in the round that is open, and reveal what was read."""
    for phone in phones:
        others = {"digit": 1} if kind == "any" else {}
        assert phone.draw(1, round_, **others)[0] == 201
    assert teacher.tell("close")[0] == 200
    assert teacher.tell("reveal")[0] == 200


def trained(teacher: Teacher) -> dict[str, object]:
    """Press Train, and wait for what comes of it."""
    status, told = teacher.tell("train")
    assert (status, told["state"]) == (200, "training")
    for _ in range(PATIENCE):
        wall = teacher.wall()
        if wall["state"] != "training":
            return wall
        threading.Event().wait(0.5)
    raise AssertionError(teacher.wall()["state"])


def test_class_trains_the_network_that_reads_it(teacher: Teacher):
    """Only the teacher starts it, with enough drawings, and the next round is read by the new network."""
    phones = [joined(teacher.url, teacher.code) for _ in range(3)]
    assert teacher.tell("train")[0] == 409  # a round is open
    draw_all(teacher, phones, 1, "digit")
    status, told = teacher.tell("train")
    assert (status, "9" in told["error"], "3" in told["error"]) == (409, True, True)  # three drawings so far
    phones += [joined(teacher.url, teacher.code) for _ in range(6)]
    assert teacher.tell("open", kind="any")[0] == 200
    draw_all(teacher, phones, 2)
    assert phones[0].ask(f"/{teacher.code}/command", {"command": "train"})[0] == 403
    assert teacher.wall()["state"] == "revealed"
    before = teacher.wall()["run"]
    wall = trained(teacher)
    assert (wall["state"], wall["failed"]) == ("compared", False)
    assert wall["run"] != before
    compared = wall["compared"]
    assert (compared["drawings"], compared["people"], compared["held_people"]) == (8, 6, 3)
    assert compared["on_class"]["after"]["of"] == 4
    assert compared["on_test"]["control"]["of"] == 10_000
    assert [tile["after"] for tile in wall["tiles"]] == [1] * 9
    assert phones[0].ask(f"/{teacher.code}/state")[1]["state"] == "compared"
    assert teacher.tell("redo")[1]["state"] == "open"
    draw_all(teacher, phones, 3)
    assert teacher.wall()["compared"] is None
    assert teacher.wall()["run"] == wall["run"]


def test_class_that_ends_while_it_trains_hears_nothing_more(teacher: Teacher):
    """Its drawings are gone, and the class after it starts anew."""
    phones = [joined(teacher.url, teacher.code) for _ in range(9)]
    draw_all(teacher, phones, 1, "digit")
    assert teacher.tell("train")[0] == 200
    assert teacher.tell("end")[0] == 200
    teacher.begin()
    assert teacher.wall()["state"] == "lobby"
