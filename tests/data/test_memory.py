"""How much memory a table takes, measured in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mlpdash.data.uploads import keep

ROOT = Path(__file__).parents[2]
ROWS, COLUMNS = 150_000, 20
PROGRAM = """
import json, resource, sys
import pandas, sklearn.impute, sklearn.preprocessing
from mlpdash.data.load import load, starting_point
from mlpdash.data.prepare import prepare
unit = 1 if sys.platform == "darwin" else 1024
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
before = peak()
spec = starting_point(sys.argv[1]).data
counted = peak()
found = prepare(load(spec), spec)
print(json.dumps({"counted": counted - before, "peak": peak() - before, "rows": len(found.x)}))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no getrusage")
def test_a_long_table_takes_less_than_four_times_its_file() -> None:
    numbers = np.random.default_rng(0).normal(size=(ROWS, COLUMNS))
    lines = [",".join(f"c{n}" for n in range(COLUMNS))]
    lines += [",".join(f"{cell:.6g}" for cell in row) for row in numbers.tolist()]
    content = "\n".join(lines).encode()
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, keep(content, "long.csv")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    assert found["rows"] == ROWS
    assert found["counted"] < 8_000_000  # its rows are counted piece by piece
    assert found["peak"] < 4 * len(content)
