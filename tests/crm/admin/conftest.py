from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from crm.models import Lead
from crm.services import OutcomeData, lead_upsert, outcome_record
from tests.crm.factories import ACTOR, lead_data, stored


@pytest.fixture
def boss(db: None) -> User:
    return User.objects.create_superuser("boss")


@pytest.fixture
def admin_page(boss: User) -> Client:
    """The admin, seen by who may do everything."""
    client = Client()
    client.force_login(boss)
    return client


@pytest.fixture
def seller_page(db: None) -> Client:
    """The admin, seen by who may work with leads and outcomes but not carry them away."""
    seller = User.objects.create_user("seller", is_staff=True)
    codes = [f"{verb}_{what}" for verb in ("view", "add", "change") for what in ("lead", "outcome")]
    seller.user_permissions.set(Permission.objects.filter(codename__in=codes))
    client = Client()
    client.force_login(seller)
    return client


@pytest.fixture
def lead(db: None) -> Lead:
    lead_upsert(lead=lead_data(), source="api", actor=ACTOR)
    return stored()


@pytest.fixture
def won(lead: Lead) -> Lead:
    outcome_record(outcome=OutcomeData(external_id="1", result="won"), source="api", actor=ACTOR)
    return stored()
