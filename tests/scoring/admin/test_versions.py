import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from scoring.models import ModelArtifact, ModelVersion, Promotion
from scoring.services import retrain
from scoring.services.promote import version_promote
from scoring.services.retrain import model_retrain
from tests.scoring.crowd import TODAY, add_crowd
from tests.scoring.trained import trained
from tests.scoring.versions import make_version

pytestmark = pytest.mark.django_db

LIST = "/admin/scoring/modelversion/"


@pytest.fixture
def version(monkeypatch) -> ModelVersion:
    """A champion with all that a training tells of it."""
    monkeypatch.setattr(retrain, "train", lambda *_args, **_options: trained())
    return model_retrain(today=TODAY).finalist


def promote(client: Client, version: ModelVersion, **form: str):
    return client.post(f"{LIST}{version.pk}/promote/", {"_form_submitted": "on", **form})


def test_the_list_tells_how_good_each_version_is(admin_client, version):
    page = admin_client.get(LIST).content.decode()
    auc = version.metrics["rocAuc"]
    assert f"{auc['value']:.3f} ({auc['low']:.3f}–{auc['high']:.3f})" in page
    assert "Champion" in page


def test_the_list_takes_as_many_queries_for_many_versions(
    admin_client, version, django_assert_max_num_queries
):
    for number in range(10, 30):
        make_version(number)
    with django_assert_max_num_queries(8) as queries:
        admin_client.get(LIST)
    assert not any('"curves"' in query["sql"] for query in queries)


def test_the_page_shows_figures_curves_and_who_chose_it(admin_client, version):
    page = admin_client.get(f"{LIST}{version.pk}/change/").content.decode()
    assert "Calibration slope" in page
    assert page.count("<polyline") == 3
    assert "Interactions" in page
    assert version.report["gate"]["reason"] in page
    assert "a command or the gate" in page


def test_the_page_of_a_version_about_which_little_is_known_opens(admin_client):
    version = make_version(1)
    page = admin_client.get(f"{LIST}{version.pk}/change/")
    assert page.status_code == 200
    assert b"Never the champion" in page.content


def test_what_a_column_is_called_cannot_become_markup(admin_client):
    name = "<script>alert(1)</script>"
    version = make_version(1, feature_importance=[{"name": name, "value": 1.0}])
    page = admin_client.get(f"{LIST}{version.pk}/change/").content.decode()
    assert name not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_version_is_promoted_with_a_reason_and_who(admin_client, admin_user):
    version = make_version(1)
    response = promote(admin_client, version, reason="better on retail")
    assert response["HX-Redirect"] == f"{LIST}{version.pk}/change/"
    version.refresh_from_db()
    assert version.is_champion
    assert (version.promoted_by, version.promotion_reason) == (admin_user, "better on retail")


def test_a_version_that_the_gate_did_not_judge_is_not_called_passed(admin_client, version):
    report = {**version.report, "finalist": False}
    other = make_version(8, report=report, metrics=version.metrics)
    page = admin_client.get(f"{LIST}{other.pk}/change/").content.decode()
    assert report["gate"]["reason"] not in page
    assert "Not asked" in page


def test_who_promotes_a_version_that_gains_nothing_is_warned(admin_client):
    loss = {"value": 0.5, "low": 0.4, "high": 0.6}
    metrics = {"logLoss": loss, "logLossBase": 0.5, "beatsBaseRate": False}
    promote(admin_client, make_version(1, metrics=metrics), reason="try it")
    assert "has not been shown to beat the base rate" in admin_client.get(LIST).content.decode()


def test_nothing_happens_without_a_reason(admin_client):
    version = make_version(1)
    url = f"{LIST}{version.pk}/promote/"
    assert b"Kept with your name" in admin_client.get(url).content
    assert b"This field is required" in promote(admin_client, version, reason="").content
    assert not Promotion.objects.exists()


def test_a_version_that_cannot_be_loaded_is_refused_with_what_to_do(admin_client):
    version = make_version(1)
    ModelArtifact.objects.update(data=b"broken", sha256="0" * 64)
    promote(admin_client, version, reason="try it")
    page = admin_client.get(LIST).content.decode()
    assert "is damaged" in page
    assert not ModelVersion.objects.filter(is_champion=True).exists()


def test_the_champion_is_rolled_back_from_the_list(admin_client):
    for number in (1, 2):
        make_version(number, seed=number)
        version_promote(number=number, reason="try")
    form = {"_form_submitted": "on", "reason": "complaints"}
    admin_client.post(f"{LIST}roll_back/", form)
    assert ModelVersion.objects.get(is_champion=True).number == 1


def test_whoever_may_only_look_may_not_promote(client):
    user = User.objects.create_user("viewer", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_modelversion"))
    client.force_login(user)
    version = make_version(1)
    assert client.get(LIST).status_code == 200
    assert promote(client, version, reason="mine").status_code == 403
    assert not Promotion.objects.exists()


@pytest.mark.parametrize("page", ["add/", "{pk}/delete/"])
def test_versions_are_neither_added_nor_deleted_by_hand(admin_client, page):
    version = make_version(1)
    assert admin_client.get(LIST + page.format(pk=version.pk)).status_code == 403


def test_the_page_says_how_long_a_win_takes_and_which_window_would_fit(admin_client):
    add_crowd(300)
    version = model_retrain(model_types=["logistic-regression"], today=TODAY).finalist
    page = admin_client.get(f"{LIST}{version.pk}/change/").content.decode()
    assert "80 % have won after 10 days" in page
    assert "manage.py retrain --window 10" in page
