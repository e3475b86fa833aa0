import json
from datetime import date

from scoring.ml.schema import LeadFeatures, display_names, frame_column


def test_features_survive_json():
    lead = LeadFeatures(
        industry="Retail",
        last_contact=date(2024, 2, 29),
        budget=0.1,
        interactions=0.0,
        attributes={"a": None, "b": False, "c": 1.5},
    )

    assert LeadFeatures.from_json(json.loads(json.dumps(lead.to_json()))) == lead
    assert LeadFeatures.from_json(LeadFeatures().to_json()) == LeadFeatures()


def test_columns_are_named_as_a_salesperson_would():
    assert display_names(
        [
            "last_contact",
            "size",
            "industry",
            "attributes.day_of_week",
            "attributes.emp.var.rate",
            "attributes.RFI",
            "attributes.industry",
            "attributes. ",
        ]
    ) == [
        "Last Contact Recency",
        "Company Size",
        "Industry",
        "Day Of Week",
        "Emp Var Rate",
        "RFI",
        "Industry (attributes.industry)",
        "(attributes. )",
    ]


def test_a_person_may_leave_out_the_prefix_of_an_attribute():
    assert frame_column("duration") == "attributes.duration"
    assert frame_column("attributes.duration") == "attributes.duration"
    assert frame_column("budget") == "budget"
