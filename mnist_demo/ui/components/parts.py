"""Of which files the components consist, and how one is declared."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from typing import Any

import streamlit as st

from mnist_demo.ui.routes import script_url
from mnist_demo.ui.scripts import keep_script, loading_script


def read_files(*names: str, package: str = __package__) -> str:
    """Return the files of these names in a package, one after the other."""
    files = resources.files(package)
    return "\n".join(files.joinpath(name).read_text(encoding="utf-8") for name in names)


STAGE_SCRIPTS = (
    *(
        "write.js",
        "waiting.js",
        "latest.js",
        "memory.js",
        "keys.js",
        "ink.js",
        "questions.js",
        "bars.js",
        "pixels.js",
        "close_up.js",
    ),
    *(
        "cells.js",
        "network_picture.js",
        "neuron_keys.js",
        "veil.js",
        "pen_follower.js",
        "training_follower.js",
        "stage.js",
    ),
)
CHART_SCRIPTS = ("latest.js", "plots.js", "chart.js")
LIVE_SCRIPTS = ("write.js", "memory.js", "latest.js", "plots.js", "fit.js", "live.js")
CANVAS_SCRIPTS = ("palm.js", "canvas.js")


def declare(name: str, script: str, html: str = "", css: str = "") -> Callable[..., Any]:
    """Declare a component; its script is one module, which browsers fetch by themselves."""
    return st.components.v2.component(
        f"mnist_demo_{name}",
        html=html,
        css=css,
        js=loading_script(script_url(keep_script(script))),
        isolate_styles=False,
    )
