"""Makes the README's pictures from the running app: `python -m docs.screenshot`."""

from __future__ import annotations

import io
import random
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from benchmarks.classroom_phones import write_digit
from mnist_demo.data import CANVAS_PIXELS, DIGITS
from tests.browser.chromium import explain_missing, find_chromium
from tests.browser.classroom.classes import start_class
from tests.browser.conftest import CHROMIUM_FLAGS, Server, run_server
from tests.browser.steps import (
    THREE,
    answer,
    canvas,
    on_screen,
    press,
    wait_for_end,
    wait_until_trainer_is_ready,
)
from tests.ui.classroom.phones import joined

STILL = Path(__file__).parent / "screenshot.png"
WALL = Path(__file__).parent / "class.png"
MOVING = Path(__file__).parent / "learning.gif"
MOVING_SIZE = (896, 504)
MOVING_COLOURS = 96
FRAME_MILLISECONDS = 180
TRAINING_FRAMES = 26
PHONES = 30
LEAN = 0.9
"""How far hands slant and squeeze what they write: the largest change of a unit's length."""


def main() -> None:
    """Draw a three, train a run, and take the pictures meanwhile."""
    executable = find_chromium()
    if not executable:
        raise SystemExit(explain_missing())
    with (
        tempfile.TemporaryDirectory() as home,
        run_server(Path(home)) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 720}, locale="en-US", bypass_csp=True)
        page.goto(server.url)
        wait_until_trainer_is_ready(page)
        drawing = take_drawing(page)
        training = take_training(page)
        page.screenshot(path=STILL)
        wait_for_end(page)
        take_class(page, server)
        browser.close()
    save_moving([*drawing, *training])
    print(f"{STILL}\n{WALL}\n{MOVING}: {MOVING.stat().st_size / 1e6:.1f} MB")


def take_drawing(page: Page) -> list[Image.Image]:
    """Take a picture at each corner of a three while it is drawn."""
    canvas(page).hover()
    (x, y), *others = on_screen(page, THREE)
    page.mouse.move(x, y)
    page.mouse.down()
    taken = []
    for x, y in others:
        page.mouse.move(x, y, steps=6)
        page.wait_for_timeout(FRAME_MILLISECONDS)  # the answer comes while the pen is down
        taken.append(take(page))
    page.mouse.up()
    expect(answer(page)).to_contain_text("3")
    return taken


def take_training(page: Page) -> list[Image.Image]:
    """Take pictures of a network in training, from its start on."""
    press(page, "Train")
    page.locator(".stage-epoch:not(:empty)").wait_for()
    taken = []
    for _ in range(TRAINING_FRAMES):
        page.wait_for_timeout(FRAME_MILLISECONDS)
        taken.append(take(page))
    return taken


def take_class(page: Page, server: Server) -> None:
    """Take a picture of the wall after a round in which everybody drew any digit."""
    class_, random_ = start_class(server.url), random.Random(3)
    phones = [joined(server.url, class_.code) for _ in range(PHONES)]
    class_.tell("open", kind="any")
    for number, phone in enumerate(phones):
        digit = number % DIGITS
        strokes = slant(write_digit(digit, random_), random_)
        phone.draw(strokes=strokes, digit=digit, guess=random_.choice(["yes", "yes", "yes", "no"]))
    class_.tell("close")
    for tile in class_.wall()["tiles"]:
        if tile["held"]:
            class_.tell("show", tile=tile["id"])
    class_.tell("reveal")
    page.goto(f"{server.url}/class")
    page.locator("button.class-tile.right").first.wait_for()
    page.keyboard.press("p")
    page.locator("html.projector-view").wait_for(state="attached")
    page.screenshot(path=WALL)


def slant(strokes: list[list[list[float]]], random_: random.Random) -> list[list[list[float]]]:
    """Write a digit as another hand would: turned, slanted and squeezed."""
    change = np.eye(2) + LEAN * np.array([[random_.uniform(-0.5, 0.5) for _ in range(2)] for _ in range(2)])
    middle = CANVAS_PIXELS / 2
    changed = []
    for stroke in strokes:
        places = (np.array([point[:2] for point in stroke]) - middle) @ change + middle
        times = [point[2] for point in stroke]
        changed.append([[*place, time] for place, time in zip(places.round(1).tolist(), times, strict=True)])
    return changed


def take(page: Page) -> Image.Image:
    """Take a picture of the page, small and in few colours."""
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    small = picture.resize(MOVING_SIZE, Image.Resampling.LANCZOS)
    return small.quantize(MOVING_COLOURS, dither=Image.Dither.NONE)


def save_moving(taken: list[Image.Image]) -> None:
    """Save pictures as one that moves, and starts again."""
    first, *others = taken
    first.save(
        MOVING, save_all=True, append_images=others, duration=FRAME_MILLISECONDS, loop=0, optimize=True
    )


if __name__ == "__main__":
    main()
