"""Middleware that only browsers need: a program's request, which brings a key, goes past it.

Sessions, languages, CSRF tokens and messages cost such a request more than its prediction. A key
that is given decides alone (`ApiKeyAuthentication`), so that nothing of this is ever asked for.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponseBase
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.common import CommonMiddleware
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

from leadscoring.admin_csp import ContentSecurityPolicy


class ForPeople:
    """Put before a middleware of Django: what brings a key goes past it."""

    # HTTP is served over WSGI. Elsewhere Django puts an adapter around it.
    async_capable = False
    get_response: Any

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.brings_key:  # type: ignore[attr-defined]  # of the first middleware
            return self.past(request)
        response: HttpResponseBase = super().__call__(request)  # type: ignore[misc]  # a mixin
        return response

    def past(self, request: HttpRequest) -> HttpResponseBase:
        """The answer to a program."""
        response: HttpResponseBase = self.get_response(request)
        return response


class Sessions(ForPeople, SessionMiddleware):
    """Django's, for people."""


class Language(ForPeople, LocaleMiddleware):
    """Django's, for people; the next request of the thread may be a program's."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """As Django says."""
        response = super().process_response(request, response)
        translation.deactivate()
        return response


class Common(ForPeople, CommonMiddleware):
    """Django's, for people; a program has no use for redirects to a slash."""

    def past(self, request: HttpRequest) -> HttpResponseBase:
        """Only for our own hosts, and with a length, so that the connection can stay."""
        request.get_host()
        response = super().past(request)
        if not response.streaming and not response.has_header("Content-Length"):
            response.headers["Content-Length"] = str(len(response.content))  # type: ignore[attr-defined]  # not streaming
        return response


class Csrf(ForPeople, CsrfViewMiddleware):
    """Django's, for people. The API's own views are exempt: there DRF's session check asks."""


class Users(ForPeople, AuthenticationMiddleware):
    """Django's, for people."""


class Messages(ForPeople, MessageMiddleware):
    """Django's, for people."""


class Frames(ForPeople, XFrameOptionsMiddleware):
    """Django's, for people."""


class Scripts(ForPeople, ContentSecurityPolicy):
    """The content security policy of pages."""
