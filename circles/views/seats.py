"""Who sits in a circle: newcomers are confirmed, seats begin, change and end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from circles.actions import newcomers as coming
from circles.actions import seats as doing
from circles.forms.managing import explain
from circles.forms.seats import EndForm, HatForm, NewSeatForm, RecogniseForm
from circles.http import Request, render_page
from circles.models import Circle, Membership
from circles.permissions import Permission, Role, may_grant
from circles.reports.choices import choice
from circles.reports.seats import (
    newcomers,
    nobody_leads,
    numbers_of,
    seats_now,
    seats_past,
)

PAGE_SIZE = 20
NEWCOMERS_SHOWN = 30
PAST_SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
def circle_seats(request: Request, circle_id: int) -> HttpResponse:
    circles = Circle.objects.allowed(request.user, Permission.MANAGE_CIRCLE)
    circles = circles.with_opened_on().select_related("place__parent")
    circle = get_object_or_404(circles, pk=circle_id)
    desk = SeatDesk(request, circle)
    if request.method == "POST" and desk.act():
        return redirect("circle-seats", circle.pk)
    return render_page(
        request, "circles/circle_seats.html", desk.context(), partials=["seats"]
    )


class SeatDesk:
    """What lies on the page, and what its buttons do.

    A button is called "end-17": what to do, and with which seat.  Of all forms only
    the one whose button was pressed is bound.
    """

    def __init__(self, request: Request, circle: Circle) -> None:
        self.request, self.circle, self.author = request, circle, request.user
        self.typed: QueryDict | None = (
            request.POST if request.method == "POST" else None
        )
        self.pressed = request.POST.get("act", "")
        self.undo = ""  # where what was done can be taken back
        # One more than is shown tells whether there are more.
        self.waiting = list(newcomers(circle)[: NEWCOMERS_SHOWN + 1])
        self.page = Paginator(seats_now(circle), PAGE_SIZE).get_page(
            request.GET.get("page")
        )
        for seat in self.waiting:
            ask = partial(RecogniseForm, user=self.author, newcomer=seat.person_id)
            self._furnish(seat, "recognise", ask)
        for seat in self.page.object_list:
            hat = {"role": seat.role, "since": timezone.localdate()}
            self._furnish(seat, "change", partial(HatForm, initial=hat))
            end = {"until": seat.until or timezone.localdate()}
            self._furnish(seat, "end", partial(EndForm, initial=end))
        self.adding = NewSeatForm(
            self.typed if self.pressed == "add" else None,
            user=self.author,
            may_grant=may_grant(self.author, Role.KHUN_AMNUAY, circle.place.code),
            initial={"since": max(timezone.localdate(), self._opened_on())},
        )

    def _opened_on(self) -> date:
        """Return the day before which nobody has a seat (``with_opened_on``)."""
        found: date | None = vars(self.circle)["opened_on"]
        return found or date.min

    def _furnish(self, seat: Any, act: str, form: Callable[..., forms.Form]) -> None:
        name = f"{act}-{seat.pk}"
        typed = self.typed if self.pressed == name else None
        setattr(seat, f"{act}_form", form(typed, prefix=name))

    def context(self) -> dict[str, Any]:
        past = list(seats_past(self.circle)[: PAST_SHOWN + 1])
        return {
            "circle": self.circle,
            "waiting": self.waiting[:NEWCOMERS_SHOWN],
            "has_more_waiting": len(self.waiting) > NEWCOMERS_SHOWN,
            "page": self.page,
            "numbers": numbers_of(self.circle),
            "nobody_leads": nobody_leads(self.circle),
            "past": past[:PAST_SHOWN],
            "has_more_past": len(past) > PAST_SHOWN,
            "form": self.adding,
            "today": timezone.localdate(),
        }

    def act(self) -> bool:
        """Do what the button says; return whether it was done, else say why not."""
        name, _dash, number = self.pressed.partition("-")
        if self.pressed == "add":
            return self._try(self._add, self.adding)
        if self.pressed == "confirm-all":
            return self._try(self._confirm_all)
        seat = self._seat(number)
        if seat is None:
            messages.warning(self.request, _("This seat is no longer there."))
            return False
        doers: dict[str, Callable[[Any], str]] = {
            "confirm": self._confirm,
            "away": self._turn_away,
            "lead": self._lead,
            "recognise": self._recognise,
            "change": self._change,
            "end": self._end,
        }
        if name not in doers:
            return False
        return self._try(
            partial(doers[name], seat), getattr(seat, f"{name}_form", None)
        )

    def _seat(self, number: str) -> Any:
        seats = [*self.waiting, *self.page.object_list]
        return next((one for one in seats if str(one.pk) == number), None)

    def _try(self, do: Callable[[], str], form: forms.Form | None = None) -> bool:
        if form is not None and not form.is_valid():
            return False
        try:
            done = do()
        except ValidationError as refused:
            if form is None:
                messages.error(self.request, " ".join(refused.messages))
            else:
                explain(form, refused)
            return False
        messages.success(self.request, done, extra_tags=self.undo)
        return True

    def _add(self) -> str:
        seat = doing.add_seat(self.author, self.circle, self.adding.seat())
        words = _("%(name)s has a seat now.")
        if not seat.person.consent_how and not self.adding.cleaned_data["person"]:
            words = _(
                "%(name)s has a seat now. About being in the record nobody was asked"
                " yet: note the answer on the page of the person."
            )
        return words % {"name": seat.person.full_name}

    def _confirm_all(self) -> str:
        # Those that the page showed: nobody is confirmed unseen.
        sent = set(self.request.POST.getlist("seats"))
        seats = [seat.pk for seat in self.waiting if str(seat.pk) in sent]
        n = coming.confirm_seats(self.author, self.circle, seats)
        words = ngettext("%(n)s person is confirmed.", "%(n)s people are confirmed.", n)
        return words % {"n": n}

    def _confirm(self, seat: Membership) -> str:
        coming.confirm_seats(self.author, self.circle, [seat.pk])
        return _("%(name)s is confirmed.") % {"name": seat.person.full_name}

    def _turn_away(self, seat: Membership) -> str:
        coming.turn_away(self.author, seat)
        words = _("The seat of %(name)s has ended. What was recorded stays.")
        return words % {"name": seat.person.full_name}

    def _recognise(self, seat: Any) -> str:
        known = seat.recognise_form.cleaned_data["person"]
        merge = coming.recognise(self.author, seat, known)
        self.undo = reverse("merge-undo", args=[merge.pk])
        words = _("The newcomer is %(name)s: the two are one person now.")
        return words % {"name": choice(known).label}

    def _lead(self, seat: Membership) -> str:
        doing.lead_circle(self.author, seat)
        return _("%(name)s leads the circle now.") % {"name": seat.person.full_name}

    def _change(self, seat: Any) -> str:
        given = seat.change_form.cleaned_data
        doing.change_seat(self.author, seat, Role(given["role"]), given["since"])
        return _("The hat of %(name)s is changed.") % {"name": seat.person.full_name}

    def _end(self, seat: Any) -> str:
        given = seat.end_form.cleaned_data
        doing.end_seat(self.author, seat, given["until"], given["reason"])
        return _("The last day of %(name)s is set.") % {"name": seat.person.full_name}
