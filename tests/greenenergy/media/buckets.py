"""Media in a bucket, as MEDIA_STORAGE_URL puts them there."""

from greenenergy.config.operator_settings import Environment


def use_bucket(settings, url: str) -> None:
    """The storages that settings.py makes of this MEDIA_STORAGE_URL."""
    environment = Environment.read({"DATA_DIR": str(settings.MEDIA_ROOT.parent), "MEDIA_STORAGE_URL": url})
    options = environment.media_storage
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "greenenergy.media.bucket.MediaBucket", "OPTIONS": options},
        "private": {"BACKEND": "greenenergy.media.bucket.PrivateBucket", "OPTIONS": options},
    }
