"""Serving the page to this machine alone."""

from __future__ import annotations

import webbrowser
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from retold.cli import UserError

LOOPBACK = "127.0.0.1"


class _Handler(SimpleHTTPRequestHandler):
    """Serves files and keeps quiet; nothing is cached, so that a page made anew is the one shown."""

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def list_directory(self, path: object) -> None:
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        pass


def make_server(folder: Path, port: int) -> ThreadingHTTPServer:
    """Return a server of a folder on the loopback address; port 0 takes a free one.

    Raises:
        UserError: The port cannot be had.
    """
    try:
        return ThreadingHTTPServer((LOOPBACK, port), partial(_Handler, directory=str(folder)))
    except (OSError, OverflowError) as error:
        reason = str(error).rstrip(".")
        raise UserError(f"cannot serve on port {port}: {reason}. Choose another with --port.") from error


def serve(folder: Path, port: int, *, browser: bool) -> None:
    """Serve a folder until interrupted.

    Raises:
        UserError: The port cannot be had.
    """
    with make_server(folder, port) as server:
        address = f"http://{LOOPBACK}:{server.server_address[1]}/"
        print(f"Serving {address} to this machine; stop with Ctrl-C", flush=True)
        if browser:
            webbrowser.open(address)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
