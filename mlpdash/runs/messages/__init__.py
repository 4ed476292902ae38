"""Every message between browser, server and worker: one frozen class each, by who may send it.

    browser_to_server   what a person does, and which picture the browser wants next
    server_to_worker    orders, and requests for frames
    worker_to_server    what a worker says of its run; frames and answers are passed on
    server_to_browser   what all who watch are told

Each side reads what it gets through the reader of its route (`reader.read`), so a message that is
not of its class, or comes from who may not send it, is refused in one place.
"""
