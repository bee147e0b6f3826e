"""The service: an OSC message -> its answer, or the sound to render for it. No sockets, no torch.

The protocol is documented, with bytes, in README.md beside this file.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

import packgen
from packgen.audio.samples import resample
from packgen.audio.shaping import normalise
from packgen.classes import find_class
from packgen.engine.protocol import SoundEngine
from packgen.errors import NoSound, PackgenError, ServerError
from packgen.files.documents import shown
from packgen.latent import space as latent
from packgen.latent.streams import generator
from packgen.rendering.takes import TRIES, first_sounding
from packgen.server.files import Ring
from packgen.server.osc import Argument, Message, count, finite, whole

Id = int | float | str  # of a request

RATE = 44100  # hertz, of the sounds that are sent out
POLISH = 8  # steps: packs take two more, which a hand on the pad would wait for and hardly hear
LEVEL_DB = -1.0  # dBFS, their peak
NUDGE = 0.25  # deviations that a seed moves a sound along every axis
VARY = 1.0  # deviations, the same for /packgen/vary with amount 1
MEMORY = 4096  # sounds of a client that /packgen/recall finds again: a minute of dragging the pad
LARGEST_ID = (2 - 2**-23) * 2.0**127  # of the floats of 32 bits in which a reply carries an id
SEEDS = 2**24  # the server's own seeds lie below: a float holds them exactly


@dataclass(frozen=True)
class LatentPoint:
    """A requested place in latent space: codes (D,) to try in turn, until one sounds."""

    drum: str
    codes: tuple[latent.Vector, ...]
    seed: int  # 0 for none


@dataclass(frozen=True)
class Job:
    """A sound to render."""

    id: Id
    point: LatentPoint


@dataclass(frozen=True)
class RenderedFile:
    """A rendered sound: the point with the one code that sounded, its file, and the file's length."""

    point: LatentPoint
    path: Path
    frames: int


@dataclass
class ClientState:
    """What the service remembers of one client."""

    point: LatentPoint | None = None  # what /packgen/vary starts from
    sounds: OrderedDict[Id, LatentPoint] = field(default_factory=OrderedDict)


@dataclass(frozen=True)
class Answer:
    """What a request leads to: messages to send at once, and perhaps a sound to render."""

    replies: tuple[Message, ...] = ()
    job: Job | None = None
    reply_port: int | None = None  # the client asked for its replies there
    stop: bool = False


class Service:
    """Answers requests with an engine.

    Args:
        engine: renders the sounds.
        allow_quit: whether clients may stop the server.
        seed: of the draws for requests that bring no seed of their own.
    """

    def __init__(self, engine: SoundEngine, *, allow_quit: bool = False, seed: int = 0) -> None:
        self.engine, self.allow_quit = engine, allow_quit
        self._rng = np.random.Generator(np.random.Philox(key=seed % 2**64))

    def receive(self, state: ClientState, message: Message) -> Answer:
        """Answer one message. Replies of other servers are not answered, so that two never talk in a loop."""
        if message.address in REPLIES - HANDLERS.keys():
            return Answer()
        handler = HANDLERS.get(message.address)
        try:
            if handler is None:
                raise ServerError(
                    f"unknown address {shown(message.address)}: there are {', '.join(HANDLERS)}"
                )
            return handler(self, state, message.arguments)
        except PackgenError as error:
            return Answer((error_message(_id_of(message), error),))

    def render(self, job: Job, ring: Ring) -> RenderedFile:
        """Render a sound into a file. The slow part: run it beside the event loop.

        Raises:
            ServerError: if no code of the job's point gives a sound, or the file cannot be written.
        """
        point = job.point
        try:
            code, samples = first_sounding(
                point.codes, lambda code: (code, self.engine.sound(point.drum, code, POLISH))
            )
        except NoSound:
            raise ServerError(f"no sound at this point of {point.drum}: move towards the middle") from None
        samples = normalise(resample(samples, self.engine.signal.sample_rate, RATE), LEVEL_DB)
        sounding = LatentPoint(point.drum, (code,), point.seed)
        return RenderedFile(sounding, ring.write(samples, RATE), len(samples))

    def loaded(self, state: ClientState, job: Job, rendered: RenderedFile, seconds: float) -> Message:
        """The answer to a rendered request, which took `seconds`; the sound is remembered."""
        point = rendered.point
        if state.point is job.point:  # the one code that sounded, so that /packgen/vary starts from it
            state.point = point
        state.sounds[job.id] = point
        state.sounds.move_to_end(job.id)
        while len(state.sounds) > MEMORY:
            state.sounds.popitem(last=False)
        where = latent.coordinates(self.engine.spaces[point.drum], point.codes[0])
        file = (str(rendered.path), rendered.frames, RATE, 1000 * seconds)
        return Message("/packgen/loaded", (job.id, *file, point.drum, *map(float, where), point.seed))

    # One method a request: (state, arguments) -> Answer.

    def _ping(self, _: ClientState, arguments: tuple[Argument, ...]) -> Answer:
        count(arguments, 0, 1, "[reply-port]")
        port = whole(arguments[0], "reply port", 1, 65535) if arguments else None
        pong = Message("/packgen/pong", (packgen.__version__, len(self.engine.classes), self.engine.digest))
        return Answer((pong,), reply_port=port)

    def _classes(self, _: ClientState, arguments: tuple[Argument, ...]) -> Answer:
        count(arguments, 0, 0, "nothing")
        return Answer((Message("/packgen/classes", self.engine.classes),))

    def _range(self, _: ClientState, arguments: tuple[Argument, ...]) -> Answer:
        count(arguments, 1, 1, "class")
        return Answer(
            (Message("/packgen/range", (self._drum(arguments[0]), *(-latent.REACH, latent.REACH) * 3)),)
        )

    def _generate(self, state: ClientState, arguments: tuple[Argument, ...]) -> Answer:
        count(arguments, 5, 6, "id class p1 p2 p3 [seed]")
        name, drum = request_id(arguments[0]), self._drum(arguments[1])
        wanted = [finite(value, f"p{n}") for n, value in enumerate(arguments[2:5], 1)]
        seed = whole(arguments[5], "seed", 0, 2**63 - 1) if len(arguments) == 6 else 0
        coordinates = [min(max(value, -latent.REACH), latent.REACH) for value in wanted]
        space = self.engine.spaces[drum]
        code = latent.at(space, coordinates[: len(space.deviations)])
        if seed:
            code = latent.nudged(space, drum, code, NUDGE, seed)
        state.point = LatentPoint(drum, (code,), seed)
        clamped = (Message("/packgen/clamped", (name, *coordinates)),) if coordinates != wanted else ()
        return Answer(clamped, Job(name, state.point))

    def _random(self, state: ClientState, arguments: tuple[Argument, ...]) -> Answer:
        count(arguments, 2, 3, "id class [seed]")
        name, drum = request_id(arguments[0]), self._drum(arguments[1])
        seed = self._seed(arguments, 2)
        space = self.engine.spaces[drum]
        draws = (generator(seed, drum, 0, attempt=attempt) for attempt in range(TRIES))
        codes = tuple(latent.draw_fitted(rng, space) for rng in draws)
        state.point = LatentPoint(drum, codes, seed)
        return Answer((), Job(name, state.point))

    def _vary(self, state: ClientState, arguments: tuple[Argument, ...]) -> Answer:
        count(arguments, 2, 3, "id amount [seed]")
        name, wanted = request_id(arguments[0]), finite(arguments[1], "amount")
        if state.point is None:
            raise ServerError("nothing to vary yet: send /packgen/generate or /packgen/random first")
        amount = min(max(wanted, 0.0), 1.0)
        seed = self._seed(arguments, 2)
        drum, base = state.point.drum, state.point.codes[0]
        space = self.engine.spaces[drum]
        codes = tuple(
            latent.nudged(space, drum, base, VARY * amount, seed, attempt) for attempt in range(TRIES)
        )
        clamped = (Message("/packgen/clamped", (name, amount)),) if amount != wanted else ()
        return Answer(clamped, Job(name, LatentPoint(drum, codes, seed)))

    def _recall(self, state: ClientState, arguments: tuple[Argument, ...]) -> Answer:
        count(arguments, 2, 2, "id earlier-id")
        name, earlier = request_id(arguments[0]), request_id(arguments[1])
        point = state.sounds.get(earlier)
        if point is None:
            raise ServerError(f"no sound {shown(earlier)}: the last {MEMORY} of a client are kept")
        state.point = point
        return Answer((), Job(name, point))

    def _quit(self, _: ClientState, arguments: tuple[Argument, ...]) -> Answer:
        count(arguments, 0, 0, "nothing")
        if not self.allow_quit:
            raise ServerError("quitting is not allowed: who starts the server decides that")
        return Answer((Message("/packgen/bye"),), stop=True)

    def _drum(self, value: Argument) -> str:
        """The class that a name or an index means."""
        classes = self.engine.classes
        if isinstance(value, str):
            if value in classes:
                return value
            if len(value) > 64:
                raise ServerError(f"unknown drum class {shown(value)}: there are {', '.join(classes)}")
            name = find_class(value).name
            if name not in classes:
                raise ServerError(f"this model does not know {name}: there are {', '.join(classes)}")
            return name
        return classes[whole(value, "class index", 0, len(classes) - 1)]

    def _seed(self, arguments: tuple[Argument, ...], place: int) -> int:
        if len(arguments) > place:
            seed = whole(arguments[place], "seed", 0, 2**63 - 1)
            if seed:
                return seed
        return int(self._rng.integers(1, SEEDS))


Handler = Callable[[Service, ClientState, tuple[Argument, ...]], Answer]
HANDLERS: Mapping[str, Handler] = {
    "/packgen/ping": Service._ping,
    "/packgen/classes": Service._classes,
    "/packgen/range": Service._range,
    "/packgen/generate": Service._generate,
    "/packgen/random": Service._random,
    "/packgen/vary": Service._vary,
    "/packgen/recall": Service._recall,
    "/packgen/quit": Service._quit,
}
REPLIES = frozenset(
    f"/packgen/{word}"
    for word in ("pong", "classes", "range", "loaded", "clamped", "superseded", "error", "bye")
)


def error_message(name: Id, error: PackgenError) -> Message:
    """/packgen/error id message: one line, short enough for every client's buffer."""
    return Message("/packgen/error", (name, " ".join(str(error).split())[:300]))


def request_id(value: Argument) -> Id:
    """A request's id: a finite number, or a word of at most 64 characters."""
    if isinstance(value, str):
        if len(value) <= 64:
            return value
    elif isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST_ID:
        return value
    raise ServerError(f"{shown(value)} is no request id: give a number or a short word")


def _id_of(message: Message) -> Id:
    """A request's id for its error, 0 where there is none that can be read."""
    if message.address in ("/packgen/ping", "/packgen/classes", "/packgen/range", "/packgen/quit"):
        return 0
    try:
        return request_id(message.arguments[0]) if message.arguments else 0
    except ServerError:
        return 0
