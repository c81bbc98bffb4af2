from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("chronicle", "0001_ledger"),
        ("duties", "0001_first_tables"),
        ("members", "0005_long_names_in_the_index"),
        ("units", "0002_spelling_and_ended_grants"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="duty",
            name="duty_path",
        ),
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(fields=["state", "path", "rule", "due"], name="duty_board"),
        ),
    ]
