"""A post office without a world behind it."""

from __future__ import annotations

from unittest import mock

import pytest

from milestones.channels import CHANNELS
from tests.factories import NoticeFactory


class Post:
    """A channel that remembers; ``trouble[address]`` is what it meets there."""

    def __init__(self):
        self.sent, self.opened, self.closed, self.trouble = [], 0, 0, {}

    def __call__(self):
        self.opened += 1
        return self

    def send(self, letter):
        trouble = self.trouble.get(letter.contact.address)
        if callable(trouble):
            trouble = trouble()
        if trouble:
            raise trouble
        self.sent.append(letter.contact.address)

    def close(self):
        self.closed += 1


@pytest.fixture
def post():
    office = Post()
    with mock.patch.dict(CHANNELS, email=office):
        yield office


@pytest.fixture
def notice(db):
    return NoticeFactory(contact__address="nok@example.org")
