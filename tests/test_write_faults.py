"""Faults while a site is written: killed at every step, a full disk, two builds at once, files that vanish.

After each the last good site is whole, the next build makes exactly the site of a clean one, no file of
somebody else is touched, and nothing temporary stays.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from forking import in_child

from sitegen.disk import is_folder
from sitegen.errors import BuildError
from sitegen.lock import locked
from sitegen.manifest import read_manifest, read_sealed
from sitegen.model import Artifact
from sitegen.switch import JOURNAL
from sitegen.write import write

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills forked processes, as POSIX has them")


@pytest.fixture(autouse=True)
def no_wait_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test pulls the plug; hundreds of builds would wait for nothing."""
    monkeypatch.setattr(os, "fsync", do_not_wait)


def do_not_wait(handle: int) -> None:
    """Take the place of `os.fsync`."""


Files = dict[str, bytes]
OLD: Files = {
    "index.html": b"old home",
    "about": b"a file that becomes a folder",
    "themes/index.html": b"a folder that becomes a file",
    "themes/a/b/index.html": b"deep",
    "papers/gone/index.html": b"gone",
    "papers/same/index.html": b"same",
    "feed.xml": b"<old/>",
}
NEW: Files = {
    "index.html": b"new home, and longer",
    "about/index.html": b"about",
    "themes": b"file",
    "papers/same/index.html": b"same",
    "papers/new/index.html": b"new",
    "feed.xml": b"<new/>",
}
OTHER: Files = {"index.html": b"other", "papers/new/index.html": b"new", "about": b"a file once more"}
FOREIGN = "papers/gone/notes.txt"
STEPS = ("open", "write", "fsync", "chmod", "mkdir", "replace", "unlink", "rmdir")
"""Every call by which a build changes the disk."""


def build(out: Path, files: Files, notify: Callable[[str], None] = pytest.fail) -> None:
    ranks = {"css": 0, "xml": 3}
    artifacts = (Artifact(path, data, ranks.get(path[-3:], 1)) for path, data in files.items())
    with locked(out, notify):
        write(artifacts, out, read_manifest(out))


def live(out: Path) -> Files:
    inside = ((path.relative_to(out).as_posix(), path) for path in out.rglob("*") if path.is_file())
    return {name: path.read_bytes() for name, path in inside if not name.startswith(".sitegen/")}


AT_REST = ["lock", "manifest", "marker"]


def state(out: Path) -> list[str]:
    return sorted(os.listdir(out / ".sitegen"))


def assert_at_rest(out: Path) -> None:
    assert state(out) == AT_REST
    assert all(any(path.iterdir()) for path in out.rglob("*") if path.is_dir()), "an empty folder is left"


def at_step(number: int, fault: Callable[[], None]) -> Iterator[str]:
    """Patch `os` so that the fault happens before the step of that number; a write is done by half first."""
    left = number

    def wrap(name: str) -> None:
        real = getattr(os, name)

        def step(*args: object, **options: object) -> object:
            nonlocal left
            left -= 1
            if left == 0:
                if name == "write":
                    handle, data = args
                    real(handle, bytes(data)[: len(bytes(data)) // 2])  # type: ignore[call-overload]
                fault()
            return real(*args, **options)

        setattr(os, name, step)

    for name in STEPS:
        wrap(name)
        yield name


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def build_and_die(out: Path, files: Files, number: int) -> bool:
    """Build in a child that is killed before a step; tell whether it was, or came to its end."""
    status = in_child(_build_until, number, out, files)
    assert status in (0, signal.SIGKILL), "the build failed by itself"
    return status == signal.SIGKILL


def _build_until(number: int, out: Path, files: Files) -> None:
    os.fsync = do_not_wait
    tuple(at_step(number, die))
    build(out, files)


def copy_if_there(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target)


def every_kill(tmp_path: Path, files: Files, prepare: Callable[[Path], object]) -> Iterator[Path]:
    """Yield a prepared folder after a build into it was killed, once for each step there is."""
    prepare(tmp_path / "prepared")
    number, killed = 0, True
    while killed:
        number += 1
        out = tmp_path / str(number)
        copy_if_there(tmp_path / "prepared", out)
        killed = build_and_die(out, files, number)
        yield out
    assert number > 15, "the steps were counted"


# --------------------------------------------------------------------------- killed


def prepare_old(out: Path) -> None:
    build(out, OLD)
    (out / FOREIGN).write_bytes(b"mine")


@pytest.mark.parametrize(
    "following", [NEW, OLD, OTHER], ids=["same build again", "back to the old", "a third"]
)
def test_a_build_killed_at_any_step_is_healed_by_the_next(tmp_path: Path, following: Files) -> None:
    for out in every_kill(tmp_path, NEW, prepare_old):
        found = live(out)
        assert found.pop(FOREIGN) == b"mine"
        assert all(data in (OLD.get(path), NEW.get(path)) for path, data in found.items()), "a file is half"
        if read_sealed(str(out), JOURNAL) is None:
            assert found in (OLD, NEW), "a live file changed before the switch was sure to end"
        build(out, following)
        assert live(out) == following | {FOREIGN: b"mine"}
        assert_at_rest(out)


def test_a_first_build_killed_at_any_step_is_healed_by_the_next(tmp_path: Path) -> None:
    for out in every_kill(tmp_path, NEW, lambda out: None):
        build(out, OTHER)
        assert live(out) == OTHER
        assert_at_rest(out)


def test_a_build_without_manifest_killed_at_any_step_is_healed_by_the_next(tmp_path: Path) -> None:
    first = {"index.html": b"1", "feed.xml": b"same", "foreign.html": b"mine"}
    second = {"index.html": b"2", "feed.xml": b"same", "new.html": b"2"}
    third = {"index.html": b"3", "feed.xml": b"other", "new.html": b"3"}

    def prepare(out: Path) -> None:
        build(out, first)
        (out / ".sitegen" / "manifest").unlink()

    for out in every_kill(tmp_path, second, prepare):
        build(out, third)
        assert live(out) == third | {"foreign.html": b"mine"}
        assert_at_rest(out)


def kill_in_the_switch(out: Path) -> None:
    """Leave a journal, and staged files that are still to be moved."""
    prepare_old(out)
    assert in_child(_build_until_moved, out, "about/index.html") == signal.SIGKILL
    assert (out / JOURNAL).is_file()
    assert list((out / ".sitegen" / "staging").iterdir())


def _build_until_moved(out: Path, last: str) -> None:
    os.fsync = do_not_wait
    real = os.replace

    def replace(source: str, target: str) -> None:
        real(source, target)
        if target == f"{out}/{last}":
            die()

    os.replace = replace  # type: ignore[assignment]
    build(out, NEW)


def test_the_build_that_heals_may_be_killed_too(tmp_path: Path) -> None:
    for out in every_kill(tmp_path, NEW, kill_in_the_switch):
        build(out, NEW)
        assert live(out) == NEW | {FOREIGN: b"mine"}
        assert_at_rest(out)


@pytest.mark.parametrize("name", ["journal", "manifest"])
@pytest.mark.parametrize("damage", [lambda data: data[:-5], lambda data: b"", lambda data: data + b"x\n"])
def test_records_damaged_after_a_kill_lose_no_file(
    tmp_path: Path, name: str, damage: Callable[[bytes], bytes]
) -> None:
    out = tmp_path / "public"
    kill_in_the_switch(out)
    record = out / ".sitegen" / name
    record.write_bytes(damage(record.read_bytes()))
    third = NEW | {"about/index.html": b"not what was moved", "papers/same/index.html": b"the same no more"}
    build(out, third)
    assert third.items() <= live(out).items()
    assert live(out)[FOREIGN] == b"mine"
    assert_at_rest(out)


def test_a_staged_file_damaged_after_a_kill_never_goes_live(tmp_path: Path) -> None:
    out = tmp_path / "public"
    kill_in_the_switch(out)
    for staged in (out / ".sitegen" / "staging").iterdir():
        staged.write_bytes(b"")
    with locked(out, pytest.fail):
        assert b"" not in live(out).values()
    build(out, NEW)
    assert live(out) == NEW | {FOREIGN: b"mine"}


def test_a_journal_that_leads_out_of_the_folder_is_not_carried_out(tmp_path: Path) -> None:
    from sitegen.manifest import write_sealed

    out, outside = tmp_path / "public", tmp_path / "precious.txt"
    outside.write_bytes(b"mine")
    build(out, OLD)
    for line in (
        "remove - - ../precious.txt",
        "remove",
        "move 1 0 /etc/x",
        "move ../../precious.txt - index.html",
    ):
        write_sealed(str(out), JOURNAL, [line])
        build(out, OLD)
        assert outside.read_bytes() == b"mine"
        assert live(out) == OLD
        assert_at_rest(out)


# --------------------------------------------------------------------------- the disk refuses


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES])
def test_a_disk_that_refuses_any_step_is_a_problem_and_the_next_build_heals(
    tmp_path: Path, code: int
) -> None:
    prepare_old(tmp_path / "prepared")
    number, status = 0, 1
    while status:
        number += 1
        out = tmp_path / str(number)
        copy_if_there(tmp_path / "prepared", out)
        status = os.waitstatus_to_exitcode(in_child(build_refused, out, number, code))
        assert status in (0, REFUSED, NO_MATTER)
        if not os.path.lexists(out / JOURNAL):
            assert live(out) in (OLD | {FOREIGN: b"mine"}, NEW | {FOREIGN: b"mine"})
        build(out, NEW)
        assert live(out) == NEW | {FOREIGN: b"mine"}
        assert state(out) == AT_REST
    assert number > 15, "the steps were counted"


REFUSED, NO_MATTER = 3, 4


def build_refused(out: Path, number: int, code: int) -> None:
    """Build while a step is refused; exit by what came of it, with 0 if there were not that many steps."""
    happened = 0
    os.fsync = do_not_wait

    def fault() -> None:
        nonlocal happened
        happened = NO_MATTER
        raise OSError(code, os.strerror(code))

    tuple(at_step(number, fault))
    try:
        build(out, NEW)
    except BuildError as error:
        os._exit(REFUSED if os.strerror(code).lower() in str(error) else 1)
    os._exit(happened)


def test_a_disk_that_fills_up_while_staging_keeps_the_site_and_no_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "public"
    build(out, OLD)
    real, left = os.write, 3

    def full(handle: int, data: bytes) -> int:
        nonlocal left
        left -= 1
        if left == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(handle, data)

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(BuildError) as caught:
            build(out, NEW)
    assert str(caught.value) == (
        f"{out}: this folder cannot be written: no space left on device.\n"
        "  Free some space there, then build again."
    )
    assert live(out) == OLD
    assert_at_rest(out)


def test_a_short_write_is_carried_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: real(handle, data[:3]))
    build(tmp_path, OLD)
    assert live(tmp_path) == OLD


def test_a_folder_that_refuses_is_found_before_the_switch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(tmp_path, OLD)
    with monkeypatch.context() as patch:
        patch.setattr(os, "access", lambda path, _: not path.endswith("papers"))
        with pytest.raises(BuildError) as caught:
            build(tmp_path, NEW)
    assert str(caught.value).startswith(f"{tmp_path}/papers: this path cannot be written: permission denied.")
    assert live(tmp_path) == OLD
    assert_at_rest(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
@pytest.mark.parametrize("name", ["", "papers", "papers/gone", ".sitegen"])
def test_a_read_only_folder_keeps_the_last_good_site(tmp_path: Path, name: str) -> None:
    out = tmp_path / "public"
    build(out, OLD)
    (out / name).chmod(0o555)
    try:
        with pytest.raises(BuildError, match="permission denied"):
            build(out, NEW)
        assert live(out) == OLD
    finally:
        (out / name).chmod(0o755)
    build(out, NEW)
    assert live(out) == NEW


def test_a_switch_that_is_refused_says_who_will_finish_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(tmp_path, OLD)
    real = os.replace

    def busy(source: str, target: str) -> None:
        if target.endswith("feed.xml"):
            raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), source, None, target)
        real(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", busy)
        with pytest.raises(BuildError) as caught:
            build(tmp_path, NEW)
    assert f"{tmp_path}/feed.xml: this path cannot be written: device or resource busy." in str(caught.value)
    assert str(caught.value).endswith("The next build finishes what this one began.")
    with locked(tmp_path, pytest.fail):
        assert live(tmp_path) == NEW
        assert_at_rest(tmp_path)


# --------------------------------------------------------------------------- files that vanish


def test_a_live_file_that_vanishes_while_it_is_compared_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(tmp_path, OLD)
    real = os.lstat

    def vanish(path: str, **options: int) -> os.stat_result:
        status = real(path, **options)
        if str(path).endswith("/feed.xml"):
            os.unlink(path)
        return status

    with monkeypatch.context() as patch:
        patch.setattr("sitegen.write.os.lstat", vanish)
        build(tmp_path, OLD)
    assert live(tmp_path) == OLD


def test_a_file_of_others_that_appears_late_stops_the_switch_until_it_is_gone(tmp_path: Path) -> None:
    build(tmp_path, {"about/index.html": b"page"})
    late = tmp_path / "about" / "late.txt"

    def artifacts() -> Iterator[Artifact]:
        yield Artifact("about", b"file", 0)
        late.write_bytes(b"mine")

    refusal = "about: this path cannot be written: directory not empty"
    with pytest.raises(BuildError, match=refusal), locked(tmp_path, pytest.fail):
        write(artifacts(), tmp_path, read_manifest(tmp_path))
    assert late.read_bytes() == b"mine"
    late.unlink()
    build(tmp_path, {"about": b"file"})
    assert live(tmp_path) == {"about": b"file"}
    assert_at_rest(tmp_path)


def test_an_output_folder_that_vanishes_is_a_problem(tmp_path: Path) -> None:
    out = tmp_path / "public"

    def artifacts() -> Iterator[Artifact]:
        yield Artifact("a", b"a", 0)
        shutil.rmtree(out)
        yield Artifact("b", b"b", 0)

    with pytest.raises(BuildError, match="no such file or directory"), locked(out, pytest.fail):
        write(artifacts(), out, read_manifest(out))
    build(out, OLD)
    assert live(out) == OLD


# --------------------------------------------------------------------------- two builds at once


class Rival:
    """Another process that holds the lock of a folder until it is told to go on."""

    def __init__(self, out: Path, leave: Callable[[], None] = lambda: None) -> None:
        ready, self._go = os.pipe(), os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            with locked(out, pytest.fail):
                os.write(ready[1], b".")
                leave()
                os.close(self._go[1])
                os.read(self._go[0], 1)
                write([Artifact("rival.html", b"rival", 1)], out, read_manifest(out))
            os._exit(0)
        assert os.read(ready[0], 1) == b"."

    def go_on(self) -> None:
        os.write(self._go[1], b".")


def test_the_second_build_says_that_it_waits_and_waits(tmp_path: Path) -> None:
    rival, said = Rival(tmp_path), []

    def notify(sentence: str) -> None:
        said.append(sentence)
        assert live(tmp_path) == {}
        rival.go_on()

    build(tmp_path, OLD, notify)
    assert said == [f"Another build is writing to {tmp_path}/; waiting for it."]
    assert os.waitpid(rival.pid, 0)[1] == 0
    assert live(tmp_path) == OLD, "the second build knew what the first wrote, and removed it"
    assert_at_rest(tmp_path)


def test_a_killed_build_holds_no_lock_even_if_its_workers_live(tmp_path: Path) -> None:
    worker_ends = os.pipe()

    def fork_a_worker() -> None:
        if os.fork() == 0:
            os.close(worker_ends[1])
            os.read(worker_ends[0], 1)
            os._exit(0)

    rival = Rival(tmp_path, fork_a_worker)
    os.kill(rival.pid, signal.SIGKILL)
    os.waitpid(rival.pid, 0)
    try:
        build(tmp_path, OLD)
    finally:
        os.close(worker_ends[1])
    assert live(tmp_path) == OLD


def try_to_lock(out: Path) -> None:
    import fcntl

    fcntl.lockf(os.open(out / ".sitegen" / "lock", os.O_RDWR), fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_a_folder_removed_while_we_wait_is_locked_anew(tmp_path: Path) -> None:
    out = tmp_path / "public"
    rival = Rival(out)

    def notify(_: str) -> None:
        shutil.rmtree(out)
        os.kill(rival.pid, signal.SIGKILL)

    with locked(out, notify):
        assert is_folder(f"{out}/.sitegen")

        assert in_child(try_to_lock, out) != 0
    os.waitpid(rival.pid, 0)


def test_two_threads_of_one_process_take_turns(tmp_path: Path) -> None:
    waiting, said = threading.Event(), []

    def second() -> None:
        build(tmp_path, NEW, lambda sentence: (said.append(sentence), waiting.set()))  # type: ignore[arg-type]

    with locked(tmp_path, pytest.fail):
        thread = threading.Thread(target=second)
        thread.start()
        assert waiting.wait(10)
        write([Artifact("index.html", b"first", 1)], tmp_path, read_manifest(tmp_path))
        assert live(tmp_path) == {"index.html": b"first"}
    thread.join(10)
    assert len(said) == 1
    assert live(tmp_path) == NEW


@pytest.mark.parametrize("moment", range(12))
def test_two_first_builds_that_start_together_both_succeed(tmp_path: Path, moment: int) -> None:
    def quiet(_: str) -> None:
        return

    children = []
    for files in (OLD, NEW):
        children.append(os.fork())
        if children[-1] == 0:
            try:
                build(tmp_path / "public", files, quiet)
                os._exit(0)
            finally:
                os._exit(1)
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]
    assert live(tmp_path / "public") in (OLD, NEW)
    assert_at_rest(tmp_path / "public")
