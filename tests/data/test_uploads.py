import hashlib
from pathlib import Path

import pytest

from mlpdash.data.uploads import is_key, keep, kept
from mlpdash.errors import DataError
from mlpdash.text import brief, listed


def test_bytes_come_back_with_their_name() -> None:
    content = b"a,b\r\n1,2\r\n\xff"
    key = keep(content, "my table.csv")
    assert key == "sha256:" + hashlib.sha256(content).hexdigest()
    assert kept(key) == (content, "my table.csv")


def test_keeping_twice_writes_the_bytes_once_and_takes_the_newer_name(home: Path) -> None:
    key = keep(b"a,b\n1,2\n", "one.csv")
    file = home / "tables" / key.removeprefix("sha256:") / "table.bin"
    written = file.stat().st_mtime_ns
    assert keep(b"a,b\n1,2\n", "two.csv") == key
    assert file.stat().st_mtime_ns == written
    assert kept(key)[1] == "two.csv"
    assert {path.name for path in file.parent.iterdir()} == {"table.bin", "meta.json"}


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\data\\sales.csv", "sales.csv"),
        ("a\nb\x00.csv", "a b .csv"),
        ("", "table.csv"),
        ("x" * 500, "x" * 197 + "..."),
    ],
)
def test_a_name_is_its_last_part_in_printable_characters(given: str, shown: str) -> None:
    assert kept(keep(given.encode(), given))[1] == shown


@pytest.mark.parametrize(
    "key", ["sha256:" + "0" * 64, "sha256:../../x", "sha256:" + "0" * 63, "circle", ""]
)
def test_an_unknown_key_is_one_sentence(key: str) -> None:
    with pytest.raises(DataError, match="no table with the key"):
        kept(key)


def test_a_damaged_description_is_no_stack_trace(home: Path) -> None:
    key = keep(b"a,b\n1,2\n", "one.csv")
    (home / "tables" / key.removeprefix("sha256:") / "meta.json").write_text("[1")
    with pytest.raises(DataError, match="upload the file again"):
        kept(key)


def test_a_folder_that_cannot_be_written_is_one_sentence(home: Path) -> None:
    home.mkdir()
    (home / "tables").write_text("in the way")
    with pytest.raises(DataError, match=r'"x\.csv" cannot be kept'):
        keep(b"a", "x.csv")


def test_keys_are_told_from_names() -> None:
    assert is_key(keep(b"a", "a"))
    assert not is_key("circle")
    assert not is_key("sha256:" + "G" * 64)


def test_names_in_sentences_are_short_and_printable() -> None:
    assert listed(["a", "b"]) == '"a", "b"'
    assert listed([str(n) for n in range(1_005)]) == '"0", "1", "2", "3", "4" and 1,000 more'
    assert brief("a\nb") == "a b"
    assert len(brief("x" * 10_000)) == 40
