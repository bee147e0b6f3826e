"""What is asked and what is answered, without sockets."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import soundfile

from packgen.classes import CLASS_NAMES
from packgen.latent import space as latent
from packgen.latent.space import REACH
from packgen.server.files import Folder, Ring
from packgen.server.osc import Argument, Message
from packgen.server.service import HANDLERS, LEVEL_DB, MEMORY, RATE, ClientState, LatentPoint, Service
from tests.fakes import SILENT, FakeEngine


@pytest.fixture
def service() -> Service:
    return Service(FakeEngine(), seed=1)


@pytest.fixture
def ring(tmp_path: Path) -> Ring:
    return Ring(Folder(tmp_path))


def ask(service: Service, state: ClientState, ring: Ring, address: str, *arguments: Argument) -> Message:
    """Ask, render, and return the last answer."""
    answer = service.receive(state, Message(address, arguments))
    if answer.job is None:
        return answer.replies[-1]
    return service.loaded(state, answer.job, service.render(answer.job, ring), 0.0)


def code(service: Service, address: str, *arguments: Argument) -> latent.Vector:
    """The first code a new client's request leads to."""
    job = service.receive(ClientState(), Message(address, arguments)).job
    assert job is not None
    return job.point.codes[0]


def problem(service: Service, address: str, *arguments: Argument) -> Message:
    (reply,) = service.receive(ClientState(), Message(address, arguments)).replies
    assert reply.address == "/packgen/error"
    return reply


def test_a_sound_is_a_whole_file_at_the_promised_rate_and_level(service: Service, ring: Ring) -> None:
    reply = ask(service, ClientState(), ring, "/packgen/generate", 7, "kick", 0.5, -1.0, 0.25)
    assert reply.address == "/packgen/loaded"
    name, path, frames, rate, _, drum, *where, seed = reply.arguments
    assert (name, rate, drum, seed) == (7, RATE, "kick", 0)
    np.testing.assert_allclose(np.array(where, float), [0.5, -1.0, 0.25], atol=1e-5)
    assert isinstance(path, str)
    info = soundfile.info(path)
    assert (info.samplerate, info.frames, info.channels, info.subtype) == (RATE, frames, 1, "PCM_24")
    peak = np.abs(soundfile.read(path)[0]).max()
    assert 20 * math.log10(peak) == pytest.approx(LEVEL_DB, abs=0.01)


def test_numbers_may_be_floats_and_classes_indices(service: Service) -> None:
    expected = code(service, "/packgen/generate", 1, "snare", 1, 2, 0)
    for drum in ("snare", "Snares", "sd", 2, 2.0):
        np.testing.assert_array_equal(code(service, "/packgen/generate", 1.0, drum, 1.0, 2.0, 0.0), expected)


def test_the_pad_s_middle_is_the_class_s_mean(service: Service) -> None:
    mean = service.engine.spaces["tom"].mean
    np.testing.assert_allclose(code(service, "/packgen/generate", 1, "tom", 0, 0, 0), mean, atol=1e-6)


def test_a_seed_moves_a_little_and_always_alike(service: Service) -> None:
    plain, once, again, other, none = (
        code(service, "/packgen/generate", 1, "kick", 0, 0, 0, *seed)
        for seed in ((), (5,), (5.0,), (6,), (0,))
    )
    np.testing.assert_array_equal(once, again)
    np.testing.assert_array_equal(plain, none)
    assert not np.array_equal(once, other)
    steps = latent.coordinates(service.engine.spaces["kick"], once, 8)
    assert 0 < np.abs(steps).max() < 1.5


def test_random_is_repeatable_by_the_seed_it_reports(service: Service, ring: Ring) -> None:
    first = ask(service, ClientState(), ring, "/packgen/random", 1, "conga")
    again = ask(service, ClientState(), ring, "/packgen/random", 1, "conga", first.arguments[-1])
    assert first.arguments[-1] != 0
    assert first.arguments[5:] == again.arguments[5:]
    assert Path(str(first.arguments[1])).read_bytes() == Path(str(again.arguments[1])).read_bytes()


def test_vary_stays_near_the_sound_it_varies_and_does_not_drift(service: Service, ring: Ring) -> None:
    state = ClientState()
    ask(service, state, ring, "/packgen/generate", 1, "kick", 1, 1, 1)
    base = state.point
    for number in range(20):
        reply = ask(service, state, ring, "/packgen/vary", number, 0.1)
        assert np.abs(np.array(reply.arguments[6:9], float) - 1).max() < 0.6
    assert state.point is base
    still = ask(service, state, ring, "/packgen/vary", 1, 0.0)
    np.testing.assert_allclose(np.array(still.arguments[6:9], float), 1, atol=1e-5)


def test_vary_starts_from_the_draw_that_sounded(service: Service, ring: Ring) -> None:
    state = ClientState()
    drawn = ask(service, state, ring, "/packgen/random", 1, "kick")
    still = ask(service, state, ring, "/packgen/vary", 2, 0.0)
    assert drawn.arguments[6:9] == still.arguments[6:9]


def test_recall_brings_the_same_bytes_back_and_old_sounds_are_forgotten(service: Service, ring: Ring) -> None:
    state = ClientState()
    first = ask(service, state, ring, "/packgen/random", "first", "kick")
    ask(service, state, ring, "/packgen/generate", 2, "snare", 0, 0, 0)
    again = ask(service, state, ring, "/packgen/recall", 3, "first")
    assert again.arguments[5:] == first.arguments[5:]
    assert Path(str(first.arguments[1])).read_bytes() == Path(str(again.arguments[1])).read_bytes()
    for number in range(MEMORY):
        state.sounds[number] = LatentPoint("kick", (), 0)
    ask(service, state, ring, "/packgen/generate", "new", "snare", 0, 0, 0)
    assert len(state.sounds) == MEMORY
    lost = ask(service, state, ring, "/packgen/recall", 4, "first")
    assert lost.address == "/packgen/error"


def test_coordinates_beyond_the_range_are_clamped_and_said_so(service: Service) -> None:
    answer = service.receive(ClientState(), Message("/packgen/generate", (1, "kick", 99.0, -99, 1)))
    assert answer.replies == (Message("/packgen/clamped", (1, REACH, -REACH, 1.0)),)
    assert answer.job is not None
    np.testing.assert_array_equal(
        answer.job.point.codes[0], code(service, "/packgen/generate", 1, "kick", REACH, -REACH, 1)
    )


def test_what_the_model_holds_can_be_asked(service: Service, ring: Ring) -> None:
    assert ask(service, ClientState(), ring, "/packgen/classes").arguments == service.engine.classes
    assert ask(service, ClientState(), ring, "/packgen/ping").arguments[1:] == (
        len(CLASS_NAMES),
        service.engine.digest,
    )
    reply = ask(service, ClientState(), ring, "/packgen/range", "hats")
    assert reply.arguments == ("closed_hat", -REACH, REACH, -REACH, REACH, -REACH, REACH)


def test_a_ping_may_name_a_reply_port(service: Service) -> None:
    assert service.receive(ClientState(), Message("/packgen/ping", (9123.0,))).reply_port == 9123


def test_quit_only_where_it_is_allowed() -> None:
    assert "quitting is not allowed" in str(problem(Service(FakeEngine()), "/packgen/quit").arguments[1])
    answer = Service(FakeEngine(), allow_quit=True).receive(ClientState(), Message("/packgen/quit"))
    assert answer.stop and answer.replies[0].address == "/packgen/bye"


def test_a_code_without_sound_is_an_error_of_the_request(service: Service, ring: Ring) -> None:
    answer = service.receive(ClientState(), Message("/packgen/generate", (1, SILENT, 0, 0, 0)))
    assert answer.job is not None
    with pytest.raises(Exception, match="no sound at this point of snap"):
        service.render(answer.job, ring)


@pytest.mark.parametrize(
    ("address", "arguments", "name", "why"),
    [
        ("/packgen/generate", (1, "kik drum xyz", 0, 0, 0), 1, "unknown drum class"),
        ("/packgen/generate", (1, "a" * 5000, 0, 0, 0), 1, "unknown drum class"),
        ("/packgen/generate", (1, len(CLASS_NAMES), 0, 0, 0), 1, f"class index is {len(CLASS_NAMES)}"),
        ("/packgen/generate", (1, 0.5, 0, 0, 0), 1, "class index is 0.5"),
        ("/packgen/generate", (1, None, 0, 0, 0), 1, "class index is None"),
        ("/packgen/generate", ("a", "kick", math.nan, 0, 0), "a", "p1 is nan"),
        ("/packgen/generate", ("a", "kick", 0, math.inf, 0), "a", "p2 is inf"),
        ("/packgen/generate", ("a", "kick", 0, 0, "x"), "a", "p3 is 'x'"),
        ("/packgen/generate", ("a", "kick", 0, 0, 0, -1), "a", "seed is -1"),
        ("/packgen/generate", ("a", "kick", 0, 0), "a", "takes id class p1 p2 p3"),
        ("/packgen/generate", (), 0, "takes id class p1 p2 p3"),
        ("/packgen/generate", (b"blob", "kick", 0, 0, 0), 0, "no request id"),
        ("/packgen/generate", (math.nan, "kick", 0, 0, 0), 0, "no request id"),
        ("/packgen/generate", ("i" * 65, "kick", 0, 0, 0), 0, "no request id"),
        ("/packgen/vary", (3, 0.5), 3, "nothing to vary"),
        ("/packgen/vary", (3, math.nan), 3, "amount is nan"),
        ("/packgen/recall", (3, 1), 3, "no sound 1"),
        ("/packgen/range", ("gong",), 0, "unknown drum class"),
        ("/packgen/ping", (0,), 0, "reply port is 0"),
        ("/packgen/ping", (70000,), 0, "reply port is 70000"),
        ("/packgen/", (5,), 5, "unknown address"),
        ("/\n\x1b[2J", (), 0, "unknown address"),
    ],
)
def test_wrong_requests_are_answered_in_one_printable_line(
    service: Service, address: str, arguments: tuple[Argument, ...], name: Argument, why: str
) -> None:
    reply = problem(service, address, *arguments)
    assert reply.arguments[0] == name
    message = reply.arguments[1]
    assert isinstance(message, str) and why in message
    assert message.isprintable() and len(message) <= 300


@pytest.mark.parametrize(
    "address", ["/packgen/error", "/packgen/loaded", "/packgen/pong", "/packgen/superseded"]
)
def test_answers_are_not_answered(service: Service, address: str) -> None:
    answer = service.receive(ClientState(), Message(address, (1, "x")))
    assert answer.replies == () and answer.job is None


def test_every_request_is_documented() -> None:
    readme = (Path(__file__).parents[2] / "packgen" / "server" / "README.md").read_text()
    for address in HANDLERS:
        assert f"`{address}" in readme
