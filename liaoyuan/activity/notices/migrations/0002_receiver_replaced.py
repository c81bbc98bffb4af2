from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0001_postings_and_objections"),
    ]

    operations = [
        migrations.AddField(
            model_name="publicposting",
            name="receiver_before",
            field=models.CharField(blank=True, max_length=80, verbose_name="原受理人"),
        ),
        migrations.AddField(
            model_name="publicposting",
            name="receiver_since",
            field=models.DateField(blank=True, null=True, verbose_name="受理人更换日期"),
        ),
    ]
