"""The network between a page and the server, to be cut."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page, WebSocketRoute


class Wire:
    """What goes between a page and the server.

    "Offline" breaks off no open socket in Chromium: sockets go through here and are cut as well.
    Make it before the page goes anywhere.
    """

    def __init__(self, page: Page) -> None:
        self.messages: list[dict[str, Any]] = []
        self._page = page
        self._is_cut = False
        self._sockets: list[WebSocketRoute] = []
        page.route_web_socket("**/ws/scores*", self._connect)

    def cut(self) -> None:
        self._is_cut = True
        self._page.context.set_offline(True)
        for socket in self._sockets:
            socket.close()
        self._sockets.clear()

    def mend(self) -> None:
        self._is_cut = False
        self._page.context.set_offline(False)

    def _connect(self, socket: WebSocketRoute) -> None:
        if self._is_cut:
            socket.close()
            return
        server = socket.connect_to_server()
        self._sockets.append(socket)

        def pass_on(message: str | bytes) -> None:
            self.messages.append(json.loads(message))
            socket.send(message)

        server.on_message(pass_on)
