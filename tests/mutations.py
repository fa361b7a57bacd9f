"""Breaks each promise of the build on purpose, in a copy, and looks whether the test that holds it fails.

`python tests/mutations.py` tries all, `--list` prints the table of tests/README.md, `--only WORD` some.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parent.parent
PARTS = ("sitegen", "templates", "tests", "content", "pyproject.toml", "README.md", "netlify.toml", "docs")
PATIENCE = 300
"""Seconds that one test may take."""


@dataclass(frozen=True)
class Mutation:
    """A promise, what breaks it, and the test that must fail then."""

    promise: str
    """As DESIGN.md numbers them, with the words it is about."""
    broken: str
    """What the change does."""
    file: str
    old: str
    new: str
    test: str


PURE, HALF, OURS = "1 Pure", "2 Never half", "3 Only ours"
CHANGED, MEMORY, CORES, PROBLEMS = "4 Only what changed", "5 Bounded memory", "6 All cores", "7 Every problem"
KILLED = "tests/test_write_faults.py::test_a_build_killed_at_any_step_is_healed_by_the_next"

MUTATIONS = (
    Mutation(
        PURE,
        "the sitemap in the order of a set",
        "sitegen/plan/documents.py",
        "[_entry(page, config) for page in sorted(pages, key=lambda page: page.url) if page.indexed]",
        "list({_entry(page, config) for page in pages if page.indexed})",
        "tests/test_reproducible.py::test_the_settings_of_the_machine_change_no_byte",
    ),
    Mutation(
        PURE,
        "modes as the umask says",
        "sitegen/disk.py",
        "        os.chmod(handle if _BY_HANDLE else path, FILE_MODE)\n",
        "",
        "tests/test_reproducible.py::test_the_umask_changes_no_byte_and_no_mode",
    ),
    Mutation(
        PURE,
        "a day from the clock",
        "sitegen/dates.py",
        "from datetime import date\n",
        "from datetime import date\n\nTODAY = date.today()\n",
        "tests/test_layers.py::test_no_room_asks_the_clock",
    ),
    Mutation(
        PURE,
        "a room looks at the environment",
        "sitegen/papers.py",
        "from __future__ import annotations\n",
        "from __future__ import annotations\n\nimport os\n",
        "tests/test_layers.py::test_the_outside_world_stays_outside[papers.py]",
    ),
    Mutation(
        HALF,
        "no journal",
        "sitegen/switch.py",
        "    write_sealed(root, JOURNAL, _lines(journal))\n",
        "",
        KILLED,
    ),
    Mutation(HALF, "a journal nobody reads", "sitegen/lock.py", "            finish(root)\n", "", KILLED),
    Mutation(
        HALF,
        "files in no order",
        "sitegen/write.py",
        "sorted(self._moves, key=lambda pair: pair[0])",
        "self._moves",
        "tests/test_write.py::test_files_switch_in_by_rank_and_removals_come_last",
    ),
    Mutation(
        HALF,
        "live before the last page is staged",
        "sitegen/write.py",
        '        mtime = write_file(f"{staging}/{name}", artifact.data)\n',
        '        mtime = write_file(f"{staging}/{name}", artifact.data)\n'
        '        if os.path.exists(f"{self._root}/{artifact.path}"):\n'
        '            os.unlink(f"{self._root}/{artifact.path}")\n',
        "tests/test_write.py::test_a_page_that_fails_leaves_the_last_good_site",
    ),
    Mutation(
        HALF,
        "the second build waits for nothing",
        "sitegen/lock.py",
        "            fcntl.lockf(handle, fcntl.LOCK_EX)\n",
        "",
        "tests/test_write_faults.py::test_the_second_build_says_that_it_waits_and_waits",
    ),
    Mutation(
        HALF,
        "damaged staged files go live",
        "sitegen/switch.py",
        "tuple(_whole(root, journal.moves))",
        "journal.moves",
        "tests/test_write_faults.py::test_a_staged_file_damaged_after_a_kill_never_goes_live",
    ),
    Mutation(
        HALF,
        "a failed indexer takes the search along",
        "sitegen/indexing.py",
        "        if status or not (self._folder / _ENTRY).is_file():\n",
        "        if False:\n",
        "tests/test_search.py::test_a_program_that_fails_leaves_the_old_bundle",
    ),
    Mutation(
        HALF,
        "a worker that outlives its build",
        "sitegen/processes.py",
        "    threading.Thread(target=_end_with_the_build, daemon=True).start()\n",
        "",
        "tests/test_faults.py::test_workers_end_with_a_build_that_is_killed",
    ),
    Mutation(
        HALF,
        "what a killed build left stays",
        "sitegen/switch.py",
        "                _clear(path)\n",
        "                pass\n",
        "tests/test_faults.py::test_after_a_fault_the_site_is_whole_and_the_next_build_heals[late_worker]",
    ),
    Mutation(
        OURS,
        "folders of others are taken",
        "sitegen/manifest.py",
        "    if foreign and not os.path",
        "    if not foreign and not os.path",
        "tests/test_write.py::test_a_foreign_folder_is_refused_untouched",
    ),
    Mutation(
        OURS,
        "all that is there passes for ours",
        "sitegen/write.py",
        "[path for path in self._known if path not in self._hashes",
        "[path for path in files_below(root) if path not in self._hashes",
        "tests/test_write.py::test_files_of_others_outlive_every_build",
    ),
    Mutation(
        OURS,
        "a damaged manifest is believed",
        "sitegen/manifest.py",
        "    if head != _seal(body):\n",
        "    if not head:\n",
        "tests/test_write.py::test_without_a_manifest_nothing_is_deleted_and_the_rest_is_listed",
    ),
    Mutation(
        OURS,
        "files are removed through a link",
        "sitegen/disk.py",
        "    return stat.S_ISDIR(os.lstat(path).st_mode)\n",
        "    return stat.S_ISDIR(os.stat(path).st_mode)\n",
        "tests/test_write.py::test_nothing_is_removed_through_a_linked_folder",
    ),
    Mutation(
        CHANGED,
        "content counts by its size",
        "sitegen/recall.py",
        "        digest.update(data)\n",
        "",
        "tests/test_recall.py::test_edit_of_the_same_size_and_time_is_built",
    ),
    Mutation(
        CHANGED,
        "output is not looked at",
        "sitegen/recall.py",
        'if (voucher := vouchers.get(path)) and _stamp(f"{root}/{path}") == voucher[1:]\n',
        "if (voucher := vouchers.get(path))\n",
        "tests/test_recall.py::test_harm_to_the_output_is_healed",
    ),
    Mutation(
        CHANGED,
        "a file that was changed and put back passes for untouched",
        "sitegen/build.py",
        " and take_stamps(root, now) == stamps",
        "",
        "tests/test_recall.py::"
        "test_a_file_changed_and_put_back_during_a_build_leaves_nothing_of_its_middle[templates/text.html-plan]",
    ),
    Mutation(
        CHANGED,
        "templates are no part of a fingerprint",
        "sitegen/fingerprints.py",
        'f"{programs} {templates}".encode()',
        "programs.encode()",
        "tests/test_rebuild.py::test_a_template_of_the_project_changes_only_what_it_makes",
    ),
    Mutation(
        CHANGED,
        "what is remembered of a source does not look at its text",
        "sitegen/parsers/__init__.py",
        "memory.key(source.kind, source.path, source.text)",
        "memory.key(source.kind, source.path)",
        "tests/test_rebuild.py::test_an_edited_note_changes_its_paper_and_the_feeds_that_hold_it",
    ),
    Mutation(
        CHANGED,
        "files of the same size pass for verified",
        "sitegen/commands/verifying.py",
        "            elif not filecmp.cmp(out / name, clean / name, shallow=False):\n",
        "            elif (out / name).stat().st_size != (clean / name).stat().st_size:\n",
        "tests/test_verify.py::test_what_no_build_notices_is_named",
    ),
    Mutation(
        CHANGED,
        "a damaged cache is believed",
        "sitegen/remembered.py",
        "        if head == _head(source, data):\n",
        "        if data:\n",
        "tests/test_remembered.py::test_a_damaged_entry_is_made_anew",
    ),
    Mutation(
        MEMORY,
        "all pages at once",
        "sitegen/write.py",
        "        for artifact in artifacts:\n            match",
        "        for artifact in list(artifacts):\n            match",
        "tests/test_write.py::test_artifacts_are_taken_one_at_a_time",
    ),
    Mutation(
        CORES,
        "pages as the workers hand them in",
        "sitegen/processes.py",
        "                done[chunk.start] = future.result()\n",
        "                done[len(done)] = future.result()\n",
        "tests/test_render.py::test_any_number_of_processes_makes_the_same_bytes",
    ),
    Mutation(
        CORES,
        "the death of a worker ends the build",
        "sitegen/processes.py",
        "            except BrokenProcessPool:\n                self._lose(lane)\n",
        "            except ZeroDivisionError:\n                self._lose(lane)\n",
        "tests/test_render.py::test_death_of_a_worker_costs_time_and_no_page",
    ),
    Mutation(
        CORES,
        "a worker that cannot write ends the build",
        "sitegen/workers.py",
        "    except OSError:\n        return made\n",
        "    except ZeroDivisionError:\n        return made\n",
        "tests/test_faults.py::test_after_a_fault_the_site_is_whole_and_the_next_build_heals[full_in_worker]",
    ),
    Mutation(
        PROBLEMS,
        "the first mistake hides the others",
        "sitegen/parsers/__init__.py",
        "        return (), error.problems\n",
        "        raise\n",
        "tests/test_cli.py::test_mistakes_of_several_files_are_told_at_once",
    ),
    Mutation(
        PROBLEMS,
        "a repeated mistake is told again",
        "sitegen/errors.py",
        "sorted(set(problems), key",
        "sorted(problems, key",
        "tests/test_cli.py::test_the_same_mistake_is_told_once",
    ),
    Mutation(
        PROBLEMS,
        "a template's mistake is told for its first page alone",
        "sitegen/render.py",
        "        if stopped.is_plain:\n",
        "        if stopped.is_plain or stopped.problems:\n",
        "tests/test_render.py::test_a_mistake_in_a_template_is_told_once_with_the_number_of_its_pages",
    ),
    Mutation(
        PROBLEMS,
        "a pipe gets a bar",
        "sitegen/commands/terminal.py",
        "    if not sys.stderr.isatty():\n",
        "    if False:\n",
        "tests/test_cli.py::test_a_pipe_gets_no_progress_bar",
    ),
    Mutation(
        PROBLEMS,
        "an interrupted build ends as any other",
        "sitegen/cli.py",
        "        return 130\n",
        "        return 1\n",
        "tests/test_cli.py::test_an_interrupted_build_ends_with_status_130",
    ),
)


def table() -> Iterator[str]:
    """Yield the lines of the table in tests/README.md."""
    yield "| promise | breaks when | in | and then fails |"
    yield "|---|---|---|---|"
    for mutation in MUTATIONS:
        place, _, name = mutation.test.partition("::")
        fact = name.partition("[")[0].removeprefix("test_").replace("_", " ")
        held_by = f"{fact} (`{place.removeprefix('tests/')}`)"
        yield f"| {mutation.promise} | {mutation.broken} | `{mutation.file}` | {held_by} |"


def is_held(mutation: Mutation, copy: Path) -> str:
    """Return what is wrong with a mutation, tried in a copy; nothing where its test fails as it must."""
    if _passes(mutation.test, copy) is not True:
        return "the test fails without the change too"
    path = copy / mutation.file
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(mutation.old, mutation.new), encoding="utf-8")
    try:
        return "the test passes all the same" if _passes(mutation.test, copy) is True else ""
    finally:
        path.write_text(text, encoding="utf-8")


def _passes(test: str, copy: Path) -> bool | None:
    """Tell whether a test passes; None where it hangs or is not there."""
    command = [sys.executable, "-m", "pytest", "-n", "0", "-x", "-p", "no:cacheprovider", test]
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        ran = subprocess.run(
            command, cwd=copy, env=environment, capture_output=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return None
    return {0: True, 1: False}.get(ran.returncode)


def main() -> int:
    """Try the mutations that the arguments name, and print what became of each."""
    parser = argparse.ArgumentParser(description="Break the promises of the build on purpose.")
    parser.add_argument("--list", action="store_true", help="print the table and try nothing")
    parser.add_argument("--only", default="", help="those whose promise, change or test has this word")
    chosen = parser.parse_args()
    if chosen.list:
        print("\n".join(table()))
        return 0
    survived, started = 0, time.monotonic()
    tried = [mutation for mutation in MUTATIONS if chosen.only in f"{mutation}"]
    with tempfile.TemporaryDirectory(prefix="mutations-") as folder:
        for part in PARTS:
            source, target = PROJECT / part, Path(folder, part)
            shutil.copytree(
                source, target, ignore=shutil.ignore_patterns("node_modules", "__pycache__")
            ) if source.is_dir() else shutil.copy(source, target)
        for mutation in tried:
            wrong = is_held(mutation, Path(folder))
            survived += bool(wrong)
            print(f"{wrong or 'its test fails'}: {mutation.promise}: {mutation.broken}", flush=True)
    print(f"{len(tried)} mutations, {survived} survived, {time.monotonic() - started:.0f} s")
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main())
