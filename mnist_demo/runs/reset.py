"""Start a clean lesson from the terminal: `python -m mnist_demo.runs.reset`, while the app is not running.

What visitors trained is packed into one file; the teacher's own runs stay. A running app keeps its queue: the
button on its page of trained runs empties that, too.
"""

from __future__ import annotations

import locale
from contextlib import nullcontext

from mnist_demo.errors import DemoError
from mnist_demo.runs.lesson import start_clean_lesson
from mnist_demo.runs.owner import TEACHER
from mnist_demo.runs.store import RunStore
from mnist_demo.settings import Settings
from mnist_demo.texts import load_texts, match_language, message


def main() -> None:
    """Pack the visitors' runs away and print where they are; ends with a sentence where that fails."""
    texts = load_texts(match_language((locale.getlocale()[0] or "").replace("_", "-")))
    try:
        store = RunStore(Settings.from_environment().home)
        packed = start_clean_lesson(store, TEACHER, texts, nullcontext(0))
    except DemoError as error:
        raise SystemExit(message(error, texts.code)) from error
    if packed.archive:
        print(texts.runs.lesson_packed.format(count=packed.runs, file=packed.archive))
    else:
        print(texts.runs.lesson_empty)


if __name__ == "__main__":
    main()
