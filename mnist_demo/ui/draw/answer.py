"""A network and its answer as plain values: what the picture on the first page is drawn from."""

from __future__ import annotations

import base64
import re
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_demo.charts import grey
from mnist_demo.data import IMAGE_SIDE
from mnist_demo.errors import InvalidRequest
from mnist_demo.network import (
    RELU,
    Activations,
    Network,
    NeuronSum,
    brightness,
    layer_lights,
    neuron_sum,
    placed_links,
    quantize,
    shown_layers,
    trace_strongest_paths,
)
from mnist_demo.runs import function_name
from mnist_demo.texts import Texts
from mnist_demo.ui import services
from mnist_demo.ui.common.answer import Doubt, answer_words, find_doubt
from mnist_demo.ui.common.path_words import paths_alt
from mnist_demo.ui.draw.reader import Reader, first_neurons

Plain = dict[str, Any]
NEURON = re.compile(r"([1-9])\.([0-9]{1,4})")


def network_view(reader: Reader, texts: Texts) -> Plain:
    """Show a network: its sizes, the neurons that have a place, and the weights of those in layer 1."""
    caption = ""
    if reader.epoch is not None:
        words = texts.stage
        caption = words.epoch.format(epoch=reader.epoch) if reader.epoch else words.random
    return {
        "version": reader.version,
        "caption": caption,
        "sizes": [len(biases) for _, biases in shown_layers(reader.network)],
        "is_direct": not reader.network.hidden,
        "shown": [layer.tolist() for layer in reader.shown],
        "weights": _live_weights(reader.file) if reader.file else _weights(reader.network, reader.shown[0]),
    }


def _weights(network: Network, shown: NDArray[np.intp]) -> str:
    return _packed(quantize(network.layers[0][0][:, shown].T))


@lru_cache(maxsize=2)
def _live_weights(file: str) -> str:
    """Pack the weights of a network in training once for all who watch it."""
    network = services.live_network(file)
    return _weights(network, first_neurons(network)[0])


def answer_view(
    reader: Reader, frame: NDArray[np.float32], texts: Texts, *, drawn: Doubt, neuron: str = ""
) -> Plain:
    """Show what a network answers to an image, and how it came to that.

    Args:
        reader: The network.
        frame: (28, 28) float32, a drawing framed, or an image of MNIST.
        texts: The words.
        drawn: What speaks against it as a drawing, see `common.answer.doubt_of_ink`.
        neuron: A shown neuron whose computation is wanted too, as layer and place: "1.17".

    Raises:
        InvalidRequest: There is no such neuron.
    """
    x = frame.reshape(1, -1)
    answers = reader.network.activations(x)
    probabilities = answers.probabilities[0]
    doubt = find_doubt(reader.rule, answers, x, drawn)
    sign, sentence = answer_words(probabilities, doubt, texts)
    paths = trace_strongest_paths(reader.network, answers, reader.shown) if sign else None
    return {
        "version": reader.version,
        "sign": sign,
        "digit": int(probabilities.argmax()) if sign else None,
        "sentence": sentence,
        "probabilities": [round(float(share), 4) for share in np.nan_to_num(probabilities)],
        "shares": [texts.numbers.chance(float(share)) if sign else "" for share in probabilities],
        "frame": _packed(grey(frame)),
        "activations": [
            _packed(brightness(layer[0, shown]))
            for layer, shown in zip(layer_lights(answers), reader.shown, strict=True)
        ],
        "links": placed_links(paths, reader.shown) if paths else [],
        "path": paths_alt(paths, texts, is_direct=not answers.hidden) if paths else sentence,
        "neuron": _neuron_view(reader, x, answers, neuron, texts) if neuron and sign else None,
    }


def _neuron_view(
    reader: Reader, x: NDArray[np.float32], answers: Activations, neuron: str, texts: Texts
) -> Plain:
    match = NEURON.fullmatch(neuron)
    layer, place = map(int, match.groups()) if match else (0, 0)
    if not match or layer > len(reader.shown) or place >= len(reader.shown[layer - 1]):
        raise InvalidRequest("neuron_unknown", neuron=neuron)
    number = int(reader.shown[layer - 1][place])
    return _sum_view(neuron_sum(reader.network, x, answers, layer, number), layer, number, texts)


def _sum_view(taken: NeuronSum, layer: int, number: int, texts: Texts) -> Plain:
    """Show a neuron's computation as three pictures of the same shape, and as a sentence."""
    words, write = texts.stage, texts.numbers.number
    columns = IMAGE_SIDE if layer == 1 else int(np.ceil(np.sqrt(len(taken.inputs))))
    rows = -(-len(taken.inputs) // columns)

    def padded(values: NDArray[Any]) -> str:
        return _packed(np.pad(values, (0, rows * columns - len(values))))

    figures = {"sum": taken.total, "bias": taken.bias, "activation": taken.activation}
    written = {name: write(value, 2) for name, value in figures.items()}
    title = words.neuron.format(number=texts.numbers.whole(number + 1), layer=layer)
    if not taken.function:
        title, formula = words.output.format(digit=number), words.logit.format(digit=number, **written)
    elif taken.function == RELU:
        formula = (words.formula if taken.activation else words.silent).format(**written)
    else:
        formula = words.squashed.format(function=function_name(taken.function, texts), **written)
    return {
        "title": title,
        "formula": formula,
        "rows": rows,
        "columns": columns,
        "inputs": padded(brightness(taken.inputs)),
        "weights": padded(quantize(taken.weights[np.newaxis])[0]),
        "product": padded(quantize(taken.product[np.newaxis])[0]),
    }


def packed_image(frame: NDArray[np.float32]) -> str:
    """Pack an image (28, 28) float32, about which a page without a canvas can ask, see `answers`."""
    return _packed(frame.astype("<f4"))


def _packed(values: NDArray[Any]) -> str:
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode()
