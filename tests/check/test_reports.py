"""A report replaces a report and nothing else: not a file of the user's, not what a link points to, not a pipe."""

import errno
import json
import os
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from refdgm.check.report import files
from refdgm.errors import ArgumentError

ONE = ("--select", "gaussian_kl")
KL = "def gaussian_kl(mean, logvar):\n    return 0\n"


def refdgm(folder, *words):
    command = [sys.executable, "-m", "refdgm", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def test_the_next_word_is_the_module(tmp_path):
    """`--json` takes no word: what stands behind it is checked, not overwritten."""
    (tmp_path / "my_losses.py").write_text(KL)
    done = refdgm(tmp_path, "check", "--json", "my_losses.py")
    assert (tmp_path / "my_losses.py").read_text() == KL
    report = json.loads(done.stdout)
    assert done.returncode == report["exit_code"] == 3 and report["candidate"] == "my_losses.py"
    assert refdgm(tmp_path, "check", "my_losses.py", "--json", "report.json").returncode == 2


def test_json_is_one_thing(tmp_path):
    """A flag that prints JSON, of `list` as of `check`."""
    assert set(json.loads(refdgm(tmp_path, "list", "--json").stdout)) >= {"primitives", "flow"}
    done = refdgm(tmp_path, "check", *ONE, "--json", "--report", "a.json", "--report", "b.xml")
    assert json.loads(done.stdout) == json.loads((tmp_path / "a.json").read_text())
    assert ElementTree.parse(tmp_path / "b.xml").getroot()[0].get("name") == "gaussian_kl"


@pytest.mark.parametrize("name, told", [
    ("my_losses.py", "must be a file ending in .json or .xml"),
    ("report", "must be a file ending in .json or .xml"),
    ("config.json", "would overwrite config.json, which is no report of refdgm"),
    ("empty.json", "would overwrite empty.json, which is no report of refdgm"),
    ("pom.xml", "would overwrite pom.xml, which is no report of refdgm"),
    ("link.json", "must be a plain file, got link.json, which is a link"),
    ("dangling.json", "must be a plain file, got dangling.json, which is a link"),
    ("pipe.json", "must be a plain file, got pipe.json, which is a pipe"),
    ("folder.json", "must be a plain file, got folder.json, which is a folder"),
    ("absent/report.json", "must be a file in a folder that there is"),
])  # fmt: skip
def test_what_no_report_is_written_over(tmp_path, name, told):
    held = {"my_losses.py": KL, "report": "", "config.json": '{"a": 1}', "empty.json": "", "pom.xml": "<project/>"}
    for file, text in held.items():
        (tmp_path / file).write_text(text)
    assert refdgm(tmp_path, "check", *ONE, "--report", "true.json").returncode == 0
    (tmp_path / "link.json").symlink_to("true.json")
    (tmp_path / "dangling.json").symlink_to("nothing.json")
    (tmp_path / "folder.json").mkdir()
    os.mkfifo(tmp_path / "pipe.json")
    before = sorted(tmp_path.iterdir())
    done = refdgm(tmp_path, "check", *ONE, "--report", name)
    assert (done.returncode, done.stdout) == (2, "") and told in done.stderr
    assert sorted(tmp_path.iterdir()) == before
    assert all((tmp_path / file).read_text() == text for file, text in held.items())


def test_a_device_is_no_file(tmp_path):
    assert files.refused("/dev/null").startswith("must be a file ending in")
    assert files._kind(os.stat("/dev/null").st_mode) == "a device"


def test_a_report_is_replaced_by_one_of_its_kind(tmp_path):
    for name in ("r.json", "r.xml"):
        for _ in range(2):
            assert refdgm(tmp_path, "check", *ONE, "--report", name).returncode == 0
    (tmp_path / "x.json").write_bytes((tmp_path / "r.xml").read_bytes())
    assert refdgm(tmp_path, "check", *ONE, "--report", "x.json").returncode == 2


def test_what_the_candidate_puts_there_meanwhile_stays(tmp_path):
    (tmp_path / "my_losses.py").write_text("open('r.json', 'w').write('mine')\n" + KL)
    done = refdgm(tmp_path, "check", "my_losses.py", "--report", "r.json")
    assert (tmp_path / "r.json").read_text() == "mine"
    assert "could not be written: the file would overwrite r.json" in done.stderr and "gaussian_kl" in done.stdout


def test_a_full_disk_leaves_the_old_report_and_no_draft(tmp_path, monkeypatch):
    path = tmp_path / "r.json"
    files.write(str(path), files.as_json([], "before", 0, "agrees"))

    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        files.write(str(path), files.as_json([], "after", 0, "agrees"))
    assert json.loads(path.read_text())["candidate"] == "before" and list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows limits no file")
def test_a_file_that_may_not_grow_leaves_the_old_report_and_no_draft(tmp_path):
    """As on a disk that is full, in a process of its own: what was found is told nevertheless."""
    (tmp_path / "r.json").write_text(before := files.as_json([], "before", 0, "agrees"))
    limited = ("import os, resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192)); "
               "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])")  # no fork here, for JAX may have threads
    command = [sys.executable, "-c", limited, "-m", "refdgm", "check", *ONE, "--report", "r.json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 6 and "1 of 1 functions agree" in done.stdout
    assert done.stderr.startswith("refdgm: the report could not be written: ") and done.stderr.count("\n") == 1
    assert (tmp_path / "r.json").read_text() == before and [path.name for path in tmp_path.iterdir()] == ["r.json"]


def test_a_report_is_whole_before_anything_is_printed(tmp_path):
    """A reader that is gone takes the table with it, not the report."""
    words = [sys.executable, "-m", "refdgm", "check", *ONE, "--report", "r.json"]
    with subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as gone:
        gone.stdout.close()
    assert json.loads((tmp_path / "r.json").read_text())["exit_code"] == 0


def test_the_refusal_at_the_end_is_an_error_of_ours(tmp_path):
    (tmp_path / "r.json").write_text("mine")
    with pytest.raises(ArgumentError, match="the file would overwrite"):
        files.write(str(tmp_path / "r.json"), "{}")
