"""The demonstration of the real program, and sockets that answer what a test writes down."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

PROGRAM = Path(__file__).parents[3] / "target/debug/nattoku"


class Demo(NamedTuple):
    url: str
    token: str
    """Of the campaign platform."""


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    program = os.environ.get("NATTOKU", str(PROGRAM))
    folder = tmp_path_factory.mktemp("demo")
    arguments = ["demo", "--port", "0", "--principals", "200", "--format", "json", "--dir", str(folder / "data")]
    with subprocess.Popen([program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as child:
        try:
            assert child.stdout
            line = next((line for line in child.stdout if line.startswith("{")), None)
            assert line, f"{program} ended before it was ready"
            ready = json.loads(line)
            yield Demo(ready["url"], ready["tokens"]["campaign_platform"])
        finally:
            child.kill()


def answer(status: str, body: str, headers: str = "") -> str:
    length = len(body.encode())
    return f"HTTP/1.1 {status}\r\n{headers}connection: close\r\ncontent-length: {length}\r\n\r\n{body}"


Scripted = Callable[[list[str]], tuple[str, list[str]]]


@pytest.fixture
def scripted() -> Iterator[Scripted]:
    """Answers one connection after another with what is written down, and keeps what was sent."""
    listeners: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def start(answers: list[str]) -> tuple[str, list[str]]:
        listener = socket.create_server(("127.0.0.1", 0))
        listener.settimeout(20)
        sent: list[str] = []

        def serve() -> None:
            for told in answers:
                connection, _ = listener.accept()
                with connection:
                    sent.append(_request(connection))
                    connection.sendall(told.encode())

        thread = threading.Thread(target=serve)
        thread.start()
        listeners.append(listener)
        threads.append(thread)
        return f"http://127.0.0.1:{listener.getsockname()[1]}", sent

    yield start
    for thread in threads:
        thread.join(20)
    for listener in listeners:
        listener.close()


def _request(connection: socket.socket) -> str:
    text = b""
    while part := connection.recv(65536):
        text += part
        head, end, body = text.partition(b"\r\n\r\n")
        lengths = [line.split(b":")[1] for line in head.lower().splitlines() if line.startswith(b"content-length:")]
        if end and len(body) >= int(lengths[0] if lengths else 0):
            break
    return text.decode()


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a server that never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def dripping() -> Iterator[str]:
    """The address of a server whose answer goes on and on, a byte at a time."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drip() -> None:
            connection, _ = listener.accept()
            with connection:
                try:
                    connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
                    for _ in range(1000):
                        connection.sendall(b" ")
                        time.sleep(0.02)
                except OSError:
                    pass

        thread = threading.Thread(target=drip)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join(20)


@pytest.fixture
def nobody() -> str:
    """An address at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"
