"""E-mail as files: what a person with ``grep`` and a mail reader finds there."""

import email
import stat
from email import policy

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives

from kmcity import mail
from kmcity.mail import EmailBackend

SUBJECT = "วงปุ๋ยอินทรีย์ ม.3 บ้านบางหลวง ถึงเข็มไมล์ 4 แล้ว ยินดีด้วยกับทุกคนในวง ทั้ง 18 คน"
TEXT = "สวัสดีค่ะ\n\n" + "พบกันครั้งที่ 8 มา 17 คน " * 50 + "\n"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "mail"


@pytest.fixture
def backend(folder):
    return EmailBackend(folder=str(folder), alias="default")


def letter(**changes) -> EmailMultiAlternatives:
    words = {"subject": SUBJECT, "body": TEXT, "to": ["คุณอำนวย <amnuay@example.org>"]}
    found = EmailMultiAlternatives(**words | changes)
    found.attach_alternative(f"<p>{TEXT}</p>", "text/html")
    return found


def files(folder):
    return sorted(folder.iterdir())


def test_subject_and_text_are_plain_in_the_file(backend, folder):
    assert backend.send_messages([letter()]) == 1

    [file] = files(folder)
    lines = file.read_text(encoding="utf-8").splitlines()
    assert f"Subject: {SUBJECT}" in lines
    assert "To: คุณอำนวย <amnuay@example.org>" in lines
    for line in TEXT.splitlines():
        assert line in lines


def test_a_mail_reader_understands_it(backend, folder):
    backend.send_messages([letter()])

    [file] = files(folder)
    found = email.message_from_bytes(file.read_bytes(), policy=policy.default)
    assert found["Subject"] == SUBJECT
    assert found.get_body(["plain"]).get_content() == TEXT
    assert TEXT in found.get_body(["html"]).get_content()


def test_one_file_a_letter_in_the_order_of_their_names(backend, folder):
    subjects = [f"ฉบับที่ {number}" for number in range(1, 10)]

    backend.send_messages([letter(subject=subject) for subject in subjects[:5]])
    for subject in subjects[5:]:
        backend.send_messages([letter(subject=subject)])

    names = files(folder)
    assert [file.suffix for file in names] == [".eml"] * 9
    for file, subject in zip(names, subjects, strict=True):
        assert f"Subject: {subject}\n" in file.read_text()


def test_two_of_the_same_moment_have_two_names(backend, folder, time_machine):
    time_machine.move_to("2026-11-22T18:17:57Z", tick=False)

    backend.send_messages([letter(), letter()])

    first, second = files(folder)
    # Bangkok is seven hours ahead: there it is already the next day.
    assert first.name.startswith("20261123-011757-000000-")
    assert second.name.startswith("20261123-011757-000000-")


def test_only_its_owner_reads_it(backend, folder):
    backend.send_messages([letter()])

    [file] = files(folder)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_nobody_sees_half_a_letter(backend, folder, monkeypatch):
    def full_disk(*paths):
        assert [name.suffix for name in files(folder)] != [".eml"]
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full_disk)
    with pytest.raises(OSError, match="No space left"):
        backend.send_messages([letter()])

    assert files(folder) == []


def test_a_letter_to_nobody_is_not_sent(backend, folder):
    assert backend.send_messages([letter(to=[]), EmailMessage(subject="?")]) == 0

    assert files(folder) == []


def test_hidden_recipients_stay_hidden(backend, folder):
    backend.send_messages([letter(bcc=["secret@example.org"])])

    [file] = files(folder)
    assert "secret@example.org" not in file.read_text()


def test_the_name_tells_the_moment_to_the_microsecond():
    assert len(mail._name()) == len("20261122-181757-012345-9f86d081.eml")
