"""Children: what they are told and say, how they end, and what is said when they die."""

import os

import pytest

from mlpdash.runs.children import SAID_WHY, Child

SPEAKER = """
import os, sys

def main():
    print(os.environ.get("OMP_NUM_THREADS", "all"), flush=True)
    for line in sys.stdin:
        print(line.strip()[::-1], flush=True)
    raise SystemExit(int(sys.argv[1]))

main()
"""


@pytest.fixture
def child(tmp_path, monkeypatch):
    """Start a child that says each line backwards, and ends with a status of one's choice."""
    (tmp_path / "speaker.py").write_text(SPEAKER)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    started = []

    def start(status=0, **more):
        started.append(Child("speaker", str(status), **more))
        return started[-1]

    yield start
    for one in started:
        one.end()


@pytest.mark.parametrize(("one_thread", "threads"), [(True, b"1\n"), (False, b"all\n")])
def test_it_keeps_to_one_thread_if_told(child, one_thread, threads):
    assert child(one_thread=one_thread).answers.readline() == threads


def test_it_is_told_lines_and_answers_them(child):
    one = child()
    one.answers.readline()
    one.tell(b"abc\n")
    assert one.answers.readline() == b"cba\n"
    assert one.is_alive
    one.release()
    assert one.answers.read() == b""
    assert one.wait() == ""


def test_one_that_has_said_why_it_gives_up_needs_no_other_sentence(child):
    one = child(SAID_WHY)
    one.release()
    assert one.wait() == ""


@pytest.mark.parametrize("end", [lambda one: one.kill(), lambda one: one.release()])
def test_one_that_dies_gets_the_one_sentence(child, end):
    one = child(1)
    end(one)
    assert "server's log says why" in one.wait()


def test_end_leaves_no_process_and_may_come_twice(child):
    one = child()
    one.end()
    one.end()
    assert not one.is_alive
    with pytest.raises(ProcessLookupError):
        os.kill(one.pid, 0)


def test_what_is_told_to_one_that_has_ended_is_an_error_of_files(child):
    one = child()
    one.kill()
    one.wait()
    with pytest.raises(OSError, match="pipe"):
        one.tell(b"abc\n")
