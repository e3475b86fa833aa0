"""Answers as JSON, whatever a client says that it accepts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer

MEDIA_TYPE = "application/json"
_encoder = msgspec.json.Encoder()


def render(data: Any) -> bytes:
    """Structs, dicts and lists as JSON; floats with all their digits."""
    return b"" if data is None else _encoder.encode(data)


class JsonRenderer(BaseRenderer):
    media_type = MEDIA_TYPE
    format = "json"
    charset = None
    render_style = "binary"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return render(data)


class FirstRenderer(BaseContentNegotiation):
    """There is one format: an odd Accept header is no reason to fail."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(
        self, request: Any, renderers: Any, format_suffix: str | None = None
    ) -> tuple[Any, str]:
        return renderers[0], renderers[0].media_type
