"""What `streamlit run app.py` opens.

Imported as a module, this is the server: Streamlit with the routes of our own. Run as a script,
once for each rerun of a session, it shows the pages.
"""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

if get_script_run_ctx(suppress_warning=True) is None:
    from mlpdash.ui.faults import on_script_error
    from mlpdash.ui.server import lifespan, routes

    app = st.App("app.py", routes=routes(), lifespan=lifespan, on_script_error=on_script_error)
else:
    from mlpdash.ui.frame import show

    show()
