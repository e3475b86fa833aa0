"""A request's body as JSON, strictly: what is doubtful is refused, never guessed at."""

from __future__ import annotations

import json
from collections.abc import Mapping
from email.message import Message
from functools import lru_cache
from typing import IO, Any, NoReturn

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from rest_framework.parsers import BaseParser

from leadscoring.api.wire import MAX_INTEGER
from leadscoring.errors import Problem, too_large

MEDIA_TYPE = "application/json"
# More digits than any field takes; Python reads thousands of them slowly, or not at all.
LONG_INTEGER = 20


class JsonOnly(BaseParser):
    """Tells the API's description what bodies are. `read_json` reads them."""

    media_type = MEDIA_TYPE

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Nothing: DRF asks for a form's fields, when it looks for a CSRF token among them."""
        return {}


def read_json(request: HttpRequest) -> bytes:
    """The body, which says of itself that it is JSON.

    Raises:
        Problem: 411 without a Content-Length, 413, or 415.
    """
    _check_headers(request)
    return read_body(request)


def read_body(request: HttpRequest) -> bytes:
    """The raw body. Raises Problem 413 over `DATA_UPLOAD_MAX_MEMORY_SIZE`."""
    try:
        return request.body
    except RequestDataTooBig:
        raise too_large() from None


def _check_headers(request: HttpRequest) -> None:
    if "Transfer-Encoding" in request.headers and not request.headers.get("Content-Length"):
        # WSGI hands over no body whose length it does not know: it would look empty.
        raise Problem(411, "length_required", "Send a Content-Length, not a chunked body.")
    encoding = request.headers.get("Content-Encoding", "identity").lower()
    if not _is_json(request.headers.get("Content-Type") or "none/none"):
        raise Problem(415, "unsupported_media_type", "Send `Content-Type: application/json`.")
    if encoding != "identity":
        raise Problem(415, "unsupported_media_type", "Send the body without Content-Encoding.")


@lru_cache(maxsize=100)
def _is_json(content_type: str) -> bool:
    """Whether this header, of which clients send few forms, means JSON in UTF-8."""
    header = Message()
    header["Content-Type"] = content_type
    charset = str(header.get_param("charset", "utf-8")).lower()
    return header.get_content_type() == MEDIA_TYPE and charset in ("utf-8", "utf8")


def parse(raw: bytes) -> Any:
    """JSON text in UTF-8 -> its value. A whole number is an int, however it was written.

    Raises:
        Problem: 400 for what is not JSON (or is, with duplicate keys, NaN, a NUL character or half
            a surrogate pair).
    """
    try:
        text = raw.decode()
        value = _decoder.decode(text)
        # Only an escape can bring in what UTF-8 and JSON keep out.
        if "\\u" in text:
            _check_texts(value)
    except UnicodeDecodeError:
        raise malformed("The body is not UTF-8.") from None
    except json.JSONDecodeError as error:
        raise malformed(
            f"The body is not JSON: line {error.lineno}, column {error.colno}."
        ) from None
    except RecursionError:
        raise malformed("The body is nested too deeply.") from None
    return value


def malformed(message: str) -> Problem:
    return Problem(400, "malformed", message)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise malformed("The body has the same key twice in one object.")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise malformed("NaN and Infinity are not JSON.")


def _integer(text: str) -> int | float:
    """An integer, or a float (which no field for integers takes) if it is absurdly long."""
    return int(text) if len(text) < LONG_INTEGER else float(text)


def _number(text: str) -> int | float:
    """8.0 is 8, as long as doubles hold every integer."""
    number = float(text)
    return int(number) if abs(number) < MAX_INTEGER and number.is_integer() else number


def _check_texts(value: Any) -> None:
    """Refuse NUL and lone surrogates, which databases cannot hold."""
    pending = [value]
    while pending:
        each = pending.pop()
        if isinstance(each, dict):
            pending += [*each, *each.values()]
        elif isinstance(each, list):
            pending += each
        elif isinstance(each, str) and ("\0" in each or not _is_unicode(each)):
            raise malformed("The body holds a NUL character or half a surrogate pair.")


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


_decoder = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_constant=_refuse_constant,
    parse_float=_number,
    parse_int=_integer,
)
