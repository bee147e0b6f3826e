"""The dispatcher: datagrams in, datagrams out, and a queue of sounds in which each client's newest request wins.

It knows no sockets: `send` is whatever carries a packet to an address.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Executor

from packgen.errors import PackgenError, ServerError
from packgen.server import ReplyTo, osc
from packgen.server.files import Folder
from packgen.server.osc import Message, OscError
from packgen.server.service import Answer, Id, Job, Service, error_message
from packgen.server.sessions import REQUESTS_PER_SECOND, Address, Client, Clients, Stats

MAX_PACKET = 5096  # bytes; what Max's udpsend sends at most
STOPPING = ServerError("the server stops")


class Dispatcher:
    """Takes requests from clients, answers them, and renders one sound at a time.

    Args:
        service: answers messages.
        folder: holds the sounds.
        send: carries a packet to an address; must not block.
        reply_to, reply_port: where answers go, unless a client names its own port by /packgen/ping.
        own_port: the server's; answers are never sent there.
        clock: seconds, for the limits and the latencies.
    """

    def __init__(
        self,
        service: Service,
        folder: Folder,
        send: Callable[[bytes, Address], None],
        reply_to: ReplyTo = ReplyTo.BOTH,
        reply_port: int = 0,
        own_port: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.service, self.send, self.reply_to = service, send, reply_to
        self.reply_port, self.own_port, self.clock = reply_port, own_port, clock
        self.clients, self.stats = Clients(folder), Stats()
        self.stopped = asyncio.Event()
        self._queue: asyncio.Queue[Client] = asyncio.Queue()  # each client stands in it at most once

    def datagram(self, packet: bytes, address: Address) -> None:
        """Take one datagram; everything but rendering is answered at once."""
        now = self.clock()
        client = self.clients.of(address, now)
        if not client.may_send(now):
            if now - client.warned_at >= 1.0:
                client.warned_at = now
                limit = f"more than {REQUESTS_PER_SECOND:.0f} requests a second"
                self._refuse(client, ServerError(f"{limit}: the rest is dropped"))
            return
        try:
            if len(packet) > MAX_PACKET:
                raise OscError(f"a packet of more than {MAX_PACKET} bytes")
            messages = osc.decode(packet)
        except OscError as error:
            self._refuse(client, error)
            return
        client.allowance -= len(messages) - 1  # a bundle is no way around the limit
        for message in messages:
            self.stats.request()
            self._act(client, self.service.receive(client.state, message), now)

    def _act(self, client: Client, answer: Answer, now: float) -> None:
        if answer.reply_port is not None:
            client.reply_port = answer.reply_port
        for reply in answer.replies:
            self.stats.errors += reply.address == "/packgen/error"
            self._reply(client, reply)
        if answer.job is not None:
            self._enqueue(client, answer.job, now)
        if answer.stop:
            self.stopped.set()

    def _enqueue(self, client: Client, job: Job, now: float) -> None:
        if client.waiting is not None:
            self.stats.superseded += 1
            self._reply(client, Message("/packgen/superseded", (client.waiting[0].id,)))
        elif not client.busy:
            self._queue.put_nowait(client)
        client.waiting = job, now

    async def work(self, worker: Executor) -> None:
        """Render what is asked for, client after client, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            client = await self._queue.get()
            assert client.waiting is not None
            (job, asked), client.waiting, client.busy = client.waiting, None, True
            try:
                rendered = await loop.run_in_executor(worker, self.service.render, job, client.ring)
            except PackgenError as error:
                self._refuse(client, error, job.id)
            except asyncio.CancelledError:
                self._refuse(client, STOPPING, job.id)
                raise
            else:
                seconds = self.clock() - asked
                self._reply(client, self.service.loaded(client.state, job, rendered, seconds))
                self.stats.sound(seconds)
            finally:
                client.busy = False
                if client.waiting is not None:
                    self._queue.put_nowait(client)
                self._queue.task_done()

    async def idle(self) -> None:
        """Wait until no sound waits and none is being rendered."""
        await self._queue.join()

    def close(self) -> None:
        """Refuse the requests that still wait."""
        while not self._queue.empty():
            client = self._queue.get_nowait()
            if client.waiting is not None:
                self._refuse(client, STOPPING, client.waiting[0].id)
                client.waiting = None

    def _refuse(self, client: Client, error: PackgenError, name: Id = 0) -> None:
        self.stats.errors += 1
        self._reply(client, error_message(name, error))

    def _reply(self, client: Client, reply: Message) -> None:
        packet = osc.encode(reply)
        host, source = client.address[0], client.address[1]
        port = client.reply_port or self.reply_port
        ports = {ReplyTo.SOURCE: (source,), ReplyTo.PORT: (port,), ReplyTo.BOTH: (source, port)}
        for target in dict.fromkeys(ports[self.reply_to]):
            if target and target != self.own_port:
                self.send(packet, (host, target, *client.address[2:]))
