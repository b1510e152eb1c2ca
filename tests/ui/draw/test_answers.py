"""Answers under the pen, over real HTTP to the app's routes, with the real store behind them."""

from __future__ import annotations

import base64
import json
import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
import uvicorn
from starlette.applications import Starlette

from mnist_demo.data import CANVAS_PIXELS, PEN_PIXELS, draw_strokes, frame_drawing
from mnist_demo.runs.config import RunConfig
from mnist_demo.runs.owner import TEACHER
from mnist_demo.runs.run import ROBUST_RUN
from mnist_demo.texts.loading import load_texts
from mnist_demo.ui import services
from mnist_demo.ui.common.answer import Doubt
from mnist_demo.ui.draw.answer import answer_view, packed_image
from mnist_demo.ui.draw.answers import INK_BYTES, INK_TYPE
from mnist_demo.ui.draw.reader import run_reader
from mnist_demo.ui.draw.sample_digits import render_sample
from mnist_demo.ui.routes import answer_url, network_url, routes
from tests.factories import make_run, random_network, save_run

EN = load_texts("en")
THREE = render_sample(3, CANVAS_PIXELS, PEN_PIXELS)


@dataclass(frozen=True)
class Reply:
    """What a server has answered."""

    status: int
    body: bytes

    @property
    def text(self) -> str:
        """As text."""
        return self.body.decode()

    def json(self) -> Any:  # noqa: ANN401 - whatever was sent
        """As values."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Client:
    """A browser's side of HTTP."""

    port: int

    def send(
        self, method: str, url: str, asked: dict[str, str], body: bytes | None = None, kind: str = INK_TYPE
    ) -> Reply:
        """Send a request and wait for what comes."""
        connection = HTTPConnection("127.0.0.1", self.port)
        headers = {"Content-Type": kind} if body is not None and kind else {}
        connection.request(method, f"{url}?{urlencode(asked)}", body, headers)
        response = connection.getresponse()
        reply = Reply(response.status, response.read())
        connection.close()
        return reply


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Serve the routes by the server that Streamlit uses, with a store of their own; nothing is trained."""
    with pytest.MonkeyPatch.context() as environment, socket.socket() as listening:
        environment.setenv("MNIST_DEMO_HOME", str(tmp_path_factory.mktemp("home")))
        forget_services()
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes()), log_level="error"))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        listening.listen()
        yield Client(listening.getsockname()[1])
        server.should_exit = True
        thread.join()
        services.trainer().close()
        forget_services()


def forget_services() -> None:
    """Let whoever comes next start with services of its own."""
    for service in (services.settings, services.store, services.trainer):
        service.cache_clear()


def ask(client: Client, ink: bytes = THREE.tobytes(), **asked: str) -> Reply:
    """Post ink as the page does."""
    return client.send("POST", answer_url(), {"run": ROBUST_RUN} | asked, ink)


def test_answer_is_the_pages_own(client: Client):
    """Every figure of it, in the language of the page: the two cannot contradict each other."""
    texts = load_texts("es")
    reader = run_reader(services.store().get(ROBUST_RUN))
    page = answer_view(reader, frame_drawing(THREE), texts, drawn=Doubt.NONE)
    answer = ask(client, language="es").json()
    assert answer == page | {"links": [list(link) for link in page["links"]]}
    assert answer["sign"] == "3"
    assert answer["sentence"].startswith("Es un 3.")
    assert answer["frame"] == base64.b64encode(np.rint(255 * frame_drawing(THREE)).astype(np.uint8)).decode()


def test_two_digits_are_told_and_not_read(client: Client):
    """By the same words as on the page; the first one alone is read."""
    ink = np.hstack([THREE[:, ::2], THREE[:, ::2]])
    several = ask(client, ink.tobytes(), language="en").json()
    assert (several["sign"], several["digit"] is not None) == ("?", True)
    assert several["sentence"] == EN.drawing.several
    ink[:, CANVAS_PIXELS // 2 :] = 0
    assert ask(client, ink.tobytes(), language="en").json()["sentence"] != several["sentence"]


def test_dot_is_called_one(client: Client):
    """Framed it would be a disc as large as a digit, which some networks read as a 0."""
    ink = draw_strokes([np.array([(140, 140)], np.float32)])
    dot = ask(client, ink.tobytes(), language="en").json()
    assert (dot["sign"], dot["sentence"]) == ("?", EN.drawing.dot)


def test_image_is_read_as_it_is(client: Client):
    """A page without a canvas asks about what the network reads, to the last bit."""
    drawn = frame_drawing(THREE)
    packed = base64.b64decode(packed_image(drawn))
    assert ask(client, packed, neuron="1.17").json() == ask(client, neuron="1.17").json()


def test_network_is_asked_as_it_was_after_an_epoch(client: Client):
    """With the neurons of the network of now, and less sure of itself, for it knows no doubt."""
    now, then = (ask(client, **asked).json() for asked in ({}, {"epoch": "117"}))
    network = client.send("GET", network_url(), {"run": ROBUST_RUN, "epoch": "117"}).json()
    assert network["version"] == then["version"] != now["version"]
    assert network["weights"] != client.send("GET", network_url(), {"run": ROBUST_RUN}).json()["weights"]
    assert then["activations"] != now["activations"]


def test_empty_canvas_has_no_answer(client: Client):
    """The page shows its invitation."""
    assert ask(client, bytes(INK_BYTES)).status == 204


@pytest.mark.parametrize("digit", range(10))
def test_sample_is_read_as_its_digit(client: Client, digit: int):
    """So that an empty canvas has something to show while a network learns."""
    assert ask(client, b"", sample=str(digit)).json()["digit"] == digit


@pytest.mark.parametrize(
    ("ink", "asked", "status"),
    [
        (THREE.tobytes(), {"run": "nobody's"}, 404),
        (THREE.tobytes(), {"run": "../../etc"}, 404),
        (THREE.tobytes(), {"run": ""}, 404),
        (THREE.tobytes(), {"run": "live"}, 404),
        (THREE.tobytes() + b"1", {}, 413),
        (bytes(2**22), {}, 413),
        (THREE.tobytes()[:-1], {}, 422),
        (b"", {}, 422),
        (b"", {"sample": "10"}, 422),
        (b"", {"sample": ""}, 422),
        (THREE.tobytes(), {"neuron": "1.128"}, 422),
        (THREE.tobytes(), {"neuron": "3.1"}, 422),
        (THREE.tobytes(), {"neuron": "1.1e3"}, 422),
        (THREE.tobytes(), {"epoch": "2"}, 404),
        (np.full(784, np.nan, "<f4").tobytes(), {}, 422),
        (np.full(784, 1.5, "<f4").tobytes(), {}, 422),
    ],
)
def test_bad_question_is_answered_with_one_sentence(
    client: Client, ink: bytes, asked: dict[str, str], status: int
):
    """That says what was wrong and what to do, in the language of the page."""
    english, spanish = (ask(client, ink, language=language, **asked) for language in ("en", "es"))
    assert english.status == spanish.status == status
    assert english.text.endswith(".")
    assert english.text != spanish.text


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "", "application/octet-stream; x=1"])
def test_other_types_are_refused(client: Client, kind: str):
    """A form of another host's page may send text, but no bytes of this type."""
    reply = client.send("POST", answer_url(), {"run": ROBUST_RUN}, THREE.tobytes(), kind)
    assert reply.status == 415


def test_nothing_but_post_is_answered(client: Client):
    """An address that somebody types or links to does nothing."""
    assert client.send("GET", answer_url(), {}).status == 405


def test_network_is_sent_whole(client: Client):
    """Its sizes, and the weights of all that is shown; a stranger's there is none."""
    network = client.send("GET", network_url(), {"run": ROBUST_RUN}).json()
    assert network["sizes"] == [len(shown) for shown in network["shown"]] == [128, 64]
    assert len(base64.b64decode(network["weights"])) == 128 * 784
    assert network["caption"] == ""
    assert client.send("GET", network_url(), {"run": "nobody's"}).status == 404


def test_other_network_comes_with_its_answer(client: Client):
    """Once: who knows it gets the answer alone, and who asks again about the same drawing gets none."""
    whole = ask(client, known="another").json()
    assert whole["network"] == client.send("GET", network_url(), {"run": ROBUST_RUN, "language": "en"}).json()
    assert "network" not in ask(client, known=whole["version"]).json()
    assert ask(client, known="another", again="1").json() == whole
    assert ask(client, known=whole["version"], again="1").status == 204


def test_neuron_is_taken_apart_in_numbers_of_the_language(client: Client):
    """Three pictures of one shape, and a sentence with sum, bias and what ReLU makes of them."""
    for neuron, side in (("1.17", 28), ("2.3", 12)):
        taken = ask(client, neuron=neuron).json()["neuron"]
        assert (taken["rows"], taken["columns"]) == (side if side == 28 else 11, side)
        for picture in ("inputs", "weights", "product"):
            assert len(base64.b64decode(taken[picture])) == taken["rows"] * taken["columns"]
        assert len(re.findall(r"\d\.\d\d", taken["formula"])) == 3


def test_network_of_any_size_has_a_picture(client: Client):
    """The strongest neurons of large layers, all of small ones."""
    for hidden, shown in (
        ((1, 1), [1, 1]),
        ((1024, 1024), [128, 64]),
        ((3, 200), [3, 64]),
        ((7,), [7]),
        ((200, 8, 100, 9), [128, 8, 64, 9]),
    ):
        run = keep(hidden)
        network = client.send("GET", network_url(), {"run": run}).json()
        assert (network["sizes"], network["is_direct"]) == (list(hidden), False)
        assert [len(layer) for layer in network["shown"]] == shown
        assert ask(client, run=run).status == 200
        services.store().delete(run, TEACHER)


def test_network_without_hidden_layers_shows_its_outputs(client: Client):
    """Where the first layer stands otherwise; each is taken apart, and no link to other neurons is told."""
    run = keep(())
    network = client.send("GET", network_url(), {"run": run}).json()
    assert (network["sizes"], network["is_direct"]) == ([10], True)
    assert len(base64.b64decode(network["weights"])) == 10 * 784
    answer = ask(client, run=run, neuron="1.7").json()
    assert answer["neuron"]["title"] == EN.stage.output.format(digit=7)
    assert "Softmax" in answer["neuron"]["formula"]
    assert answer["path"].endswith("every pixel speaks directly for or against every digit.")
    assert ask(client, run=run, neuron="2.1").status == 422
    services.store().delete(run, TEACHER)


@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_other_activation_is_called_by_its_name(client: Client, activation: str):
    """ReLU is not what such a neuron does."""
    run = keep((5, 4, 3), activation)
    formula = ask(client, run=run, neuron="3.2").json()["neuron"]["formula"]
    assert f"{activation} makes" in formula
    services.store().delete(run, TEACHER)


def keep(hidden: tuple[int, ...], activation: str = "relu") -> str:
    """Keep a run with a random network of these sizes."""
    return save_run(services.store(), config=RunConfig(2, hidden=hidden, activation=activation)).id


def test_network_that_has_overflowed_answers_in_words(client: Client):
    """It names no digit, and what is sent is still JSON."""
    network = random_network((3, 2))
    network.layers[0][0][:] = np.nan
    run = services.store().save(make_run(config=RunConfig(epochs=2, hidden=(3, 2))), network).id
    answer = ask(client, run=run).json()
    assert answer["sign"] == ""
    assert answer["sentence"] == EN.drawing.overflowed
    assert answer["links"] == []
    assert not np.frombuffer(
        base64.b64decode(client.send("GET", network_url(), {"run": run}).json()["weights"]), np.int8
    ).any()
