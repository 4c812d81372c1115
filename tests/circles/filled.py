"""What a browser without JavaScript would send back of a form on a page."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse


class _Form(HTMLParser):
    """Collects the fields of the form with one id: names and values as they stand."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id, self.inside, self.dead = form_id, False, 0
        self.fields: dict[str, list[str]] = {}
        self.text: str | None = None
        self.select: str | None = None

    def handle_starttag(self, tag: str, attrs: list) -> None:
        given = dict(attrs)
        if tag == "form":
            self.inside = given.get("id") == self.form_id
        if tag == "template":
            self.dead += 1
        if not self.inside or self.dead:
            return
        name = given.get("name")
        match tag:
            case "input" if name and given.get("type") in {"checkbox", "radio"}:
                if "checked" in given:
                    self._add(name, given.get("value", "on"))
            case "input" if name:
                self._add(name, given.get("value") or "")
            case "textarea":
                self.text = name
                self._add(name, "")
            case "select":
                self.select = name
            case "option" if self.select and "selected" in given:
                self.fields[self.select] = [given.get("value") or ""]

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "form":
                self.inside = False
            case "template":
                self.dead -= 1
            case "textarea":
                self.text = None
            case "select":
                self.select = None

    def handle_data(self, data: str) -> None:
        if self.text:
            values = self.fields[self.text]
            # The first line end after the tag is no part of the text.
            values[-1] += data if values[-1] else data.removeprefix("\n")

    def _add(self, name: str, value: str) -> None:
        self.fields.setdefault(name, []).append(value)


def fields(response: HttpResponse, form_id: str) -> dict[str, Any]:
    """Return the fields of the form as it stands on the page of *response*."""
    form = _Form(form_id)
    form.feed(response.content.decode())
    assert form.fields, f"no form #{form_id} on this page ({response.status_code})"
    del form.fields["csrfmiddlewaretoken"]
    return {
        name: values[0] if len(values) == 1 else values
        for name, values in form.fields.items()
    }
