"""Lists of 300 rows against the floor: a signed-in page with session, user and a
template.  Figures for ``docs``: people, villages and the history, as an administrator
of the province reads them."""

from django.urls import reverse

from bench import cpu_seconds, demo_province, report

demo_province()

from django.http import HttpResponse  # noqa: E402 -- after setup
from django.template import engines  # noqa: E402 -- after setup
from django.test import Client  # noqa: E402 -- after setup
from django.urls import path  # noqa: E402 -- after setup

from circles.actions.recording import record, values  # noqa: E402 -- after setup
from circles.models import Circle, Person, Place, User  # noqa: E402 -- after setup
from kmcity import urls  # noqa: E402 -- after setup

GOAL = 3.0
ROWS = 300
FLOOR = engines["django"].from_string(
    "<!doctype html><title>{{ user.username }}</title>"
    "{% for n in numbers %}<p>{{ n }} {{ user.username }}</p>{% endfor %}"
)


def floor(request):
    context = {"user": request.user, "numbers": range(100)}
    return HttpResponse(FLOOR.render(context, request))


def fill():
    """Add people and villages until there are 300 of each, and 300 changes."""
    tambon = Place.objects.get(code="800102")
    kind = Place.Level.VILLAGE
    for number in range(ROWS - Place.objects.filter(level=kind).count()):
        parent = Place.objects.tambons().order_by("code")[3 + number // 90]
        Place.objects.create(
            code=f"{parent.code}{number % 90 + 10}",
            level=kind,
            parent=parent,
            name_th=f"บ้านตัวอย่าง {number}",
        )
    for number in range(ROWS - Person.objects.count()):
        Person.objects.create(first_name=f"ตัวอย่าง {number}", village=tambon)
    author = User.objects.get(username="province-admin")
    circles = list(Circle.objects.all())
    for number in range(ROWS):
        circle = circles[number % len(circles)]
        before = values(circle)
        circle.topic = f"เรื่อง {number}"
        record(author, circle, before)


def cost(browser, address):
    def get():
        assert browser.get(address).status_code == 200, address  # noqa: S101 -- a bench

    return cpu_seconds(get)


urls.urlpatterns.append(path("bench-floor/", floor))
fill()
browser = Client()
browser.force_login(User.objects.get(username="province-admin"))
base = cost(browser, "/bench-floor/")
report(
    [
        (f"list {name}", cost(browser, address) / base, GOAL)
        for name, address in [
            ("people", reverse("person-list")),
            ("villages", f"{reverse('place-list')}?level=village"),
            ("changes", reverse("change-list")),
        ]
    ]
)
