"""The permission matrix, applied to a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from leadscoring.access.principals import Principal
from leadscoring.access.rules import rule_for

if TYPE_CHECKING:
    from leadscoring.api.views import ApiView


class MatrixPermission(BasePermission):
    """Lets in whom the rule of this resource and method lets in."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        principal = request.auth
        if not isinstance(principal, Principal):
            raise NotAuthenticated("Give an API key: `Authorization: Api-Key …` or `X-API-Key`.")
        api_view: ApiView = view  # type: ignore[assignment]  # only those have this permission
        rule = rule_for(api_view.resource, request.method or "")
        # Without a rule there is no such method: the view answers 405.
        if rule is None or principal.may(rule):
            return True
        if principal.scopes is None:
            raise PermissionDenied("Your user lacks the permission for this.")
        if rule.scope is None:
            raise PermissionDenied("This is for people who are logged in, not for API keys.")
        lacks = next(each for each in (rule.scope, *rule.also) if each not in principal.scopes)
        raise PermissionDenied(f"This API key lacks the scope `{lacks}`.")
