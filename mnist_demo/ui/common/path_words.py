"""The path of an image through the network, in words, for whoever does not see the picture."""

from __future__ import annotations

from mnist_demo.data import DIGITS
from mnist_demo.network import Link, StrongestPaths
from mnist_demo.runs import digit_name
from mnist_demo.texts import Texts

LINKS_TOLD = 3


def paths_alt(paths: StrongestPaths, texts: Texts) -> str:
    """Describe the answer and the strongest links in words."""
    words = texts.inside
    digit = max(range(DIGITS), key=paths.probabilities.__getitem__)
    answer = words.alt_answer.format(
        digit=digit_name(digit, texts), share=texts.numbers.chance(paths.probabilities[digit])
    )

    def describe(link: Link) -> str:
        template = {1: words.alt_first, 2: words.alt_second}[link.layer]
        effect = words.alt_for if link.share > 0 else words.alt_against
        target = link.target + 1 if link.layer == 1 else link.target
        return template.format(source=link.source + 1, target=target, effect=effect)

    links = [link for layer in (1, 2) for link in [k for k in paths.links if k.layer == layer][:LINKS_TOLD]]
    return " ".join([answer, *map(describe, links)])
