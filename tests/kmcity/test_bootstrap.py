import ast
import hashlib
import os
import signal
import sys
import zipfile
from pathlib import Path

import pytest

from kmcity import bootstrap

CHECKOUT = Path(bootstrap.__file__).parent.parent


class Became(Exception):
    """Stands for the program that would have replaced this one."""


def execv(program, command):
    raise Became(*command)


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout whose requirement is one wheel that lies beside it."""
    root = tmp_path / "checkout"
    root.mkdir()
    monkeypatch.setattr(bootstrap, "ROOT", str(root))
    monkeypatch.setattr(os, "execv", execv)
    monkeypatch.setattr(sys, "executable", os.path.realpath(sys.executable))
    monkeypatch.setattr(sys, "argv", ["manage.py", "check"])
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    require(root, digest_of_wheel(tmp_path))
    return root


def digest_of_wheel(folder):
    wheel = folder / "hamlet-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("hamlet.py", "")
        about = "hamlet-1.0.dist-info"
        archive.writestr(f"{about}/METADATA", "Name: hamlet\nVersion: 1.0\n")
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\n")
        archive.writestr(f"{about}/RECORD", "hamlet.py,,\n")
    return hashlib.sha256(wheel.read_bytes()).hexdigest()


def require(root, digest):
    text = f"hamlet==1.0 \\\n    --hash=sha256:{digest}\n"
    (root / "requirements.txt").write_text(text)
    (root / "requirements-dev.txt").write_text(f"# for developers\n{text}")


def program(folder, name, script):
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return str(file)


def become(arguments):
    with pytest.raises(Became) as caught:
        bootstrap.prepare(arguments)
    return list(caught.value.args)


def refuse(arguments):
    """Return what is said by one that gives up, or its exit code."""
    with pytest.raises(SystemExit) as caught:
        bootstrap.prepare(arguments)
    return caught.value.code


@pytest.mark.parametrize("name", ["manage.py", *CHECKOUT.glob("kmcity/boot*.py")])
def test_an_old_python_can_read_what_tells_it_that_it_is_old(name):
    ast.parse((CHECKOUT / name).read_text(), feature_version=(3, 6))


def test_a_bare_machine_gets_an_environment_and_goes_on_in_it(checkout, capsys):
    command = become(["check"])

    python = str(checkout / ".venv" / "bin" / "python")
    assert command == [python, str(checkout / "manage.py"), "check"]
    assert bootstrap.version([python]) == sys.version_info[:2]
    assert list(checkout.glob(".venv/lib/*/site-packages/hamlet.py"))
    assert "The environment is ready" in capsys.readouterr().out


def test_tests_need_the_developers_requirements_too(checkout, capsys):
    become(["check"])
    become(["test"])
    assert capsys.readouterr().out.count("Preparing") == 2

    become(["check"])
    assert capsys.readouterr().out == ""


def test_changed_requirements_are_installed(checkout, tmp_path, capsys):
    become(["check"])
    capsys.readouterr()
    (checkout / "requirements-dev.txt").replace(checkout / "requirements.txt")

    become(["check"])

    assert "Preparing" in capsys.readouterr().out


@pytest.mark.parametrize("interrupted", ["clearing", "installing"])
def test_half_an_environment_is_made_anew(checkout, interrupted):
    become(["check"])
    (half_written := checkout / ".venv" / "half-written").touch()
    if interrupted == "clearing":
        # What is left of it would install into the Python that it was made from.
        (checkout / ".venv" / "pyvenv.cfg").unlink()
    bootstrap.write_stamp([bootstrap.UNFINISHED] * (interrupted == "installing"))

    become(["check"])

    assert not half_written.exists()
    assert bootstrap.is_ready("requirements.txt")


def test_an_environment_made_by_hand_is_taken_as_it_is(checkout, capsys):
    become(["check"])
    capsys.readouterr()
    Path(bootstrap.venv(bootstrap.STAMP)).unlink()

    become(["check"])

    assert capsys.readouterr().out == ""


def test_a_complete_interpreter_needs_no_environment(checkout, tmp_path, monkeypatch):
    other, same = tmp_path / "Hamlet-0.9.dist-info", tmp_path / "Hamlet-1.0.dist-info"
    monkeypatch.syspath_prepend(tmp_path)

    other.mkdir()
    assert not bootstrap.has_pins(sys.path, "requirements.txt")

    other.rename(same)
    bootstrap.prepare(["check"])
    assert not (checkout / ".venv").exists()


def test_a_stale_environment_is_left_to_the_python_that_made_it(checkout, monkeypatch):
    become(["check"])
    bootstrap.write_stamp(["of an older lock file"])
    monkeypatch.setattr(sys, "prefix", bootstrap.venv())

    assert become(["check"])[0] == sys._base_executable


@pytest.mark.parametrize("coverage", [[], ["-m", "coverage", "run"]])
def test_test_becomes_pytest(checkout, monkeypatch, coverage):
    become(["test"])
    monkeypatch.setattr(sys, "prefix", bootstrap.venv())
    monkeypatch.setenv("COVERAGE", "1" if coverage else "")

    command = become(["test", "-k", "thai"])

    assert command == [sys.executable, *coverage, "-m", "pytest", "-k", "thai"]


def test_a_python_that_is_too_old_looks_for_a_newer_one(
    checkout, tmp_path, monkeypatch
):
    program(tmp_path, "python3.13", "exit 127")  # a pyenv shim without its version
    newer = program(tmp_path, "python3.12", "echo Python 3.12.9")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setattr(bootstrap, "NEWER", ["python3.13", "python3.12"])
    monkeypatch.setattr(sys, "version_info", (3, 11, 2))

    assert become(["check"])[0] == newer


def test_without_a_newer_one_it_says_so(checkout, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "version_info", (3, 11, 2))

    said = refuse(["check"])

    assert "ต้องใช้ Python 3.12 ขึ้นไป" in said
    assert "kmcity needs Python 3.12 or later" in said


@pytest.mark.parametrize("script", ["exit 1", "echo pip 22.2 from /somewhere"])
def test_without_a_usable_pip_it_says_so(
    checkout, tmp_path, monkeypatch, capsys, script
):
    monkeypatch.setattr(sys, "executable", program(tmp_path, "python", script))

    said = refuse(["check"])

    assert "has no pip, or one older than 22.3" in said


def test_what_pip_cannot_install_is_told_with_pips_words(checkout, capsys):
    require(checkout, "0" * 64)

    said = refuse(["check"])

    assert "DO NOT MATCH THE HASHES" in said
    assert "Check the network" in said
    assert not bootstrap.is_ready("requirements.txt")


def test_a_folder_that_cannot_be_written_is_told(checkout, capsys):
    Path(bootstrap.venv()).mkdir()
    Path(bootstrap.venv(bootstrap.STAMP)).mkdir()

    said = refuse(["check"])

    assert "the right to write" in said


@pytest.mark.parametrize("name", ["INT", "TERM"])
def test_stopping_it_leaves_no_process(checkout, tmp_path, monkeypatch, capsys, name):
    pid_file, heard = tmp_path / "pid", tmp_path / "heard"
    # Not before its line was heard and said.
    script = f"""
    test "$2 $3" = "pip --version" && echo pip 24.0 && exit
    echo $$ > {pid_file}
    echo Collecting hamlet==1.0
    until test -e {heard}; do sleep 0.01; done
    kill -{name} $PPID
    exec sleep 60"""
    say = bootstrap.say
    hear = lambda text: (say(text), "hamlet" in text and heard.touch())  # noqa: E731 -- shorter so
    monkeypatch.setattr(bootstrap, "say", hear)
    monkeypatch.setattr(sys, "executable", program(tmp_path, "python", script))

    assert refuse(["check"]) == bootstrap.CONTROL_C_EXIT

    said = capsys.readouterr().out
    assert "  hamlet\n" in said
    assert "Run it again to go on" in said
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid_file.read_text()), signal.SIG_DFL)


def test_a_console_without_thai_shows_question_marks(monkeypatch, tmp_path):
    with (tmp_path / "console").open("w+", encoding="ascii") as console:
        monkeypatch.setattr(sys, "stdout", console)

        bootstrap.say("หยุด stop")

        console.seek(0)
        assert console.read() == "???? stop\n"
