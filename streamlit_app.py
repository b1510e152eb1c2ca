"""Start here: `streamlit run streamlit_app.py`.

Streamlit imports this file once to serve the app, and then runs it again for every change on a page.
"""

import streamlit as st

if st.runtime.exists():
    from mnist_demo.ui.app import main

    main()
else:
    from mnist_demo.ui import routes, server

    server.open_store()
    app = st.App(__file__, lifespan=server.lifespan, routes=routes.routes(), middleware=server.middleware())
