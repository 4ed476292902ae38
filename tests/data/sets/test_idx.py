"""IDX files, by the format's description."""

import gzip

import numpy as np
import pytest

from mlpdash.data.sets.idx import images_of, labels_of
from mlpdash.errors import DataError
from tests.data.sets.idx_files import idx

LABELS = gzip.compress(idx(np.arange(7)), mtime=0)  # no time of day: cases are named by bytes


def test_pictures_and_labels_worked_by_hand() -> None:
    header = bytes([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3])
    pictures = images_of(gzip.compress(header + bytes([1, 2, 3, 250, 251, 252])), "x.gz")
    assert pictures.tolist() == [[[1, 2, 3]], [[250, 251, 252]]]
    assert labels_of(bytes([0, 0, 8, 1, 0, 0, 0, 2, 9, 4]), "x").tolist() == [9, 4]  # unpacked


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "begins with nothing"),
        (b"\0\0\x08", "not an IDX file of 1 dimensions"),
        (b"label\n5\n", "begins with 6c 61 62 65"),
        (gzip.compress(idx(np.zeros((2, 2, 2))), mtime=0), "not an IDX file of 1 dimensions"),
        (
            gzip.compress(bytes([0, 0, 13, 1, 0, 0, 0, 1, 0, 0, 0, 0]), mtime=0),
            "begins with 00 00 0d 01",
        ),
        (
            gzip.compress(idx(np.arange(7))[:-1], mtime=0),
            "should have 7 bytes after its header; it has 6",
        ),
        (gzip.compress(idx(np.arange(7)) + b"x", mtime=0), "it has 8"),
        (LABELS[:-9], "not a whole gzip file"),
        (LABELS[:12] + b"\xff\xff" + LABELS[14:], "gzip"),
        (b"\x1f\x8bnot gzip at all", "not a whole gzip file"),
    ],
)
def test_anything_else_is_one_sentence_that_names_the_file(content: bytes, words: str) -> None:
    with pytest.raises(DataError, match=words) as caught:
        labels_of(content, "labels.gz")
    assert '"labels.gz"' in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_header_that_promises_more_than_there_is_takes_no_memory() -> None:
    header = bytes([0, 0, 8, 3]) + b"\xff" * 12
    with pytest.raises(DataError, match="should have"):
        images_of(gzip.compress(header), "x.gz")
