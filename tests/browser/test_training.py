"""Training in a real browser: the whole way, and what goes wrong on it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, Server, wait_until_connected
from tests.browser.steps import (
    THREE,
    answer,
    choose_long_run,
    draw,
    is_in_training,
    loss_plot,
    picker,
    press,
    set_epochs,
    status,
    takes_its_turn,
    wait_for_end,
    wait_until_trainer_is_ready,
)

pytestmark = pytest.mark.browser

SHOWS_30_EPOCHS = """() => {
  const { data, layout } = document.querySelector('.live-loss');
  return data?.[0].x.length > 3 && Math.round(layout.xaxis.range[1]) <= 31;
}"""
"""The run in training is on the chart, no longer the one of 90 epochs that was in use."""


def test_whole_way_in_spanish(server: Server, open_page: OpenPage):
    """Train two epochs on real data, see the charts move, draw, read the winner, reload, still there."""
    page = open_page(server.url, locale="es-MX")
    expect(page.get_by_role("heading", name="Una red aprende a leer dígitos")).to_be_visible()
    wait_until_trainer_is_ready(page)
    set_epochs(page, 2, "Épocas")
    loss_plot(page).scroll_into_view_if_needed()
    page.wait_for_function("Number(document.querySelector('.live-loss').dataset.drawn) > 0")
    drawn = int(loss_plot(page).get_attribute("data-drawn"))
    press(page, "Entrenar")
    page.wait_for_function(f"Number(document.querySelector('.live-loss').dataset.drawn) > {drawn}")
    expect(status(page)).to_contain_text("exactitud de prueba 9")
    expect(page.locator(".live-log > div")).to_have_count(2)
    page.get_by_text("Lo que imprimiría Keras").click()
    expect(page.locator(".live-log > div").first).to_contain_text("Epoch 1/2 1500/1500")
    new_network = page.get_by_text("Ahora lee el dibujo la red recién entrenada.")
    expect(new_network).to_be_visible()
    draw(page, THREE)
    expect(answer(page)).to_contain_text("Es un 3.")
    page.reload()
    wait_until_connected(page)
    expect(status(page)).to_contain_text("exactitud de prueba 9")
    expect(picker(page)).to_have_value(re.compile("2 épocas, lote 32"))
    expect(new_network).to_have_count(0)


def test_charts_keep_their_node_and_zoom_while_training(server: Server, open_page: OpenPage):
    """The node of the first update is still in the page at the last, and so is a zoom made in between."""
    page = open_page(server.url)
    wait_until_trainer_is_ready(page)
    choose_long_run(page, 302)
    press(page, "Train")
    is_in_training(page)
    loss_plot(page).scroll_into_view_if_needed()
    page.wait_for_function(SHOWS_30_EPOCHS)
    loss_plot(page).evaluate("node => { node.seenBefore = true; }")
    box = loss_plot(page).locator(".nsewdrag").first.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 90, steps=5)
    page.mouse.up()
    zoomed = "node => node._fullLayout.xaxis.range.map(edge => Math.round(100 * edge) / 100)"
    page.wait_for_function("document.querySelector('.live-loss')._fullLayout.xaxis.range[1] < 20")
    zoom = loss_plot(page).evaluate(zoomed)
    drawn = int(loss_plot(page).get_attribute("data-drawn"))
    page.wait_for_function(f"Number(document.querySelector('.live-loss').dataset.drawn) > {drawn + 5}")
    assert loss_plot(page).evaluate("node => node.seenBefore")
    assert loss_plot(page).evaluate(zoomed) == zoom
    press(page, "Stop")
    wait_for_end(page)
    assert loss_plot(page).evaluate("node => node.seenBefore")


def test_run_goes_on_through_reload(server: Server, open_page: OpenPage):
    """Reloading in the middle shows the same run, live; and so does its address in another browser."""
    page = open_page(server.url)
    choose_long_run(page, 303)
    press(page, "Train")
    is_in_training(page)
    page.reload()
    wait_until_connected(page)
    is_in_training(page)
    watcher = open_page(f"{page.url}&lang=es")
    is_in_training(watcher)
    expect(status(watcher)).to_contain_text("de 30")
    press(page, "Stop")
    expect(status(page)).to_contain_text(re.compile("stopped (during|after) epoch"))
    expect(status(watcher)).to_contain_text(re.compile("detenida (durante|tras) la época"))


def test_second_train_queues_and_starts_by_itself(server: Server, open_page: OpenPage):
    """A second press by somebody else says its place, and takes its turn; it can also leave the queue."""
    first, second, third = (open_page(server.url) for _ in range(3))
    for seed, page in enumerate((first, second, third), 304):
        choose_long_run(page, seed)
        press(page, "Train")
        if page is first:
            is_in_training(page)
    expect(second.get_by_text("You are number 1 in the queue").first).to_be_visible()
    expect(third.get_by_text("You are number 2 in the queue").first).to_be_visible()
    press(third, "Leave the queue")
    expect(third.get_by_text("in the queue")).to_have_count(0)
    press(first, "Stop")
    takes_its_turn(second)
    press(second, "Stop")
    wait_for_end(second)
    expect(status(second)).to_contain_text(re.compile("stopped (during|after) epoch"))


def test_killed_trainer_is_told_and_replaced(server: Server, open_page: OpenPage):
    """After kill -9 the page says so in plain words, and the next Train works."""
    page = open_page(server.url)
    choose_long_run(page, 307)
    press(page, "Train")
    is_in_training(page)
    os.kill(trainer_process(server), signal.SIGKILL)
    expect(status(page)).to_contain_text("The training process ended unexpectedly")
    set_epochs(page, 1)
    press(page, "Train")
    expect(status(page)).to_contain_text("test accuracy 9")
    page.get_by_role("link", name="Trained runs").click()
    expect(page.get_by_text(re.compile("failed (during|after) epoch", re.IGNORECASE)).first).to_be_visible()


def test_train_trains_whatever_was_trained_before(server: Server, open_page: OpenPage):
    """At once, pressed twice too; an equal run of before is one line, which leads to its result."""
    page = open_page(server.url)
    wait_until_trainer_is_ready(page)
    press(page, "Train")  # the notebook's settings, whose run came with the app
    press(page, "Train")
    is_in_training(page)
    same = page.get_by_role("button", name="Same settings as")
    expect(same).to_have_count(0)
    wait_for_end(page)
    mine = picker(page).input_value()
    assert "10 epochs" in mine
    press(page, "Train")
    is_in_training(page)
    expect(same).to_contain_text("10 epochs")
    same.click()
    expect(same).to_have_count(0)
    press(page, "Stop")


def test_somebody_elses_training_is_one_line_until_one_watches_it(server: Server, open_page: OpenPage):
    """The curves stay those of the network that reads one's own drawing."""
    trains, looks_on = open_page(server.url), open_page(server.url)
    expect(status(looks_on)).to_contain_text("The robust network")
    choose_long_run(trains, 310)
    press(trains, "Train")
    is_in_training(trains)
    other = looks_on.locator(".live-other")
    expect(other).to_contain_text(re.compile("Another network is being trained: epoch [0-9]+ of 30."))
    expect(status(looks_on)).to_contain_text("The robust network")
    expect(looks_on.get_by_role("button", name="Stop", exact=True)).to_have_count(0)
    looks_on.get_by_role("button", name="Watch").click()
    is_in_training(looks_on)
    expect(other).to_be_hidden()
    press(trains, "Stop")
    wait_for_end(trains)
    expect(status(looks_on)).to_contain_text("The robust network")


def test_stopped_run_is_its_owners_though_another_one_trains(server: Server, open_page: OpenPage):
    """The first visitor's page shows the run that was stopped, while the second one's begins."""
    first, second = open_page(server.url), open_page(server.url)
    choose_long_run(first, 308)
    press(first, "Train")
    is_in_training(first)
    choose_long_run(second, 309)
    press(second, "Train")
    expect(second.get_by_text("You are number 1 in the queue").first).to_be_visible()
    press(first, "Stop")
    expect(picker(first)).to_have_value(re.compile("seed 308 .* stopped (during|after) epoch"))
    takes_its_turn(second)
    expect(picker(second)).to_have_value(re.compile("The robust network"))
    press(second, "Stop")
    expect(picker(second)).to_have_value(re.compile("seed 309 .* stopped (during|after) epoch"))
    expect(picker(first)).to_have_value(re.compile("seed 308 .* stopped (during|after) epoch"))


def test_damaged_run_is_set_aside_with_a_message(server: Server, open_page: OpenPage):
    """A run cut short on disk is named on the page, in a line that opens, and everything else works."""
    damaged = server.home / "runs" / "20260101-000000-damaged"
    damaged.mkdir(parents=True)
    (damaged / "config.json").write_text(json.dumps({"config": "half of"}))
    page = open_page(server.url)
    told = page.get_by_text("it was moved to the folder “set-aside”").first
    page.get_by_text(re.compile(r"Runs that cannot be read: \d")).click()
    expect(told).to_be_visible()
    assert not damaged.exists()
    draw(page, THREE)
    expect(answer(page)).to_contain_text("3")


def trainer_process(server: Server) -> int:
    """Find the trainer's process among the server's children."""
    children = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(server.process.pid)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    (line,) = (line for line in children if "mnist_demo.training.worker" in line)
    return int(line.split()[0])
