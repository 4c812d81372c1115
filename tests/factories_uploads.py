"""Photos and documents with real files, and the bytes to send."""

import io
import os
import uuid
import zipfile

import factory
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from factory.django import DjangoModelFactory
from PIL import Image

from circles.models import Attachment, Photo
from tests.factories import LearningSessionFactory, UserFactory

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def picture(kind="JPEG", size=(64, 48), mode="RGB", color="teal", **options):
    """Return the bytes of a picture of one colour."""
    output = io.BytesIO()
    Image.new(mode, size, color).save(output, kind, **options)
    return output.getvalue()


def noise(size=(1600, 1200), **options):
    """Return the bytes of the heaviest JPEG of that size."""
    output = io.BytesIO()
    Image.frombytes("RGB", size, os.urandom(size[0] * size[1] * 3)).save(
        output, "JPEG", quality=90, **options
    )
    return output.getvalue()


def workbook(main=MAIN, **parts):
    """Return a zip with the two parts that every XLSX has, and *parts*."""
    part = f'<Override PartName="/xl/workbook.xml" ContentType="{main}"/>'
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        archive.writestr("[Content_Types].xml", f"<Types>{part}</Types>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for name, text in parts.items():
            archive.writestr(name, text)
    return output.getvalue()


def sent(content=None, name="photo.jpg"):
    return SimpleUploadedFile(name, picture() if content is None else content)


class UploadFactory(DjangoModelFactory):
    class Meta:
        abstract = True

    author = factory.SubFactory(UserFactory)
    key = factory.LazyFunction(uuid.uuid4)
    session = factory.SubFactory(LearningSessionFactory)
    circle = factory.SelfAttribute("session.circle")
    size_bytes = 1


class PhotoFactory(UploadFactory):
    class Meta:
        model = Photo

    image = factory.LazyFunction(lambda: ContentFile(picture(), "photo.jpg"))


class AttachmentFactory(UploadFactory):
    class Meta:
        model = Attachment

    file = factory.LazyFunction(lambda: ContentFile(PDF, "file"))
    name = "ใบลงชื่อ.pdf"
