"""`mlpdash` without a command: the flags of the dashboard, and what is wrong with them."""

import os
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlpdash.cli.main import main
from tests.serving import Server, wait_until


@pytest.fixture
def taken() -> Iterator[str]:
    """A port on which somebody else listens."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield str(other.getsockname()[1])


def a_mistake(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Run the command and return the one sentence that it must end with."""
    assert main(words) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    return said.err


@pytest.mark.parametrize("port", ["0", "65536", "-1", "8501.5", "http", "", "\u0968"])
def test_a_port_must_be_a_number_that_there_is(
    port: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "1 to 65535" in a_mistake(capsys, f"--port={port}")


def test_a_port_in_use_is_one_sentence(taken: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = a_mistake(capsys, "--no-browser", "--port", taken)
    assert said.startswith(f"port {taken} is not available on localhost: ")


def test_an_address_of_another_machine_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    for address in ("192.0.2.1", "2001:db8::1", "no such host"):
        assert f'"{address}"' in a_mistake(capsys, "--no-browser", "--address", address)


def test_the_flags_of_the_dashboard_are_refused_with_a_command(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for flags in (["--port", "8600"], ["--address", "localhost"], ["--no-browser"]):
        assert '"datasets"' in a_mistake(capsys, *flags, "datasets")


def test_the_help_shows_both_uses_on_one_screen(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit):
        main(["--help"])
    text = capsys.readouterr().out
    assert text.count("\n") <= 30
    for words in ("mlpdash [--port N]", "mlpdash COMMAND", "--no-browser", "train", "export"):
        assert words in text


@pytest.mark.parametrize("name", ["mlpdash", "python -m mlpdash"])
def test_messages_name_the_command_as_it_was_called(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "--frobnicate"], name) == 2
    assert f'"{name} --help"' in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["train", "--help"], name)
    assert capsys.readouterr().out.startswith(f"usage: {name} train [")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the browser is opened by xdg-open")
@pytest.mark.parametrize("flags", [(), ("--no-browser",)])
def test_the_page_is_opened_in_the_browser_unless_told_otherwise(
    flags: tuple[str, ...], tmp_path: Path
) -> None:
    opened = tmp_path / "opened"
    program = tmp_path / "xdg-open"
    program.write_text(f'#!/bin/sh\necho "$1" >>"{opened}"\n', encoding="utf-8")
    program.chmod(0o700)
    command = (sys.executable, "-m", "mlpdash", *flags, "--port")
    path = os.pathsep.join((str(tmp_path), os.environ["PATH"]))
    server = Server(tmp_path / "home", command, PATH=path, DISPLAY=":99").start()
    try:
        if not flags:
            wait_until(opened.exists, "the page is opened")
            assert opened.read_text().split() == [f"http://localhost:{server.port}"]
    finally:
        server.stop(signal.SIGINT)
    assert opened.exists() == (not flags)
    assert server.process.returncode == 0
