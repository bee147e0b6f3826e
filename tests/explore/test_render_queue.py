"""The newest request is rendered first, equal requests are rendered once, and memory has an end."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from packgen.errors import NoSound
from packgen.explore.render_queue import RenderQueue
from packgen.explore.requests import Draw, Refused, SoundRequest
from packgen.explore.sounds import Facts, Sound

WAIT = 30.0  # seconds that no test should come near


def sound(request: SoundRequest) -> Sound:
    return Sound(repr(request).encode(), Facts(request.drum, "", (), True, (), None, 1.0, 1.0, 1.0, 0.5, 0.5))


class Held:
    """A renderer that waits until it is let go; remembers the order."""

    def __init__(self) -> None:
        self.order: list[int] = []
        self.began, self.go = threading.Event(), threading.Event()

    def __call__(self, request: SoundRequest) -> Sound:
        assert isinstance(request, Draw)
        self.order.append(request.seed)
        self.began.set()
        assert self.go.wait(WAIT)
        if request.seed == 13:
            raise NoSound("thirteen")
        return sound(request)


@pytest.fixture
def held() -> Held:
    return Held()


@pytest.fixture
def queue(held: Held) -> Iterator[RenderQueue]:
    made = RenderQueue(held, waiting=4, kept=3)
    yield made
    held.go.set()
    made.close()


def test_the_newest_comes_first_and_equal_requests_once(queue: RenderQueue, held: Held) -> None:
    futures = [queue.put(Draw("kick", 0))]
    assert held.began.wait(WAIT)
    futures += [queue.put(Draw("kick", seed)) for seed in (1, 2, 0, 3, 1)]
    held.go.set()
    results = [future.result(WAIT) for future in futures]
    assert held.order == [0, 1, 3, 2]  # 1 was asked for again, last of all
    assert results[0] is results[3] and results[1] is results[5]


def test_too_many_requests_supersede_the_oldest(queue: RenderQueue, held: Held) -> None:
    first = queue.put(Draw("kick", 0))
    assert held.began.wait(WAIT)
    waiting = [queue.put(Draw("kick", seed)) for seed in range(1, 7)]
    held.go.set()
    for future in waiting[:2]:
        with pytest.raises(Refused, match="superseded") as error:
            future.result(WAIT)
        assert error.value.status == 503
    assert [future.result(WAIT).wav for future in (first, *waiting[2:])]
    assert held.order == [0, 6, 5, 4, 3]


def test_what_was_used_last_is_kept(queue: RenderQueue, held: Held) -> None:
    held.go.set()
    for seed in (0, 1, 2, 0, 3, 0, 1):  # of three that are kept, 1 is the one not used longest
        queue.put(Draw("kick", seed)).result(WAIT)
    assert held.order == [0, 1, 2, 3, 1]


def test_an_error_goes_to_who_asked_and_is_not_kept(queue: RenderQueue, held: Held) -> None:
    held.go.set()
    for _ in range(2):
        with pytest.raises(NoSound):
            queue.put(Draw("kick", 13)).result(WAIT)
    assert queue.put(Draw("kick", 1)).result(WAIT)
    assert held.order == [13, 13, 1]


def test_closing_refuses_what_waits(queue: RenderQueue, held: Held) -> None:
    at_hand = queue.put(Draw("kick", 0))
    assert held.began.wait(WAIT)
    waiting = queue.put(Draw("kick", 1))
    closer = threading.Thread(target=queue.close)
    closer.start()
    with pytest.raises(Refused, match="stopping"):
        waiting.result(WAIT)
    held.go.set()
    closer.join(WAIT)
    assert at_hand.result(WAIT) and held.order == [0]
    with pytest.raises(Refused, match="stopping"):
        queue.put(Draw("kick", 2)).result(WAIT)
