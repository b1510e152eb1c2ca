"""The one line that says who one is, to those who would not know: a visitor, or a teacher by key."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from mnist_demo.errors import NameNotKept
from mnist_demo.runs import escape_markdown
from mnist_demo.texts import Texts
from mnist_demo.ui import services
from mnist_demo.ui.common.problem import show_problem
from mnist_demo.ui.identity import current_headers, is_on_this_computer
from mnist_demo.ui.routes import visitor_path
from mnist_demo.ui.view import View

_OPENER, _NAME = "visitor", "visitor_name"


def render_person(view: View) -> None:
    """Say who looks at the page, and let a visitor say their name; on the computer itself say nothing."""
    person, texts = view.person, view.texts
    if person.is_teacher:
        if not is_on_this_computer(current_headers()):
            st.caption(texts.identity.teacher, width="content")
            link = Markup('<a href="{}">{}</a>').format(visitor_path(), texts.identity.stop_teaching)
            st.html(link, width="content")  # in this tab, where Streamlit's own links open another one
        return
    if person.name:
        label = texts.identity.visitor.format(name=escape_markdown(person.name))
    else:
        label = texts.identity.visitor_unnamed
    popover = st.popover(label, type="tertiary", width="content", key=_OPENER, on_change="rerun")
    if popover.open:
        with popover, st.form("visitor_form", border=False):
            st.text_input(
                texts.identity.name,
                person.name,
                placeholder=texts.identity.name_example,
                key=_NAME,
            )
            st.caption(texts.identity.name_help)
            st.form_submit_button(texts.identity.keep_name, on_click=_keep_name, args=(person.id, texts))


def _keep_name(visitor: str, texts: Texts) -> None:
    st.session_state[_OPENER] = False
    try:
        services.visitor_names().keep(visitor, st.session_state[_NAME])
    except NameNotKept as error:
        show_problem(error, texts, st.toast)
