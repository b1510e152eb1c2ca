"""Find a Chromium for the browser tests, or install one: `python -m tests.browser.chromium`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence

COMMANDS = ("chromium", "chromium-browser", "google-chrome")
DEBIAN_PACKAGES = ("chromium", "fonts-dejavu-core")  # without a font every letter is a box
LOCK_SECONDS = 300
INSTALL_SECONDS = 1200
START_SECONDS = 60
MISSING = "no Chromium starts here: install one, or set CHROMIUM to its path"

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
        Path of the executable, or None where there is none; `MISSING` is the reason to give.
    """
    chosen = os.environ.get("CHROMIUM")
    for command in [chosen] if chosen else COMMANDS:
        path = shutil.which(command)
        if path and _starts(path):
            return path
    return None if chosen else _find_playwrights()


def install_chromium() -> None:
    """Install Debian's package where apt-get may be used, otherwise Playwright's build.

    Failures are left to the next `find_chromium`: their own messages are on the screen.
    """
    root = _root_prefix()
    if root is not None and shutil.which("apt-get"):
        apt = [
            *root,
            "env",
            "DEBIAN_FRONTEND=noninteractive",
            "apt-get",
            "-o",
            f"DPkg::Lock::Timeout={LOCK_SECONDS}",
        ]
        _run([*apt, "update"])
        if _run([*apt, "install", "--yes", "--no-install-recommends", *DEBIAN_PACKAGES]):
            return
    _run([sys.executable, "-m", "playwright", "install", "chromium"])


def main() -> int:
    """Say which Chromium the browser tests will use, installing one if need be.

    Returns:
        0, or 1 where there is none; the browser tests are then skipped.
    """
    path = find_chromium()
    if path is None and not os.environ.get("CHROMIUM"):
        print("No Chromium found for the browser tests: installing one.", flush=True)
        install_chromium()
        path = find_chromium()
    print(f"Browser tests use {path}." if path else f"Browser tests are skipped: {MISSING}.", flush=True)
    return 0 if path else 1


def _starts(path: str) -> bool:
    """Tell a browser that runs from a stub (Ubuntu's, which asks for a snap) or one that lacks libraries."""
    command = [path, "--version"]
    try:
        return (
            subprocess.run(command, capture_output=True, timeout=START_SECONDS, check=False).returncode == 0
        )
    except (OSError, subprocess.TimeoutExpired):
        return False


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
    return ["sudo", "-n"] if shutil.which("sudo") and _run(["sudo", "-n", "true"], quiet=True) else None


def _run(command: Sequence[str], *, quiet: bool = False) -> bool:
    """Run a command and report whether it succeeded in time."""
    output = subprocess.DEVNULL if quiet else None
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            timeout=INSTALL_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
