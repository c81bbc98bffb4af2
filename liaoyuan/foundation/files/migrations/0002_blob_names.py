"""The bytes lie by month and id."""

from django.db import migrations, models

import liaoyuan.foundation.files.models.stored


class Migration(migrations.Migration):
    dependencies = [("files", "0001_first_tables")]
    operations = [
        migrations.AlterField(
            "storedfile",
            "blob",
            models.FileField(max_length=200, upload_to=liaoyuan.foundation.files.models.stored.blob_name),
        ),
    ]
