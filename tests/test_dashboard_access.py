"""The dashboard answers only its own pages, for the user who started it: every way around that is refused here."""

from __future__ import annotations

import asyncio
import io
import socket
import subprocess
import sys
import tempfile
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pyarrow.parquet as pq
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from mhsim import simulate
from mhsim.dashboard.access import ROOT, Access, Guard
from mhsim.dashboard.results import results_folder
from mhsim.dashboard.results.results_folder import OUTSIDE, allow_folder, nearby, open_folder, run_in
from mhsim.dashboard.server import listening
from mhsim.errors import InputError
from mhsim.scenario import Scenario
from mhsim.scenario_io.loader import read_scenario

TOKEN = "0123456789abcdef-_~"
COOKIE = {"Cookie": f"other=1; mhsim-8765={TOKEN}; {{broken"}


def show(request: Request) -> Response:
    """Answer with what came through the guard."""
    return PlainTextResponse(f"{request.scope[ROOT]}|{request.scope['path']}|{request.url.query}")


async def talk(opened: WebSocket) -> None:
    """Take a connection and say so."""
    await opened.accept()
    await opened.send_text("served")
    await opened.close()


@contextmanager
def guarded(**access: object) -> Iterator[httpx.Client]:
    """Yield a client of a guarded application that is served; it sends none of a browser's headers by itself."""
    app = Starlette(
        routes=[WebSocketRoute("/jupyter/{rest:path}", talk), Route("/{rest:path}", show, methods=["GET", "POST"])],
        middleware=[Middleware(Guard, access=Access(TOKEN, 8765, **access))],  # type: ignore[arg-type]
    )
    at = listening("127.0.0.1", None)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", proxy_headers=False))
    serving = threading.Thread(target=server.run, args=([at],), daemon=True)
    serving.start()
    with httpx.Client(base_url=f"http://127.0.0.1:{at.getsockname()[1]}", trust_env=False, timeout=30) as client:
        yield client
    server.should_exit = True
    serving.join(10)


def spoken(client: httpx.Client, headers: dict[str, str]) -> str | bytes:
    """Open a WebSocket and return what is said there."""
    at = client.base_url.netloc.decode()
    address = f"ws://{headers.get('Host', at)}/jupyter/api/kernels/1/channels"
    kept = {name: value for name, value in headers.items() if name not in ("Host", "Origin")}
    line = socket.create_connection(("127.0.0.1", int(at.rpartition(":")[2])))
    with connect(address, sock=line, origin=headers.get("Origin"), additional_headers=kept, proxy=None) as opened:
        return opened.recv()


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    """Return a client of a server at 127.0.0.1."""
    with guarded() as found:
        yield found


FOREIGN = {
    "no token": {},
    "a wrong token": {"Cookie": "mhsim-8765=0123456789abcdef-_!"},
    "the cookie of another port": {"Cookie": f"mhsim-8766={TOKEN}"},
    "another site": {**COOKIE, "Origin": "http://evil.example"},
    "another server of this machine": {**COOKIE, "Origin": "http://127.0.0.1:9000"},
    "a sandboxed frame": {**COOKIE, "Origin": "null"},
    "a name of another's": {**COOKIE, "Host": "evil.example:8765"},
    "a name that begins like ours": {**COOKIE, "Host": "127.0.0.1.evil.example"},
}
ONLY_REQUESTS = {
    "a picture on another site": {**COOKIE, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
    "a picture of another port": {**COOKIE, "Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors"},
    "a frame on another site": {
        **{**COOKIE, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}
    },
}


@pytest.mark.parametrize("who", [*FOREIGN, *ONLY_REQUESTS])
@pytest.mark.parametrize("path", ["/", "/explore", "/mhsim/style.css", "/get/scenario.yaml", "/_solara/api/close/1"])
def test_a_foreign_request_is_refused(client: httpx.Client, who: str, path: str) -> None:
    """Files and documents as well as pages: nothing tells a stranger what is here."""
    headers = {**FOREIGN, **ONLY_REQUESTS}[who]
    for method in ("GET", "POST"):
        answer = client.request(method, path, headers=headers)
        assert answer.status_code in (400, 403), answer.text
        assert TOKEN not in answer.text and "set-cookie" not in answer.headers


@pytest.mark.parametrize("who", FOREIGN)
def test_a_foreign_web_socket_is_refused_before_it_opens(client: httpx.Client, who: str) -> None:
    """A page of another site may open a WebSocket to anywhere; browsers leave the refusal to the server."""
    with pytest.raises(InvalidStatus, match="403"):
        spoken(client, FOREIGN[who])


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost:8765", "[::1]:8765", "localhost:9000"])
def test_our_own_pages_are_answered(client: httpx.Client, host: str) -> None:
    """Under each name of the loopback, and through a tunnel with another port."""
    own = {**COOKIE, "Host": host, "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}
    assert client.get("/explore?form=base", headers=own).text == "|/explore|form=base"
    assert client.post("/_solara/api/close/1", headers=own).status_code == 200
    assert spoken(client, own) == "served"


def test_the_address_with_the_token_opens_and_is_remembered() -> None:
    """Only the first address needs the token; pages never see it, scripts cannot read the cookie."""
    with guarded() as client:
        answer = client.get(f"/explore?form=base&token={TOKEN}&seed=2")
        assert client.get("/lessons").text == "|/lessons|", "the cookie is sent from now on"
    assert answer.text == "|/explore|form=base&seed=2"
    assert answer.headers["set-cookie"] == f"mhsim-8765={TOKEN}; Path=/; HttpOnly; SameSite=Strict"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]


def test_a_link_from_another_site_may_open_a_page_but_fetch_nothing(client: httpx.Client) -> None:
    """A course page links to an address; without the cookie, which browsers keep back then, it says how to go on."""
    by_link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert client.get("/explore", headers={**COOKIE, **by_link}).status_code == 200
    assert client.get("/get/scenario.yaml", headers={**COOKIE, **by_link}).status_code == 403
    refused = client.get("/explore?form=base&seed=2", headers=by_link)
    assert refused.status_code == 403
    assert '<a href="./explore?form=base&amp;seed=2">open this page</a>' in refused.text
    script = client.get("/a/<script>?x='\"<script>", headers=by_link)
    assert "<script>" not in script.text


def test_whether_it_runs_can_be_asked_by_anybody(client: httpx.Client) -> None:
    """A supervisor looks whether the server lives; that says nothing of what it holds. Other names are refused."""
    assert client.get("/readyz").status_code == 200
    assert client.get("/readyz", headers={"Host": "evil.example"}).status_code == 400


def test_a_path_prefix_is_taken_off_whether_or_not_the_proxy_did() -> None:
    """Some proxies pass the whole path on, some only what follows the prefix; a prefix without its slash gets one."""
    prefix = "/user/ann/proxy/8765"
    with guarded(root_path=prefix, hosts=frozenset({"hub.example.org"})) as client:
        hub = {**COOKIE, "Host": "127.0.0.1:8765", "Origin": "https://hub.example.org"}
        for path in (f"{prefix}/explore", "/explore"):
            assert client.get(path, headers=hub).text == f"{prefix}|/explore|"
        answer = client.get(f"{prefix}?token={TOKEN}", headers={"Host": "hub.example.org"})
        assert (answer.status_code, answer.headers["location"]) == (307, f"{prefix}/?token={TOKEN}")
        answer = client.get(answer.headers["location"], headers={"Host": "hub.example.org"})
        assert answer.text == f"{prefix}|/|"
        assert f"Path={prefix}; HttpOnly" in answer.headers["set-cookie"]
        assert client.get("/", headers={**hub, "Origin": "https://hub.example.com"}).status_code == 403


@pytest.mark.parametrize("name", ["X-Forwarded-Prefix", "X-Script-Name"])
def test_a_prefix_in_a_header_counts_only_when_told(name: str) -> None:
    """Otherwise anybody who can add a header could lead the files of our pages elsewhere."""
    for trusted, value, expected in (
        (False, "/there", ""),
        (True, "/there/", "/there"),
        (True, "//evil.example", ""),
        (True, '/"><script>', ""),
    ):
        with guarded(trust_prefix=trusted) as client:
            assert client.get("/explore", headers={**COOKIE, name: value}).text == f"{expected}|/explore|"


def test_wrong_settings_are_one_line() -> None:
    """A token that can be guessed is none, and a prefix that is no path would break every link."""
    for token, root in (("short", ""), (TOKEN, "no-slash"), (TOKEN, "//evil.example"), (TOKEN, '/"')):
        with pytest.raises(InputError):
            Access(token, 8765, root_path=root)
    with pytest.raises(InputError, match="--host: 'no such host' is no address"):
        listening("no such host", None)
    with listening("127.0.0.1", None) as taken:
        taken.listen()
        with pytest.raises(InputError, match=f"--port: {taken.getsockname()[1]} cannot be used"):
            listening("127.0.0.1", taken.getsockname()[1])


def test_folders_elsewhere_open_only_when_named(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address is a wish of whoever wrote the link; what a folder is, and whether it exists, stays unsaid."""
    here, there = tmp_path / "here", tmp_path / "there"
    for folder in (here / "results", there / "study"):
        folder.mkdir(parents=True)
        (folder / "manifest.json").write_text('{"kind": "run"}')
    (here / "link").symlink_to(there)
    monkeypatch.chdir(here)
    monkeypatch.setattr(results_folder, "_ALLOWED", [])
    assert open_folder("results").folder.name == "results"
    for name in (str(there / "study"), "../there/study", "link/study", "/etc", "~", str(tmp_path / "nowhere")):
        with pytest.raises(InputError, match=OUTSIDE):
            open_folder(name)
    assert [one.name for one in nearby(here)] == ["results"]
    allow_folder(here / "link")
    for name in (str(there / "study"), "../there/study", "link/study"):
        assert open_folder(name).kind == "run"
    assert {one.name for one in nearby(here)} == {"results", str(there / "study")}
    with pytest.raises(InputError, match=OUTSIDE):
        open_folder(str(tmp_path))


def test_a_link_within_a_folder_leads_nowhere_else(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that was sent to somebody may hold links; what they point to is none of its files."""
    (tmp_path / "run").mkdir()
    (tmp_path / "secret.yaml").write_text("title: secret\n")
    (tmp_path / "run" / "summary.json").write_text("{}")
    (tmp_path / "run" / "scenario.yaml").symlink_to(tmp_path / "secret.yaml")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=r"scenario\.yaml: .*leads out of its folder"):
        run_in(open_folder("run"))
    (tmp_path / "run" / "scenario.yaml").unlink()
    (tmp_path / "run" / "scenario.yaml").write_text("title: its own\n")
    assert run_in(open_folder("run")).scenario["title"] == "its own"


def test_all_that_pages_ask_for_is_imported_before_threads_start() -> None:
    """Reacton asks pandas, if it is there, for its table; half imported by another thread it has none yet."""
    code = "import sys, mhsim.dashboard.application; sys.exit('pandas' not in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


FILES = {"index.html": b"<!doctype html>the pages", "page-1.js": b"1;", "engine-1.gz.bin": b"\x1f\x8b"}


@pytest.fixture(scope="module")
def whole() -> httpx.AsyncClient:
    """Return a client of the whole application as a proxy shows it, with the token of whoever started it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of packages that Solara imports
        from mhsim.dashboard.application import application
    access = Access(TOKEN, 8765, hosts=frozenset({"hub.example.org"}), root_path="/ann")
    transport = httpx.ASGITransport(application(access, FILES))
    return httpx.AsyncClient(transport=transport, base_url="http://hub.example.org", headers=COOKIE)


def asked(client: httpx.AsyncClient, path: str, **headers: str) -> httpx.Response:
    """Return the answer to a request."""
    return asyncio.run(client.get(path, headers=headers))


PLACES = ("/", "/explore", "/turnover?view=ask", "/lessons", "/class", "/app/page-1.js", "/get/series.csv", "/handout")


@pytest.mark.parametrize("path", PLACES)
def test_pages_and_their_files_are_for_the_same_people_as_all_else(whole: httpx.AsyncClient, path: str) -> None:
    """No token, another name or another site, and nothing is told, of what lies beside Solara either."""
    for wrong in ({"Cookie": "other=1"}, {"Host": "evil.example"}, {"Origin": "http://evil.example"}):
        answer = asked(whole, f"/ann{path}", **wrong)
        assert answer.status_code in (400, 403)
        assert not any(content.decode("latin-1") in answer.text for content in FILES.values())


def test_every_page_is_the_same_file_and_old_addresses_lead_to_it(whole: httpx.AsyncClient) -> None:
    """Links of before are bookmarks and stand in course pages: with their query they open what they opened."""
    for path in ("/", "/explore", "/turnover", "/lessons", "/class"):
        for root in ("", "/ann"):
            answer = asked(whole, f"{root}{path}?form=base&seed=3")
            assert (answer.status_code, answer.content) == (200, FILES["index.html"])
            assert answer.headers["cache-control"] == "no-cache", (
                "a page of yesterday must not ask for files of yesterday"
            )
    for path in ("/handout", "/get/turnover.csv"):
        answer = asked(whole, f"{path}?form=base&b.seed=3")
        assert (answer.status_code, answer.headers["location"]) == (307, "/ann/turnover?form=base&b.seed=3")
    script, engine = asked(whole, "/app/page-1.js"), asked(whole, "/app/engine-1.gz.bin")
    assert script.headers["content-type"].startswith("text/javascript")
    assert "immutable" in engine.headers["cache-control"] and engine.content == FILES["engine-1.gz.bin"]
    for path in ("/app/index.html", "/app/nothing.js"):
        assert asked(whole, path).status_code == 404


def test_tables_of_the_run_shown_are_those_of_mhsim_run(whole: httpx.AsyncClient) -> None:
    """What the server gives must be the history that the page plays, and that of B where B is asked for."""
    query = "form=base&weeks=30&start.run_in_weeks=4&seed=5&b.seed=6"
    for view, seed in (("", 5), ("&view=b", 6)):
        scenario = read_scenario("base", {"weeks": 30, "start.run_in_weeks": 4, "seed": seed})
        run = simulate(scenario, 0, record="story")
        for name in ("series", "lives", "groups", "events"):
            answer = asked(whole, f"/get/{name}.parquet?{query}{view}")
            assert pq.read_table(io.BytesIO(answer.content)).equals(getattr(run, name)), name
        text = asked(whole, f"/get/scenario.yaml?{query}{view}").text
        assert read_extended_text(text) == scenario
    lines = asked(whole, f"/get/series.csv?{query}").text.splitlines()
    assert len(lines) == 31 and lines[0].startswith('"week","members"')
    refused = asked(whole, "/get/series.csv?serve.turnover_per_year=99")
    assert refused.status_code == 400 and refused.text.count("\n") == 1


def read_extended_text(text: str) -> Scenario:
    """Return the scenario that a downloaded file says."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.yaml"
        path.write_text(text, encoding="utf-8")
        return read_scenario(path)
