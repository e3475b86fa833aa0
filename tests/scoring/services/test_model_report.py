"""The report of a version: every part told, whatever was measured."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import translation

from scoring.models import ModelVersion
from scoring.services import retrain
from scoring.services.model_report import model_report, model_report_html
from scoring.services.model_report.fairness import groups_section
from scoring.services.model_report.fields import dependence_section, importance_section
from scoring.services.retrain import model_retrain
from tests.scoring.crowd import TODAY
from tests.scoring.trained import trained

pytestmark = pytest.mark.django_db

GROUP: dict[str, Any] = {"leads": 100.0, "low": 0.2, "high": 0.4, "observed": 0.3, "rocAuc": 0.7}


@pytest.fixture
def version(monkeypatch) -> ModelVersion:
    """A champion with all that a training tells of it."""
    monkeypatch.setattr(retrain, "train", lambda *_args, **_options: trained())
    number = model_retrain(today=TODAY).finalist.number
    return ModelVersion.objects.get(number=number)


def test_it_has_every_chapter_with_its_plots(version):
    sections = {section.title: section for section in model_report(version).sections}
    titles = {title: [figure.title for figure in each.figures] for title, each in sections.items()}
    assert titles["Curves"] == ["Calibration", "ROC curve", "Precision and recall", "Gain", "Lift"]
    assert titles["Decisions"] == ["At the threshold", "Grades"]
    assert titles["What matters"] == ["Importance"]
    assert titles["How it depends on them"] == ["Interactions", "Plan"]
    for name in ("Curves", "What matters", "How it depends on them"):
        for figure in sections[name].figures:
            assert figure.plot
            assert figure.table.rows


def test_the_figures_are_those_that_were_measured(version):
    report = model_report(version)
    auc = version.metrics["rocAuc"]
    shown = {each.title: (each.value, each.note) for each in report.highlights}
    assert shown["ROC AUC"][0] == f"{auc['value']:.3f}"
    assert f"{auc['low']:.3f} to {auc['high']:.3f}" in shown["ROC AUC"][1]
    assert report.standing == "Champion"


def test_the_confusion_and_the_grades_count_all_leads_that_were_judged(version):
    (decisions,) = (each for each in model_report(version).sections if each.title == "Decisions")
    confusion, grades = decisions.figures
    cells = [int(cell) for row in confusion.table.rows for cell in row[1:]]
    leads = version.curves["above"][-1]["leads"]
    assert sum(cells) == pytest.approx(leads, abs=2)
    assert sum(int(row[2]) for row in grades.table.rows) == pytest.approx(leads, abs=2)


def test_a_version_of_which_nothing_is_known_says_what_to_do():
    sections = model_report(ModelVersion(number=1, outcome_window_days=90)).sections
    assert [section.title for section in sections if not section.empty] == []
    assert "Train a new one" in sections[0].empty


def test_the_file_needs_nothing_beside_itself(version):
    html = model_report_html(version)
    assert html.count('<svg class="plot"') >= 8
    assert html.count("<svg") == html.count('role="img"')
    assert "<script" not in html
    assert not re.search(r'(src|href)="', html)
    assert "url(" not in html
    assert "prefers-color-scheme: dark" in html


def test_numbers_follow_the_language(version):
    with translation.override("de"):
        html = model_report_html(version)
    assert f"{version.metrics['rocAuc']['value']:.3f}".replace(".", ",") in html


def test_names_from_the_data_cannot_become_markup(version):
    version.feature_importance = [{"name": "<b>Plan</b>", "value": 1.0}]
    version.report["groups"] = [
        {"name": "<i>", "groups": [GROUP | {"name": "<s>", "predicted": 0.3, "off": None}]}
    ]
    html = model_report_html(version)
    assert "&lt;b&gt;Plan&lt;/b&gt;" in html
    for mark in ("<b>", "<i>", "<s>"):
        assert mark not in html


def groups(**predicted_and_off: tuple[float, str | None]) -> ModelVersion:
    found = [
        GROUP | {"name": name, "predicted": predicted, "off": off}
        for name, (predicted, off) in predicted_and_off.items()
    ]
    return ModelVersion(report={"groups": [{"name": "Industry", "groups": found}]})


def test_a_group_that_is_promised_too_much_is_named_in_a_note():
    section = groups_section(groups(Fair=(0.3, None), Bank=(0.6, "over"), Shop=(0.1, "under")))
    summary, bank, shop = section.notes
    assert "off for 2 of 3 groups" in summary
    assert bank.startswith("Industry Bank: promised too much. Said 60.0\u00a0%, came 30.0\u00a0%")
    assert shop.startswith("Industry Shop: promised too little.")


def test_where_no_group_is_off_the_note_says_so():
    (note,) = groups_section(groups(Fair=(0.3, None))).notes
    assert "no group" in note


def test_the_base_rate_says_why_it_has_no_fields_and_groups():
    base = trained().base
    version = ModelVersion(
        model_type=base.model_type, metrics=base.metrics, curves=base.curves, report={"groups": []}
    )
    sections = {section.title: section.empty for section in model_report(version).sections}
    assert sections["Curves"] == ""
    for title in ("What matters", "How it depends on them", "Groups of leads"):
        assert sections[title].startswith("The base rate says the same of every lead")


def test_leads_without_industry_and_source_have_no_groups():
    version = ModelVersion(
        feature_importance=[{"name": "Budget", "value": 1.0}], report={"groups": []}
    )
    assert "fill in industry, size or source" in groups_section(version).empty


def test_importance_of_before_has_no_range():
    version = ModelVersion(feature_importance=[{"name": "Budget", "value": 1.0}])
    (figure,) = importance_section(version).figures
    assert figure.table.rows == [("Budget", "100.0\u00a0%", "–")]


def test_fields_that_may_add_nothing_are_counted():
    fields = [
        {"name": "Budget", "value": 0.9, "low": 0.5, "high": 1.0},
        {"name": "Size", "value": 0.1, "low": -0.1, "high": 0.2},
    ]
    (figure,) = importance_section(ModelVersion(feature_importance=fields)).figures
    assert "1 of 2 fields may add nothing" in figure.claim
    assert figure.table.rows[1] == ("Size", "10.0\u00a0%", "0.0 to 20.0\u00a0%")


def test_a_dependence_says_its_span_and_where_it_is_not_known():
    points = [
        {"at": 2.0, "label": "", "probability": 0.5, "share": 0.4},
        {"at": 40.0, "label": "", "probability": 0.2, "share": 0.4},
        {"at": None, "label": "not known", "probability": 0.3, "share": 0.2},
    ]
    field = {"name": "Last Contact Recency", "kind": "age", "points": points}
    (figure,) = dependence_section(ModelVersion(report={"dependence": [field]})).figures
    assert "From 20.0\u00a0% (40 days ago) to 50.0\u00a0% (2 days ago)." in figure.claim
    assert "not known (20\u00a0% of the leads), 30.0\u00a0%" in figure.claim
    assert figure.plot is not None
    assert figure.plot.count("plot-density") == 2
