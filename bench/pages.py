"""Pages against the floor: a signed-in page with session, user and a template."""

from bench import cpu_seconds, demo_province, report

demo_province()

from django.http import HttpResponse  # noqa: E402 -- after setup
from django.template import engines  # noqa: E402 -- after setup
from django.test import Client  # noqa: E402 -- after setup
from django.urls import path  # noqa: E402 -- after setup

from circles.models import Circle, User  # noqa: E402 -- after setup
from kmcity import urls  # noqa: E402 -- after setup

GOAL = 3.0
FLOOR = engines["django"].from_string(
    "<!doctype html><title>{{ user.username }}</title>"
    "{% for n in numbers %}<p>{{ n }} {{ user.username }}</p>{% endfor %}"
)


def floor(request):
    context = {"user": request.user, "numbers": range(100)}
    return HttpResponse(FLOOR.render(context, request))


urls.urlpatterns.append(path("bench-floor/", floor))


def client(username):
    browser = Client()
    browser.force_login(User.objects.get(username=username))
    return browser


def cost(browser, address):
    def get():
        assert browser.get(address).status_code == 200, address  # noqa: S101 -- a bench

    return cpu_seconds(get)


facilitator, office = client("amnuay"), client("office")
circle = Circle.objects.get(name="วงปุ๋ยอินทรีย์ ม.3 บ้านบางหลวง")
base = cost(facilitator, "/bench-floor/")
report(
    [
        (f"page {name}", cost(browser, address) / base, GOAL)
        for name, browser, address in [
            ("home", facilitator, "/"),
            ("circle", facilitator, f"/circles/{circle.pk}/"),
            ("log form", facilitator, f"/circles/{circle.pk}/sessions/new/"),
            ("overview", office, "/overview/"),
        ]
    ]
)
