"""What a document may be."""

import zipfile
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError

from circles.documents import MAX_UPLOAD_BYTES, check_document, document_name
from tests.factories_uploads import MAIN, PDF, picture, workbook


def code_of(content):
    with pytest.raises(ValidationError) as refusal:
        check_document(content)
    assert str(refusal.value.messages[0])
    return refusal.value.code


@pytest.mark.parametrize(("kind", "content"), [("pdf", PDF), ("xlsx", workbook())])
def test_pdf_and_xlsx_are_kept_as_they_came(kind, content):
    assert check_document(content) == (kind, content)
    assert check_document(BytesIO(content)) == (kind, content)


def plain_zip():
    output = BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        archive.writestr("setup.exe", "MZ")
    return output.getvalue()


def bomb():
    output = BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("[Content_Types].xml", b" " * 100_000_000 + MAIN.encode())
    return output.getvalue()


MACRO_KIND = MAIN.replace("sheet.main", "sheet.macroEnabled.main")
REFUSED = {
    "nothing": (b"", "empty"),
    "too large": (b"%PDF-" + b"\0" * MAX_UPLOAD_BYTES, "too_large"),
    "half a PDF": (PDF[:30], "damaged"),
    "a page before the PDF": (b"<script>1</script>" + PDF, "not_a_document"),
    "a picture": (picture(), "not_a_document"),
    "an old workbook": (b"\xd0\xcf\x11\xe0" + b"\0" * 99, "not_a_document"),
    "CSV": (b"=1+1,2", "not_a_document"),
    "a zip": (plain_zip(), "not_a_document"),
    "a text document": (workbook(MAIN.replace("sheet", "word")), "not_a_document"),
    "half a workbook": (workbook()[:150], "damaged"),
    "a project of macros": (workbook(**{"xl/vbaProject.bin": "x"}), "macros"),
    "a sheet of macros": (workbook(**{"xl/macrosheets/1.xml": "x"}), "macros"),
    "a workbook for macros": (workbook(MACRO_KIND), "macros"),
    "two tables of contents": (
        workbook(**{"[content_types].xml": "<Types/>"}),
        "not_a_document",
    ),
    "a bomb": (bomb(), "not_a_document"),
}


@pytest.mark.parametrize(("content", "code"), REFUSED.values(), ids=REFUSED)
def test_everything_else_is_refused_in_words(content, code):
    assert code_of(content) == code


@pytest.mark.parametrize(
    ("typed", "kind", "name"),
    [
        ("ใบลงชื่อ.pdf", "pdf", "ใบลงชื่อ.pdf"),
        ("../../etc/passwd", "pdf", "passwd.pdf"),
        (r"C:\Users\me\รายชื่อ.XLSX", "xlsx", "รายชื่อ.xlsx"),
        ("page.html", "pdf", "page.html.pdf"),
        ("a\x00b\r\nc\ufffd.pdf", "pdf", "abc.pdf"),
        ("\u202efdp.exe", "pdf", "fdp.exe.pdf"),
        ("", "xlsx", "document.xlsx"),
        ("...", "pdf", "document.pdf"),
        ("ก" * 500, "pdf", "ก" * 120 + ".pdf"),
    ],
)
def test_a_name_is_the_last_part_with_the_ending_it_deserves(typed, kind, name):
    assert document_name(typed, kind) == name
