"""The app as `streamlit_app.py` makes it, with addresses by which a test presses Train, Stop and Import.

Served by `streamlit run`, like the app itself.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from mnist_demo.errors import UploadRefused
from mnist_demo.runs import TEACHER, RunConfig, keep_upload
from mnist_demo.texts import message
from mnist_demo.ui import routes, server, services

PAGES = Path(__file__).parents[2] / "streamlit_app.py"


async def train(request: Request) -> JSONResponse:
    """Press Train with the settings of the body."""
    settings = await request.json()
    hidden = tuple(settings.pop("hidden", (128, 64)))
    return JSONResponse(services.trainer().submit(RunConfig(hidden=hidden, **settings)).id)


async def stop(request: Request) -> JSONResponse:
    """Press Stop."""
    services.trainer().stop(request.query_params["job"])
    return JSONResponse(None)


async def upload(request: Request) -> JSONResponse:
    """Import the body as the page imports a file, and give the run's id, or the sentence that refuses it."""
    data = await request.body()
    try:
        run = await run_in_threadpool(keep_upload, data, services.store(), TEACHER)
        return JSONResponse({"run": run.id})
    except UploadRefused as error:
        return JSONResponse({"refused": message(error, "en")})


def state(request: Request) -> JSONResponse:
    """Tell what the pages know of the trainer and of one job."""
    now = services.trainer().state
    job = now.find(request.query_params.get("job", ""))
    problem = now.problem and message(now.problem, "en")
    told = {"worker": now.worker, "problem": problem, "active": bool(now.training)}
    if job:
        told |= {"phase": job.phase, "run": job.run, "step": bool(job.step)}
        told |= {"epochs": len(job.history.epochs), "steps": len(job.history.steps)}
        told |= {"failure": job.problem and message(job.problem, "en")}
    return JSONResponse(told)


CONTROLS = [
    Route("/chaos/train", train, methods=["POST"]),
    Route("/chaos/stop", stop, methods=["POST"]),
    Route("/chaos/upload", upload, methods=["POST"]),
    Route("/chaos/state", state),
]

if not st.runtime.exists():
    server.open_store()
    app = st.App(
        PAGES,
        lifespan=server.lifespan,
        routes=[*routes.routes(), *CONTROLS],
        middleware=server.middleware(),
    )
