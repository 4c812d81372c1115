"""What ends a slip ends it also for whoever has just opened its page."""

import pytest
from django.utils import timezone

from circles.actions import slips
from circles.actions.accounts import disable_account, enable_account
from circles.actions.inviting import slip_for
from circles.actions.slips import SlipSpent, find_slip, make_slip, use_slip
from circles.models import SignInSlip
from circles.permissions import Role
from tests.factories import ContactPointFactory, UserFactory
from tests.factories_accounts import InvitationFactory

pytestmark = pytest.mark.django_db
NEW = "ข้าวปลาอาหาร-2570"


@pytest.fixture
def province_admin(circle, roles):
    return roles.user(Role.PROVINCE_ADMIN, circle.place.parent.parent.parent)


@pytest.mark.parametrize("case", ["closed", "closed and open", "newer", "ended"])
def test_a_slip_that_ends_while_it_is_used_opens_nothing(
    province_admin, monkeypatch, case
):
    """It was good when it was read; it is over when the password would be set."""
    user = UserFactory()
    slip, secret = make_slip(province_admin, user)
    stale, was = find_slip(secret), user.password
    if case.startswith("closed"):
        disable_account(province_admin, user, "ลองดู")
    if case == "closed and open":
        enable_account(province_admin, user)
    if case == "newer":
        make_slip(province_admin, user)
    if case == "ended":
        SignInSlip.objects.filter(pk=slip.pk).update(expires_at=timezone.now())
    monkeypatch.setattr(slips, "find_slip", lambda secret: stale)

    with pytest.raises(SlipSpent):
        use_slip(secret, NEW)

    user.refresh_from_db()
    assert user.password == was
    assert SignInSlip.objects.filter(used_at=None).count() == (
        2 if case == "newer" else 1
    )


def test_an_account_that_is_closed_alone_is_not_opened(province_admin, monkeypatch):
    user = UserFactory()
    _slip, secret = make_slip(province_admin, user)
    stale = find_slip(secret)
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    monkeypatch.setattr(slips, "find_slip", lambda secret: stale)

    with pytest.raises(SlipSpent):
        use_slip(secret, NEW)


def test_a_letter_proves_no_address_that_opens_another_account(province_admin):
    row = InvitationFactory(author=province_admin)
    row.attempts = 1
    row.save()
    _slip, secret = slip_for(row)
    other = ContactPointFactory(
        person=UserFactory().person, address=row.contact.address
    )

    assert use_slip(secret, NEW) == row.user

    row.contact.refresh_from_db()
    assert row.contact.verified_at is None
    assert other.verified_at
