"""Who makes a request: a program with a key, or a person who is logged in."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib.auth.models import User
from rest_framework.request import Request

from crm.values import Actor
from leadscoring.access.models import ApiKey
from leadscoring.access.rules import Rule

# A person clicks; more than this is a program that should have a key of its own.
SESSION_RATE = "600/m"


@dataclass(frozen=True, slots=True)
class Principal:
    """A verified caller.

    id:     stable and unambiguous, for counting requests: "key:abc" or "user:5".
    rate:   requests allowed, such as "600/m"; "" for no limit.
    scopes: what its key may do; None for a person, whose permissions decide.
    """

    id: str
    actor: Actor
    rate: str
    scopes: frozenset[str] | None = field(default=None)

    @classmethod
    def of_key(cls, key: ApiKey) -> Principal:
        actor = Actor(user=None, label=f"API key {key.name}")
        return cls(f"key:{key.prefix}", actor, key.rate, frozenset(key.scopes))

    @classmethod
    def of_user(cls, user: User) -> Principal:
        return cls(f"user:{user.pk}", Actor(user=user, label="API"), SESSION_RATE)

    def may(self, rule: Rule) -> bool:
        """Whether `rule` lets this caller in."""
        if self.scopes is not None:
            return rule.scope == "" or self.scopes.issuperset({rule.scope, *rule.also})
        user = self.actor.user
        if user is None or (rule.staff and not user.is_staff):
            return False
        return user.has_perms(rule.permissions)


def principal(request: Request) -> Principal:
    """Who makes this request; the permission has seen to it that there is somebody."""
    caller = request.auth
    assert isinstance(caller, Principal)  # noqa: S101  # nosec B101 - the permission saw to it
    return caller
