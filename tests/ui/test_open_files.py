"""Many visitors need many open files: a real process with a real limit."""

from __future__ import annotations

import subprocess
import sys

import pytest

from mnist_demo.errors import ServerLimited
from mnist_demo.texts.loading import languages, message
from tests.mnist import REPOSITORY

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
SCRIPT = """
import resource, sys
from mnist_demo.errors import ServerLimited
from mnist_demo.ui.open_files import raise_open_files
resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[1]), int(sys.argv[2])))
try:
    raise_open_files()
except ServerLimited as error:
    print(error.details["limit"], error.details["visitors"])
else:
    print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


@pytest.mark.parametrize(
    ("soft", "hard", "told"),
    [
        (256, 20_000, "10240"),
        (256, 4096, "4096"),
        (1024, 1024, "1024"),
        (256, 256, "256 49"),
        (12_000, 20_000, "12000"),
    ],
)
def test_soft_limit_is_raised_as_far_as_the_hard_one(soft: int, hard: int, told: str):
    """What stays too low for a class is told; what is higher than that stays as it is."""
    command = [sys.executable, "-c", SCRIPT, str(soft), str(hard)]
    ran = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == told


@pytest.mark.parametrize("language", languages())
def test_sentence_says_how_many_visitors_and_what_to_do(language: str):
    """In one line of the terminal."""
    told = message(ServerLimited("few_open_files", limit=256, visitors=49), language)
    assert "256" in told
    assert "49" in told
    assert "ulimit -n 4096" in told
    assert "\n" not in told
