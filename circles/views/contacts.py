"""How somebody is reached: masked, until somebody who may taps, which is recorded."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from circles.actions.contacts import (
    OFFERED,
    add_contact,
    block_contact,
    people_revealed_to,
    remove_contact,
    see_contact,
    verify_contact,
)
from circles.forms.contacts import ContactForm
from circles.http import Request
from circles.models import ContactPoint, Person
from circles.permissions import Permission, holds
from circles.reports.doubles import current_of
from circles.views.people import within_reach


@require_http_methods(["GET", "HEAD", "POST"])
def person_contacts(request: Request, person_id: int) -> HttpResponse:
    """Looked at by whoever looks after the person or their circle; changed only by an
    administrator within whose reach the person's account lies."""
    person = _person(request, person_id)
    if person.pk != person_id:
        return redirect("person-contacts", person.pk)
    form = ContactForm(initial={"channel": ContactPoint.Channel.PHONE})
    if request.method == "POST":
        if not within_reach(request, person):
            raise Http404
        form = ContactForm(request.POST)
        if _change(request, person, form):
            return redirect("person-contacts", person.pk)
    return _page(request, person, form)


@require_POST
@never_cache
def contact_reveal(request: Request, contact_id: int) -> HttpResponse:
    """Show one number in this answer alone, and write down who saw it: it stands in
    no message and no address."""
    people = people_revealed_to(request.user)
    contacts = ContactPoint.objects.filter(channel__in=OFFERED, person__in=people)
    contact = get_object_or_404(contacts.select_related("person"), pk=contact_id)
    address = see_contact(request.user, contact)
    form = ContactForm(initial={"channel": ContactPoint.Channel.PHONE})
    return _page(request, contact.person, form, shown=contact.pk, address=address)


def _person(request: Request, person_id: int) -> Person:
    """Return the person, or whose double it is.  Raises Http404."""
    user = request.user
    managed = Person.objects.allowed(user, Permission.MANAGE_PERSON).known().order_by()
    revealed = people_revealed_to(user).order_by()
    people = Person.objects.filter(pk__in=managed.values("pk")) | Person.objects.filter(
        pk__in=revealed.values("pk")
    )
    person = people.filter(pk=person_id).first()
    return person or get_object_or_404(people, pk=current_of(person_id))


def _page(
    request: Request, person: Person, form: ContactForm, **shown: Any
) -> HttpResponse:
    contacts = person.contact_points.filter(channel__in=OFFERED)
    managed = Person.objects.allowed(request.user, Permission.MANAGE_PERSON)
    may_reveal = people_revealed_to(request.user).filter(pk=person.pk)
    is_administrator = holds(request.user, Permission.MANAGE_PERSON)
    context = {
        "person": person,
        "contacts": contacts.order_by("channel", "pk"),
        "form": form,
        "is_managed": is_administrator and managed.filter(pk=person.pk).exists(),
        "may_reveal": may_reveal.exists(),
        "may_change": is_administrator and within_reach(request, person),
        **shown,
    }
    return render(request, "circles/person_contacts.html", context)


def _change(request: Request, person: Person, form: ContactForm) -> bool:
    """Do what the button says and tell it; False if there is more to say first."""
    act = request.POST.get("act", "add")
    try:
        done = _add if act == "add" else _change_one
        if not (words := done(request, person, form)):
            return False
        messages.success(request, words)
    except (Person.DoesNotExist, ContactPoint.DoesNotExist) as gone:
        raise Http404 from gone
    except ValidationError as refused:
        if act == "add":
            form.add_error("address", refused)
            return False
        messages.error(request, refused.messages[0])
    return True


def _add(request: Request, person: Person, form: ContactForm) -> str:
    if not form.is_valid():
        return ""
    given = form.cleaned_data
    add_contact(
        request.user,
        person,
        given["channel"],
        given["address"],
        is_verified=given["is_verified"],
    )
    return _("The number or e-mail is entered.")


def _change_one(request: Request, person: Person, form: ContactForm) -> str:
    act, typed = request.POST.get("act", ""), request.POST.get("contact", "")
    # Nothing longer is a number of a row; databases refuse what is too great.
    is_number = typed.isascii() and typed.isdigit() and len(typed) < 16
    contacts = person.contact_points.filter(channel__in=OFFERED)
    contact = get_object_or_404(contacts, pk=int(typed) if is_number else 0)
    if act == "remove":
        remove_contact(request.user, contact)
        return _("The number or e-mail is removed.")
    if act in {"verify", "unverify"}:
        verify_contact(request.user, contact, is_on=act == "verify")
        return _("What you changed is stored.")
    if act in {"block", "unblock"}:
        block_contact(request.user, contact, is_on=act == "block")
        return _("What you changed is stored.")
    raise Http404
