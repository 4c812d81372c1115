"""What somebody agreed to: asked and agreed, asked and refused, or not asked."""

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from circles.models import Person
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
AGREED = ("keep_consent", "show_consent", "consent_how")


@pytest.fixture
def post(tambon_admin_client, circle):
    def send(**typed):
        form = {"first_name": "สมศรี", "village": circle.place_id} | typed
        return tambon_admin_client.post(reverse("person-create"), form)

    return send


def codes(response):
    data = response.context["form"].errors.as_data()
    return {name: [one.code for one in errors] for name, errors in data.items()}


def test_who_was_not_asked_is_kept_and_said_to_be_not_asked(tambon_admin_client, post):
    empty = tambon_admin_client.get(reverse("person-create"))
    post()

    for name in ("keep_consent", "show_consent", "consent_how"):
        assert empty.context["form"][name].value() == ""
    person = Person.objects.get(first_name="สมศรี")
    stored = (person.keep_consent, person.show_consent, person.consent_how)
    assert (*stored, person.consent_on) == (True, False, "", None)
    page = tambon_admin_client.get(reverse("person-detail", args=[person.pk]))
    assertNotContains(page, "tag--good")
    assertContains(page, "ยังไม่ได้ถาม")


@pytest.mark.parametrize(
    ("keep", "show", "stored"),
    [("yes", "yes", (True, True)), ("yes", "no", (True, False)), ("no", "no", (0, 0))],
)
def test_what_was_said_is_stored_with_its_day(
    tambon_admin_client, post, keep, show, stored
):
    post(keep_consent=keep, show_consent=show, consent_how="paper")

    person = Person.objects.get(first_name="สมศรี")
    assert (person.keep_consent, person.show_consent) == stored
    assert (person.consent_how, person.consent_on) == ("paper", timezone.localdate())
    page = tambon_admin_client.get(reverse("person-detail", args=[person.pk]))
    assertContains(page, "tag--good", sum(stored))
    edit = tambon_admin_client.get(reverse("person-edit", args=[person.pk]))
    form = edit.context["form"]
    assert [form[name].value() for name in AGREED] == [keep, show, "paper"]


def test_half_an_answer_is_asked_about(post):
    future = {"consent_how": "paper", "consent_on": "1 ม.ค. 2599"}

    assert codes(post(show_consent="yes")) == {"consent_how": ["no_how"]}
    assert codes(post(keep_consent="yes")) == {"consent_how": ["no_how"]}
    assert codes(post(consent_how="paper", keep_consent="yes")) == {
        "show_consent": ["no_answer"]
    }
    answered = {"keep_consent": "yes", "show_consent": "yes"}
    assert codes(post(**answered, **future)) == {"consent_on": ["too_late"]}
    assert not Person.objects.filter(first_name="สมศรี").exists()


def test_what_was_stored_before_anybody_asked_how_stays(tambon_admin_client, circle):
    person = PersonFactory(
        first_name="สมศรี", village=circle.place, show_consent=True, keep_consent=False
    )
    url = reverse("person-edit", args=[person.pk])
    form = tambon_admin_client.get(url).context["form"]
    typed = {"first_name": "สมศรี", "village": circle.place_id, "last_name": "ใจดี"}

    tambon_admin_client.post(url, typed | {n: form[n].value() for n in AGREED})

    person.refresh_from_db()
    assert person.last_name == "ใจดี"
    assert (person.keep_consent, person.show_consent) == (False, True)
    page = tambon_admin_client.get(reverse("person-detail", args=[person.pk]))
    assertNotContains(page, "tag--good")
