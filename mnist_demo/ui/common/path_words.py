"""The path of an image through the network, in words, for whoever does not see the picture."""

from __future__ import annotations

from mnist_demo.data import DIGITS
from mnist_demo.network import Link, StrongestPaths
from mnist_demo.runs import digit_name
from mnist_demo.texts import Texts

LINKS_TOLD = 3


def paths_alt(paths: StrongestPaths, texts: Texts, *, is_direct: bool = False) -> str:
    """Describe the answer and the strongest links in words.

    Args:
        paths: What is described.
        texts: The words.
        is_direct: Whether the network has no hidden layer, and so no links between neurons.
    """
    words = texts.inside
    digit = max(range(DIGITS), key=paths.probabilities.__getitem__)
    form = words.alt_direct if is_direct else words.alt_answer
    answer = form.format(
        digit=digit_name(digit, texts), share=texts.numbers.chance(paths.probabilities[digit])
    )
    if is_direct:
        return answer

    last = max((link.layer for link in paths.links), default=0)

    def describe(link: Link) -> str:
        effect = words.alt_for if link.share > 0 else words.alt_against
        named = {"source": link.source + 1, "layer": link.layer, "effect": effect}
        if link.layer == last:
            return words.alt_to_digit.format(digit=link.target, **named)
        return words.alt_to_neuron.format(target=link.target + 1, above=link.layer + 1, **named)

    links = [
        link
        for layer in range(1, last + 1)
        for link in [each for each in paths.links if each.layer == layer][:LINKS_TOLD]
    ]
    return " ".join([answer, *map(describe, links)])
