import pytest
from django.core.exceptions import ImproperlyConfigured

from scoring.actionable import DEFAULT, read_actions


def test_the_default_is_to_get_in_touch():
    assert [action.column for action in read_actions(DEFAULT)] == ["last_contact", "interactions"]


@pytest.mark.parametrize("setting", [[], "today", {"interactions": 5}])
def test_it_says_which_setting_is_wrong(setting):
    with pytest.raises(ImproperlyConfigured, match="ACTIONABLE_FIELDS"):
        read_actions(setting)
