import json
from dataclasses import replace

import pytest

from scoring.ml.leaks.leak import Leak
from scoring.services import retrain
from scoring.services.report import report_json, report_text
from scoring.services.retrain import model_retrain
from scoring.services.retrained import RetrainReport
from tests.scoring.crowd import TODAY
from tests.scoring.trained import held_back, trained

pytestmark = pytest.mark.django_db

LEAKS = [
    Leak("attributes.call length", "Call Length", "alone tells won from lost", {"auc": 0.99}, True),
    Leak("industry", "Industry", "is always won where it says Space", {"p": 1e-9}, False),
]


@pytest.fixture
def report(monkeypatch) -> RetrainReport:
    dropped = {
        "attributes.call length": "it was left out on request",
        "size": "it is never filled in",
    }
    result = replace(trained(), leaks=LEAKS, dropped=dropped, warnings=["Few rows are recent."])
    monkeypatch.setattr(retrain, "train", lambda *_args, **_options: result)
    return model_retrain(model_types=["logistic-regression"], today=TODAY)


def test_it_names_what_leaks_with_the_evidence_and_how_to_overrule_it(report):
    text = report_text(report)
    assert "LEFT OUT: Call Length (call length). It alone tells won from lost." in text
    assert "manage.py retrain --keep 'call length'" in text
    assert "Kept: Industry (industry). It is always won where it says Space." in text
    assert "Not used (it is never filled in): size" in text
    assert "left out on request" not in text


def test_it_gives_every_figure_its_range_beside_the_base_rate(report):
    text = report_text(report)
    auc = report.finalist.metrics["rocAuc"]
    assert f"{auc['value']:.3f} ({auc['low']:.3f}–{auc['high']:.3f})" in text
    assert f"log loss of {report.finalist.metrics['logLossBase']:.3f}" in text
    assert "Few rows are recent." in text


def test_it_draws_what_matters(report):
    text = report_text(report)
    assert "Interactions                   ██████████████████████████████" in text


def test_it_says_who_answers_now_and_what_to_do_next(report):
    text = report_text(report)
    assert "Version 1 (logistic-regression) answers for `auto` from now on." in text
    assert "manage.py score" in text
    assert "rollback" not in text


def test_it_says_why_a_version_was_held_back(report):
    held = replace(report, result=held_back(report.result), promoted=None)
    text = report_text(held)
    assert "Held back: no." in text
    assert "Version 1 (logistic-regression) stays the champion." in text
    assert "manage.py promote 1 --reason WHY" in text


def test_it_says_what_was_left_out_and_when_the_first_young_row_matures(report):
    dataset = replace(
        report.dataset,
        leads=1300,
        left_out={"disqualified: never really a lead": 12, "too young to judge": 1200},
        young_rows=1500,
        matures=TODAY,
    )
    text = report_text(replace(report, dataset=dataset))
    young, disqualified = text.index("1,200 leads, too young"), text.index("12 leads, disqualified")
    assert young < disqualified
    assert "pass: 1,500 rows;" in text
    assert "2026-06-01" in text


def test_no_line_is_wider_than_a_terminal_usually_is(report):
    tables = report_text(report).partition("How good")[2].partition("What matters")[0]
    assert max(len(line) for line in tables.splitlines()) <= 110


def test_a_figure_that_is_not_defined_is_a_dash(report):
    metrics = {**report.finalist.metrics, "rocAuc": dict.fromkeys(("value", "low", "high"))}
    report.finalist.metrics = metrics
    assert "–" in report_text(report).partition("on the held-out groups")[2].splitlines()[1]


def test_it_compares_types_on_the_same_rows(report):
    table = report_text(report).partition("How good")[2].partition("What matters")[0]
    lines = [line for line in table.splitlines() if "1 (logistic-regression)  " in line]
    backtest = report.finalist.report["backtest"]["logLoss"]["value"]
    final = report.finalist.metrics["logLoss"]["value"]
    assert len(lines) == 2
    assert f"{backtest:.3f}" in lines[0]
    assert f"{final:.3f}" in lines[1]


def test_the_same_as_json(report):
    found = json.loads(json.dumps(report_json(report), allow_nan=False))
    assert found["promoted"] == found["champion"] == found["finalist"] == 1
    assert found["leaks"][0]["column"] == "attributes.call length"
    assert found["versions"][0]["metrics"]["rocAuc"] == report.finalist.metrics["rocAuc"]
    assert found["gate"]["promote"] is True
    assert found["rowCounts"]["leads"] == 0
