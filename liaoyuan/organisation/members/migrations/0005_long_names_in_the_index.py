from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0004_memberships_never_overlap"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="person",
            name="person_long_name",
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                condition=models.Q(("name_4__gt", "")),
                fields=["name_4", "home_path", "attached_path", "active", "id"],
                name="person_long_names",
            ),
        ),
    ]
