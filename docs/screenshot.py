"""Makes the README's screenshot from the running app: `python -m docs.screenshot`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from tests.browser.chromium import explain_missing, find_chromium
from tests.browser.conftest import CHROMIUM_FLAGS, run_server
from tests.browser.steps import (
    THREE,
    answer,
    draw,
    press,
    set_seed,
    wait_for_end,
    wait_until_trainer_is_ready,
)

PICTURE = Path(__file__).parent / "screenshot.png"


def main() -> None:
    """Train a run, draw a three, and take the picture."""
    executable = find_chromium()
    if not executable:
        raise SystemExit(explain_missing())
    with (
        tempfile.TemporaryDirectory() as home,
        run_server(Path(home)) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 1480}, locale="en-US")
        page.goto(server.url)
        wait_until_trainer_is_ready(page)
        draw(page, THREE)
        expect(answer(page)).to_contain_text("3")
        set_seed(page, 2)
        page.get_by_text("More settings").click()
        press(page, "Train")
        page.get_by_text("Follow the network as it learns").click()
        page.wait_for_function("document.querySelectorAll('.live-log > div').length == 6")
        page.mouse.move(700, 5)
        page.screenshot(path=PICTURE)
        press(page, "Stop")
        wait_for_end(page)
        browser.close()
    print(PICTURE)


if __name__ == "__main__":
    main()
