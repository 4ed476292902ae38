"""How much work Python does, counted in lines: the same on a busy machine as on a quiet one."""

import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import mlpdash

OURS = str(Path(mlpdash.__file__).parent)


def lines_run(work: Callable[[], object]) -> int:
    """Count the lines of mlpdash that run during `work`, each time that one runs.

    Those of threads that it starts are among them; what numpy, pandas and the csv module do in C
    is not.
    """
    count = 0

    def trace(frame: FrameType, event: str, _arg: Any) -> Any:
        nonlocal count
        if not frame.f_code.co_filename.startswith(OURS):
            return None
        count += event == "line"
        return trace

    before = sys.gettrace(), threading.gettrace()
    sys.settrace(trace)
    threading.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before[0])
        threading.settrace(before[1])  # type: ignore[arg-type]  # None is what there mostly is
    return count
