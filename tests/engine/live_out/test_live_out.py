"""What real OSC and WebSocket clients get, and that none of them can hold up the rest."""

from __future__ import annotations

import json
import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pythonosc.dispatcher import Dispatcher
from pythonosc.osc_bundle import OscBundle
from pythonosc.osc_server import ThreadingOSCUDPServer
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from engine.live_out.message import LiveOutError, describe
from engine.live_out.osc import OscOut, bundles
from engine.live_out.sender import LOOPBACK, LiveOut, open_live_out, parse_address
from engine.live_out.websocket import WebSocketOut
from engine.pipeline.pipeline import Pipeline
from engine.skeleton import H36M17, MPII16
from engine.space.joint_angles import ANGLES
from engine.types import CameraView, PoseResult
from tests.conftest import DotSource, dot_estimator, wait_for
from tests.engine.session.takes import make_person, make_result, make_scene, nobody, person_of

SEEN = 0.2  # threshold


@pytest.fixture
def websocket() -> Iterator[WebSocketOut]:
    with closing(WebSocketOut(LOOPBACK, 0)) as out:
        yield out


def url_of(out: WebSocketOut | str) -> str:
    return str(out).removeprefix("WebSocket on ")


@contextmanager
def client_of(out: WebSocketOut, **options: Any) -> Iterator[ClientConnection]:
    before = out.clients
    with connect(url_of(out), close_timeout=0.2, **options) as client:
        wait_for(lambda: out.clients == before + 1)
        yield client


# The message


def test_a_message_says_when_who_and_what() -> None:
    person = make_person()
    message = json.loads(json.dumps(describe(make_result(7, person), SEEN), allow_nan=False))
    assert message["timestamp"] == pytest.approx(1000 + 7 / 30, abs=1e-6)
    monotonic_zero = time.time() - time.monotonic()
    assert message["unix_time"] == pytest.approx(monotonic_zero + 1000 + 7 / 30, abs=0.05)
    assert (message["frame"], message["backbone"], message["lifter"]) == (7, "hourglass_1", None)
    assert message["size"] == [64, 48]
    (told,) = message["people"]
    assert told["skeleton"] == "mpii16"
    assert told["box"] == [10, 20, 200, 400]
    assert list(told["keypoints2d"]) == list(MPII16.keypoints)
    assert list(told["joints3d"]) == list(H36M17.keypoints)
    assert list(told["angles"]) == list(ANGLES)
    assert person.pose3d
    points = np.column_stack([person.pose2d.keypoints, person.pose2d.scores])
    joints = np.column_stack([person.pose3d.keypoints, person.pose3d.scores])
    np.testing.assert_allclose(list(told["keypoints2d"].values()), points, atol=0.001)
    np.testing.assert_allclose(list(told["joints3d"].values()), joints, atol=0.001)


def test_a_place_in_the_room_is_told_with_what_is_known_of_the_camera() -> None:
    camera = CameraView(focal_px=554.0, pitch_deg=12.3456, height_m=1.5)
    person = replace(make_person(), root=np.array([0.5, 0.9, -3.25], np.float32))
    message = describe(replace(make_result(7, person), camera=camera), SEEN)
    view = {"focal_px": 554.0, "pitch_deg": 12.346, "roll_deg": None, "height_m": 1.5}
    assert message["camera"] == view
    assert message["people"][0]["root"] == [0.5, 0.9, -3.25]
    (lines,) = bundles(message)
    assert ("/sandglass/person/0/root", [0.5, 0.9, -3.25]) in lines
    assert ("/sandglass/camera/height_m", [1.5]) in lines
    assert "/sandglass/camera/roll_deg" not in dict(lines)
    assert describe(make_result(7), SEEN)["people"][0]["root"] is None


def test_an_angle_of_an_unseen_joint_has_no_value() -> None:
    person = make_person()
    assert person.pose3d
    person.pose3d.scores[:] = 1.0
    person.pose3d.scores[H36M17.index("left_ankle")] = SEEN - 0.01
    angles = describe(make_result(0, person), SEEN)["people"][0]["angles"]
    assert [name for name, angle in angles.items() if angle is None] == ["left_knee_flexion"]


def test_the_subject_comes_first_and_everybody_has_an_id() -> None:
    for ids, subject, told in (
        ((2, 5, 9), 5, [(5, True), (2, False), (9, False)]),
        ((9, 2), 5, [(2, False), (9, False)]),  # the subject is out of view
    ):
        people = describe(make_scene(0, *ids, subject=subject), SEEN)["people"]
        assert [(person["id"], person["subject"]) for person in people] == told
    wrist = people[0]["keypoints2d"]["left_wrist"][:2]
    points = person_of(2, 0).pose2d.keypoints
    assert wrist == pytest.approx(points[MPII16.index("left_wrist")].tolist(), abs=0.001)


def test_nobody_is_an_empty_list() -> None:
    assert describe(nobody(3), SEEN)["people"] == []


# WebSocket


def test_a_websocket_client_gets_every_frame_as_json(websocket: WebSocketOut) -> None:
    with client_of(websocket) as client:
        for index in range(3):
            message = describe(make_result(index), SEEN)
            websocket.send(message)
            assert json.loads(client.recv(timeout=5)) == message
    wait_for(lambda: websocket.clients == 0)


def test_a_client_may_talk_and_leave_as_it_likes(websocket: WebSocketOut) -> None:
    with client_of(websocket) as talker:
        for _ in range(100):
            talker.send("hello")
        with client_of(websocket) as rude:
            rude.socket.shutdown(socket.SHUT_RDWR)
            wait_for(lambda: websocket.clients == 1)
        websocket.send({"frame": 1})
        assert json.loads(talker.recv(timeout=5)) == {"frame": 1}


def test_a_client_that_does_not_read_is_disconnected_and_holds_nobody_up(
    websocket: WebSocketOut, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.live_out.websocket.SLOW", 0.3)
    small = socket.socket()
    small.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    small.connect((LOOPBACK, int(url_of(websocket).rpartition(":")[2])))
    with (
        client_of(websocket) as reader,
        client_of(websocket, sock=small, max_queue=1) as slow,
    ):
        costs: list[float] = []
        while websocket.clients == 2:
            start = time.perf_counter()
            websocket.send({"frame": len(costs), "padding": "x" * 20_000})
            assert json.loads(reader.recv(timeout=5))["frame"] == len(costs)
            costs.append(time.perf_counter() - start)
            assert len(costs) < 5000, "the slow client stays"
        assert max(costs) < 0.3
        with pytest.raises(ConnectionClosed):
            drain(slow)


def drain(client: ClientConnection) -> None:
    while True:
        client.recv(timeout=5)


def test_a_page_from_elsewhere_is_refused_and_a_local_one_is_not(websocket: WebSocketOut) -> None:
    for origin in ("https://example.org", "null", "http://localhost.example.org"):
        with (
            pytest.raises(InvalidStatus, match="403"),
            connect(url_of(websocket), origin=Origin(origin)),
        ):
            raise AssertionError("let in")
    with client_of(websocket, origin=Origin("http://localhost:5173")):
        assert websocket.clients == 1


def test_closing_says_goodbye_and_frees_the_port(websocket: WebSocketOut) -> None:
    port = int(url_of(websocket).rpartition(":")[2])
    with pytest.raises(LiveOutError, match=rf"No WebSocket on 127\.0\.0\.1:{port}: .*in use"):
        WebSocketOut(LOOPBACK, port)
    with client_of(websocket) as client:
        websocket.close()
        with pytest.raises(ConnectionClosed):
            client.recv(timeout=5)
    with closing(WebSocketOut(LOOPBACK, port)) as again:
        assert again.clients == 0


# OSC


@pytest.fixture
def osc_lines() -> Iterator[tuple[int, queue.Queue[tuple[str, list[Any]]]]]:
    """A real OSC server: its port, and what it got, address by address."""
    got: queue.Queue[tuple[str, list[Any]]] = queue.Queue()
    dispatcher = Dispatcher()
    dispatcher.set_default_handler(lambda address, *values: got.put((address, list(values))))
    with ThreadingOSCUDPServer((LOOPBACK, 0), dispatcher) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server.server_address[1], got
        server.shutdown()
        thread.join()


def test_an_osc_server_gets_a_bundle_a_frame(
    osc_lines: tuple[int, queue.Queue[tuple[str, list[Any]]]],
) -> None:
    port, got = osc_lines
    person = make_person()
    person.pose2d.keypoints[MPII16.index("right_ankle")] = np.nan
    result = make_result(7, person)
    with closing(open_live_out(osc=str(port)) or LiveOut([])) as out:
        assert str(out) == f"OSC to 127.0.0.1:{port}"
        out.put(result, SEEN)
        address, values = got.get(timeout=5)
        assert address == "/sandglass/frame"
        assert values[0] == pytest.approx(1000 + 7 / 30, abs=1e-6)
        assert values[1] == pytest.approx(time.time() - time.monotonic() + values[0], abs=0.05)
        assert values[2:] == [7, "hourglass_1", "", 1, 64, 48]
        message = describe(result, SEEN)["people"][0]
        known = [angle for angle in message["angles"].values() if angle is not None]
        lines = dict(got.get(timeout=5) for _ in range(2 + 15 + 17 + len(known)))
    wrist = lines["/sandglass/person/0/keypoint2d/left_wrist"]
    np.testing.assert_allclose(wrist, message["keypoints2d"]["left_wrist"], rtol=1e-5)
    thorax = lines["/sandglass/person/0/joint3d/thorax"]
    np.testing.assert_allclose(thorax, message["joints3d"]["thorax"], rtol=1e-5)
    assert "/sandglass/person/0/keypoint2d/right_ankle" not in lines
    assert lines["/sandglass/person/0/id"] == [0]
    assert lines["/sandglass/person/0/subject"] == [1]
    assert got.empty()


def test_of_several_people_each_has_a_number_and_a_bundle_that_every_system_sends() -> None:
    message = describe(make_scene(3, 4, 5, 6, 7, 8, 9, subject=6), SEEN)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind((LOOPBACK, 0))
        receiver.settimeout(5)
        with closing(OscOut(LOOPBACK, receiver.getsockname()[1])) as out:
            out.send(message)
            datagrams = [receiver.recv(1 << 16) for _ in range(6)]
    assert max(map(len, datagrams)) < 9216  # macOS sends no more
    lines = {line.address: line.params for datagram in datagrams for line in OscBundle(datagram)}
    assert lines["/sandglass/frame"][5] == 6
    people = [f"/sandglass/person/{number}" for number in range(6)]
    assert [lines[f"{person}/id"] for person in people] == [[6], [4], [5], [7], [8], [9]]
    assert [lines[f"{person}/subject"] for person in people] == [[1], *[[0]] * 5]
    for person, told in zip(people, message["people"], strict=True):
        thorax = lines[f"{person}/joint3d/thorax"]
        np.testing.assert_allclose(thorax, told["joints3d"]["thorax"], rtol=1e-5)


def test_osc_that_nobody_listens_to_costs_nothing() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as unheard:
        unheard.bind((LOOPBACK, 0))
        with closing(open_live_out(osc=str(unheard.getsockname()[1])) or LiveOut([])) as out:
            for index in range(300):
                out.put(make_result(index), SEEN)


# Where to


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("9000", ("127.0.0.1", 9000)),
        (":9000", ("127.0.0.1", 9000)),
        ("0.0.0.0:9000", ("0.0.0.0", 9000)),
        ("studio:1", ("studio", 1)),
        ("[::1]:9000", ("::1", 9000)),
    ],
)
def test_an_address_without_a_host_is_this_machine(text: str, address: tuple[str, int]) -> None:
    assert parse_address(text) == address


@pytest.mark.parametrize(
    "text", ["", "nine", "host", "host:", "host:70000", "host:-1", "host:²", "a..b:9000"]
)
def test_what_is_no_address_is_told(text: str) -> None:
    with pytest.raises(LiveOutError, match="is not an address: give HOST:PORT or PORT"):
        open_live_out(websocket=text)


def test_an_unknown_host_is_told() -> None:
    with pytest.raises(LiveOutError, match=r"OSC cannot be sent to no\.such\.host\.invalid"):
        open_live_out(osc="no.such.host.invalid:9000")


def test_nothing_is_sent_or_loaded_unless_asked_for() -> None:
    assert open_live_out() is None
    code = (
        "import sys, engine.pipeline.pipeline; "
        "print([m for m in ('websockets', 'pythonosc') if m in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert answer.stdout.strip() == "[]"


# In the pipeline


class Stuck:
    """An output that waits for ever, which no real one does."""

    clients = 0

    def __init__(self) -> None:
        self.sent, self.closed = 0, False

    def send(self, message: object) -> None:
        self.sent += 1
        while not self.closed:
            time.sleep(0.01)

    def close(self) -> None:
        self.closed = True


def test_the_pipeline_sends_what_it_sees_and_counts_the_clients() -> None:
    with Pipeline() as pipeline:
        pipeline.use(dot_estimator())
        pipeline.set_source(DotSource)
        pipeline.set_live_out(open_live_out(websocket="0"))
        assert pipeline.status.live_out.startswith("WebSocket on ws://127.0.0.1:")
        with connect(url_of(pipeline.status.live_out)) as client:
            seen = [json.loads(client.recv(timeout=5)) for _ in range(5)]
            assert pipeline.status.live_clients == 1
        assert {message["backbone"] for message in seen} == {"dots"}
        frames = [message["frame"] for message in seen]
        assert frames == sorted(set(frames))
        pipeline.set_live_out(None)
        assert pipeline.status.live_out == ""


def test_a_stuck_output_does_not_slow_the_pipeline() -> None:
    stuck = Stuck()
    with Pipeline() as pipeline:
        pipeline.use(dot_estimator())
        pipeline.set_source(DotSource)
        pipeline.set_live_out(LiveOut([stuck]))
        wait_for(lambda: pipeline.frames_done > 30)
        assert stuck.sent == 1
        result: PoseResult | None = pipeline.results.take(1.0)
        assert result
        assert time.monotonic() - result.frame.timestamp < 0.5
        stuck.closed = True
