"""The queue of sounds to render: the newest request first, on one thread; the last answers are kept.

A page fetches the neighbours of a sound before anybody clicks on them; a click must not wait behind those.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future

from packgen.explore.requests import Refused, SoundRequest
from packgen.explore.sounds import Sound

MOST_WAITING = 128  # requests; more than that and the oldest is refused
MOST_KEPT = 400  # sounds of up to 130 kB


class RenderQueue:
    """Renders requests and keeps what came out.

    Args:
        render: the slow function.
        waiting: most requests that wait.
        kept: most sounds that are kept.
    """

    def __init__(
        self, render: Callable[[SoundRequest], Sound], waiting: int = MOST_WAITING, kept: int = MOST_KEPT
    ) -> None:
        self._render, self._most_waiting, self._most_kept = render, waiting, kept
        self._waiting: OrderedDict[SoundRequest, Future[Sound]] = OrderedDict()  # the newest last
        self._kept: OrderedDict[SoundRequest, Future[Sound]] = OrderedDict()  # the one just used last
        self._change = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="render", daemon=True)
        self._thread.start()

    def put(self, request: SoundRequest) -> Future[Sound]:
        """The future sound of a request; equal requests share one.

        Its errors: Refused, if there is no sound, if too many newer ones were asked for, or after `close`.
        """
        with self._change:
            if self._closed:
                return _refused("packgen explore is stopping")
            if request in self._kept:
                self._kept.move_to_end(request)
                return self._kept[request]
            future = self._waiting.setdefault(request, _promise())
            self._waiting.move_to_end(request)
            too_many = len(self._waiting) > self._most_waiting
            oldest = self._waiting.popitem(last=False)[1] if too_many else None
            self._change.notify()
        if oldest is not None:
            oldest.set_exception(Refused("superseded by newer requests", 503))
        return future

    def close(self) -> None:
        """Finish the sound at hand, refuse the others, and end the thread."""
        with self._change:
            self._closed = True
            left = list(self._waiting.values())
            self._waiting.clear()
            self._change.notify()
        for future in left:
            future.set_exception(Refused("packgen explore is stopping", 503))
        self._thread.join()

    def _run(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._closed or self._waiting)
                if self._closed:
                    return
                request, future = self._waiting.popitem()
                self._kept[request] = future  # from here on equal requests wait for this rendering
                while len(self._kept) > self._most_kept:
                    self._kept.popitem(last=False)
            try:
                future.set_result(self._render(request))
            except BaseException as error:  # every error goes to its request, and the thread goes on
                with self._change:
                    self._kept.pop(request, None)
                future.set_exception(error)


def _promise() -> Future[Sound]:
    """A future that cannot be cancelled: if one client goes away, others may wait for the same sound."""
    future: Future[Sound] = Future()
    future.set_running_or_notify_cancel()
    return future


def _refused(message: str) -> Future[Sound]:
    future = _promise()
    future.set_exception(Refused(message, 503))
    return future
