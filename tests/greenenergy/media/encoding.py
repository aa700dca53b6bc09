"""Pictures as files of a format."""

import io

from django.core.files.base import ContentFile
from PIL import Image


def encode(image: Image.Image, image_format: str, **options) -> ContentFile:
    buffer = io.BytesIO()
    image.save(buffer, image_format, **options)
    return ContentFile(buffer.getvalue(), name=f"x.{image_format.lower()}")
