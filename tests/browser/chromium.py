"""Find a Chromium for the browser tests, or install one: `python -m tests.browser.chromium`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence

COMMANDS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first is Chromium without a window of its own: its pages take a fifth less of the processor's time."""
DEBIAN_PACKAGES = ("chromium-headless-shell", "chromium")
"""One of them is enough; older releases have the second only."""
FONTS = "fonts-dejavu-core"  # without a font every letter is a box
LOCK_SECONDS = 300
INSTALL_SECONDS = 1200
START_SECONDS = 60
MISSING = "no Chromium starts here: run `playwright install chromium`, or set CHROMIUM to the path of one"
MISCHOSEN = "CHROMIUM is {chosen}, which does not start: correct or unset it"

ASK_PLAYWRIGHT = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


def find_chromium() -> str | None:
    """Find a Chromium that starts.

    `CHROMIUM` in the environment, a path or a command, decides alone; otherwise the first one on PATH counts,
    then the one that Playwright downloaded.

    Returns:
        Path of the executable, or None where there is none; `explain_missing` says why.
    """
    chosen = os.environ.get("CHROMIUM")
    for command in [chosen] if chosen else COMMANDS:
        path = shutil.which(command)
        if path and _starts(path):
            return path
    return None if chosen else _find_playwrights()


def explain_missing() -> str:
    """Say why there is no Chromium and what to do, as the reason for skipping a test."""
    chosen = os.environ.get("CHROMIUM")
    return MISCHOSEN.format(chosen=chosen) if chosen else MISSING


def install_chromium() -> None:
    """Install Debian's package where apt-get may be used, otherwise Playwright's build.

    Whether it worked is for the next `find_chromium` to tell: a browser that is there may still not start.
    """
    root = _root_prefix()
    if root is not None and shutil.which("apt-get"):
        wait = f"DPkg::Lock::Timeout={LOCK_SECONDS}"
        apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", wait]
        _run([*apt, "update"])
        install = [*apt, "install", "--yes", "--no-install-recommends", FONTS]
        if any(_run([*install, package]) for package in DEBIAN_PACKAGES):
            return
    _run([sys.executable, "-m", "playwright", "install", "chromium"])


def main() -> int:
    """Say which Chromium the browser tests will use, installing one if need be.

    Returns:
        0, or 1 where there is none; the browser tests are then skipped.
    """
    path = find_chromium()
    if path is None and not os.environ.get("CHROMIUM"):
        print("The browser tests need a Chromium: installing one, which takes some minutes.", flush=True)
        install_chromium()
        path = find_chromium()
    if path is None:
        print(f"Browser tests are skipped: {explain_missing()}.", flush=True)
        return 1
    print(f"Browser tests use {path}.", flush=True)
    return 0


def _starts(path: str) -> bool:
    """Tell a browser that runs from a stub (Ubuntu's, which asks for a snap) or one that lacks libraries."""
    command = [path, "--version"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=START_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _find_playwrights() -> str | None:
    """Ask Playwright where its build lies, in a process of its own: a test may be using its API already."""
    command = [sys.executable, "-c", ASK_PLAYWRIGHT]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=START_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return None
    path = shutil.which(answer.stdout.strip())
    return path if path and _starts(path) else None


def _root_prefix() -> list[str] | None:
    """Find out how to run a command as root without being asked for a password; None where that cannot be."""
    if not hasattr(os, "geteuid"):
        return None
    if os.geteuid() == 0:
        return []
    return ["sudo", "-n"] if shutil.which("sudo") and _run(["sudo", "-n", "true"]) else None


def _run(command: Sequence[str]) -> bool:
    """Run a command without its pages of output, and report whether it succeeded in time."""
    nothing = subprocess.DEVNULL
    try:
        done = subprocess.run(
            command, stdin=nothing, stdout=nothing, stderr=nothing, timeout=INSTALL_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
