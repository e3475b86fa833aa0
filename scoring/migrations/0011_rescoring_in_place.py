from typing import Any

from django.db import migrations


def leave_room(apps: Any, schema_editor: Any) -> None:
    """A new score finds room beside the old one, so that no index is told of it.

    Takes a moment, however many scores there are: it is true of pages from now on.
    """
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE scoring_leadscore SET (fillfactor = 50)")


def leave_none(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE scoring_leadscore RESET (fillfactor)")


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0010_lean_prediction_log"),
    ]

    operations = [migrations.RunPython(leave_room, leave_none)]
