"""Bodies that are doubtful are refused, and never with a 5xx."""

from __future__ import annotations

from typing import Any

import pytest

from leadscoring.api.parsing import parse
from leadscoring.errors import Problem
from tests.http import ApiClient

ROUTE = "/api/predict"


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON: line 1, column 2"),
        (b"{'a': 1}", "not JSON"),
        (b'{"a": 1} x', "not JSON"),
        (b'{"a": 01}', "not JSON"),
        (b'{"a": "\x00"}', "not JSON"),
        (b'\xef\xbb\xbf{"a": 1}', "not JSON"),
        (b'{"a": "\xff"}', "not UTF-8"),
        (b'{"a": "\xed\xa0\x80"}', "not UTF-8"),
        ('{"a": 1}'.encode("utf-16"), "not UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b'{"a": 1, "a": 1}', "same key twice"),
        (b'[{"b": {"a": 1, "\\u0061": 2}}]', "same key twice"),
        (b'{"a": NaN}', "NaN and Infinity"),
        (b'{"a": -Infinity}', "NaN and Infinity"),
        (b'{"a": "\\u0000"}', "NUL character"),
        (b'{"\\u0000": 1}', "NUL character"),
        (b'{"a": ["\\ud800"]}', "half a surrogate pair"),
        (b'{"a": "\\udc00\\ud800"}', "half a surrogate pair"),
    ],
)
def test_it_refuses_what_is_no_sound_json(raw: bytes, says: str) -> None:
    with pytest.raises(Problem, match=says) as refused:
        parse(raw)
    assert (refused.value.status_code, refused.value.code) == (400, "malformed")


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b'{"a": "\\ud83d\\ude00 \\\\u0000"}', {"a": "😀 \\u0000"}),
        (b"[8.0, -0.0, 1e3, 8.5]", [8, 0, 1000, 8.5]),
        (b"[9007199254740992, 9007199254740993]", [2**53, 2**53 + 1]),
        (b"[9007199254740993.0]", [float(2**53)]),
    ],
)
def test_it_reads_what_is(raw: bytes, value: object) -> None:
    read = parse(raw)
    assert read == value
    assert str(read) == str(value)


@pytest.mark.parametrize("raw", [b"1" * 5_000, b"1e999", b"-1" + b"0" * 400])
def test_a_number_beyond_all_bounds_is_no_integer(raw: bytes) -> None:
    assert isinstance(parse(raw), float)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content_type": "application/x-www-form-urlencoded"}, 415),
        ({"content_type": "multipart/form-data; boundary=x"}, 415),
        ({"content_type": "text/plain"}, 415),
        ({"content_type": ""}, 415),
        ({"content_type": "application/json; charset=utf-16"}, 415),
        ({"content_type": "application/json", "HTTP_CONTENT_ENCODING": "gzip"}, 415),
        ({"content_type": "application/json", "HTTP_CONTENT_ENCODING": "br"}, 415),
        ({"content_type": "application/json; charset=UTF-8"}, 200),
        ({"content_type": "APPLICATION/JSON", "HTTP_CONTENT_ENCODING": "identity"}, 200),
    ],
)
def test_it_takes_plain_json_only(headers: dict[str, Any], status: int) -> None:
    body = b'{"leads": [{"id": 1}]}'
    assert ApiClient().generic("POST", ROUTE, body, **headers).status_code == status


@pytest.mark.django_db
def test_it_refuses_a_body_over_the_limit(settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    response = ApiClient().send("POST", ROUTE, {"leads": [{"id": "x" * 100}]})
    assert response.status_code == 413
    assert response.json()["error"]["code"] == "too_large"


@pytest.mark.django_db
def test_it_refuses_a_body_without_a_length() -> None:
    response = ApiClient().post(
        ROUTE,
        b"",
        content_type="application/json",
        headers={"Transfer-Encoding": "chunked", "Content-Length": ""},
    )
    assert response.status_code == 411


@pytest.mark.django_db
@pytest.mark.parametrize("body", ["null", "[]", "5", '"leads"', "{}", '{"leads": {}}'])
def test_it_refuses_json_of_another_shape(body: str) -> None:
    response = ApiClient().post(ROUTE, body, content_type="application/json")
    assert response.status_code == 400
    assert response.json()["error"]["fields"]
