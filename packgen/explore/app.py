"""The routes: the page, the sounds, the packs.

=====================================  ==============================================================
GET /                                  the page
GET /api/about                         version, model, classes, and how far the pad goes
GET /api/sound/CLASS?at=P1,P2,P3       a WAV; its facts are JSON in the header Packgen-Sound
GET /api/sound/CLASS?seed=N            a random one
GET /api/sound/CLASS?code=C            one of which only the code was kept
GET /api/sound/CLASS?code=C&amount=A&seed=N    a variation of it
POST /api/pack                         {"name", "sounds": [{"class", "code", "start", "end"}]}
=====================================  ==============================================================

Errors are {"error": one line}.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

import packgen
from packgen.classes import BY_NAME
from packgen.engine.protocol import SoundEngine
from packgen.errors import OutputError, PackgenError
from packgen.explore.favourites import ModelInfo, save
from packgen.explore.render_queue import RenderQueue
from packgen.explore.requests import MOST_SOUNDS, Refused, read_json, read_pack, read_sound_request
from packgen.explore.security import Guard
from packgen.explore.sounds import RATE, render
from packgen.latent.space import REACH

STATIC = Path(__file__).parent / "static"
MOST_BODY = 256 * 1024  # bytes; the largest pack takes half of that


@dataclass
class Explorer:
    """What the routes share.

    Attributes:
        engine: renders.
        model: named in packs.
        out: where packs are made.
    """

    engine: SoundEngine
    model: ModelInfo
    out: Path

    def __post_init__(self) -> None:
        self.queue = RenderQueue(partial(render, self.engine))
        self._saving = asyncio.Lock()  # one pack at a time

    async def about(self, _: Request) -> Response:
        """What the page must know before it shows anything."""
        classes = [{"name": name, "title": BY_NAME[name].title} for name in self.engine.classes]
        return JSONResponse(
            {
                "version": packgen.__version__,
                "model": {"name": self.model.name, "digest": self.engine.digest},
                "classes": classes,
                "reach": REACH,
                "rate": RATE,
                "highest": self.engine.signal.sample_rate / 2,
                "most_sounds": MOST_SOUNDS,
                "out": str(self.out),
            }
        )

    async def sound(self, request: Request) -> Response:
        """A rendered sound."""
        query = dict(request.query_params)
        if len(query) != len(request.query_params.multi_items()):
            raise Refused("a parameter is given twice")
        wanted = read_sound_request(request.path_params["drum"], query, self.engine.spaces)
        sound = await asyncio.wrap_future(self.queue.put(wanted))
        facts = json.dumps(sound.facts.json(), separators=(",", ":"))  # ASCII, as headers must be
        return Response(sound.wav, media_type="audio/wav", headers={"Packgen-Sound": facts})

    async def pack(self, request: Request) -> Response:
        """Save favourites."""
        # A form on another page cannot send this type without asking first, which is refused.
        if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
            raise Refused("send application/json", 415)
        wish = read_pack(read_json(await _body(request)), self.engine.spaces)
        async with self._saving:
            folder = await run_in_threadpool(save, self.engine, self.model, wish, self.out)
        return JSONResponse({"folder": str(folder.resolve()), "sounds": len(wish.favourites)}, 201)


def create_app(engine: SoundEngine, model: ModelInfo, out: Path, hosts: frozenset[str]) -> Starlette:
    """The application.

    Args:
        engine: renders.
        model: named in packs.
        out: folder in which packs are made; made itself when the first is.
        hosts: values of the Host header that are answered, port included.
    """
    explorer = Explorer(engine, model, out)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        explorer.queue.close()

    return Starlette(
        routes=[
            Route("/api/about", explorer.about),
            Route("/api/sound/{drum}", explorer.sound),
            Route("/api/pack", explorer.pack, methods=["POST"]),
            Mount("/", StaticFiles(directory=STATIC, html=True)),
        ],
        middleware=[Middleware(Guard, hosts=hosts)],
        exception_handlers={PackgenError: _failed, HTTPException: _failed},
        lifespan=lifespan,
    )


async def _failed(_: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException):  # no such page, no such method
        return JSONResponse({"error": error.detail}, error.status_code, error.headers)
    status = error.status if isinstance(error, Refused) else 507 if isinstance(error, OutputError) else 400
    return JSONResponse({"error": " ".join(str(error).split())}, status)


async def _body(request: Request) -> bytes:
    """A request's body.

    Raises:
        Refused: if it is longer than `MOST_BODY`; the rest is not read.
    """
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BODY:
            raise Refused(f"the request is longer than {MOST_BODY // 1024} KiB", 413)
    return bytes(body)
