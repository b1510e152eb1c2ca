"""The class of this server: whoever asks gets an answer when it is on the disk.

Two threads do the work, and both take all that waits at once: one draws, frames and reads what phones have
sent, the other lets the class go on and commits. Nobody else changes anything, so nothing is locked.
"""

from __future__ import annotations

import json
import secrets
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from mnist_demo.classroom import (
    ClassState,
    ClassStore,
    Drawing,
    Phase,
    Reader,
    Seat,
    add_drawing,
    add_vote,
    apply_command,
    digest_of,
    join,
    new_code,
    new_token,
    pack_strokes,
    phone_view,
    read_strokes,
    wall_view,
)
from mnist_demo.classroom.store import move_away
from mnist_demo.errors import ClassNotKept, DamagedRun, DemoError, NotFound, NotNow, TooMuch, UnknownRun

MAX_WAITING = 600
"""Drawings that may wait to be read, three for each phone."""
READ_AT_ONCE = 16
SEED_BITS = 31
Result = TypeVar("Result")
Change = Callable[[ClassState], tuple[ClassState, Any]]
LoadReader = Callable[[str], Reader]
"""Loads the network of a run by its id; of the best one that ships with the app for an empty id."""


@dataclass(frozen=True)
class Latest:
    """The class as it is on the disk, and what is told of it; made anew with every change.

    Attributes:
        state: The class.
        reader: Who reads its drawings.
    """

    state: ClassState
    reader: Reader

    @cached_property
    def phones(self) -> bytes:
        """What all phones are told, as JSON."""
        return _json(phone_view(self.state))

    @cached_property
    def wall(self) -> bytes:
        """What the teacher is told, as JSON."""
        return _json(wall_view(self.state, self.reader.accuracy))


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True)
class _Sent:
    """A drawing on its way."""

    drawing: Callable[[Any, bytes], Drawing]
    strokes: object
    future: Future[bool]


class Classroom:
    """The class of this server, if there is one.

    Args:
        folder: Where its file is.
        load_reader: Loads the network of a run.

    Raises:
        ClassNotKept: There is a file, which cannot be read.
    """

    def __init__(self, folder: Path, load_reader: LoadReader) -> None:
        self._folder, self._load_reader = folder, load_reader
        self._writer = ThreadPoolExecutor(1, "class-writer")
        self._readers = ThreadPoolExecutor(1, "class-reader")
        self._changes: deque[tuple[Change, Future[Any]]] = deque()
        self._sent: deque[_Sent] = deque()
        self._store = ClassStore.find(folder)
        state = self._store.load() if self._store else None
        self.latest: Latest | None = None
        if state:
            reader = self._load_left(state.run)
            self.latest = Latest(replace(state, run=reader.run), reader)

    def _load_left(self, run: str) -> Reader:
        """Load the network of a class that goes on; if it is gone, the wall says which one reads instead."""
        try:
            return self._load_reader(run)
        except (UnknownRun, DamagedRun):
            return self._load_reader("")

    def find(self, code: str) -> Latest:
        """Return the class with a code.

        Raises:
            NotFound: There is none.
        """
        if not self.latest or not secrets.compare_digest(self.latest.state.code, code.upper()):
            raise NotFound("class_unknown")
        return self.latest

    def begin(self, run: str = "") -> Future[str]:
        """Begin a class, unless there is one; the code is that of the one that there is then.

        The future raises UnknownRun and DamagedRun where the run cannot be loaded, ClassNotKept where the
        file cannot be written.
        """
        return self._writer.submit(self._begin, run)

    def _begin(self, run: str) -> str:
        if self.latest and self.latest.state.phase is not Phase.ENDED:
            return self.latest.state.code
        reader = self._load_reader(run)
        state = ClassState(new_code(), reader.run, secrets.randbits(SEED_BITS))
        self._store = ClassStore(self._folder)
        with self._store.transaction():
            self._store.write(None, state)
            self._store.write_version(state)
        self.latest = Latest(state, reader)
        return state.code

    def command(self, told: dict[str, Any]) -> Future[Any]:
        """Do what the teacher tells, see `apply_command`; `end` deletes the file, unless it is to `keep`."""
        if told.get("command") == "end":
            return self._writer.submit(self._end, keep=told.get("keep") is True)
        if told.get("command") == "use":
            return self._writer.submit(self._use, told)
        return self._change(lambda state: (apply_command(state, told), None))

    def _use(self, told: dict[str, Any]) -> None:
        self._go_on()
        if self.latest and self._store:
            state = apply_command(self.latest.state, told)
            reader = self._load_reader(state.run)
            with self._store.transaction():
                self._store.write_version(state)
            self.latest = Latest(state, reader)

    def _end(self, *, keep: bool) -> None:
        self._go_on()
        if self.latest and self._store:
            ended = apply_command(self.latest.state, {"command": "end"})
            stamp = time.strftime("%Y-%m-%d-%H%M%S")
            self._store.end(f"{stamp}-{ended.code}.sqlite3" if keep else "")
            self._store, self.latest = None, Latest(ended, self.latest.reader)

    def join(self) -> Future[tuple[str, Seat]]:
        """Give a new phone a seat, see `transitions.join`; the future has its token and the seat."""
        token = new_token()

        def change(state: ClassState) -> tuple[ClassState, tuple[str, Seat]]:
            after, seat = join(state, digest_of(token))
            return after, (token, seat)

        return self._change(change)

    def vote(self, seat: int, number: int, choice: int) -> Future[bool]:
        """Take a vote, see `transitions.add_vote`; the future tells whether it is a new one."""

        def change(state: ClassState) -> tuple[ClassState, bool]:
            after = add_vote(state, seat, number, choice)
            return after, after is not state

        return self._change(change)

    def draw(self, drawing: Callable[[Any, bytes], Drawing], strokes: object) -> Future[bool]:
        """Take a drawing of a round that is open; the future tells whether it is a new one.

        Args:
            drawing: Makes it of its reading and the packed strokes.
            strokes: As the phone has sent them, see `read_strokes`.

        Raises:
            TooMuch: Too many are waiting.
        """
        if len(self._sent) >= MAX_WAITING:
            raise TooMuch("class_busy")
        sent = _Sent(drawing, strokes, _new_future())
        self._sent.append(sent)
        self._readers.submit(self._read)
        return sent.future

    def has_drawing(self, number: int, seat: int, sequence: int) -> Future[bool]:
        """Tell whether a drawing of an earlier round was taken."""
        return self._writer.submit(
            lambda: self._store is not None and self._store.has_drawing(number, seat, sequence)
        )

    def all_drawings(self) -> list[Drawing]:
        """List the drawings of all rounds, read from the file beside whoever writes to it.

        Raises:
            NotNow: The class has ended.
            ClassNotKept: The file cannot be read.
        """
        store = ClassStore.find(self._folder) if self._store else None
        if not store:
            raise NotNow("class_round_closed")
        try:
            return list(store.drawings())
        finally:
            store.close()

    def _read(self) -> None:
        """Read the drawings that wait, some at once, and hand them on."""
        taken = [self._sent.popleft() for _ in range(min(READ_AT_ONCE, len(self._sent)))]
        try:
            self._read_all(taken)
        except Exception as error:
            for sent in taken:
                _fail(sent.future, error)
            raise

    def _read_all(self, taken: list[_Sent]) -> None:
        read = []
        for sent in taken:
            try:
                read.append((sent, read_strokes(sent.strokes)))
            except DemoError as error:
                sent.future.set_exception(error)
        readings = self._reader.read([strokes for _, strokes in read])
        for (sent, _), reading in zip(read, readings, strict=True):
            if isinstance(reading, DemoError):
                sent.future.set_exception(reading)
            else:
                self._change(_adding(sent.drawing(reading, pack_strokes(sent.strokes))), sent.future)

    @property
    def _reader(self) -> Reader:
        if not self.latest:
            raise NotFound("class_unknown")
        return self.latest.reader

    def _change(self, change: Change, future: Future[Any] | None = None) -> Future[Any]:
        """Let the class go on; the future is done when that is on the disk."""
        future = future or _new_future()
        self._changes.append((change, future))
        self._writer.submit(self._go_on)
        return future

    def _go_on(self) -> None:
        """Make all changes that wait, commit them, and only then tell of them."""
        taken = [self._changes.popleft() for _ in range(len(self._changes))]
        if not taken:
            return
        try:
            answers = self._commit([change for change, _ in taken])
        except Exception as error:
            for _, future in taken:
                _fail(future, error)
            if not isinstance(error, ClassNotKept):
                raise
            return
        for (_, future), answer in zip(taken, answers, strict=True):
            if isinstance(answer, DemoError):
                future.set_exception(answer)
            else:
                future.set_result(answer)

    def _commit(self, changes: list[Change]) -> list[Any]:
        """Make changes in one transaction; an answer is what one results in, or the error that refuses it."""
        if not self.latest:
            return [NotFound("class_unknown") for _ in changes]
        if not self._store:
            return [NotNow("class_round_closed") for _ in changes]
        state, answers = self.latest.state, []
        with self._store.transaction():
            for change in changes:
                try:
                    after, answer = change(state)
                except DemoError as error:
                    answers.append(error)
                    continue
                self._store.write(state, after)
                state = after
                answers.append(answer)
            self._store.write_version(state)
        self._publish(state)
        return answers

    def _publish(self, state: ClassState) -> None:
        if self.latest and state is not self.latest.state:
            before, self.latest = self.latest, Latest(state, self.latest.reader)
            if before.state.told == state.told:
                vars(self.latest)["phones"] = before.phones  # phones are told the same as before

    def close(self) -> None:
        """Finish what is under way, and close the file; the class goes on when the server starts again."""
        self._readers.shutdown()
        self._writer.shutdown()
        if self._store:
            self._store.close()


def _adding(drawing: Drawing) -> Change:
    def change(state: ClassState) -> tuple[ClassState, bool]:
        after = add_drawing(state, drawing)
        return after, after is not state

    return change


def _new_future() -> Future[Any]:
    """Make a future that nobody cancels: what was begun is written, whoever still waits for it."""
    future: Future[Any] = Future()
    future.set_running_or_notify_cancel()
    return future


def _fail(future: Future[Any], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)


def set_aside(folder: Path) -> None:
    """Give the file of a class that cannot be read another name, so that a new class can begin.

    Raises:
        ClassNotKept: It cannot be done.
    """
    move_away(folder, f"unreadable-{time.strftime('%Y-%m-%d-%H%M%S')}.sqlite3")
