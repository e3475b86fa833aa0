import pytest

from scoring.ml.encoding.titles import mail_kind, seniority


@pytest.mark.parametrize(
    ("title", "rank"),
    [
        ("CEO", "top management"),
        ("Co-Founder & CTO", "top management"),
        ("Geschäftsführerin", "top management"),
        ("Directeur Général", "top management"),
        ("Managing Director", "top management"),
        ("Vice President Sales", "director"),
        ("Head of Marketing", "director"),
        ("Vertriebsleiter DACH", "director"),
        ("Jefa de compras", "director"),
        ("Account Manager", "manager"),
        ("Chef de projet", "manager"),
        ("Team Lead", "manager"),
        ("Responsabile acquisti", "manager"),
        ("Software Engineer", "specialist"),
        ("Einkäufer", "specialist"),
        ("Assistant to the CEO", "assistant or trainee"),
        ("Werkstudent Vertrieb", "assistant or trainee"),
        ("Stagiaire chef de projet", "assistant or trainee"),
        ("Poet", "other title"),
        ("総務", "other title"),
        ("!?", "other title"),
    ],
)
def test_it_ranks_a_title(title, rank):
    assert seniority(title) == rank
    assert seniority(title.upper()) == rank


def test_it_tells_free_mail_from_a_companys_own():
    assert mail_kind("GMX.de") == "free mail"
    assert mail_kind("acme.example") == "company"
