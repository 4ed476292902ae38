"""Curves that grow, are thinned, and are sent from where the receiver stands."""

from hypothesis import given
from hypothesis import strategies as st

from mlpdash.runs.curves import Curve


class Receiver:
    """What a browser does with the pieces: take whole, or append."""

    def __init__(self):
        self.generation, self.count, self.x = -1, -1, []

    def ask(self, curve):
        header, columns = curve.since(self.generation, self.count)
        if header["start"] == 0:
            self.x = []
        assert header["start"] == len(self.x)
        self.x += columns["x"].tolist()
        self.generation, self.count = header["generation"], header["count"]


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
    assert header == {"generation": 0, "start": 7, "count": 10}
    assert columns["x"].tolist() == [7, 8, 9]


def test_nonsense_from_a_browser_gets_the_whole_curve():
    curve = Curve(("x",))
    curve.add((1,))
    for generation, count in [(-1, 1), (5, 1), (0, 99), (0, -3)]:
        assert curve.since(generation, count)[0]["start"] == 0
