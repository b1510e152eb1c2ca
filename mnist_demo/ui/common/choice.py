"""A row of buttons of which one is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeVar

import streamlit as st

Option = TypeVar("Option", bound=str)


def choose_one(
    label: str,
    names: Mapping[Option, str],
    *,
    key: str,
    label_visibility: Literal["visible", "hidden", "collapsed"] = "visible",
) -> Option:
    """Show the options by their names; the first is chosen until the visitor chooses another."""
    options = list(names)
    return st.segmented_control(
        label,
        options,
        default=options[0],
        required=True,
        key=key,
        format_func=names.__getitem__,
        label_visibility=label_visibility,
    )
