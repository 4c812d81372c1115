"""Who may open the pages about places; rows of ``test_access.TABLE``."""

from circles.models import Circle

ROWS = """\
place-list          GET     login     403      ok
place-list          POST    login     405
place-detail        GET     login     403      ok
place-detail        POST    login     405
place-create        GET     login     403      403            403        403            403            403            403        ok
place-create        POST    login     403      403            403        403            403            403            403        ok
place-targets       GET     login     403      403            403        403            403            403            403        ok
place-targets       POST    login     403      403            403        403            403            403            403        ok
place-edit          GET     login     hidden   hidden         hidden     hidden         hidden         hidden         hidden     ok/hidden
place-edit          POST    login     hidden   hidden         hidden     hidden         hidden         hidden         hidden     ok/hidden
place-contact       GET     login     hidden   hidden         hidden     hidden         hidden         hidden         ok/hidden  ok/hidden
place-contact       POST    login     hidden   hidden         hidden     hidden         hidden         hidden         ok/hidden  ok/hidden
place-archive       GET     login     hidden   hidden         hidden     hidden         hidden         hidden         hidden     ok/hidden
place-archive       POST    login     hidden   hidden         hidden     hidden         hidden         hidden         hidden     ok/hidden
"""  # noqa: E501 -- a table is read in columns


def arguments(circle: Circle) -> dict[str, list]:
    """Return what fills the placeholders of each URL: the inside circle's tambon."""
    tambon = [circle.place.parent_id]
    of_one = ("place-detail", "place-edit", "place-contact", "place-archive")
    return dict.fromkeys(of_one, tambon)
