"""The TypeScript client as it is published: packed, installed elsewhere, run against a server."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from leadscoring.settings import VERSION
from tests.benchmarks.servers import ROOT
from tests.live.site import Site

FRONTEND = ROOT / "frontend"
HERE = Path(__file__).parent
# What the programs use of Node.js, whose types are no package of the dashboard.
NODE_TYPES = """
declare const process: {
  env: Record<string, string | undefined>; argv: string[]; stdin: unknown;
  exit(code: number): never;
};
declare module "node:readline" {
  export function createInterface(options: { input: unknown }): AsyncIterable<string>;
}
"""
CONFIG = {
    "compilerOptions": {
        "target": "ES2022",
        "lib": ["ES2023", "DOM", "DOM.Iterable", "DOM.AsyncIterable"],
        "module": "NodeNext",
        "strict": True,
        "noUncheckedIndexedAccess": True,
        "exactOptionalPropertyTypes": True,
        "types": [],
    }
}

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or not (FRONTEND / "node_modules").exists(),
    reason="the dashboard's packages are not installed: `make frontend`",
)


@pytest.fixture(scope="module")
def tarball(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As `npm publish` would send it."""
    folder = tmp_path_factory.mktemp("packed")
    pack = ["npm", "run", "--silent", "pack:client", "--", str(folder)]
    subprocess.run(pack, cwd=FRONTEND, check=True, timeout=300)
    (packed,) = folder.glob("*.tgz")
    return packed


@pytest.fixture(scope="module")
def project(tarball: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A team's own project with the package and what it depends on, and nothing of ours."""
    folder = tmp_path_factory.mktemp("project")
    modules = folder / "node_modules"
    modules.mkdir()
    with tarfile.open(tarball) as archive:
        archive.extractall(folder, filter="data")
    (folder / "package").rename(modules / "leadscoring-client")
    for needed in ("openapi-fetch", "openapi-typescript-helpers"):
        shutil.copytree(FRONTEND / "node_modules" / needed, modules / needed)
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "tsconfig.json").write_text(json.dumps(CONFIG))
    (folder / "node.d.ts").write_text(NODE_TYPES)
    return folder


def compiled(project: Path, name: str, text: str) -> Path:
    """Checked against the package's own types."""
    (project / f"{name}.ts").write_text(text)
    compiler = FRONTEND / "node_modules" / "typescript" / "bin" / "tsc"
    result = subprocess.run(
        ["node", str(compiler)], cwd=project, capture_output=True, text=True, timeout=300
    )
    assert result.returncode == 0, result.stdout
    return project / f"{name}.js"


def command(program: Path, *arguments: str) -> list[str]:
    # Node.js 20 has the browser's WebSocket behind this; later ones have it anyway.
    return ["node", "--experimental-websocket", str(program), *arguments]


def test_the_package_holds_the_client_and_nothing_else(tarball: Path) -> None:
    parts = {"batches", "client", "errors", "feed", "fetching", "index", "live", "paging"}
    expected = {"package/package.json", "package/README.md", "package/dist/schema.d.ts"}
    expected |= {f"package/dist/{part}{end}" for part in parts for end in (".js", ".d.ts")}
    with tarfile.open(tarball) as archive:
        assert set(archive.getnames()) == expected
        file = archive.extractfile("package/package.json")
        assert file is not None
        told = json.load(file)
    assert (told["name"], told["version"]) == ("leadscoring-client", VERSION)
    versions = json.loads((FRONTEND / "package.json").read_text())["dependencies"]
    assert told["dependencies"] == {"openapi-fetch": versions["openapi-fetch"]}


def test_the_readme_does_what_it_says(site: Site, project: Path) -> None:
    readme = (FRONTEND / "src" / "api" / "README.md").read_text()
    *blocks, live = [part.split("```")[0] for part in readme.split("```ts\n")[1:]]
    ending = "setTimeout(() => { feed.stop(); process.exit(0); }, 60_000);\n"
    stop = "if (kind === 'hello') { feed.stop(); process.exit(0); }"
    live = live.replace("console.log(kind, payload)", f"{{ console.log(kind, payload); {stop} }}")
    text = "\n".join([*blocks, live, ending]).replace("https://leads.example.com", site.origin)
    key = site.create_key("readme", scopes="predict,leads,outcomes,batches")
    result = subprocess.run(
        command(compiled(project, "readme", text)),
        env={**os.environ, "LEADS_KEY": key},
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert result.returncode == 0, result.stderr
    told = dict(line.split(" ", 1) for line in result.stdout.splitlines() if " " in line)
    assert 0 <= int(told["score"]) <= 100
    assert told["error"] == "invalid [ 'outcomes.0.value' ]"
    assert told["noted"] == "[ 1 ]"
    assert int(told["leads"]) >= 1
    assert told["succeeded"] == "2"
    assert "hello" in told


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Connections are taken and never answered."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_it_works_against_a_running_server(site: Site, project: Path, silent_port: int) -> None:
    program = compiled(project, "program", (HERE / "client_program.ts").read_text())
    key = site.create_key("packed", scopes="predict,leads,outcomes,batches")
    running = command(program, site.origin, key, f"http://127.0.0.1:{silent_port}")
    with subprocess.Popen(
        running, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None

        def told() -> Any:
            return json.loads(process.stdout.readline())  # type: ignore[union-attr]  # asserted

        try:
            assert told() == ["predict", "packed-1"]
            assert told() == ["error", [400, "invalid", ["leads.0.budget"]]]
            assert told() == ["error", [401, "not_authenticated", []]]
            assert told() == ["replayed", "true"]
            assert told() == ["outcome", ["packed-1"]]
            assert told() == ["silent", [0, "timed_out", []]]
            assert told() == ["aborted", "Error: changed my mind"]
            assert told() == ["batch", "succeeded", "succeeded", True, 50]
            assert told() == ["live"]
            site.write_events(1)
            assert told() == ["told", 0]
            assert told() == ["away"]
            site.write_events(500)
            process.stdin.write("go on\n")
            process.stdin.flush()
            assert told() == ["resynced", 0]
            site.elsewhere.run(
                "from scoring.events import event_write\n"
                "event_write(kind='told', payload={'n': 7, 'text': 'after the gap'})"
            )
            assert told() == ["told", 7]
            assert process.wait(60) == 0
        finally:
            process.kill()
