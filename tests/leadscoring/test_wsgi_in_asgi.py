"""A WSGI application under an ASGI server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from leadscoring.wsgi_in_asgi import READ_AHEAD, ClientGone, WsgiInAsgi

Answer = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def exchange(answer: Answer, *parts: bytes, gone: bool = False, **scope: Any) -> list[Any]:
    """What is sent for a request whose body comes in these parts."""
    coming = [
        {"type": "http.request", "body": part, "more_body": gone or number < len(parts) - 1}
        for number, part in enumerate(parts)
    ] + [{"type": "http.disconnect"}]
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return coming.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    length = str(sum(map(len, parts))).encode()
    request = {
        "type": "http",
        "method": "POST",
        "http_version": "1.1",
        "scheme": "http",
        "raw_path": b"/a%20b/%C3%A9/%ff",
        "query_string": b"x=%20",
        "server": ("127.0.0.1", "80"),
        "client": ("10.0.0.7", "1"),
        "headers": [(b"content-length", length)],
    }
    asyncio.run(WsgiInAsgi(answer, threads=2)({**request, **scope}, receive, send))
    return sent


def say(body: Iterable[bytes], seen: dict[str, Any] | None = None) -> Answer:
    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if seen is not None:
            seen.update(environ)
        start_response("201 Created", [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
        return body

    return answer


def test_an_answer_keeps_its_status_headers_and_body() -> None:
    start, body = exchange(say([b"hello"]))
    assert start["status"] == 201
    assert start["headers"] == [(b"set-cookie", b"a=1"), (b"set-cookie", b"b=2")]
    assert body == {"type": "http.response.body", "body": b"hello", "more_body": False}


def test_a_long_answer_is_sent_as_it_comes() -> None:
    sent = exchange(say(iter([b"1", b"2", b"3"])))
    assert [each["type"].split(".")[-1] for each in sent] == ["start", "body", "body", "body"]
    assert b"".join(each["body"] for each in sent[1:]) == b"123"
    assert [each["more_body"] for each in sent[1:]] == [True, True, False]


def test_an_answer_may_be_written_before_the_rest_is_returned() -> None:
    def answer(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        write = start_response("200 OK", [])
        write(b"1")
        write(b"2")
        return [b"3"]

    sent = exchange(answer)
    assert [each["type"].split(".")[-1] for each in sent] == ["start", "body", "body", "body"]
    assert b"".join(each["body"] for each in sent[1:]) == b"123"
    assert [each["more_body"] for each in sent[1:]] == [True, True, False]


def test_the_application_sees_what_it_would_under_wsgi() -> None:
    seen: dict[str, Any] = {}
    headers = [
        (b"content-type", b"application/json"),
        (b"cookie", b"a=1"),
        (b"cookie", b"b=2"),
        (b"x-forwarded-proto", b"http"),
        (b"x_forwarded_proto", b"https"),
    ]
    exchange(say([b""], seen), headers=headers)
    assert seen["PATH_INFO"].encode("latin-1") == b"/a b/\xc3\xa9/\xff"
    assert (seen["QUERY_STRING"], seen["REMOTE_ADDR"]) == ("x=%20", "10.0.0.7")
    assert seen["CONTENT_TYPE"] == "application/json"
    assert "CONTENT_LENGTH" not in seen
    assert seen["HTTP_COOKIE"] == "a=1; b=2"
    # One with an underscore could pass for the header that a proxy sets.
    assert seen["HTTP_X_FORWARDED_PROTO"] == "http"


@pytest.mark.parametrize("size", [10, READ_AHEAD + 10])
def test_a_body_is_read_whole_or_in_parts(size: int) -> None:
    data = bytes(range(256)) * (size // 256 + 1)

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [])
        first = environ["wsgi.input"].read(7)
        return [first + environ["wsgi.input"].read()]

    _, body = exchange(answer, data[: size // 2], data[size // 2 :])
    assert body["body"] == data


def test_a_long_body_can_be_refused_unread() -> None:
    sent = exchange(say([b"too large"]), headers=[(b"content-length", b"99999999999")])
    assert sent[1]["body"] == b"too large"


def test_who_breaks_off_is_not_answered() -> None:
    assert exchange(say([b"never"]), b"half", gone=True) == []


def test_who_breaks_off_a_long_body_is_noticed_by_the_reader() -> None:
    noticed = []

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [])
        try:
            environ["wsgi.input"].read()
        except ClientGone as error:
            noticed.append(error)
        return [b""]

    exchange(answer, b"half", gone=True, headers=[(b"content-length", b"99999999")])
    assert len(noticed) == 1
