"""What programs are told, and what they may have done: over real HTTP."""

from __future__ import annotations

import io
import json
import time
import urllib.request

import pytest
from PIL import Image
from prometheus_client.parser import text_string_to_metric_families

from live.control.actions import CONTROLS
from live.control.desk import Desk
from live.control.presets import preset_names
from live.web.api import Api
from live.web.server import MOST_BYTES, WebServer
from tests.live.web.asking import ask, url_of
from tests.until import LONGEST_S, until


def test_the_state_tells_how_the_show_is(server: WebServer, desk: Desk) -> None:
    until(lambda: ask(server, "/api/state").json["panels"])
    state = ask(server, "/api/state").json
    assert state["input"] == "demo"
    assert state["runtime"] == "onnxruntime"
    assert state["sound_to_picture_ms"]["p95"] > 0
    assert state["window"] is False
    assert set(state["at_rest_s"]) == {"capture", "hearing", "painting"}
    for panel in state["panels"]:
        assert panel["label"]
        assert 0 <= panel["level"] <= 1
        assert panel["colour"].startswith("#")
    assert ask(server, "/api").json["paths"]["/api/state"]


def test_every_control_is_told_with_its_help_and_range(server: WebServer, desk: Desk) -> None:
    told = {each["name"]: each for each in ask(server, "/api/controls").json["controls"]}
    assert list(told) == [control.name for control in CONTROLS]
    for control in CONTROLS:
        assert told[control.name]["help"] == control.help
        assert ("value" in told[control.name]) == (not control.is_done and not control.on_window)
        assert ask(server, f"/api/controls/{control.name}").json == told[control.name]
    assert told["sensitivity"]["low"] == -40.0
    assert told["sensitivity"]["unit"] == "dB"
    assert told["light"]["words"][:2] == ["auto", "dawn"]


def test_a_control_is_set_and_done(server: WebServer, desk: Desk) -> None:
    play = "/api/controls/sensitivity"
    assert ask(server, play, "POST", {"value": -6}).json == {"asked": "sensitivity"}
    until(lambda: ask(server, play).json["value"] == -6.0)
    assert ask(server, play, "POST", {"share": 0.75}).status == 202
    until(lambda: desk.value("sensitivity") == 20.0)
    assert desk.origins["sensitivity"] == "web 127.0.0.1"
    assert ask(server, play, "POST", {"value": 0}).status == 202
    save = "/api/controls/save-preset"
    assert ask(server, save, "POST", {"value": "sofa light"}).status == 202
    until(lambda: "sofa" in preset_names())
    until(lambda: desk.value("sensitivity") == 0.0)


@pytest.mark.parametrize(
    ("name", "send", "status", "line"),
    [
        ("sensitivity", {"value": 99}, 400, "but must be a number from -40 to 40 dB"),
        ("sensitivity", {"value": "loud"}, 400, "but must be a number"),
        ("sensitivity", {"share": 2}, 400, "must be from 0 to 1"),
        ("sensitivity", {"value": 1, "share": 1}, 400, "send {"),
        ("sensitivity", {}, 400, "send {"),
        ("sensitivity", [1], 400, "send {"),
        ("sensitivity", b"{", 400, "send {"),
        ("sensitivity", b"[" * 9000, 400, "send {"),
        ("sensitivity", b"\xff\xfe", 400, "send {"),
        ("light", {"value": "nite"}, 400, "Did you mean night?"),
        ("full-screen", {"value": True}, 400, "this show has no window"),
        ("lihgt", {"value": 1}, 404, "Did you mean light?"),
    ],
)
def test_what_is_wrong_is_one_line_and_changes_nothing(
    server: WebServer, desk: Desk, name: str, send: object, status: int, line: str
) -> None:
    before = {control.name: value for control, value in desk.values()}
    answer = ask(server, f"/api/controls/{name}", "POST", send)
    assert answer.status == status
    assert line in answer.json["error"]
    assert answer.body.count(b"\n") == 1
    assert {control.name: value for control, value in desk.values()} == before


def test_sizes_types_and_methods_are_bounded(server: WebServer) -> None:
    play = "/api/controls/light"
    assert ask(server, play, "POST", b" " * (MOST_BYTES + 1)).status == 413
    kind = {"Content-Type": "text/plain"}
    assert ask(server, play, "POST", b'{"value": "dawn"}', **kind).status == 415
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
        answer = ask(server, play, method)
        assert answer.status == 405
        assert "POST" in answer.headers["Allow"]
    assert ask(server, "/api/state?" + "a" * 20000).status == 400
    assert ask(server, "/api/history?since=x").status == 400
    assert ask(server, "/mjpeg?rate=-1").status == 400
    assert ask(server, "/mjpeg?rate=nan").status == 400
    assert ask(server, "/live").status == 426
    assert ask(server, "/nowhere").status == 404


def test_a_snapshot_and_a_panel_are_pictures(server: WebServer) -> None:
    seen = Image.open(io.BytesIO(ask(server, "/api/snapshot").body))
    assert (seen.format, seen.size) == ("JPEG", (1280, 720))
    painted = []

    def is_painted() -> bool:
        painted[:] = [p for p in ask(server, "/api/state").json["panels"] if p["painted"]]
        return bool(painted) and ask(server, f"/panels/{painted[0]['track']}").status == 200

    until(is_painted)
    panel = ask(server, f"/panels/{painted[0]['track']}")
    assert Image.open(io.BytesIO(panel.body)).format == "JPEG"
    assert ask(server, "/panels/999999999").status == 204
    assert ask(server, "/panels/x").status == 404


def test_mjpeg_is_pictures_without_an_end(server: WebServer) -> None:
    with urllib.request.urlopen(url_of(server, "/mjpeg?rate=30"), timeout=LONGEST_S) as stream:
        assert stream.headers.get_content_type() == "multipart/x-mixed-replace"
        for _ in range(3):
            assert stream.readline() == b"--picture\r\n"
            assert stream.readline() == b"Content-Type: image/jpeg\r\n"
            length = int(stream.readline().split(b":")[1])
            assert stream.readline() == b"\r\n"
            assert Image.open(io.BytesIO(stream.read(length))).size == (1280, 720)
            stream.readline()
    until(lambda: server._hub.count == 0)


def test_events_come_as_they_happen(server: WebServer, desk: Desk) -> None:
    with urllib.request.urlopen(url_of(server, "/api/events"), timeout=LONGEST_S) as stream:
        assert stream.headers.get_content_type() == "text/event-stream"

        def until_told(kind: str, **wanted: object) -> dict:
            while True:
                name = stream.readline().decode().removeprefix("event: ").strip()
                said = json.loads(stream.readline().decode().removeprefix("data: "))
                assert stream.readline() == b"\n"
                if name == kind and wanted.items() <= said.items():
                    return said

        assert len(until_told("controls")["controls"]) == len(CONTROLS)
        desk.apply({"motion": 0.25}, "keys")
        assert until_told("control", name="motion", value=0.25)["origin"] == "keys"
        desk.session.messages.report_event("a line for people")
        until_told("line", text="a line for people")
        assert until_told("hearing")["sources"] is not None
        assert until_told("state")["lookers"] == 1
        desk.apply({"motion": 0.0}, "keys")


def test_the_last_hours_are_remembered(server: WebServer) -> None:
    server._hub.history.step_s = 0.3
    server._hub.history._due_s = 0.0
    points: list[dict] = []

    def enough() -> bool:
        points[:] = ask(server, "/api/history").json["points"]
        return len(points) > 2 and any(point["heard"] for point in points)

    until(enough)
    assert abs(points[-1]["at"] - time.time()) < LONGEST_S
    assert points[-1]["memory_mb"] > 50
    assert points[-1]["p95_ms"] >= points[-1]["p50_ms"] > 0
    for point in points:
        assert all(0 < share <= 1 for share in point["heard"].values())
    after = ask(server, f"/api/history?since={points[1]['at']}").json["points"]
    assert [point["at"] for point in after][: len(points) - 2] == [p["at"] for p in points[2:]]


def test_health_says_what_stands_still(server: WebServer, desk: Desk) -> None:
    until(lambda: ask(server, "/healthz").status == 200)
    show = desk.session
    show.note_drawn()  # there is a window from now on, which draws no more
    try:
        until(lambda: ask(server, "/healthz").status == 503)
        until(lambda: (ask(server, "/healthz").json["fault"] or "").startswith("drawing stands"))
        assert ask(server, "/api/state").json["fault"]
        show.note_drawn()
        until(lambda: ask(server, "/healthz").json["at_rest_s"]["drawing"] < 5)
    finally:
        show._drawn_at_s = None
    until(lambda: ask(server, "/healthz").json["ok"])


def test_prometheus_reads_the_metrics(server: WebServer) -> None:
    answer = ask(server, "/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    families = {each.name: each for each in text_string_to_metric_families(answer.body.decode())}
    assert families["soundglass_pictures"].samples[0].value >= 1
    assert families["soundglass_memory_bytes"].samples[0].value > 1e7
    late = families["soundglass_sound_to_picture_seconds"].samples
    assert [sample.labels["quantile"] for sample in late] == ["0.5", "0.95"]
    stages = {s.labels["stage"] for s in families["soundglass_at_rest_seconds"].samples}
    assert stages == {"capture", "hearing", "painting"}
    assert families["soundglass_up"].type == "gauge"


def test_a_fault_of_the_program_is_one_line_and_the_show_goes_on(
    server: WebServer, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Api, "_compose", None)  # by name another test may have loaded it anew
    answer = ask(server, "/api/snapshot")
    assert (answer.status, answer.body) == (500, b"a fault of the program; the show goes on\n")
    assert "could not answer /api/snapshot" in desk.session.messages.all[-1]
    assert ask(server, "/api").status == 200
