"""Redis refuses, hangs, and comes back empty: people go on saving, mail follows.

A real web server, worker and beat; the form is sent over a real connection.
"""

import http.client
import sys
from contextlib import closing
from time import monotonic
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH

from circles.models import LearningSession
from milestones.models import Achievement, Notice
from tests.chaos.conftest import environment, free_port, start_worker, wait_until
from tests.circles import posted
from tests.factories import ContactPointFactory, MembershipFactory, MilestoneFactory

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]

BACK_WITHIN_SECONDS = 60


class Browser:
    """Somebody who is signed in and sends the log form, counting the seconds."""

    def __init__(self, port, client, circle):
        token = CSRF_ALLOWED_CHARS[:CSRF_SECRET_LENGTH]
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.port, self.circle, self.token = port, circle, token
        self.cookie = f"sessionid={session}; csrftoken={token}"
        self.seat = MembershipFactory(circle=circle)

    def save(self):
        """Return the status and how long the answer took."""
        form = posted.posted([self.seat], act="save-separate")
        form["csrfmiddlewaretoken"] = self.token
        headers = {"Cookie": self.cookie}
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        started_at = monotonic()
        status = self._ask(
            "POST", posted.url(self.circle), urlencode(form, True), headers
        )
        return status, monotonic() - started_at

    def _ask(self, *request):
        with closing(http.client.HTTPConnection("127.0.0.1", self.port)) as line:
            line.timeout = 30
            line.request(*request)
            return line.getresponse().status

    def is_answered(self):
        try:
            return self._ask("GET", "/healthz") == 200
        except OSError:
            return False


@pytest.fixture
def world(own_redis, sink):
    return environment(own_redis.url, sink)


@pytest.fixture
def browser(programs, world, facilitator_client, facilitator, circle):
    ContactPointFactory(person=facilitator.person)
    for target in range(1, 9):  # every session reaches a milestone and rings
        MilestoneFactory(circle=circle, position=target, target=target)
    port = free_port()
    server = (
        "granian --interface wsgi --workers 1 --blocking-threads 2 --host 127.0.0.1"
    )
    server += f" --port {port} kmcity.wsgi:application"
    programs.start("web", sys.executable, "-m", *server.split(), **world)
    found = Browser(port, facilitator_client, circle)
    wait_until(found.is_answered)
    return found


def start_background(programs, world):
    """Start worker and beat; return what starts the worker again if it has ended, as
    quickstart and Docker do: Celery gives up when a broker vanishes at a bad time."""
    worker = start_worker(programs, **world)
    beat = f"celery -A kmcity beat --loglevel INFO -s {programs.folder}/beat"
    programs.start("beat", sys.executable, "-m", *beat.split(), **world)

    def tend():
        nonlocal worker
        if worker.poll() is not None:
            worker = start_worker(programs, **world)

    return tend


def everything_sent():
    return not Notice.objects.filter(sent_at=None).exists()


def usual_seconds(browser):
    """Save three times with Redis at its best; the first one warms up."""
    found = [browser.save() for _time in range(3)]
    assert [status for status, _seconds in found] == [302] * 3
    return min(seconds for _status, seconds in found)


@pytest.mark.parametrize(
    ("away", "limit_seconds"), [("refuses", 1), ("hangs", 3)], ids=str
)
def test_saving_goes_on_and_the_mail_follows(
    away, limit_seconds, own_redis, programs, world, browser, sink
):
    tend = start_background(programs, world)
    usual = usual_seconds(browser)
    wait_until(lambda: len(sink.received) == 3)
    if away == "refuses":
        own_redis.stop()
    else:
        own_redis.freeze()

    answers = [browser.save() for _time in range(3)]

    slowest = max(seconds for _status, seconds in answers)
    print(f"Redis {away}: {usual:.3f} s usual, {slowest:.3f} s slowest")  # noqa: T201 -- figure
    assert [status for status, _seconds in answers] == [302] * 3
    assert slowest <= usual + limit_seconds
    assert LearningSession.objects.count() == Achievement.objects.count() == 6
    inbox = Notice.objects.filter(contact__channel="inbox", sent_at__isnull=False)
    assert inbox.count() == 6

    if away == "refuses":
        own_redis.start()  # empty: whatever it knew is gone
    else:
        own_redis.thaw()

    back_at = monotonic()
    wait_until(lambda: tend() or everything_sent(), BACK_WITHIN_SECONDS)
    print(f"all sent {monotonic() - back_at:.1f} s after it was back")  # noqa: T201 -- figure
    assert len(sink.received) == len(set(ids(sink))) == 6


def ids(sink):
    return [message["Message-ID"] for _to, message in sink.received]
