"""The tables of this app."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import liaoyuan.foundation.files.models.stored
import liaoyuan.kernel.clock
import liaoyuan.kernel.ids


class Migration(migrations.Migration):
    initial = True
    replaces = [("files", "0001_first_tables"), ("files", "0002_blob_names")]

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=160, verbose_name="文件名")),
                ("content_type", models.CharField(max_length=100, verbose_name="类型（按内容识别）")),
                ("size", models.BigIntegerField(verbose_name="字节数")),
                ("sm3", models.CharField(max_length=64, verbose_name="摘要")),
                ("blob", models.FileField(max_length=200, upload_to=liaoyuan.foundation.files.models.stored.blob_name)),
                ("gate", models.CharField(max_length=48)),
                ("gate_key", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField(default=liaoyuan.kernel.clock.now, verbose_name="上传时间")),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="删除时间")),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "文件",
                "indexes": [
                    models.Index(fields=["gate", "gate_key"], name="file_gate"),
                    models.Index(fields=["expires_at"], name="file_expires"),
                ],
            },
        ),
    ]
