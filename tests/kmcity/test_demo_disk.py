"""The sample province on a machine that has no room for pictures."""

from io import StringIO

from django.core.management import call_command

from circles.models import LearningSession, Photo


def test_without_room_for_pictures_there_is_all_else(db, tmp_path, settings):
    in_the_way = tmp_path / "media"
    in_the_way.write_text("a file where the folder should be")
    settings.MEDIA_ROOT = in_the_way
    output = StringIO()

    call_command("load_places", stdout=output)
    call_command("load_demo", accounts=tmp_path / "accounts.csv", stdout=output)

    assert "pictures could not be stored" in output.getvalue()
    assert not Photo.objects.exists()
    assert LearningSession.objects.count() > 80
