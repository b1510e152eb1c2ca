"""When the server collects garbage: in a pause of the class, and not after every stroke.

Streamlit would look through everything that all sessions hold after each script run (`runner.postScriptGC`),
and Python does so by itself whenever there is a quarter more of it. Each takes a tenth of a second at eighty
sessions, in which nobody is answered. What lives shortly is collected at once, as ever; the rest waits.
"""

from __future__ import annotations

import gc
import threading
import time

CHECK_SECONDS = 1.0
BUSY_SHARE = 0.03
"""Of a processor; a server that works more in a second is being used."""
MIN_WAIT_SECONDS = 10.0
MAX_WAIT_SECONDS = 60.0
"""So long it waits for a pause: a class in which eighty people draw makes none."""
YOUNG_OBJECTS = 2000
YOUNG_ROUNDS = 10
NEVER = 1_000_000_000


def is_due(waited: float, busy: float, rounds: int) -> bool:
    """Tell whether everything is to be looked through now.

    Args:
        waited: Seconds since that was done last.
        busy: The share of a processor that was used in the last second.
        rounds: How often younger objects were looked through since; nothing is new without.
    """
    return rounds > 0 and waited >= (MIN_WAIT_SECONDS if busy < BUSY_SHARE else MAX_WAIT_SECONDS)


def collect_in_pauses(ended: threading.Event) -> None:
    """Collect what has lived long whenever it is due, until the server has ended."""
    gc.set_threshold(YOUNG_OBJECTS, YOUNG_ROUNDS, NEVER)
    collected, used = time.monotonic(), time.process_time()
    while not ended.wait(CHECK_SECONDS):
        before, used = used, time.process_time()
        if is_due(time.monotonic() - collected, (used - before) / CHECK_SECONDS, gc.get_count()[2]):
            gc.collect()
            collected, used = time.monotonic(), time.process_time()
