"""The class of this server: whoever asks gets an answer when it is on the disk.

Two threads do the work, and both take all that waits at once: one draws, frames and reads what phones have
sent, the other lets the class go on and commits. Nobody else changes anything, so nothing is locked.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any

from mnist_demo.classroom import (
    ClassState,
    ClassStore,
    Drawing,
    Phase,
    Reading,
    Seat,
    add_drawing,
    add_vote,
    apply_command,
    new_token,
    read_drawings,
    read_flag,
)
from mnist_demo.data import Stroke
from mnist_demo.errors import ClassElsewhere, ClassNotKept, DemoError, InvalidRequest, NotFound, NotNow
from mnist_demo.ui.classroom.arriving import Arriving, MakeDrawing
from mnist_demo.ui.classroom.batches import Batches
from mnist_demo.ui.classroom.changes import Change, joining, telling
from mnist_demo.ui.classroom.latest import Latest
from mnist_demo.ui.classroom.opening import LoadReader, Opened, begin_new, open_left
from mnist_demo.ui.classroom.teaching import ClassTeacher

WRITTEN_AT_ONCE = 1000


class Classroom:
    """The class of this server, if there is one.

    Args:
        folder: Where its file is.
        load_reader: Loads the network of a run.
        teacher: Has networks learn from the class; None: nobody does.

    Raises:
        ClassNotKept: There is a file that cannot be read, and not be set aside either.

    Attributes:
        latest: The class, or the last one; None before the first.
        is_elsewhere: Whether another server of the same home has a class open, which goes on there.
    """

    def __init__(self, folder: Path, load_reader: LoadReader, teacher: ClassTeacher | None = None) -> None:
        self._folder, self._load_reader, self._teacher = folder, load_reader, teacher
        self._writer = Batches("class-writer", self._go_on, WRITTEN_AT_ONCE)
        self._arriving = Arriving(self._read, self._take)
        self._store: ClassStore | None = None
        self.latest: Latest | None = None
        self.is_elsewhere = False
        self._open()

    def look(self) -> Future[None]:
        """Look for a class that another server has left, and go on with it."""
        return self._writer.run(self._open)

    def _open(self) -> None:
        """Go on with a class whose file is there, unless another server has it open."""
        if self._store:
            return
        try:
            left = open_left(self._folder, self._load_reader)
        except ClassElsewhere:
            self.is_elsewhere = True
            return
        self.is_elsewhere = False
        if left:
            self._store, self.latest = left

    def find(self, code: str) -> Latest:
        """Return the class with a code.

        Raises:
            ClassElsewhere: There is none here; another server has one open.
            NotFound: There is none.
        """
        given = code.upper().encode("utf-8", "replace")  # as text, only ASCII could be compared
        if self.latest and secrets.compare_digest(self.latest.state.code.encode(), given):
            return self.latest
        self.look()  # for who asks next
        raise ClassElsewhere("class_elsewhere") if self.is_elsewhere else NotFound("class_unknown")

    def begin(self, run: str = "") -> Future[str]:
        """Begin a class, unless there is one; the code is that of the one that there is then."""
        return self._writer.run(self._begin, run)

    def _begin(self, run: str) -> str:
        self._open()
        if self.latest and self.latest.state.phase is not Phase.ENDED:
            return self.latest.state.code
        self._store, self.latest = begin_new(self._folder, self._load_reader(run))
        return self.latest.state.code

    def command(self, told: dict[str, Any]) -> Future[Any]:
        """Do what the teacher tells, see `apply_command`; `end` deletes the file, unless it is to `keep`.

        The future raises NotNow for a class that has ended; ending it once more changes nothing.
        """
        if told.get("command") == "end":
            return self._writer.run(self._end, keep=read_flag(told, "keep"))
        if told.get("command") == "use":
            return self._writer.run(self._change, lambda state: apply_command(state, told))
        if told.get("command") == "train":
            return self._writer.run(self._train)
        return self._writer.put(lambda state: (apply_command(state, told), None))

    def _train(self) -> None:
        """Have the trainer teach the network what all rounds have brought."""
        store, _ = self._going_on()
        if not self._teacher:
            raise NotFound("class_unknown")
        teach, drawings = self._teacher.teach, store.drawings()
        self._change(
            lambda state: teach(state, drawings, lambda later: self._writer.run(self._change, later))
        )

    def _change(self, change: Callable[[ClassState], ClassState]) -> None:
        """Make a change that may be one of the network that reads."""
        store, before = self._going_on()
        state = change(before.state)
        reader = before.reader if state.run == before.state.run else self._load_reader(state.run)
        with store.transaction():
            store.write_version(state)
        self.latest = Latest(state, reader)

    def _going_on(self) -> Opened:
        """Return the class that goes on.

        Raises:
            NotFound: There has been none.
            NotNow: It has ended.
        """
        if not self.latest:
            raise NotFound("class_unknown")
        if not self._store:
            raise NotNow("class_ended")
        return self._store, self.latest

    @property
    def problem(self) -> ClassElsewhere | ClassNotKept | None:
        """Why nothing can be written just now; None where it can."""
        return self._store.problem if self._store else None

    def check(self) -> Future[None]:
        """See whether drawings can be written now; the future raises what still is the `problem`."""
        return self._writer.run(lambda: self._store.check() if self._store else None)

    def _end(self, *, keep: bool) -> None:
        if self.latest and self._store:
            ended = apply_command(self.latest.state, {"command": "end"})
            stamp = time.strftime("%Y-%m-%d-%H%M%S")
            self._store.end(f"{stamp}-{ended.code}.sqlite3" if keep else "")
            self._store, self.latest = None, Latest(ended, self.latest.reader)
            if self._teacher:
                self._teacher.forget()

    def join(self) -> Future[tuple[str, Seat]]:
        """Give a new phone a seat, see `arrivals.join`; the future has its token and the seat."""
        return self._writer.put(joining(new_token()))

    def vote(self, seat: int, number: int, choice: int) -> Future[bool]:
        """Take a vote, see `arrivals.add_vote`; the future tells whether it is a new one."""
        return self._writer.put(telling(partial(add_vote, seat=seat, number=number, choice=choice)))

    def draw(self, drawing: MakeDrawing, strokes: object) -> Future[bool]:
        """Take a drawing of a round that is open; the future tells whether it is a new one.

        Args:
            drawing: Makes it of its reading and the packed strokes.
            strokes: As the phone has sent them, see `read_strokes`.

        Raises:
            TooMuch: Too many are waiting.
        """
        return self._arriving.put(drawing, strokes)

    def _read(self, strokes: list[tuple[Stroke, ...]]) -> list[Reading | InvalidRequest]:
        return self._going_on()[1].reader.read(strokes)

    def _take(self, drawing: Drawing, future: Future[bool]) -> None:
        self._writer.put(telling(partial(add_drawing, drawing=drawing)), future)

    def has_drawing(self, number: int, seat: int, sequence: int) -> Future[bool]:
        """Tell whether a drawing of an earlier round was taken."""
        return self._writer.run(
            lambda: self._store is not None and self._store.has_drawing(number, seat, sequence)
        )

    def all_drawings(self) -> list[Drawing]:
        """List the drawings of all rounds, read from the file beside whoever writes to it.

        Raises:
            NotNow: The class has ended.
            ClassNotKept: The file cannot be read.
        """
        if not self._store:
            raise NotNow("class_ended")
        return read_drawings(self._folder)

    def _go_on(self, taken: list[tuple[Change, Future[Any]]]) -> None:
        """Make changes, commit them, and only then tell of them."""
        answers = self._commit([change for change, _ in taken])
        for (_, future), answer in zip(taken, answers, strict=True):
            if isinstance(answer, DemoError):
                future.set_exception(answer)
            else:
                future.set_result(answer)

    def _commit(self, changes: list[Change]) -> list[Any]:
        """Make changes in one transaction; an answer is what one results in, or the error that refuses it."""
        store, before = self._going_on()
        state, answers = before.state, []
        with store.transaction():
            for change in changes:
                try:
                    after, answer = change(state)
                except DemoError as error:
                    answers.append(error)
                    continue
                store.write(state, after)
                state = after
                answers.append(answer)
            store.write_version(state)
            latest = before.followed_by(state)
            _ = latest.phones  # what they could not be told is not written either
        self.latest = latest
        return answers

    def close(self) -> None:
        """Finish what is under way, and close the file; the class goes on when the server starts again."""
        self._arriving.close()
        self._writer.close()
        if self._store:
            self._store.close()
