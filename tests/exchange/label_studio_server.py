"""The Label Studio format against a real Label Studio server, on this computer and without a network.

Exports the corpus, sets a project up with ``config.xml``, imports ``tasks.json`` through the server's API,
exports the project as JSON and compares: the results must be those that were sent, and ``retold`` must read
the annotation files back from them. Not a test of the suite, since Label Studio is heavy and wants another
pyarrow: give it an environment of its own, about a minute to install, and run this with any Python that
``retold`` runs with:

    python -m venv /tmp/label-studio && /tmp/label-studio/bin/pip install label-studio==1.23.2
    PYTHONPATH=scripts python tests/exchange/label_studio_server.py /tmp/label-studio/bin/label-studio

A first start takes half a minute to make the server's database, in a temporary folder. Exit code 0: all came
back; 1: what differs is printed.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from retold.cli.corpus import read_gold
from retold.exchange import label_studio
from retold.exchange.layers import documents_of
from retold.layout import Layout

REPOSITORY = Path(__file__).resolve().parents[2]
ROOTS = (REPOSITORY, REPOSITORY / "tests" / "fixtures" / "valid" / "tiny")
PATIENCE = 600  # seconds for the server to start and for each answer


class Server:
    """A running server, spoken to as its one user."""

    def __init__(self, port: int, token: str) -> None:
        self._url = f"http://127.0.0.1:{port}"
        self._token = token

    def ask(self, path: str, body: object = None) -> Any:
        """Return the JSON answer of a request; with a body it is a POST."""
        request = urllib.request.Request(
            self._url + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Token {self._token}", "Content-Type": "application/json"},
        )
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(request, timeout=PATIENCE) as answer:
            return json.load(answer)


@contextlib.contextmanager
def running(program: Path, folder: Path) -> Iterator[Server]:
    """Start a server in an empty folder and end it afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(20)
    command = [
        *(str(program), "start", "--no-browser", "--internal-host", "127.0.0.1", "--port", str(port)),
        *("--data-dir", str(folder), "--username", "annotator@example.com", "--log-level", "ERROR"),
        *("--password", secrets.token_hex(16), "--user-token", token, "--enable-legacy-api-token"),
    ]
    quiet = {"COLLECT_ANALYTICS": "false", "LATEST_VERSION_CHECK": "false", "SENTRY_DSN": ""}
    environment = {**os.environ, **quiet, "FRONTEND_SENTRY_DSN": "", "HOME": str(folder)}
    environment.pop("PYTHONPATH", None)
    with (folder / "log.txt").open("w") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        server = Server(port, token)
        try:
            wait(process, server)
            yield server
        finally:
            process.terminate()
            process.wait()


def wait(process: subprocess.Popen[bytes], server: Server) -> None:
    """Wait until the server answers."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            sys.exit("the server has ended; start it by hand to see why")
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            print("Label Studio", server.ask("/api/version")["release"])
            return
        time.sleep(1)
    sys.exit("the server does not answer")


def check(server: Server, root: Path, folder: Path) -> Iterator[str]:
    """Send a corpus through the server and yield what comes back otherwise."""
    articles, registry = read_gold(Layout(root))
    label_studio.export(articles, registry, folder)
    sent = json.loads((folder / "tasks.json").read_text("utf-8"))
    config = (folder / "config.xml").read_text("utf-8")
    project = server.ask("/api/projects", {"title": root.name[:50], "label_config": config})["id"]
    answer = server.ask(f"/api/projects/{project}/import", sent)
    print(f"{root.name}: {answer['task_count']} tasks, {answer['annotation_count']} annotations imported")
    back = server.ask(f"/api/projects/{project}/export?exportType=JSON")
    (folder / "export.json").write_text(json.dumps(back), "utf-8")
    received = {task["data"]["article"]: task for task in back}
    for task in sent:
        other = received[task["data"]["article"]]
        if other["data"] != task["data"]:
            yield f"{task['data']['article']}: the data differ"
        if [a["result"] for a in other["annotations"]] != [a["result"] for a in task["annotations"]]:
            yield f"{task['data']['article']}: the results differ"
    read = {item.article: item for item in label_studio.read(folder / "export.json", None)}
    for article in articles:
        yield from read[article.id].notices
        for layer, document in read[article.id].layers.items():
            if document != documents_of(article)[layer]:
                yield f"{article.id}: {layer} differs"
    count = sum(len(task["annotations"][0]["result"]) for task in sent)
    print(f"{root.name}: {count} results and {len(articles) * len(label_studio.HOLDS)} documents compared")


def main() -> int:
    """Run the check for the corpus and the fixture."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("program", type=Path, help="the label-studio of an environment of its own")
    program = parser.parse_args().program
    with tempfile.TemporaryDirectory() as folder, running(program, Path(folder)) as server:
        differences = []
        for number, root in enumerate(ROOTS):
            place = Path(folder) / f"corpus-{number}"
            place.mkdir()
            differences += check(server, root, place)
    for difference in differences:
        print(difference)
    return bool(differences)


if __name__ == "__main__":
    sys.exit(main())
