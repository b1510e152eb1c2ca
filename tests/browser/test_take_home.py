"""Runs leave the page as files and come back; the drawing leaves it, too."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from mnist_demo.network.mlp import PRETRAINED_RUNS
from mnist_demo.runs.run import RunConfig
from mnist_demo.runs.upload import read_upload
from tests.browser.conftest import OpenPage, Server
from tests.browser.steps import answer, draw, go_to_runs, picker, script_run, tool

pytestmark = pytest.mark.browser


def download(page: Page, button: Locator) -> bytes:
    """Press a button that downloads, and give what came."""
    with page.expect_download() as waiting:
        button.click()
    return Path(waiting.value.path()).read_bytes()


def test_run_goes_home_and_comes_back(server: Server, open_page: OpenPage):
    """Report and model of the run that ships; its zip makes a run of one's own that draws at once."""
    page = open_page(server.url)
    go_to_runs(page)
    card = page.locator("[data-testid=stVerticalBlock]").filter(has_text="The basic network").last
    card.get_by_role("button", name="Download").click()
    dialog = page.get_by_role("dialog")
    report = download(page, dialog.get_by_role("button", name="Report")).decode()
    assert "97.69%" in report
    assert "<svg" in report
    model = download(page, dialog.get_by_role("button", name="Model for Keras"))
    assert model == (PRETRAINED_RUNS / "notebook" / "model.keras").read_bytes()
    packed = download(page, dialog.get_by_role("button", name="Whole run"))
    assert read_upload(packed)[0].config == RunConfig()
    dialog.get_by_role("button", name="Close").click()

    page.get_by_text("Import a run").click()
    file = page.get_by_test_id("stFileUploader").locator("input[type=file]")
    kept = set((server.home / "runs").iterdir())
    file.set_input_files({"name": "broken.zip", "mimeType": "application/zip", "buffer": packed[:-1000]})
    expect(page.get_by_test_id("stAlert")).to_contain_text(
        "broken.zip: This file is not a complete zip archive"
    )
    assert set((server.home / "runs").iterdir()) == kept
    file.set_input_files({"name": "run.zip", "mimeType": "application/zip", "buffer": packed})
    expect(page.get_by_test_id("stAlert").filter(has_text="is in the list now")).to_be_visible()
    expect(page.get_by_test_id("stAlert")).to_have_count(2)
    (new,) = set((server.home / "runs").iterdir()) - kept
    card = page.locator("[data-testid=stVerticalBlock]").filter(has_text="(uploaded)").last
    card.get_by_role("button", name="Use for drawing").click()
    expect(card.get_by_text("in use")).to_be_visible()
    page.get_by_role("link", name="Draw and train").click()
    expect(picker(page)).to_have_value("10 epochs, batch 32 · uploaded")
    draw(page)
    expect(answer(page)).to_contain_text("3")
    go_to_runs(page)
    card.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Yes, delete it").click()
    expect(page.get_by_text("(uploaded)")).to_have_count(0)
    assert not new.exists()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("(uploaded)")).to_have_count(1)
    assert new.exists()
    card.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Yes, delete it").click()
    expect(page.get_by_text("(uploaded)")).to_have_count(0)


def test_history_is_for_spanish_spreadsheets_and_for_programs(server: Server, open_page: OpenPage):
    """Decimal commas and Spanish titles for the one, the kept file for the other; named after the run."""
    page = open_page(f"{server.url}/runs?lang=es")
    card = page.locator("[data-testid=stVerticalBlock]").filter(has_text="La red robusta").last
    card.get_by_role("button", name="Descargar").click()
    dialog = page.get_by_role("dialog")
    with page.expect_download() as waiting:
        dialog.get_by_role("button", name="Historial para hoja de cálculo").click()
    assert waiting.value.suggested_filename == "mnist-la-red-robusta-epocas.csv"
    titles, first, *_ = Path(waiting.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert titles.startswith("Época;Pérdida de entrenamiento;")
    history = (PRETRAINED_RUNS / "robust" / "history.csv").read_text(encoding="utf-8").splitlines()
    assert first.startswith(f"1;{history[1].split(',')[1].replace('.', ',')}")
    kept = download(page, dialog.get_by_role("button", name="Historial para programas"))
    assert kept == (PRETRAINED_RUNS / "robust" / "history.csv").read_bytes()


def test_file_that_a_proxy_refuses_is_told_in_a_sentence(server: Server, open_page: OpenPage):
    """It is there to be read, without a mouse over it."""
    page = open_page(f"{server.url}/runs?lang=es")
    page.get_by_text("Importar una red").click()
    page.route("**/_stcore/upload_file/**", lambda route: route.fulfill(status=413))
    file = {"name": "run.zip", "mimeType": "application/zip", "buffer": b"0" * 100}
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(file)
    refusal = page.get_by_text("El servidor no admite archivos de este tamaño.")
    expect(refusal).to_be_in_viewport(ratio=1)
    assert refusal.bounding_box()["width"] > 300


def test_drawing_is_saved_as_it_is(server: Server, open_page: OpenPage):
    """White ink on black in the size of the canvas; what has been cleared is black."""
    page = open_page(server.url)
    save = page.get_by_role("button", name="PNG")
    draw(page)
    expect(answer(page)).to_contain_text("3")
    pixels = np.asarray(Image.open(io.BytesIO(download(page, save))))
    assert pixels.shape == (280, 280)
    assert (pixels[60, 80], pixels[5, 5]) == (255, 0)
    with script_run(page):
        tool(page, "Clear").click()
    assert np.asarray(Image.open(io.BytesIO(download(page, save)))).max() == 0
