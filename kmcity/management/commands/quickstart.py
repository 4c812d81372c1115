import os
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand

from kmcity import quickstart
from kmcity import quickstart_texts as texts
from kmcity.quickstart import Trouble
from kmcity.settings import BASE_DIR
from kmcity.supervisor import Stopped, Supervisor

ANSWER_WITHIN_SECONDS = 60


class Command(BaseCommand):
    help = (
        "Run kmcity on this machine: web server, worker and beat, with a sample "
        "province. Repeatable: data is kept. Ctrl-C ends everything."
    )
    # Nothing here touches the database: the children do, with their own settings.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--data",
            default=str(BASE_DIR / "data"),
            help="folder of database, mail, photos, accounts and keys (default: data)",
        )
        parser.add_argument(
            "--no-demo",
            action="store_false",
            dest="demo",
            help="only the places and one administrator, no sample province",
        )

    def handle(self, *, port: int, data: str, demo: bool, **options: Any) -> None:
        self.port, self.demo = port, demo
        # Names and letters lie there: for their owner only, whatever the folder is.
        before = os.umask(0o077)
        try:
            self.data = quickstart.data_path(str(data))
            quickstart.check_port(port)
            with quickstart.data_folder(self.data):
                self._run()
        except Trouble as trouble:
            self.stderr.write(str(trouble))
            sys.exit(1)
        finally:
            os.umask(before)

    def _run(self) -> None:
        env = quickstart.environment(self.data, self.port)
        supervisor = Supervisor(env, BASE_DIR, self._say_restart)
        with supervisor.listening():
            try:
                self._set_up(supervisor)
                self._start(supervisor)
                self._say_running()
                supervisor.watch()
            except Stopped:
                self._say(texts.STOPPING)
            finally:
                supervisor.stop()
        self._say(texts.STOPPED)

    def _set_up(self, supervisor: Supervisor) -> None:
        log = quickstart.log_file(self.data, "set-up")
        for title, command in quickstart.steps(self.data, demo=self.demo).items():
            with self._timed(title):
                failed = supervisor.run(command, log)
            if failed:
                tail = quickstart.tail(log)
                raise Trouble(texts.STEP_FAILED.format(step=title, log=log, tail=tail))

    def _start(self, supervisor: Supervisor) -> None:
        for name, command in quickstart.programs(self.data, self.port).items():
            supervisor.keep(name, command, quickstart.log_file(self.data, name))
        page = partial(quickstart.answers, self.port)
        with self._timed(texts.STEP_START):
            answered = supervisor.wait_until(page, ANSWER_WITHIN_SECONDS)
        if not answered:
            log = quickstart.log_file(self.data, "web")
            tail = quickstart.tail(log)
            raise Trouble(texts.NO_ANSWER.format(log=log, tail=tail))

    @contextmanager
    def _timed(self, title: str) -> Iterator[None]:
        """Say *title*, then the seconds that the block took."""
        started_at = time.monotonic()
        self._say(title, ending="")
        try:
            yield
        finally:
            seconds = time.monotonic() - started_at
            self._say(texts.SECONDS.format(seconds=seconds))

    def _say_running(self) -> None:
        accounts = quickstart.accounts_table(self.data / "accounts.csv")
        title = texts.SAMPLE_ACCOUNTS if self.demo else texts.ADMIN_ACCOUNT
        mail, logs = self.data / "mail", self.data / "logs"
        where = {"port": self.port, "data": self.data, "mail": mail, "logs": logs}
        self._say(texts.RUNNING.format(title=title, accounts=accounts, **where))

    def _say_restart(self, name: str, exit_code: int, seconds: float) -> None:
        log = quickstart.log_file(self.data, name)
        told = {"name": name, "exit_code": exit_code, "seconds": seconds, "log": log}
        self._say(texts.RESTART.format(**told))

    def _say(self, text: str, ending: str = "\n") -> None:
        self.stdout.write(text, ending=ending)
        self.stdout.flush()
