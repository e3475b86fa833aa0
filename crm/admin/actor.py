"""Who sits at the admin, and what they see if a service refuses."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from crm.errors import CrmError
from crm.values import Actor


def actor_of(request: HttpRequest) -> Actor:
    """The logged-in user of an admin request."""
    return Actor(user=cast("User", request.user), label="Admin")


class RefusalsAsMessages:
    """Forms check what they can; what two people do at once only the service sees."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page to add or change, or back to it with what was refused."""
        try:
            response = super().changeform_view(request, *args, **kwargs)  # type: ignore[misc]  # a mixin
        except CrmError as error:
            for message in error.fields.values() or [error.message]:
                messages.error(request, message)
            return HttpResponseRedirect(request.get_full_path())
        return cast("HttpResponse", response)
