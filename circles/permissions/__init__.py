"""Who may do what, and where.

The only package that knows about roles.  An *assignment* gives one person one
role over exactly one place, circle or agency, from one day to another.  What
the role may do is a row of ``ROLE_PERMISSIONS``; how far it reaches is the
value in that row.  Views ask two questions:

* ``Circle.objects.allowed(user, permission)``: on which circles?  (Place, Person,
  Agency, Assignment and Change answer the same question.)
* ``require(user, permission)``: anywhere at all?

A seat in a circle (``Membership``) grants nothing.  The table follows
ACCESS.md; to add a role add two lines in ``roles.py`` and a column in
``tests/test_access.py``.
"""

from circles.permissions.asking import (
    circles_allowed,
    covers_place,
    holds,
    may,
    places_allowed,
    require,
    role_to,
)
from circles.permissions.managing import (
    agencies_under,
    assignments_under,
    changes_under,
    codes_of,
    is_of_the_province,
    may_grant,
    people_below,
    people_under,
    places_under,
    right_below,
    roles_grantable,
    successors_under,
)
from circles.permissions.roles import (
    CODE_LENGTHS,
    GRANTS,
    HATS,
    ON_BEHALF,
    ROLE_PERMISSIONS,
    TAMBON_CODE_LENGTH,
    Permission,
    Reach,
    Role,
)

__all__ = [
    "CODE_LENGTHS",
    "GRANTS",
    "HATS",
    "ON_BEHALF",
    "ROLE_PERMISSIONS",
    "TAMBON_CODE_LENGTH",
    "Permission",
    "Reach",
    "Role",
    "agencies_under",
    "assignments_under",
    "changes_under",
    "circles_allowed",
    "codes_of",
    "covers_place",
    "holds",
    "is_of_the_province",
    "may",
    "may_grant",
    "people_below",
    "people_under",
    "places_allowed",
    "places_under",
    "require",
    "right_below",
    "role_to",
    "roles_grantable",
    "successors_under",
]
