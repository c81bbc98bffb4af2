from django.db import migrations, models

import liaoyuan.organisation.whereabouts.models.presence


class Migration(migrations.Migration):
    dependencies = [
        ("whereabouts", "0004_presence_ticks"),
    ]

    operations = [
        migrations.AddField(
            model_name="presencetick",
            name="moves",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="presencetick",
            name="token",
            field=models.BigIntegerField(default=liaoyuan.organisation.whereabouts.models.presence._token),
        ),
    ]
