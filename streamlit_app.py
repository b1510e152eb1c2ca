"""Start here: `streamlit run streamlit_app.py`.

Streamlit imports this file once to serve the app, and then runs it again for every change on a page.
"""

import streamlit as st

from mnist_demo.ui import app as page
from mnist_demo.ui import routes, server

if st.runtime.exists():
    page.main()
else:
    app = st.App(__file__, lifespan=server.lifespan, routes=routes.routes())
