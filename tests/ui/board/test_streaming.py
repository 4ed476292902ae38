"""What comes over the stream, and how its numbers are written: the JavaScript, in a browser."""

from __future__ import annotations

import json
import struct

import numpy as np
import pytest


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.021, "0.0210"),
        (0.5, "0.500"),
        (98.44, "98.4"),
        (1234.5, "1,235"),
        (0.00002, "2.0e-5"),
        (0, "0"),
        (None, "–"),
        (-0.0895, "-0.0895"),
    ],
)
def test_numbers_have_three_significant_digits(js, value, shown):
    assert js("dom.js", "return m.three(a)", value) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.4, "0:00"), (12, "0:12"), (3599, "59:59"), (3600, "1:00:00"), (518_400, "6 days")],
)
def test_durations_are_for_people(js, seconds, shown):
    assert js("dom.js", "return m.duration(a, '{n} days')", seconds) == shown


def test_frames_are_unpacked_where_they_lie(js):
    field = np.arange(6, dtype="<f4").reshape(2, 3)
    header = {"kind": "frame", "arrays": [["field", "f4", [2, 3], 0], ["x", "f4", [1], 24]]}
    text = json.dumps(header).encode()
    text += b" " * (-(4 + len(text)) % 8)
    body = struct.pack("<I", len(text)) + text + field.tobytes() + np.float32(7).tobytes()
    found = js(
        "arrays.js",
        "const [header, arrays] = m.unpack(new Uint8Array(a).buffer);"
        "return [header.kind, [...arrays.field.values], arrays.field.shape, [...arrays.x.values]]",
        list(body),
    )
    assert found == ["frame", [0, 1, 2, 3, 4, 5], [2, 3], [7]]


STORE = """
const store = new m.Store()
store.expect([{ array: "loss", counter: "curve" }])
const said = []
for (const [counter, values] of a) {
  const loss = { values: Float32Array.from(values), shape: [values.length] }
  store.take({ curve: counter }, { loss })
  said.push([[...store.get("loss").values], store.have().generation, store.have().count])
}
return said
"""


def test_curves_grow_piece_by_piece_and_start_again_with_a_generation(js):
    pieces = [
        [{"generation": 0, "start": 0, "count": 2}, [1, 2]],
        [{"generation": 0, "start": 2, "count": 3}, [3]],
        [{"generation": 1, "start": 0, "count": 2}, [1, 3]],
    ]
    assert js("store.js", STORE, pieces) == [
        [[1, 2], 0, 2],
        [[1, 2, 3], 0, 3],
        [[1, 3], 1, 2],
    ]


def test_a_piece_that_does_not_fit_is_left_out_and_all_is_asked_for(js):
    pieces = [
        [{"generation": 0, "start": 0, "count": 2}, [1, 2]],
        [{"generation": 0, "start": 5, "count": 6}, [6]],
    ]
    assert js("store.js", STORE, pieces)[1] == [[1, 2], -1, -1]


def test_a_long_curve_is_whole(js):
    pieces = [[{"generation": 0, "start": 0, "count": 1}, [0]]]
    pieces += [[{"generation": 0, "start": n, "count": n + 1}, [n]] for n in range(1, 3000)]
    last = STORE.replace("return said", "return said.at(-1)")  # the others are 4,500,000 numbers
    values, _generation, count = js("store.js", last, pieces)
    assert count == 3000
    np.testing.assert_array_equal(values, np.arange(3000))


COMPANIONS = """
const store = new m.Store()
const one = { values: new Float32Array(1), shape: [1] }
store.take({}, { field: one, field_opacity: one, predicted_train: one, predicted_train_low: one })
const names = () => [...store.arrays.keys()].sort()
const before = names()
store.take({}, Object.fromEntries(a.map((name) => [name, one])))
return [before, names()]
"""


def test_what_belongs_to_all_nets_goes_with_a_frame_of_one(js):
    everything = ["field", "field_opacity", "predicted_train", "predicted_train_low"]
    assert js("store.js", COMPANIONS, ["confusion"]) == [
        everything,
        ["confusion", *everything],
    ]
    assert js("store.js", COMPANIONS, ["field"])[1] == [
        "field",
        "predicted_train",
        "predicted_train_low",
    ]
    assert js("store.js", COMPANIONS, everything)[1] == everything
