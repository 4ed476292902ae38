"""Curves that grow, are thinned, and are sent from where the receiver stands."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlpdash.runs.messages.worker_to_server import Piece
from mlpdash.runs.worker.curves import Curve, NetCurves


class Receiver:
    """What a browser does with the pieces: take whole, or append."""

    def __init__(self):
        self.generation, self.count, self.x = -1, -1, []

    def ask(self, curve):
        header, columns = curve.since(self.generation, self.count)
        if header.start == 0:
            self.x = []
        assert header.start == len(self.x)
        self.x += columns["x"].tolist()
        self.generation, self.count = header.generation, header.count


@given(st.lists(st.integers(0, 40), max_size=30))
def test_a_receiver_always_holds_the_curve_whole(batches):
    curve, receiver, epoch = Curve(("x", "y"), most=16), Receiver(), 0
    for size in batches:
        for _ in range(size):
            curve.add((epoch, epoch**2))
            epoch += 1
        receiver.ask(curve)
        assert receiver.x == curve.since(-1, -1)[1]["x"].tolist()
        assert len(receiver.x) <= 16
        assert receiver.x[:1] == [0][: len(receiver.x)]
        steps = {b - a for a, b in zip(receiver.x, receiver.x[1:], strict=False)}
        assert len(steps) <= 1
        if epoch:
            assert epoch - 1 - receiver.x[-1] < max(steps, default=1)


def test_only_what_is_new_is_sent():
    curve = Curve(("x",), most=100)
    for x in range(10):
        curve.add((x,))
    header, columns = curve.since(0, 7)
    assert header == Piece(generation=0, start=7, count=10)
    assert columns["x"].tolist() == [7, 8, 9]


def test_nonsense_from_a_browser_gets_the_whole_curve():
    curve = Curve(("x",))
    curve.add((1,))
    for generation, count in [(-1, 1), (5, 1), (0, 99), (0, -3)]:
        assert curve.since(generation, count)[0].start == 0


def net_curves(nets, epochs):
    """Curves in which every number says its measure, net and epoch."""
    curves = NetCurves(nets)
    for epoch in range(epochs):
        numbers = 100 * np.arange(4)[:, None] + np.arange(nets) + epoch / 1000
        curves.add(epoch, list(numbers))
    return curves


def test_the_curves_of_one_of_several_nets_are_its_own():
    header, columns = net_curves(3, 5).since(2, -1, -1)
    assert (header.start, header.count) == (0, 5)
    assert columns["net_x"].tolist() == [0, 1, 2, 3, 4]
    assert columns["net_loss_train"] == pytest.approx(2 + np.arange(5) / 1000)
    assert columns["net_metric_validation"] == pytest.approx(302 + np.arange(5) / 1000)


def test_of_the_same_net_only_what_is_new_is_sent_and_of_another_everything():
    curves = net_curves(3, 5)
    held, _ = curves.since(2, -1, -1)
    curves.add(5, [np.zeros(3)] * 4)
    header, columns = curves.since(2, held.generation, held.count)
    assert (header.start, columns["net_x"].tolist()) == (5, [5])
    header, columns = curves.since(1, held.generation, held.count)
    assert (header.start, len(columns["net_x"])) == (0, 6)
    assert header.generation != held.generation


def test_curves_of_many_nets_stay_small():
    table = net_curves(256, 1_000).table()
    assert table.nbytes < 1.2e6
    assert table[:, 0].max() > 990


def test_curves_are_taken_up_to_an_epoch_and_not_those_of_other_nets():
    table = net_curves(3, 9).table()
    again = NetCurves(3)
    again.restore(table, 4)
    assert again.table().tolist() == table[:5].tolist()
    other = net_curves(2, 1)
    other.restore(table, 4)
    assert len(other.table()) == 1
