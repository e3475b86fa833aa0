import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import scoring.models.json_text
import scoring.models.predictions


class Migration(migrations.Migration):

    dependencies = [
        ('scoring', '0009_rescoring_edits'),
    ]

    operations = [
        migrations.AlterField(
            model_name='prediction',
            name='features',
            field=scoring.models.json_text.JsonText(null=True),
        ),
        migrations.AlterField(
            model_name='prediction',
            name='lead',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=scoring.models.predictions.erase_with_lead, related_name='predictions', to='crm.lead'),
        ),
        migrations.AlterField(
            model_name='prediction',
            name='predicted_at',
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AlterField(
            model_name='prediction',
            name='version',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='predictions', to='scoring.modelversion'),
        ),
    ]
