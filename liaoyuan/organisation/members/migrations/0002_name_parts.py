"""Parts of names to search in."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0001_first_tables")]
    operations = [
        migrations.AddField("person", "name_2", models.CharField(blank=True, default="", max_length=40)),
        migrations.AddField("person", "name_3", models.CharField(blank=True, default="", max_length=40)),
        migrations.AddField("person", "name_4", models.CharField(blank=True, default="", max_length=40)),
    ]
