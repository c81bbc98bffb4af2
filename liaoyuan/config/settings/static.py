"""Static files served by us with far-future names; uploads in the home folder or an object store."""

from urllib.parse import parse_qs, urlsplit

from liaoyuan.config.options import options

STATIC_URL = "/static/"
STATIC_ROOT = options().home / "static"
MEDIA_ROOT = options().home / "files"
WHITENOISE_MANIFEST_STRICT = False
# Kept for good: names hashed by Django (app.0123456789ab.css) and by esbuild (insights-map-WW454GQN.js).
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/.+(\.[0-9a-f]{12}|-[0-9A-Z]{8})\.\w+$"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = ["liaoyuan.foundation.files.uploads.BoundedUploadHandler"]


def _storage(url: str) -> dict[str, object]:
    """``s3://bucket?endpoint=http://host:port``; keys by the usual AWS_* environment variables."""
    if not url:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": MEDIA_ROOT}}
    parts = urlsplit(url)
    if parts.scheme != "s3" or not parts.netloc:
        raise ValueError("STORAGE_URL 的写法是 s3://桶名?endpoint=http://主机:端口。")
    query = parse_qs(parts.query)
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {"bucket_name": parts.netloc, "endpoint_url": query.get("endpoint", [None])[0]},
    }


STORAGES = {
    "default": _storage(options().storage_url),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
