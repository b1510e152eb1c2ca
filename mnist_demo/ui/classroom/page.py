"""The page of the class: a teacher leads it here, and in projector view it is what the class sees."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from mnist_demo.classroom import Phase
from mnist_demo.errors import ClassElsewhere
from mnist_demo.texts import Texts
from mnist_demo.ui import services
from mnist_demo.ui.classroom.addresses import own_addresses
from mnist_demo.ui.classroom.doors import Door, make_doors, qr_code
from mnist_demo.ui.classroom.experiment import render_experiment
from mnist_demo.ui.classroom.paths import class_url, paper_url, phone_path, remote_path
from mnist_demo.ui.classroom.questions import class_questions
from mnist_demo.ui.classroom.stage import render_class_room
from mnist_demo.ui.classroom.tiles import read_tile
from mnist_demo.ui.common.problem import show_problem
from mnist_demo.ui.view import View, fragment

REMOTE_KEY = "class_remote"
ELSEWHERE_SECONDS = 2


def render_class(view: View) -> None:
    """Show the class that goes on, or how to start one, and what a teacher may need around it."""
    if is_elsewhere():
        fragment(_wait_for_class, run_every=ELSEWHERE_SECONDS)(view)
        return
    code = running_code()
    doors = open_doors(code, view.texts)
    asked = render_class_room(
        code=code,
        url=class_url(),
        card_url=paper_url("network", view.texts.code),
        doors=doors,
        questions=class_questions(view),
        texts=view.texts,
        key="class_room",
    )
    if asked.put and (image := read_tile(asked.put)) is not None:
        view.session.canvas.put_image(image)
        st.switch_page(view.links["draw"])
    if asked.changed:
        st.rerun()
    if code:
        render_experiment(view)
    with st.container(key="class_more"):
        _render_papers(code, view.texts)
        if code:
            _render_pass_on(code, view.texts)
        _render_remote(doors, view.texts)


def is_elsewhere() -> bool:
    """Tell whether another server has the class; one that is left by now comes to this one."""
    services.classroom().look().result()
    return services.classroom().is_elsewhere


def _wait_for_class(view: View) -> None:
    if not is_elsewhere():
        st.rerun()
    show_problem(ClassElsewhere("class_elsewhere"), view.texts, st.info)


def running_code() -> str:
    """Return the code of the class that goes on, empty where none does."""
    latest = services.classroom().latest
    return latest.state.code if latest and latest.state.phase is not Phase.ENDED else ""


def open_doors(code: str, texts: Texts) -> tuple[Door, ...]:
    """Make the doors to a class, for this computer's addresses of now; none where no phone comes in."""
    return make_doors(
        own_addresses(st.get_option("server.address")),
        scheme="https" if st.get_option("server.sslCertFile") else "http",
        port=st.get_option("browser.serverPort"),
        path=phone_path(),
        code=code,
        texts=texts,
    )


def _render_papers(code: str, texts: Texts) -> None:
    """Link to what is prepared before a class, and to what is taken along after it."""
    words = texts.class_page
    links = [(words.network_card, paper_url("network", texts.code))]
    links.append((words.privacy, paper_url("privacy", texts.code)))
    if code:
        links.append((words.export_zip, f"{class_url()}/{code}/export.zip"))
        links.append((words.export_csv, f"{class_url()}/{code}/export.csv"))
    with st.expander(words.papers, icon=":material/description:", expanded=not code):
        st.markdown("\n".join(f"- [{label}]({url})" for label, url in links))


def _render_pass_on(code: str, texts: Texts) -> None:
    words = texts.class_page
    with st.expander(words.pass_on, icon=":material/tablet:"):
        st.markdown(f"{words.pass_on_why} [{phone_path()}/{code}]({phone_path()}/{code}#pass)")


def _render_remote(doors: tuple[Door, ...], texts: Texts) -> None:
    """Show, on demand only, the code that makes a phone the teacher's: it leads in by the teacher's key."""
    words = texts.class_page
    opened = st.expander(words.remote, icon=":material/settings_remote:", key=REMOTE_KEY, on_change="rerun")
    if not opened.open:
        return
    with opened:
        if not doors:
            st.markdown(words.remote_unreachable)
            return
        st.warning(words.remote_why, icon=":material/visibility_off:")
        code = qr_code(f"{doors[0].origin}{remote_path()}")
        st.html(Markup('<img class="class-remote" alt="{}" src="{}">').format(words.remote_qr, code))
