"""In the sample province a tambon administrator rises by nobody's account."""

from circles.actions.slips import accounts_within_reach
from circles.models import Assignment, User
from circles.permissions import Role


def test_the_note_taker_of_the_province_s_circles_is_out_of_reach(accounts):
    likhit = User.objects.get(username="likhit")
    author = User.objects.get(username="tambon-admin")
    codes = tuple(
        one.place.code
        for one in author.current_assignments
        if one.role == Role.TAMBON_ADMIN
    )
    within = accounts_within_reach(author)

    assert likhit not in within
    assert within.exists()
    for right in Assignment.objects.filter(person__user__in=within):
        place = right.place or right.circle.place
        assert place.code.startswith(codes), right
