"""The paper sheets of a circle: what stands on them, and on how many pages."""

import re
import shutil
import subprocess
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from pytest_django.asserts import assertContains, assertNotContains

from circles.models import Promise
from circles.permissions import Role
from tests.conftest import BROWSERS
from tests.factories import LearningSessionFactory, MembershipFactory, PersonFactory
from tests.factories_planning import AppointmentFactory

pytestmark = pytest.mark.django_db

A4_POINTS = (595, 842)


@pytest.fixture
def url(circle):
    return reverse("circle-sheet", args=[circle.pk])


def seat_people(circle, count):
    people = [PersonFactory(first_name=f"คนที่{n:03}จบ") for n in range(count)]
    for n, person in enumerate(people):
        role = Role.KHUN_AMNUAY if n % 6 == 0 else Role.KHUN_KIJ
        MembershipFactory(circle=circle, person=person, role=role)
    return people


def promise(circle, text="ส่งดินไปตรวจ", **given):
    session = LearningSessionFactory(circle=circle)
    return Promise.objects.create(session=session, text=text, **given)


def test_circle_sheet_has_promises_and_seats_by_hat(facilitator_client, circle, url):
    seat_people(circle, 7)
    promise(circle, owner_name="ลุงตัวอย่าง")
    AppointmentFactory(circle=circle, venue="ศาลาริมคลอง")

    response = facilitator_client.get(url)

    assertContains(response, "ส่งดินไปตรวจ (ลุงตัวอย่าง)")
    assertContains(response, "ศาลาริมคลอง")
    hats = [seat.role for seat in response.context["seats"]]
    assert hats == ["khun_amnuay"] * 2 + ["khun_kij"] * 5
    # 7 seats and 10 empty lines.
    assertContains(response, '<td class="box">☐</td>', count=17)


def test_whoever_may_not_see_seats_gets_the_log_sheet_alone(office_client, circle, url):
    seat_people(circle, 1)
    promise(circle, owner_name="ลุงตัวอย่าง")

    response = office_client.get(url)

    assertContains(response, "ส่งดินไปตรวจ")
    assertNotContains(response, "ลุงตัวอย่าง")
    assertNotContains(response, "คนที่000จบ")


def test_it_says_when_promises_are_left_out(facilitator_client, circle, url):
    for n in range(6):
        promise(circle, text=f"เรื่องที่ {n} จบ")
    assert not facilitator_client.get(url).context["has_more"]

    promise(circle, text="เรื่องสุดท้าย")

    response = facilitator_client.get(url)
    assert response.context["has_more"]
    assertNotContains(response, "เรื่องสุดท้าย")


def test_its_style_sheet_is_linked_by_this_page_alone(facilitator_client, circle, url):
    assertContains(facilitator_client.get(url), "css/print.css")
    assertNotContains(facilitator_client.get(circle.get_absolute_url()), "print.css")


def test_what_somebody_typed_is_text(facilitator_client, circle, url):
    promise(circle, text="<script>alert(1)</script>" + "ก" * 3000)

    response = facilitator_client.get(url)

    assertNotContains(response, "<script>alert")
    assertNotContains(response, "ก" * 71)


def test_the_sheet_asks_the_same_number_of_questions_of_one_row_and_of_three(
    facilitator_client, circle, url, django_assert_max_num_queries
):
    counts = []
    for n in range(3):
        seat_people(circle, 1)
        promise(circle, owner=PersonFactory(), due_on=timezone.localdate())
        AppointmentFactory(circle=circle, on=timezone.localdate() + timedelta(days=n))
        with django_assert_max_num_queries(9) as asked:
            facilitator_client.get(url)
        counts.append(len(asked))

    assert counts[0] == counts[2]


@pytest.fixture
def printed(facilitator_client, url, tmp_path):
    """Return a function that prints the page as Chromium does, to a PDF file."""

    def print_it():
        html = facilitator_client.get(url).content.decode()
        html = html.replace('"/static/', f'"file://{settings.BASE_DIR}/static/')
        (tmp_path / "sheet.html").write_text(html)
        browser = next(filter(None, map(shutil.which, BROWSERS)))
        subprocess.run(  # noqa: S603 -- our own browser and file
            [
                *(browser, "--headless", "--no-sandbox", "--disable-gpu"),
                "--allow-file-access-from-files",  # the fonts
                *("--no-pdf-header-footer", f"--user-data-dir={tmp_path / 'browser'}"),
                *(f"--print-to-pdf={tmp_path / 'sheet.pdf'}", "--no-first-run"),
                f"file://{tmp_path / 'sheet.html'}",
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return tmp_path / "sheet.pdf"

    return print_it


@pytest.mark.e2e
@pytest.mark.parametrize(("seats", "pages"), [(18, 2), (400, 12)])
def test_it_fits_on_the_pages_it_should(printed, circle, seats, pages):
    seat_people(circle, seats)
    for n in range(8):
        long = f"เรื่องที่ {n} " + "ยาวมาก ๆ " * 30
        promise(circle, text=long, owner_name=long[:150], due_on=timezone.localdate())

    pdf = printed().read_bytes()

    boxes = re.findall(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert {tuple(round(float(side)) for side in box) for box in boxes} == {A4_POINTS}
    assert len(re.findall(rb"/Type ?/Page\b", pdf)) == pages


@pytest.mark.e2e
@pytest.mark.skipif(not shutil.which("pdftotext"), reason="needs poppler's pdftotext")
def test_each_page_of_seats_has_its_head_and_nobody_is_lost(printed, circle):
    people = seat_people(circle, 100)

    command = [shutil.which("pdftotext"), "-layout", printed(), "-"]
    text = subprocess.run(command, check=True, capture_output=True).stdout.decode()  # noqa: S603 -- our own file

    first, *rest = text.rstrip("\f\n").split("\f")
    assert circle.name in first
    assert all(text.count(person.first_name) == 1 for person in people)
    assert len(rest) == 3
    head = " +".join(re.escape(_(word)) for word in ("No.", "Came", "Name", "Hat"))
    assert all(re.search(rf"^ *{head}$", page, re.MULTILINE) for page in rest)
    assert "kmcity ·" not in text  # the site's header
