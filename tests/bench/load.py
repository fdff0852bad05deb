"""The load client: keep-alive connections over plain sockets, in a process of its own on a core of its own.

Small on purpose: what the client spends is not to be mistaken for what the server spends.
"""

from __future__ import annotations

import gc
import os
import re
import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from multiprocessing import get_context

HOST = "127.0.0.1"
PATIENCE = 30.0
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_LOCATION = re.compile(rb"\r\nlocation: *([^\r]*)", re.IGNORECASE)
_CLOSES = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)


class WrongAnswerError(Exception):
    """The server said something else than it was measured for; a figure would be worthless."""


@dataclass(frozen=True)
class Load:
    """What is asked. `leads_to` is how the address of a redirect has to begin; `once` sends each request one time only."""

    port: int
    requests: Sequence[bytes]
    connections: int = 1
    seconds: float = 1.0
    status: int = 200
    leads_to: str = ""
    once: bool = False


@dataclass(frozen=True)
class Measured:
    """Seconds from the first request to the last answer, how long each answer took, in seconds, and the processor time
    that the server took, where the system tells.
    """

    seconds: float
    times: list[float]
    server_seconds: float | None = None

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.times) / self.seconds


@dataclass(frozen=True)
class Answer:
    status: int
    head: bytes
    body: bytes

    def header(self, name: str) -> str:
        """The value of a header, empty where it is missing."""
        match = re.search(rb"\r\n%s: *([^\r]*)" % re.escape(name.encode()), self.head, re.IGNORECASE)
        return match[1].decode("latin-1") if match else ""


@dataclass
class _Connection:
    port: int
    socket: socket.socket = field(init=False)
    request: bytes = b""
    sent_at: float = 0.0
    received: bytearray = field(default_factory=bytearray)
    has_answered: bool = False

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> None:
        self.socket = socket.create_connection((HOST, self.port), PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.has_answered = False

    def send(self, request: bytes) -> None:
        self.request, self.sent_at = request, time.perf_counter()
        self.received.clear()
        self.socket.sendall(request)

    def read(self) -> Answer | None:
        """The answer once all of it is there. Raises ConnectionError if the server hangs up before that."""
        data = self.socket.recv(262_144)
        if not data:
            raise ConnectionError("the server closed the connection")
        self.received += data
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = bytes(self.received[:end])
        status = int(head[9:12])
        length = _LENGTH.search(head)
        if length is None and status != 304:
            raise WrongAnswerError(f"an answer without a length: {head[:200]!r}")
        size = 0 if status == 304 or length is None else int(length[1])
        if len(self.received) < end + 4 + size:
            return None
        self.has_answered = True
        return Answer(status, head, bytes(self.received[end + 4 :]))


def fetch(port: int, request: bytes) -> Answer:
    """One answer to one request, over a connection of its own."""
    connection = _Connection(port)
    with connection.socket:
        connection.send(request)
        while (answer := connection.read()) is None:
            pass
        return answer


def run(load: Load) -> Measured:
    """Keep `connections` busy for `seconds`. Raises WrongAnswerError at the first answer that is not as expected."""
    waiting: Iterator[bytes] = iter(load.requests) if load.once else cycle(load.requests)
    times: list[float] = []
    began = time.perf_counter()
    with selectors.DefaultSelector() as selector:
        for _number, request in zip(range(load.connections), waiting, strict=False):
            connection = _Connection(load.port)
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.send(request)
        while selector.get_map():
            ready = selector.select(PATIENCE)
            if not ready:
                raise WrongAnswerError(f"no answer within {PATIENCE:.0f} seconds")
            for key, _events in ready:
                _go_on(selector, key.data, load, waiting, times, began + load.seconds)
    return Measured(time.perf_counter() - began, times)


def _go_on(
    selector: selectors.BaseSelector,
    connection: _Connection,
    load: Load,
    waiting: Iterator[bytes],
    times: list[float],
    deadline: float,
) -> None:
    """Take what has arrived on one connection, and send its next request."""
    try:
        answer = connection.read()
    except ConnectionError:
        # A server may close a connection that idles between two requests. One that never answered is broken.
        if not connection.has_answered or connection.received:
            raise
        _reconnect(selector, connection)
        connection.send(connection.request)
        return
    if answer is None:
        return
    now = time.perf_counter()
    times.append(now - connection.sent_at)
    _check(answer, load)
    request = next(waiting, None) if now < deadline else None
    if request is None:
        selector.unregister(connection.socket)
        connection.socket.close()
        return
    if _CLOSES.search(answer.head):
        _reconnect(selector, connection)
    connection.send(request)


def _reconnect(selector: selectors.BaseSelector, connection: _Connection) -> None:
    selector.unregister(connection.socket)
    connection.socket.close()
    connection.open()
    selector.register(connection.socket, selectors.EVENT_READ, connection)


def _check(answer: Answer, load: Load) -> None:
    if answer.status != load.status:
        raise WrongAnswerError(f"{answer.status} instead of {load.status}: {answer.head + answer.body[:400]!r}")
    location = _LOCATION.search(answer.head)
    if load.leads_to and not (location and location[1].decode().startswith(load.leads_to)):
        raise WrongAnswerError(f"leads to {location and location[1]!r} instead of {load.leads_to}")


class Client:
    """The process that sends the load."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool

    def run(self, load: Load) -> Measured:
        return self._pool.submit(run, load).result()


@contextmanager
def client(cores: frozenset[int]) -> Iterator[Client]:
    """A load client that keeps to `cores`; anywhere if there are none."""
    with ProcessPoolExecutor(1, get_context("spawn"), initializer=_begin, initargs=(cores,)) as pool:
        yield Client(pool)


def _begin(cores: frozenset[int]) -> None:
    gc.freeze()
    if cores:
        os.sched_setaffinity(0, cores)


def get(path: str, **headers: str) -> bytes:
    """A request as a browser sends it. Underscores in the names of headers become hyphens."""
    return _request("GET", path, headers)


def post(path: str, body: str, **headers: str) -> bytes:
    """A form as a browser sends it."""
    data = body.encode()
    form = {"Content_Type": "application/x-www-form-urlencoded", "Content_Length": str(len(data))}
    return _request("POST", path, {**headers, **form}) + data


def _request(method: str, path: str, headers: dict[str, str]) -> bytes:
    usual = {"Host": "127.0.0.1", "User_Agent": "bench", "Accept": "text/html", "Accept_Language": "en"}
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in {**usual, **headers}.items()]
    return "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "", ""]).encode()


def percentile(times: Sequence[float], share: float) -> float:
    """The time in milliseconds that `share` of the answers kept to."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000
