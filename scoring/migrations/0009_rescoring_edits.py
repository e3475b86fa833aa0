from typing import Any

from django.db import migrations, models
from django.db.models import F


def begin_with_changes(apps: Any, schema_editor: Any) -> None:
    """What has been looked at among all changes has been among edits."""
    rescorings = apps.get_model("scoring", "Rescoring").objects
    rescorings.using(schema_editor.connection.alias).update(after_edit=F("after_change"))


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0008_rescoring_withdrawals"),
    ]

    operations = [
        migrations.AddField(
            model_name="rescoring",
            name="after_edit",
            field=models.BigIntegerField(default=0),
        ),
        migrations.RunPython(begin_with_changes, migrations.RunPython.noop),
    ]
