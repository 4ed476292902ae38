"""Frames: what is asked for is drawn, and nothing else, as far as the time for it goes."""

import json
import math
import time

import numpy as np
import pytest

from mlpdash.data.load import starting_point
from mlpdash.runs.messages.browser_to_server import Have, View
from mlpdash.runs.messages.server_to_worker import DrawFrame
from mlpdash.runs.worker.frames import Frames, pack_arrays
from mlpdash.runs.worker.pictures import Pictures
from mlpdash.runs.worker.session import Session
from mlpdash.runs.worker.view import Request

TYPES = {"f4": np.dtype("<f4"), "i1": np.dtype("i1")}


class Link:
    """Keeps what a worker would send."""

    def __init__(self):
        self.sent = []

    def send(self, text, payload=b""):
        self.sent.append((json.loads(text), payload))


def request(*, force=False, **view):
    return Request.of(DrawFrame(to=1, view=View(**view), have=Have(), force=force))


def frame(data, **given):
    """The arrays of the frame that answers a request."""
    return whole_frame(data, **given)[1]


def whole_frame(data, *, state="paused", force=True, **view):
    """The frame that answers a request, read as the browser reads it: header and arrays."""
    choices = view.pop("choices", {})
    session, link = Session(starting_point(data).changed(**choices)), Link()
    frames = Frames(session, link)
    frames.ask(1, request(token=7, **view, force=force))
    frames.answer(state, "")
    (header, payload), *rest = link.sent
    assert not rest
    assert header["view"] == 7
    arrays = {}
    for name, kind, shape, offset in header["arrays"]:
        assert offset % 4 == 0  # or a browser could not look at it in place
        count = math.prod(shape)
        arrays[name] = np.frombuffer(payload, TYPES[kind], count, offset).reshape(shape)
    return header, arrays


def test_arrays_of_bytes_leave_the_next_one_where_it_can_be_read_in_place():
    given = {"a": np.array([1, -2, 127], np.int8), "b": np.array([0.5, 2.0])}
    places, payload = pack_arrays(given)
    assert places == (("a", "i1", (3,), 0), ("b", "f4", (2,), 4))
    assert np.frombuffer(payload, "i1", 3).tolist() == [1, -2, 127]
    assert np.frombuffer(payload, "<f4", 2, 4).tolist() == [0.5, 2.0]


FIELD = {"field", "field_x", "field_y"}
WRONG = {"wrong_x", "wrong_y", "wrong_validation_x", "wrong_validation_y"}
PICTURES = {"picture_code", "picture_share"}
WEIGHTS = {"unit_weights", "unit_scale"}
NEURONS = {"neuron_fields", "neuron_weights", "neuron_biases"}
CARDS = FIELD | WRONG | PICTURES | WEIGHTS | NEURONS | {"cells", "cell_fields"}


@pytest.mark.parametrize(
    ("data", "view", "expected"),
    [
        ("digits", {}, FIELD | WRONG),
        ("digits", {"show": "boundary"}, FIELD | WRONG),
        ("digits", {"show": "rows"}, PICTURES),
        ("digits", {"show": "weights"}, WEIGHTS),
        ("digits", {"show": "finder"}, set()),
        ("circle", {"show": "net", "network": 12}, NEURONS),
        ("circle", {"show": "net"}, set()),
        ("circle", {"show": "rows"}, set()),
        ("circle", {"show": "grid"}, set()),
    ],
)
def test_only_what_the_large_card_shows_is_drawn(data, view, expected):
    arrays = frame(data, **view)
    assert arrays.keys() & CARDS == expected
    assert {"confusion", "loss_x"} <= arrays.keys()  # these stand beside it


def test_the_grid_is_drawn_with_its_cells_alone():
    arrays = frame("circle", show="grid", choices={"sweep": "lr=0.01,0.1"})
    assert arrays.keys() & CARDS == {"cells", "cell_fields"}
    assert arrays["cell_fields"].shape == (2, 20, 20)


def test_a_view_along_components_is_another_plane():
    usual, along = (frame("iris", plane=p)["field_x"] for p in ("", "pca"))
    assert not np.allclose(usual, along)


def test_one_class_is_a_probability():
    field = frame("iris", output="setosa")["field"]
    assert 0 <= field.min() <= field.max() <= 1
    assert frame("iris", output="no such")["field"].max() > 1


def test_what_changes_little_is_not_in_every_frame(monkeypatch):
    session, link = Session(starting_point("digits")), Link()
    monkeypatch.setattr(session.budget, "affords", lambda resolution: True)
    frames = Frames(session, link)
    for _ in range(4):
        frames.ask(1, request(show="weights"))
        frames.answer("running", "")
        session.advance()
    drawn = ["unit_weights" in [name for name, *_ in h["arrays"]] for h, _ in link.sent]
    assert drawn == [True, False, False, True]


SLICE = 0.004  # seconds that are trained between two looks at who waits
FIELD_SECONDS = 0.02  # seconds that a field of 100 x 100 takes here


class Watched:
    """A session whose watcher always waits, on a clock made by hand: only drawing takes time."""

    def __init__(self, monkeypatch):
        self.now = self.drawing = 0.0
        monkeypatch.setattr(time, "thread_time", lambda: self.now)
        monkeypatch.setattr(Pictures, "field", self.field)
        monkeypatch.setattr(Pictures, "predictions", lambda *_: {})
        session, self.link = Session(starting_point("circle")), Link()
        self.frames = Frames(session, self.link)
        self.request = request(force=True)

    def field(self, _learner, _view, resolution):
        seconds = FIELD_SECONDS * (resolution / 100) ** 2
        self.now += seconds
        self.drawing += seconds
        return {}

    def watch(self, state, slices):
        """Return how many frames were sent between so many slices."""
        before = len(self.link.sent)
        for _ in range(slices):
            self.now += SLICE
            self.frames.ask(1, self.request)
            self.frames.answer(state, "")
        return len(self.link.sent) - before


def test_while_training_frames_take_no_more_than_their_share_of_the_time(monkeypatch):
    watched = Watched(monkeypatch)
    frames = watched.watch("running", slices=10_000)
    assert watched.drawing / watched.now <= 0.05
    assert 100 < frames < 10_000


def test_a_net_at_rest_is_drawn_as_often_as_it_is_asked_for(monkeypatch):
    watched = Watched(monkeypatch)
    assert watched.watch("paused", slices=50) == 50
    assert watched.watch("running", slices=1) == 1  # what rest cost is not owed


SEVERAL = {"nets": 4}
NET_CURVES = {"net_x", "net_loss_train", "net_loss_validation"}


def test_a_frame_of_several_nets_has_the_curves_of_the_best_or_of_the_picked_one():
    header, arrays = whole_frame("circle", choices=SEVERAL)
    assert arrays.keys() >= NET_CURVES
    best = header["population"]["best"]
    assert header["curve_net"]["generation"] % 4 == best
    assert (header["one"], "member" in header) == (0, False)
    other = (best + 1) % 4
    header, _ = whole_frame("circle", choices=SEVERAL, member=other)
    assert header["curve_net"]["generation"] % 4 == other
    assert (header["one"], header["member"]) == (other, other)
    assert header["population"]["best"] == best


def test_a_frame_of_one_net_says_nothing_of_several():
    header, arrays = whole_frame("circle")
    assert not arrays.keys() & NET_CURVES
    assert not {"population", "curve_net", "one"} & header.keys()


def test_in_a_run_that_has_diverged_all_nets_have_and_no_cell_has_a_number():
    choices = {"sweep": "lr=0.01,0.1"}
    header, arrays = whole_frame("circle", choices=choices, show="grid")
    assert (header["population"]["dead"], header["population"]["gone"]) == (0, [])
    assert np.isfinite(arrays["cells"]).all()
    header, arrays = whole_frame("circle", state="diverged", choices=choices, show="grid")
    assert (header["population"]["dead"], header["population"]["gone"]) == (2, [0, 1])
    assert np.isnan(arrays["cells"]).all()


def test_the_cell_of_a_picked_net_shows_that_net():
    choices = {"sweep": "lr=0.01,0.1", "nets": 2}
    mean = frame("circle", choices=choices, show="grid")["cell_fields"]
    picked = frame("circle", choices=choices, show="grid", member=2)["cell_fields"]
    assert np.array_equal(mean[0], picked[0])
    assert not np.allclose(mean[1], picked[1])
