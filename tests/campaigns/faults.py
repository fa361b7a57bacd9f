"""The campaign of faults: builds that are killed, refused, starved, raced and lied to, with counts.

After each fault the last good site must be whole, and the next build must make exactly the site of a
clean one (`ground.healed`). `python tests/campaign.py faults --size 200 --seed 1`.
"""

from __future__ import annotations

import errno
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import sitegen.processes
import sitegen.workers
from campaigns.ground import (
    EDITED,
    FOREIGN,
    Ended,
    Ground,
    Lost,
    begin,
    build,
    end,
    ground_folder,
    healed,
    names_below,
    prepare,
    start,
    whole,
    with_workers,
    without_foreign,
)
from sitegen.makers import Made

Fault = Callable[[Ground, random.Random], str]
"""Does one fault, heals it, and returns what became of the build; raises Lost for a broken promise."""

REFUSALS = (errno.EACCES, errno.ENOSPC, errno.EROFS, errno.EIO, errno.EMFILE, errno.EDQUOT)
NOBODY = 65534
EVENTS = ("open", "os.", "shutil.", "subprocess.Popen")
"""How the names of those audit events begin by which a build touches the world."""


@dataclass
class Counts:
    """What a campaign did."""

    tried: Counter[str] = field(default_factory=Counter)
    """Faults by name."""
    became: Counter[str] = field(default_factory=Counter)
    """What became of the builds, by fault and word."""
    broken: list[str] = field(default_factory=list)
    """Promises that were broken: fault, seed, and what was seen."""
    seconds: float = 0.0


# --------------------------------------------------------------------------- how a fault strikes


class Trap:
    """Strikes at the event of a number among those whose name and path are wanted, in this process."""

    def __init__(
        self, number: int, strike: Callable[[str], None], events: tuple[str, ...], below: Path
    ) -> None:
        self.left, self.strike, self.events, self.below = number, strike, events, os.fspath(below)

    def set(self) -> None:
        """Listen from now on; for as long as the process lives."""
        sys.addaudithook(self._heard)

    def _heard(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.left <= 0 or not event.startswith(self.events):
            return
        path = str(arguments[0]) if arguments else ""
        if event != "subprocess.Popen" and not path.startswith(self.below):
            return
        self.left -= 1
        if self.left == 0:
            self.strike(path)


def die(_: str = "") -> None:
    """End this process as `kill -9` does."""
    os.kill(os.getpid(), signal.SIGKILL)


def refuse(code: int) -> Callable[[str], None]:
    """Return a strike by which the operating system refuses a call."""

    def strike(path: str) -> None:
        raise OSError(code, os.strerror(code), path)

    return strike


def word(ended: Ended) -> str:
    """Return what became of a build; raise Lost where it ended in a traceback."""
    if "Traceback" in ended.said:
        raise Lost(f"a traceback:\n{ended.said[-1500:]}")
    names = {0: "built", 1: "refused", -signal.SIGKILL: "killed"}
    if ended.status not in names:
        raise Lost(f"the build ended with {ended.status}: {ended.said[-500:]}")
    return names[ended.status]


def jobs(chance: random.Random) -> tuple[str, str]:
    """Return the option for one process, or for two."""
    return "--jobs", chance.choice("12")


# --------------------------------------------------------------------------- killed


def killed_cold(ground: Ground, chance: random.Random) -> str:
    """Kill a first build at a random time."""
    start(ground, cold=True)
    return _killed_in_time(ground, chance, old={})


def killed_edited(ground: Ground, chance: random.Random) -> str:
    """Kill the build after an edit at a random time."""
    start(ground)
    return _killed_in_time(ground, chance, old=ground.old)


def _killed_in_time(ground: Ground, chance: random.Random, old: dict[str, bytes]) -> str:
    begun = begin(ground.root, *jobs(chance), before=with_workers)
    time.sleep(chance.uniform(0, ground.seconds))
    os.kill(begun[0], signal.SIGKILL)
    ended = word(end(*begun))
    whole(ground, old=old)
    healed(ground)
    return ended


def killed_at_step(ground: Ground, chance: random.Random) -> str:
    """Kill a build before a random call that reads or changes the project or its site."""
    is_cold = chance.random() < 0.3
    start(ground, cold=is_cold)
    return _killed_by(
        ground, Trap(chance.randrange(1, 700), die, EVENTS, ground.root), {} if is_cold else None
    )


def killed_in_switch(ground: Ground, chance: random.Random) -> str:
    """Kill a build before a random move or removal of a live file."""
    start(ground)
    return _killed_by(ground, Trap(chance.randrange(1, 140), die, ("os.rename", "os.remove"), ground.out))


def _killed_by(ground: Ground, trap: Trap, old: dict[str, bytes] | None = None) -> str:
    ended = word(build(ground.root, "--jobs", "1", before=trap.set))
    whole(ground, old=old)
    healed(ground)
    return ended


def killed_in_search(ground: Ground, chance: random.Random) -> str:
    """Kill a build a moment after the search indexer was started; that one may live a moment longer."""
    start(ground)
    told = os.pipe()

    def tell(_: str) -> None:
        os.write(told[1], b".")

    trap = Trap(1, tell, ("subprocess.Popen",), ground.root)
    begun = begin(ground.root, "--jobs", "1", before=trap.set)
    os.close(told[1])
    os.read(told[0], 1)
    os.close(told[0])
    time.sleep(chance.uniform(0, 0.05))
    os.kill(begun[0], signal.SIGKILL)
    ended = word(end(*begun))
    whole(ground)
    healed(ground)
    return ended


def killed_worker(ground: Ground, chance: random.Random) -> str:
    """Kill one of two workers, as the system does when memory runs out; the build must not need it."""
    start(ground, cold=chance.random() < 0.5)
    mother: list[int] = []
    number = chance.randrange(1, 40)

    def set_trap() -> None:
        import sitegen.makers

        with_workers()
        mother.append(os.getpid())
        real, left = sitegen.makers.output_path, [number]

        def deadly(url: str) -> str:
            left[0] -= os.getpid() != mother[0]
            if left[0] == 0:
                die()
            return real(url)

        sitegen.makers.output_path = deadly

    ended = build(ground.root, "--jobs", "2", before=set_trap)
    if word(ended) != "built" or without_foreign(ground) != ground.new:
        raise Lost(f"a worker's death was felt: {ended}")
    healed(ground)
    return "built"


def late_worker(ground: Ground, chance: random.Random) -> str:
    """Kill a build of which a worker lives on, and writes one more file while the next build is at work."""
    start(ground, cold=chance.random() < 0.5)
    number, late = chance.randrange(1, 40), chance.uniform(0, ground.seconds)

    def set_trap() -> None:
        with_workers()
        mother, real, left = os.getpid(), sitegen.workers._staged, [number]

        def outlive(made: Made, staging: str, place: int) -> Made:
            left[0] -= os.getpid() != mother
            if left[0] == 0:
                os.kill(mother, signal.SIGKILL)
                time.sleep(late)
                real(made, staging, place)
                die()
            return real(made, staging, place)

        sitegen.workers._staged = outlive
        sitegen.processes._end_with_the_build = bool

    begun = begin(ground.root, "--jobs", "2", before=set_trap)
    os.waitid(os.P_PID, begun[0], os.WEXITED | os.WNOWAIT)
    after = word(build(ground.root, *jobs(chance), before=with_workers))
    ended = word(end(*begun))
    if after != "built" or without_foreign(ground) != ground.new:
        raise Lost(f"the last file of a killed build was felt: {after}")
    healed(ground)
    return ended


def out_of_memory(ground: Ground, chance: random.Random) -> str:
    """Let a build have little memory. It may end as it can; the site may not be hurt."""
    start(ground)
    spare = chance.randrange(1 << 25)

    def limit() -> None:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most = pages * resource.getpagesize() + spare
        resource.setrlimit(resource.RLIMIT_AS, (most, most))

    ended = build(ground.root, "--jobs", "1", before=limit)
    whole(ground)
    healed(ground)
    return "built" if ended.status == 0 else "starved"


# --------------------------------------------------------------------------- the disk refuses


def full_at_write(ground: Ground, chance: random.Random) -> str:
    """Let the disk be full from a random write on."""
    start(ground)
    left = [chance.randrange(1, 150)]

    def fill() -> None:
        with_workers()
        real = os.write

        def write(handle: int, data: bytes) -> int:
            left[0] -= 1
            if left[0] <= 0 and handle > 2:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real(handle, data)

        os.write = write

    return _refused(ground, fill, *jobs(chance))


def full_in_worker(ground: Ground, chance: random.Random) -> str:
    """Let the disk be full for a worker alone, from a random write on, which is done by half."""
    start(ground, cold=chance.random() < 0.5)
    left = [chance.randrange(1, 40)]

    def fill() -> None:
        with_workers()
        mother, real = os.getpid(), os.write

        def write(handle: int, data: bytes) -> int:
            left[0] -= os.getpid() != mother
            if left[0] <= 0 and os.getpid() != mother:
                real(handle, bytes(data)[: len(data) // 2])
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real(handle, data)

        os.write = write

    ended = word(build(ground.root, "--jobs", "2", before=fill))
    if ended != "built" or without_foreign(ground) != ground.new:
        raise Lost(f"what a worker could not write was lost: {ended}")
    healed(ground)
    return ended


def full_for_large_files(ground: Ground, chance: random.Random) -> str:
    """Let no file grow beyond a random size; the indexer and the cache are struck too."""
    start(ground)
    most = chance.choice((0, 100, 4096, 20_000, 40_000, 60_000, 150_000)) + chance.randrange(100)
    return _refused(ground, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)))


def refused_call(ground: Ground, chance: random.Random) -> str:
    """Let the operating system refuse a random call in the project, for a random reason."""
    start(ground)
    code = chance.choice(REFUSALS)
    trap = Trap(chance.randrange(1, 700), refuse(code), EVENTS[:3], ground.root)
    return _refused(ground, trap.set)


def read_only(ground: Ground, chance: random.Random) -> str:
    """Take the right to read or write away from a folder or a file, and from us the rights of root."""
    start(ground)
    names = (
        "public",
        "public/papers",
        "public/.sitegen",
        "public/.sitegen/manifest",
        "public/index.html",
        ".",
    )
    names += ("content", "content/notes", "content/site.toml", "content/captures/2025-01-05.txt")
    path = ground.root / chance.choice(names)
    mode = chance.choice((0o555, 0o000)) if path.is_dir() else 0
    before = path.stat().st_mode
    path.chmod(mode)
    ended = word(build(ground.root, "--jobs", "1", before=_give_up_root(ground.root)))
    path.chmod(before)
    whole(ground)
    healed(ground)
    return ended


def _give_up_root(root: Path) -> Callable[[], object]:
    """Return what makes a process an ordinary user's, who owns the project; nothing where we are no root."""
    if os.geteuid() != 0:
        return bool
    for place, _, names in os.walk(root):
        for path in (place, *(f"{place}/{name}" for name in names)):
            os.chown(path, NOBODY, NOBODY)

    def become_nobody() -> None:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)

    return become_nobody


def full_disk(ground: Ground, chance: random.Random) -> str:
    """Build onto a file system of its own, which is too small; healed when it grows."""
    start(ground)
    aside = ground.folder / "aside"
    shutil.rmtree(aside, ignore_errors=True)
    ground.out.rename(aside)
    ground.out.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "none", ground.out], capture_output=True, check=False
    ).returncode:
        return "no right to mount"
    try:
        shutil.copytree(aside, ground.out, dirs_exist_ok=True)
        used = os.statvfs(ground.out)
        taken = (used.f_blocks - used.f_bfree) * used.f_frsize
        _resize(ground.out, taken + chance.randrange(4096, 1_500_000))
        ended = word(build(ground.root, *jobs(chance), before=with_workers))
        whole(ground)
        _resize(ground.out, 1 << 28)
        healed(ground)
        return ended
    finally:
        subprocess.run(["umount", ground.out], check=True)


def _resize(place: Path, size: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", place], check=True)


def _refused(ground: Ground, before: Callable[[], object], *options: str) -> str:
    ended = word(build(ground.root, *(options or ("--jobs", "1")), before=before))
    whole(ground)
    healed(ground)
    return ended


# --------------------------------------------------------------------------- the ground moves


def vanishing_source(ground: Ground, chance: random.Random) -> str:
    """Take a file away just before a build reads it; then bring it back."""
    start(ground)
    content = ground.root / "content"
    taken: Path = ground.folder / "taken"
    taken.unlink(missing_ok=True)
    (ground.folder / "name").unlink(missing_ok=True)

    def vanish(path: str) -> None:
        if os.path.isfile(path):
            (ground.folder / "name").write_text(path, encoding="utf-8")
            os.rename(path, taken)

    trap = Trap(chance.randrange(1, 60), vanish, ("open",), content)
    ended = word(build(ground.root, "--jobs", "1", before=trap.set))
    without_foreign(ground)
    if taken.exists():
        taken.rename((ground.folder / "name").read_text(encoding="utf-8"))
    healed(ground)
    return ended


def changing_source(ground: Ground, chance: random.Random) -> str:
    """Change a file just before a build reads it, from the old edit to the new one; keep its times."""
    start(ground)
    capture = ground.root / "content" / "captures" / "2025-01-05.txt"
    wanted, times = capture.read_bytes(), (10**18, 10**18)
    capture.write_bytes(wanted.replace(*reversed(EDITED)))
    os.utime(capture, ns=times)

    def change(_: str) -> None:
        capture.write_bytes(wanted)
        os.utime(capture, ns=times)

    trap = Trap(chance.randrange(1, 80), change, ("open",), ground.root / "content")
    ended = word(build(ground.root, "--jobs", "1", before=trap.set))
    change("")
    healed(ground)
    return ended


def vanishing_output(ground: Ground, chance: random.Random) -> str:
    """Remove live files while a build runs, and put others in the place of some."""
    start(ground)
    pages = [
        name for name in names_below(ground.out) if not name.startswith(".sitegen") and name not in FOREIGN
    ]

    def harm(_: str) -> None:
        for name in chance.sample(pages, 5):
            (ground.out / name).unlink(missing_ok=True)
            if chance.random() < 0.5 and (ground.out / name).parent.is_dir():
                (ground.out / name).write_bytes(b"strange")

    trap = Trap(chance.randrange(1, 500), harm, EVENTS[:3], ground.root)
    ended = word(build(ground.root, "--jobs", "1", before=trap.set))
    without_foreign(ground)
    healed(ground)
    return ended


def raced(ground: Ground, chance: random.Random) -> str:
    """Start two or three builds at about the same time, and kill one of them now and then."""
    start(ground, cold=chance.random() < 0.3)
    begun = []
    for _ in range(chance.choice((2, 2, 3))):
        begun.append(begin(ground.root, *jobs(chance), before=with_workers))
        time.sleep(chance.choice((0, 0, chance.uniform(0, 0.4))))
    victim = chance.choice((None, None, begun[0][0]))
    if victim:
        os.kill(victim, signal.SIGKILL)
    words = [word(end(*one)) for one in begun]
    if words.count("built") < len(words) - bool(victim) or without_foreign(ground) != ground.new:
        raise Lost(f"builds at once: {words}")
    healed(ground)
    return "built"


# --------------------------------------------------------------------------- records and clocks


DAMAGES: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "empty": lambda data, chance: b"",
    "truncated": lambda data, chance: data[: chance.randrange(len(data) + 1)],
    "flipped": lambda data, chance: _flipped(data, chance),
    "garbage": lambda data, chance: chance.randbytes(len(data) + 10),
    "older": lambda data, chance: data.replace(b" 1", b" 0", 1),
    "twice": lambda data, chance: data + data,
}


def damaged_record(ground: Ground, chance: random.Random) -> str:
    """Damage what builds remember, between two builds or after one was killed in its switch."""
    start(ground)
    if chance.random() < 0.4:
        trap = Trap(chance.randrange(1, 140), die, ("os.rename", "os.remove"), ground.out)
        build(ground.root, "--jobs", "1", before=trap.set)
    records = [path for path in ground.state.rglob("*") if path.is_file()]
    records += [path for path in (ground.root / ".sitegen-cache").rglob("*") if path.is_file()]
    for path in chance.sample(records, min(len(records), chance.choice((1, 1, 2, 20)))):
        kind = chance.choice((*DAMAGES, "gone", "folder", "link"))
        if path.name == "marker" and kind in ("gone", "folder", "link"):
            continue  # without it nothing says that the folder is ours: see below
        if path.name == "lock" and kind in ("folder", "link"):
            continue
        _damage(path, kind, chance)
    healed(ground, rest=ground.old)
    return "built"


def _damage(path: Path, kind: str, chance: random.Random) -> None:
    data = path.read_bytes()
    if kind in DAMAGES:
        path.write_bytes(DAMAGES[kind](data, chance))
        return
    path.unlink()
    if kind == "folder":
        path.mkdir()
    elif kind == "link":
        path.symlink_to("../papers/notes of mine.txt")


def _flipped(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 8)) if data else 0):
        changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def lost_marker(ground: Ground, chance: random.Random) -> str:
    """Take the marker away: the folder is refused and not touched until it is back."""
    start(ground)
    marker = ground.state / "marker"
    text = marker.read_bytes()
    marker.unlink()
    ended = word(build(ground.root, *jobs(chance)))
    if ended != "refused" or without_foreign(ground) != ground.old:
        raise Lost(f"a folder without marker was {ended}")
    marker.write_bytes(text)
    healed(ground)
    return ended


_CLOCK = """
#define _GNU_SOURCE
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include <sys/syscall.h>
static long offset(void) { static long o, known; if (!known) { struct timespec t;
  syscall(SYS_clock_gettime, CLOCK_REALTIME, &t); o = WHEN - t.tv_sec; known = 1; } return o; }
int clock_gettime(clockid_t id, struct timespec *t) { int r = syscall(SYS_clock_gettime, id, t);
  if (!r && id == CLOCK_REALTIME) t->tv_sec += offset(); return r; }
int gettimeofday(struct timeval *t, void *z) { struct timespec s; clock_gettime(CLOCK_REALTIME, &s);
  t->tv_sec = s.tv_sec; t->tv_usec = s.tv_nsec / 1000; return 0; }
time_t time(time_t *t) { struct timespec s; clock_gettime(CLOCK_REALTIME, &s);
  if (t) *t = s.tv_sec; return s.tv_sec; }
"""
"""Every clock of the C library, set to another day."""


def wrong_clock(ground: Ground, chance: random.Random) -> str:
    """Build when the machine believes it is 1970 or 2100, on files of any time."""
    year, when = chance.choice(((1970, 86_400), (2100, 4_102_444_800)))
    library = ground.folder / f"clock-{year}.so"
    if not library.exists():
        if not (compiler := shutil.which("cc")):
            return "no compiler"
        command = [compiler, "-shared", "-fPIC", f"-DWHEN={when}L", "-x", "c", "-", "-o", library]
        subprocess.run(command, input=_CLOCK, text=True, check=True)
    start(ground, cold=chance.random() < 0.5)
    for name in names_below(ground.root):
        seconds = chance.choice((0, when, 4_000_000_000, int(time.time())))
        os.utime(ground.root / name, (seconds, seconds))
    inside = f"import sys, time; assert time.gmtime().tm_year == {year}"
    inside += "; from sitegen.cli import main; sys.exit(main())"
    environment = {**os.environ, "LD_PRELOAD": str(library)}
    command = [sys.executable, "-c", inside, "build", str(ground.root), "--quiet"]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if ran.returncode != 0 or without_foreign(ground) != ground.new:
        raise Lost(f"in {year} the build is another: {ran.stderr[-500:]}")
    healed(ground)
    return "built"


# --------------------------------------------------------------------------- the campaign


MOMENTS: tuple[Fault, ...] = (killed_cold, killed_edited, killed_at_step, killed_in_switch, killed_in_search)
"""Kills of the whole build."""
OTHERS: tuple[Fault, ...] = (
    killed_worker,
    late_worker,
    out_of_memory,
    full_at_write,
    full_in_worker,
    full_for_large_files,
    full_disk,
    refused_call,
    read_only,
    vanishing_source,
    changing_source,
    vanishing_output,
    raced,
    damaged_record,
    damaged_record,
    lost_marker,
    wrong_clock,
)


def run(size: int, seed: int) -> int:
    """Do faults of every kind in turn until `size` builds were killed; print the counts, return what broke."""
    counts = campaign(size, seed)
    print(report(counts))
    return len(counts.broken)


def kills(counts: Counts) -> int:
    """Return how many builds were killed before they came to their end."""
    return sum(number for name, number in counts.became.items() if name.endswith(": killed"))


def campaign(size: int, seed: int) -> Counts:
    """Do faults of every kind in turn until `size` builds were killed."""
    counts, started = Counts(), time.monotonic()
    with ground_folder() as folder:
        ground = prepare(folder)
        number = 0
        while kills(counts) < size:
            faults = (*MOMENTS, OTHERS[number % len(OTHERS)])
            for fault in faults:
                strike(fault, ground, f"{seed}.{number}", counts)
            number += 1
    counts.seconds = time.monotonic() - started
    return counts


def strike(fault: Fault, ground: Ground, seed: str, counts: Counts) -> None:
    """Do one fault and count it."""
    counts.tried[fault.__name__] += 1
    try:
        counts.became[f"{fault.__name__}: {fault(ground, random.Random(f'{fault.__name__} {seed}'))}"] += 1
    except Lost as lost:
        counts.broken.append(f"{fault.__name__} with seed {seed}: {lost}")


def report(counts: Counts) -> str:
    """Return the counts in lines."""
    lines = [f"{number:5} {name}" for name, number in sorted(counts.became.items())]
    total = f"{sum(counts.tried.values())} faults, {kills(counts)} builds killed, {counts.seconds:.0f} s"
    return "\n".join([*lines, total, f"{len(counts.broken)} promises broken", *counts.broken])
