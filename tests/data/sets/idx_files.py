"""IDX files that look like Fashion-MNIST's, and a server on localhost that has them."""

import contextlib
import gzip
import struct
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np

Files = dict[str, bytes]


def idx(array: np.ndarray) -> bytes:
    """Write unsigned bytes as an IDX file, not gzipped."""
    header = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    return header + array.astype(np.uint8).tobytes()


def clothes(train: int = 600, test: int = 100, side: int = 28, seed: int = 0) -> Files:
    """Make the four files: each kind of clothes is a pattern of its own, with noise over it."""
    random = np.random.default_rng(seed)
    patterns = random.integers(0, 200, (10, side, side))
    made: Files = {}
    for part, rows in (("train", train), ("t10k", test)):
        labels = np.arange(rows) % 10
        noise = random.normal(0, 40, (rows, side, side))
        pictures = np.clip(patterns[labels] + noise, 0, 255).astype(np.uint8)
        made[f"{part}-images-idx3-ubyte.gz"] = gzip.compress(idx(pictures), 1)
        made[f"{part}-labels-idx1-ubyte.gz"] = gzip.compress(idx(labels), 1)
    return made


def put(folder: Path, files: Files) -> Path:
    """Write the files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


class Mirror:
    """A server of files, which can cut them short or take its time."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.asked: list[str] = []
        self.cut: dict[str, int] = {}  # name -> bytes after which the connection is closed
        self.pause = 0.0  # seconds between pieces
        self.url = ""


@contextlib.contextmanager
def serving_files(files: Files) -> Iterator[Mirror]:
    """Serve files by name on a free port of localhost."""
    mirror = Mirror(files)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.rsplit("/", 1)[-1]
            mirror.asked.append(self.path)
            if name not in mirror.files:
                self.send_error(404)
                return
            content = mirror.files[name]
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            most = mirror.cut.get(name, len(content))
            with contextlib.suppress(OSError):  # the reader has gone
                for at in range(0, most, 1 << 14):
                    self.wfile.write(content[at : min(at + (1 << 14), most)])
                    time.sleep(mirror.pause)

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    mirror.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield mirror
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
