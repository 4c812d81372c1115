"""What a passkey form takes for a device's answer."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from pytest_django.asserts import assertContains

from circles.permissions import Role
from tests.kmcity.signing import PASSWORD, factors, sign_in, with_app

pytestmark = pytest.mark.django_db
CHECK = "second-factor-check"


@pytest.fixture(autouse=True)
def _switched_on(db, settings):
    settings.SECOND_FACTOR = True
    cache.clear()


@pytest.fixture
def admin(circle, roles):
    user = roles.user(Role.TAMBON_ADMIN, circle.place.parent)
    user.set_password(PASSWORD)
    user.save()
    return user


JUNK = [
    "",
    "x",
    "[]",
    "{}",
    "null",
    *(
        "7",
        "0",
        "false",
        "1e-400",
        '""',
        "[0]",
        "NaN",
        '{"id": NaN}',
        '{"id": "\\u0000"}',
    ),
    *("9" * 5_000, '{"id": ' + "9" * 5_000 + "}", "[" * 3_000, '{"a":' * 3_000),
    *(
        "[" * 100_000 + "]" * 100_000,
        "[" * 3_000 + "]" * 3_000,
        '{"id": ' + "[" * 900 + "]" * 900 + "}",
    ),
    '{"id": 1}',
    '{"id": "a", "rawId": "a", "type": "public-key", "response": {}}',
    '{"id":"a","rawId":"a","type":"public-key","response":{"clientDataJSON":"a",'
    '"attestationObject":"b","authenticatorData":"c","signature":"d"}}',
    '{"id":"YQ","rawId":"YQ","type":"public-key","response":{"clientDataJSON":"e30",'
    '"attestationObject":"oA","authenticatorData":"oA","signature":"oA"}}',
]


@pytest.mark.parametrize("junk", JUNK)
def test_what_no_device_would_answer_is_refused_in_words(client, admin, junk):
    sign_in(client, admin.username)
    client.get(reverse("passkey-create"))
    response = client.post(reverse("passkey-create"), {"credential": junk})
    assertContains(response, "errsum")
    assert factors(admin) == set()
    client.post(reverse("sign-out"))

    with_app(admin)
    sign_in(client, admin.username)
    client.get(reverse(CHECK))
    assertContains(client.post(reverse(CHECK), {"credential": junk}), "errsum")
