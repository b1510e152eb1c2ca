"""The SQLite database of a class, in WAL mode: what is committed is on the disk, where it belongs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mnist_demo.classroom.files import COPY, FILE, WAL, delete_extras, delete_file, explained
from mnist_demo.classroom.lock import ClassLock
from mnist_demo.classroom.rows import SCHEMA
from mnist_demo.errors import ClassElsewhere, ClassNotKept

FORMAT = 1
ROOM_BYTES = 100_000


class ClassDatabase:
    """The database of one class, to which this server alone writes; used by one thread at a time.

    A file that is deleted while it is open can still be written to, on some systems, and is gone with the
    process. So before and after each transaction it is seen whether the file is where it belongs; if not, all
    of it is written there again. The home itself is not made anew: it may be on a disk that comes back.

    Args:
        folder: Where it is; made where it is missing.

    Raises:
        ClassElsewhere: Another server has it open.
        ClassNotKept: It cannot be opened.

    Attributes:
        folder: Where it is.
        connection: By which it is read and written.
        problem: Why the last transaction could not be written; None: it could.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problem: ClassElsewhere | ClassNotKept | None = None
        with explained():
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = ClassLock(folder)
            try:
                self._connect()
            except sqlite3.Error:
                self._lock.release()
                raise

    def _connect(self) -> None:
        self.connection = sqlite3.connect(self.folder / FILE, isolation_level=None, check_same_thread=False)
        try:
            prepare(self.connection)
            self._opened, self._is_open = self._found(), True
        except (sqlite3.Error, OSError):
            self.connection.close()
            raise

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write all that happens within, or nothing.

        Raises:
            ClassElsewhere: The folder was deleted, and another server has a class there now.
            ClassNotKept: It could not be written.
        """
        try:
            with explained():
                self._return()
                self.connection.execute("BEGIN IMMEDIATE")
                try:
                    yield
                    self.connection.execute("COMMIT")
                finally:
                    if self.connection.in_transaction:
                        self.connection.execute("ROLLBACK")
                self._return()
        except (ClassElsewhere, ClassNotKept) as error:
            self.problem = error
            raise
        self.problem = None

    def check(self) -> None:
        """See whether some drawings could be written; what is written for that is deleted again.

        Raises:
            ClassElsewhere, ClassNotKept: See `transaction`.
        """
        with self.transaction():
            self.connection.execute("CREATE TABLE IF NOT EXISTS room (filler BLOB)")
            self.connection.execute("INSERT INTO room VALUES (zeroblob(?))", (ROOM_BYTES,))
        with self.transaction():
            self.connection.execute("DROP TABLE room")

    def _found(self) -> tuple[tuple[int, int], ...]:
        """Tell which files the next server would find; none where one of them is missing."""
        try:
            found = [(self.folder / name).stat() for name in (FILE, FILE + WAL)]
        except FileNotFoundError:
            return ()
        return tuple((file.st_dev, file.st_ino) for file in found)

    def _return(self) -> None:
        """Bring the class back to where it belongs, if it is not there."""
        if self._is_open and self._opened and self._opened == self._found():
            return
        try:
            self.folder.mkdir(exist_ok=True)
        except FileNotFoundError as error:
            raise ClassNotKept("class_home_gone") from error
        if not self._lock.is_there:
            left, self._lock = self._lock, ClassLock(self.folder)
            left.release()
        if self._is_open:
            self._copy()
        self._connect()

    def _copy(self) -> None:
        """Write all that the open file holds to its place, and close it.

        It is closed before another one is there: with it, SQLite deletes what lies beside it, by their names.
        """
        copy = self.folder / COPY
        copied = sqlite3.connect(copy)
        try:
            self.connection.backup(copied)
        finally:
            copied.close()
        self.close_file()
        delete_extras(self.folder)
        copy.replace(self.folder / FILE)

    def close_file(self) -> None:
        """Close the file; the next transaction opens it again."""
        self._is_open = False
        self.connection.close()

    def close(self) -> None:
        """Close the file, and let another server have the class."""
        self.close_file()
        self._lock.release()

    def end(self, kept_as: str = "") -> None:
        """Delete the file, and keep a copy under another name if one is given; it is closed then.

        Raises:
            ClassElsewhere: The folder was deleted, and another server has a class there now.
            ClassNotKept: It cannot be done, and the class goes on.
        """
        if kept_as:
            with explained():
                self._return()
                self._keep(self.folder / kept_as)
        self.close_file()
        delete_file(self.folder)
        self._lock.release()

    def _keep(self, path: Path) -> None:
        """Write a copy in which nothing is left by which a phone could be known again."""
        self.connection.execute("VACUUM INTO ?", (str(path),))
        kept = sqlite3.connect(path, isolation_level=None)
        try:
            kept.execute("UPDATE seats SET digest = zeroblob(0)")
            kept.execute("VACUUM")  # nor in what SQLite would use again later
        except sqlite3.Error:
            path.unlink()
            raise
        finally:
            kept.close()


def prepare(connection: sqlite3.Connection) -> None:
    """Make the tables where they are missing, and keep what a computer that is switched off would lose."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    if connection.execute("PRAGMA user_version").fetchone() != (FORMAT,):
        connection.executescript(f"BEGIN; {SCHEMA} PRAGMA user_version = {FORMAT}; COMMIT;")
