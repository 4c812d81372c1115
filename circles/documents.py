"""A document looked at before it is kept: PDF or XLSX by content, and no macros."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from typing import BinaryIO, NoReturn

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MAX_UPLOAD_BYTES = 10 * 1024 * 1024
MAX_NAME_LENGTH = 120

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

_CONTENTS = "[Content_Types].xml"
_MAX_CONTENTS_BYTES = 1_000_000
_MAX_PARTS = 5_000
_WORKBOOK = b"spreadsheetml.sheet.main+xml"
_PDF_ENDS_WITHIN = 2048
_BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    RuntimeError,  # encrypted
    NotImplementedError,  # an unknown compression
    OSError,
    ValueError,
    EOFError,
)

_REFUSALS = {
    "empty": _("This file is empty. Choose it again."),
    "too_large": _("This file is larger than 10 MB. Choose a smaller one."),
    "macros": _(
        "This workbook contains macros. Save it as an ordinary Excel file (.xlsx)."
    ),
    "damaged": _("Part of this file is missing. Choose it again."),
    "not_a_document": _("Send a PDF or an Excel file (.xlsx)."),
}


def check_document(file: BinaryIO | bytes) -> tuple[str, bytes]:
    """Return what *file* is, "pdf" or "xlsx", and its content as it came.

    Believes the content, never a name.  Raises ValidationError with one of the codes
    empty, too_large, macros, damaged, not_a_document.
    """
    content = file if isinstance(file, bytes) else file.read(MAX_UPLOAD_BYTES + 1)
    if not content:
        _refuse("empty")
    if len(content) > MAX_UPLOAD_BYTES:
        _refuse("too_large")
    if content.startswith(b"%PDF-"):
        if b"%%EOF" not in content[-_PDF_ENDS_WITHIN:]:
            _refuse("damaged")
        return "pdf", content
    if not content.startswith(b"PK\x03\x04"):
        _refuse("not_a_document")
    try:
        _check_workbook(content)
    except _BROKEN as error:
        if isinstance(error, ValidationError):
            raise
        _refuse("damaged")
    return "xlsx", content


def document_name(typed: str, kind: str) -> str:
    """Return a name to show and to save under: the last part of *typed*, printable,
    with the ending that its content deserves."""
    last = typed.replace("\\", "/").rpartition("/")[2]
    shown = "".join(one for one in last if one.isprintable() and one != "\ufffd")
    stem = shown.strip(" .").removesuffix(f".{kind}").removesuffix(f".{kind.upper()}")
    return f"{stem[:MAX_NAME_LENGTH].strip(' .') or 'document'}.{kind}"


def media_type(name: str) -> str:
    """Return the media type of a document that ``document_name`` has named."""
    return MEDIA_TYPES.get(name.rpartition(".")[2], "application/octet-stream")


def _refuse(code: str) -> NoReturn:
    raise ValidationError(_REFUSALS[code], code=code)


def _check_workbook(content: bytes) -> None:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = archive.infolist()
        names = {part.filename.lower() for part in parts}
        if len(parts) > _MAX_PARTS or "xl/workbook.xml" not in names:
            _refuse("not_a_document")
        if any("vbaproject" in one or "xl/macrosheets/" in one for one in names):
            _refuse("macros")
        # Twice, in whatever case, and two readers would read two different things.
        found = [part for part in parts if part.filename.lower() == _CONTENTS.lower()]
        if len(found) != 1 or found[0].file_size > _MAX_CONTENTS_BYTES:
            _refuse("not_a_document")
        with archive.open(found[0]) as part:
            kinds = part.read(_MAX_CONTENTS_BYTES)
        if b"macroenabled" in kinds.lower():
            _refuse("macros")
        if _WORKBOOK not in kinds:
            _refuse("not_a_document")
