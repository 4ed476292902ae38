"""What the server keeps: each value is made once, and all together stay within a budget."""

import threading
import time
from collections.abc import Callable

import pytest

from mlpdash.ui.shared.memory import ValueCache


def size_of(value: int) -> int:
    return value


class Maker:
    """Counts how often each value was made."""

    def __init__(self) -> None:
        self.made: list[int] = []

    def of(self, value: int) -> Callable[[], int]:
        def make() -> int:
            self.made.append(value)
            return value

        return make


def test_a_value_is_made_once() -> None:
    cache, maker = ValueCache(100), Maker()
    assert [cache.get("a", maker.of(7), size_of) for _ in range(3)] == [7, 7, 7]
    assert maker.made == [7]


def test_the_value_not_used_for_longest_goes_first() -> None:
    cache, maker = ValueCache(100, least=1), Maker()
    cache.get("a", maker.of(40), size_of)
    cache.get("b", maker.of(50), size_of)
    cache.get("a", maker.of(40), size_of)
    cache.get("c", maker.of(30), size_of)  # 120 bytes: b goes
    assert cache.size == 70
    cache.get("a", maker.of(40), size_of)
    assert maker.made == [40, 50, 30]
    cache.get("b", maker.of(50), size_of)
    assert maker.made == [40, 50, 30, 50]


def test_what_one_page_shows_stays_however_large_it_is() -> None:
    cache, maker = ValueCache(10, least=2), Maker()
    for _ in range(3):
        cache.get("table", maker.of(1_000), size_of)
        cache.get("prepared", maker.of(2_000), size_of)
    assert maker.made == [1_000, 2_000]
    cache.get("another", maker.of(500), size_of)
    assert cache.size == 2_500


def test_many_small_values_are_not_kept_for_ever() -> None:
    cache, maker = ValueCache(1_000, most=5), Maker()
    for n in range(20):
        cache.get(n, maker.of(1), size_of)
    assert len(cache) == 5


def test_what_could_not_be_made_is_tried_again() -> None:
    cache = ValueCache(100)

    def fail() -> int:
        raise ValueError("no table")

    with pytest.raises(ValueError, match="no table"):
        cache.get("a", fail, size_of)
    assert len(cache) == 0
    assert cache.get("a", lambda: 7, size_of) == 7


def test_two_sessions_that_want_the_same_make_it_once() -> None:
    cache, maker, found = ValueCache(100), Maker(), list[int]()

    def make() -> int:
        time.sleep(0.1)
        return maker.of(7)()

    threads = [
        threading.Thread(target=lambda: found.append(cache.get("a", make, size_of)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (found, maker.made) == ([7] * 4, [7])


def test_a_value_may_need_another() -> None:
    cache = ValueCache(100)
    assert cache.get("b", lambda: 2 * cache.get("a", lambda: 7, size_of), size_of) == 14
    assert cache.size == 21
