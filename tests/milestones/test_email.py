"""E-mail over a real socket: what arrives, and what each refusal means."""

import socket
from datetime import timedelta
from time import monotonic
from unittest import mock

import pytest
from django.db.models.functions import Now

from kmcity.settings import mailer
from milestones import channels
from milestones.actions import deliver_due
from milestones.channels.email import compose
from milestones.models import Notice
from tests import factories
from tests.factories import MilestoneFactory, NoticeFactory
from tests.smtp import Sink

pytestmark = pytest.mark.django_db


def use(settings, url):
    settings.MAILERS = {"default": mailer(url)}


@pytest.fixture
def sink(settings):
    server = Sink()
    server.start()
    use(settings, server.url)
    yield server
    server.stop()


@pytest.fixture
def closed_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: connections are refused
        yield taken.getsockname()[1]


def state(notice):
    notice.refresh_from_db()
    if notice.sent_at:
        return "sent"
    return "dead" if notice.due_at is None else "again"


def test_a_notice_arrives_once_with_both_texts(sink, settings):
    settings.SITE_URL = "https://km.example.org"
    milestone = MilestoneFactory(title="ครบสิบครั้ง", position=4, circle__name="วงบางหลวง")
    achievement = factories.AchievementFactory(milestone=milestone)
    notice = NoticeFactory(
        event__achievement=achievement,
        contact__address="nok@example.org",
        contact__person__called_as="ป้านก",
    )

    deliver_due()
    deliver_due()

    assert state(notice) == "sent"
    ((address, message),) = sink.received
    assert address == "nok@example.org"
    assert "วงบางหลวง" in message["Subject"]
    link = f"https://km.example.org/celebrations/{achievement.pk}/"
    for kind in ("plain", "html"):
        text = message.get_body([kind]).get_content()
        assert "ครบสิบครั้ง" in text
        assert "ป้านก" in text
        assert link in text


def test_a_milestone_of_a_tambon_is_told_too(sink):
    milestone = MilestoneFactory(
        circle=None, place=factories.TambonFactory(name_th="ท่าไร่")
    )
    session = factories.LearningSessionFactory()
    achievement = factories.AchievementFactory(milestone=milestone, session=session)
    NoticeFactory(event__achievement=achievement)

    deliver_due()

    ((_address, message),) = sink.received
    assert "ต.ท่าไร่" in message["Subject"]


def test_a_title_with_line_ends_cannot_add_headers(sink):
    title = "ครบ\r\nBcc: everybody@example.org"
    NoticeFactory(event__achievement__milestone__circle__name=title)

    deliver_due()

    assert sink.addresses == [Notice.objects.get().contact.address]
    assert sink.received[0][1]["Bcc"] is None


def test_one_connection_carries_a_whole_batch(sink):
    NoticeFactory.create_batch(12)

    deliver_due()

    assert len(set(sink.addresses)) == 12
    assert sink.connection_count == 1


def test_a_letter_sent_again_has_the_same_message_id(sink):
    notice = NoticeFactory()
    deliver_due()
    # The worker died between the server's "accepted" and our "sent".
    Notice.objects.update(sent_at=None, due_at=Now())
    deliver_due()

    other = NoticeFactory(event=notice.event)
    deliver_due()

    first, again, different = (message["Message-ID"] for _to, message in sink.received)
    assert first == again == f"<notice-{notice.pk}-{notice.event.key}@localhost>"
    assert different == f"<notice-{other.pk}-{notice.event.key}@localhost>"


@pytest.mark.parametrize(
    ("reply", "expected"),
    [("450 busy", "again"), ("452 full", "again"), ("550 who?", "dead")],
)
def test_what_a_refused_recipient_means(sink, reply, expected):
    refused = NoticeFactory(contact__address="nobody@example.org")
    others = NoticeFactory.create_batch(2)
    sink.refusals["nobody@example.org"] = reply

    deliver_due()

    assert state(refused) == expected
    assert refused.last_error == f"SMTP {reply[:3]}"
    assert [state(one) for one in others] == ["sent", "sent"]


@pytest.mark.parametrize(
    ("reply", "expected"), [("451 later", "again"), ("554 spam", "dead")]
)
def test_what_a_refused_message_means(sink, reply, expected):
    notice = NoticeFactory()
    sink.data_reply = reply

    deliver_due()

    assert state(notice) == expected
    assert notice.last_error == f"SMTP {reply[:3]}"


def test_a_refused_connection_is_tried_again(settings, closed_port):
    use(settings, f"smtp://127.0.0.1:{closed_port}")
    notice = NoticeFactory()

    deliver_due()

    assert state(notice) == "again"
    assert notice.last_error == "ConnectionRefusedError"


def test_a_refused_login_is_our_fault_and_not_the_letters(settings):
    server = Sink(password="right")
    server.start()
    try:
        host = f"127.0.0.1:{server.port}"
        use(settings, f"smtp://kmcity:wrong@{host}?timeout=1")
        notice = NoticeFactory()
        deliver_due()
        assert state(notice) == "again"
        assert notice.last_error == "SMTPAuthenticationError"

        use(settings, f"smtp://kmcity:right@{host}?timeout=1")
        Notice.objects.update(due_at=Now())
        deliver_due()
        assert state(notice) == "sent"
    finally:
        server.stop()


def test_a_server_that_says_nothing_is_left_alone_in_time(settings):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        use(settings, f"smtp://127.0.0.1:{silent.getsockname()[1]}?timeout=1")
        notice = NoticeFactory()

        started_at = monotonic()
        deliver_due()

    assert monotonic() - started_at < 4
    assert state(notice) == "again"


def test_a_server_that_takes_too_long_is_left_alone_in_time(sink):
    sink.pause_seconds = 30
    notice = NoticeFactory()

    started_at = monotonic()
    deliver_due()

    assert monotonic() - started_at < 4
    assert state(notice) == "again"
    assert notice.due_at - notice.created_at < timedelta(minutes=2)


def test_a_server_that_hangs_up_costs_the_next_letter_nothing(sink):
    first = NoticeFactory(contact__address="first@example.org")
    second = NoticeFactory()
    sink.refusals["first@example.org"] = "421 going down"

    deliver_due()

    assert [state(first), state(second)] == ["again", "sent"]
    assert sink.connection_count == 2


def test_an_address_that_cannot_be_one_stops_nobody(sink):
    broken = NoticeFactory(contact__address="two words\n@example.org")
    good = NoticeFactory()

    deliver_due()

    assert state(broken) != "sent"
    assert state(good) == "sent"


def test_a_letter_that_cannot_be_written_stops_nobody(sink):
    broken, good = NoticeFactory.create_batch(2)

    def write(letter):
        if letter.contact == broken.contact:
            raise KeyError("template")
        return compose(letter)

    with mock.patch.object(channels.email, "compose", write):
        deliver_due()

    assert [state(broken), state(good)] == ["again", "sent"]
    assert broken.last_error == "KeyError"


@pytest.mark.parametrize("rows", [1, 3])
def test_a_letter_costs_two_statements(sink, django_assert_num_queries, rows):
    NoticeFactory.create_batch(rows)

    # given up?, claim (5 and reading), nothing more to claim (5); begin and done each
    with django_assert_num_queries(12 + 2 * rows):
        deliver_due()
