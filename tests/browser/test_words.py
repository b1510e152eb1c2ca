"""No English on Spanish pages: neither words of Streamlit's that the catalogue has, nor any others."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from mnist_demo.runs.owner import TEACHER
from mnist_demo.runs.store import RunStore
from mnist_demo.texts import LOCALES, languages, load_texts, section_entries
from tests.browser.conftest import OpenPage, Server, run_server, wait_until_connected
from tests.browser.steps import wait_until_still
from tests.factories import save_run
from tests.texts.source import page_names

pytestmark = pytest.mark.browser

PATHS = page_names()[1:]
WORD = re.compile(r"[^\W\d_]{3,}")
COLLECT = """() => {
  const found = [document.title];
  const look = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return found.push(node.nodeValue);
    if (node.matches?.('style, script, noscript, code, pre, .live-log, [translate=no]')) return;
    if (node.nodeType === Node.ELEMENT_NODE && getComputedStyle(node).display === 'none') return;
    for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'data-title']) {
      if (node.getAttribute?.(name)) found.push(node.getAttribute(name));
    }
    for (const child of [...node.childNodes, ...(node.shadowRoot?.childNodes ?? [])]) look(child);
  };
  look(document.body);
  return found.map((text) => text.trim().replace(/\\d+/g, '9')).filter(Boolean);
}"""
"""What is seen on the page or read out from it, every number as 9; not icons, code, and what Keras prints."""

TRANSLATE = """() => {
  const translate = (node) => {
    if (node.parentElement?.closest('style, script, font, [translate=no]') || !node.nodeValue.trim()) return;
    const font = document.createElement('font');
    font.append(Object.assign(document.createElement('font'), { textContent: `«${node.nodeValue}»` }));
    node.replaceWith(font);
  };
  const translateAll = (node) => {
    const texts = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    const found = [];
    while (texts.nextNode()) found.push(texts.currentNode);
    (node.nodeType === Node.TEXT_NODE ? [node] : found).forEach(translate);
  };
  translateAll(document.body);
  new MutationObserver((records) => records.forEach(({ type, target, addedNodes }) => {
    if (type === 'characterData') translateAll(target);
    addedNodes.forEach(translateAll);
  })).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""
"""What Chromium's translation does to a page: text nodes make way for nodes of its own."""

NAME = "Upload"
"""Of a run: what somebody typed stays, also where Streamlit has a word that is the same."""


@pytest.fixture
def runs(server: Server) -> Iterator[None]:
    """Put runs into the server's store, one of them with such a name: more than are compared at first."""
    store = RunStore(server.home)
    saved = [save_run(store, name=name).id for name in ("Red uno", "Red dos", NAME)]
    yield
    for run_id in saved:
        store.delete(run_id, TEACHER)


def walk(open_page: OpenPage, url: str, language: str) -> set[str]:
    """Look at everything there is in a language, with a browser that would rather have English."""
    page = open_page(f"{url}/?lang={language}", width=1280, height=1600)
    found: set[str] = set()

    def look() -> None:
        found.update(page.evaluate(COLLECT))

    page.locator(".live-loss[data-drawn]").wait_for()
    unfold(page)
    look()
    look_at_menu(page, look)
    look_at_list(page, page.get_by_test_id("stSelectbox").get_by_role("combobox").last, "[data-key]", look)
    zoom(page, look)
    for path in PATHS:
        page.locator(f"[data-testid=stTopNavLink][href$='/{path}']").click()
        page.wait_for_url(re.compile(path))
        wait_until_still(page)
        unfold(page)
        look()
    look_at_runs(page, look)
    page.locator("[data-testid=stTopNavLink][href$='/compare']").click()
    chosen = page.get_by_test_id("stMultiSelect").get_by_role("combobox")
    look_at_list(page, chosen, "[data-key=__select_matches__]", look)
    if language == "es":  # in English the navigation has room for all
        page.set_viewport_size({"width": 800, "height": 1600})
        page.get_by_test_id("stTopNavSection").click()
        look()
    page.set_viewport_size({"width": 390, "height": 1600})
    look()
    page.get_by_test_id("stExpandSidebarButton").click()
    look()
    page.goto(f"{url}/nowhere?lang={language}")
    page.get_by_role("dialog").wait_for()
    page.locator(f"html[lang={language}]").wait_for(state="attached")
    look()
    return found


def unfold(page: Page) -> None:
    """Open everything that is folded away on the page and in its sidebar."""
    folded = page.locator("details:not([open]) > summary").filter(visible=True)
    while folded.count():
        folded.first.click()


def look_at_menu(page: Page, look: Callable[[], None]) -> None:
    """Open the menu of the theme."""
    page.get_by_test_id("stMainMenuButton").click()
    page.get_by_test_id("stMainMenuList").wait_for()
    look()
    page.keyboard.press("Escape")
    page.get_by_test_id("stMainMenuList").wait_for(state="detached")


def look_at_list(page: Page, field: Locator, found: str, look: Callable[[], None]) -> None:
    """Open a list to choose from; search it for what it has, and for what it has not."""
    field.scroll_into_view_if_needed()  # scrolling would close an open list
    field.click()
    page.locator("[role=option][data-key]").first.wait_for()
    look()
    for text, kind in (("e", found), ("qqq", ":not([data-key])")):
        field.fill(text)
        page.locator(f"[role=option]{kind}:not(.stage *)").first.wait_for()
        look()
    page.keyboard.press("Escape")


def zoom(page: Page, look: Callable[[], None]) -> None:
    """Zoom a chart, after which plotly.js says how to come back."""
    page.locator(".live-loss").scroll_into_view_if_needed()
    box = page.locator(".live-loss").bounding_box()
    page.mouse.move(box["x"] + 100, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 150, steps=5)
    page.mouse.up()
    page.locator(".plotly-notifier p").wait_for()
    look()


def look_at_runs(page: Page, look: Callable[[], None]) -> None:
    """Open what opens on the list of runs, and give files that are refused."""
    card = page.get_by_test_id("stVerticalBlock").filter(has_text=NAME).last
    for popover in card.get_by_test_id("stPopoverButton").all():
        popover.click()
        page.get_by_test_id("stPopoverBody").wait_for()
        look()
        page.keyboard.press("Escape")
    card.get_by_role("button").filter(has_text="download").click()  # the icon's name
    page.get_by_role("dialog").wait_for()
    look()
    page.keyboard.press("Escape")
    page.route("**/_stcore/upload_file/**", lambda route: route.fulfill(status=413))
    for name, size in (("red.csv", 9), ("datos.zip", 9_000_000), ("ajustes.zip", 9)):
        file = {"name": name, "mimeType": "application/octet-stream", "buffer": b"0" * size}
        page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)
        page.get_by_test_id("stFileChip").filter(has_text=name).get_by_role("alert").wait_for(
            state="attached"
        )
    page.get_by_test_id("stFileChip").last.hover()
    page.get_by_test_id("stTooltipErrorContent").wait_for()
    look()


def vocabulary(language: str) -> set[str]:
    """Every word that the app itself says in a language, and the names of all languages."""
    catalogue = tomllib.loads((LOCALES / f"{language}.toml").read_text(encoding="utf-8"))
    own = [
        section for name, section in catalogue.items() if isinstance(section, dict) and name != "streamlit"
    ]
    texts = [text for section in own for text in section.values()]
    texts += [path.read_text(encoding="utf-8") for path in (LOCALES / language).glob("*.md")]
    texts += [load_texts(code).language_name for code in languages()]
    return set(WORD.findall(" ".join(texts).lower()))


def translated() -> re.Pattern[str]:
    """Match the words of Streamlit's that have a Spanish translation."""
    words = section_entries(load_texts("es").streamlit)
    forms = [
        re.sub(r"\\{\w+\\}", ".+", re.escape(english)) for english, shown in words.items() if english != shown
    ]
    return re.compile("|".join(forms), re.DOTALL)


def deliver_one_by_one(socket: WebSocketRoute) -> None:
    """Hand the server's messages on, each by itself: the browser draws what lies between two of them."""
    server = socket.connect_to_server()
    server.on_message(socket.send)
    socket.on_message(server.send)


@pytest.mark.usefixtures("runs")
def test_no_english_is_left_on_spanish_pages(server: Server, open_page: OpenPage):
    """No word that has a translation; and what is the same in both languages is made of Spanish words."""
    spanish_pages = walk(open_page, server.url, "es")
    assert NAME in spanish_pages
    known = {text for text in spanish_pages - {NAME} if translated().fullmatch(text)}
    assert not known, "\n".join(sorted(known))
    same, spanish = spanish_pages & walk(open_page, server.url, "en"), vocabulary("es")
    unknown = {text for text in same - {NAME} if not set(WORD.findall(text.lower())) <= spanish}
    assert not unknown, "\n".join(sorted(unknown))


def test_each_page_tells_its_language_and_has_its_own_title(server: Server, open_page: OpenPage):
    """Also when the language is changed on the page, and changed back: nothing stays in the former one."""
    page = open_page(f"{server.url}/data")
    expect(page).to_have_title("The images it learns from · A network learns to read digits")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    menu = page.get_by_test_id("stMainMenuButton")
    page.get_by_role("radio", name="Español").click()
    expect(page).to_have_title("Las imágenes de las que aprende · Una red aprende a leer dígitos")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(menu).to_have_attribute("aria-label", "Menú principal")
    page.get_by_role("radio", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(menu).to_have_attribute("aria-label", "Main menu")
    page.get_by_role("link", name="Compare").click()
    expect(page).to_have_title("Compare runs · A network learns to read digits")


def test_lost_server_is_told_in_the_pages_language(tmp_path: Path, open_page: OpenPage):
    """A student's page whose teacher has closed the laptop."""
    with run_server(tmp_path) as server:
        page = open_page(f"{server.url}/data?lang=es")
        page.locator("html[lang=es]").wait_for(state="attached")
        server.process.terminate()
        expect(page.get_by_role("dialog")).to_contain_text("El servidor de la aplicación no responde.")
        expect(page.get_by_test_id("stStatusWidget")).to_contain_text("Conectando")


def test_pages_stay_themselves_while_the_browser_translates_them(server: Server, open_page: OpenPage):
    """A browser that translates takes text nodes out of the page, which React goes on changing unseen."""
    page = open_page(f"{server.url}/compare")
    page.route_web_socket("**/_stcore/stream", deliver_one_by_one)
    page.reload()
    wait_until_connected(page)
    page.evaluate(TRANSLATE)
    words = load_texts("en").pages
    for path in ("evaluation", "lab", "compare", "lab", "runs", "compare", "evaluation"):
        page.locator(f"[data-testid=stTopNavLink][href$='/{path}']").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(f"«{getattr(words, f'{path}_title')}»")
