"""Campaigns: the same bytes wherever they are carried out, and none asked twice."""

import json
import os
import signal
from types import SimpleNamespace

import pytest

from refdgm import CATALOGUE
from validation.cluster import campaigns, one, running
from validation.cluster.__main__ import main, parser

FEW = ["--only", "softmax", "--only", "softplus", "--only", "strided_schedule"]


def tasks_of(*words):
    told = parser().parse_args(words)
    return campaigns.CAMPAIGNS[told.campaign](told)


@pytest.fixture
def quick(monkeypatch):
    """Tasks that answer at once; those in `bad` fail. The list is of what was asked."""
    asked, bad = [], set()

    def carried_out(task):
        asked.append(task["reference"])
        if task["reference"] in bad:
            raise one.Failed("the task ended with 1: nothing said")
        return {"name": task["reference"], "x": 0.1 + 0.2}, 0.5

    monkeypatch.setattr(one, "carried_out", carried_out)
    monkeypatch.setattr(campaigns, "code", lambda: "0123")
    return SimpleNamespace(asked=asked, bad=bad)


def test_serial_and_several_at_a_time_give_the_same_bytes(quick, tmp_path, capsys):
    assert main(["certification", *FEW, "--records", str(tmp_path / "a")]) == 0
    assert main(["certification", *FEW, "--records", str(tmp_path / "b"), "--on", "local:3"]) == 0
    one_, other = ((tmp_path / folder / "certification.jsonl").read_bytes() for folder in "ab")
    assert one_ == other and [json.loads(line)["answer"]["name"] for line in one_.splitlines()] == [
        "softmax", "softplus", "strided_schedule"]
    assert "1.5 s of CPU" in capsys.readouterr().out and b"seconds" not in one_


def test_a_run_that_was_stopped_goes_on(quick, tmp_path, capsys):
    quick.bad.add("softplus")
    assert main(["certification", *FEW, "--records", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert "softplus" in said and "1 tasks have no answer" in said and not (tmp_path / "certification.jsonl").exists()
    quick.bad.clear()
    quick.asked.clear()
    (next((tmp_path / "certification").glob("*strided*"))).with_suffix(".part").write_text("{")  # stopped in writing
    assert main(["certification", *FEW, "--records", str(tmp_path)]) == 0
    assert quick.asked == ["softplus"]


def test_records_of_other_code_are_refused(quick, tmp_path, monkeypatch):
    main(["certification", *FEW, "--records", str(tmp_path)])
    monkeypatch.setattr(campaigns, "code", lambda: "4567")
    with pytest.raises(SystemExit, match="other code"):
        main(["certification", *FEW, "--records", str(tmp_path)])


def test_the_code_is_that_of_every_file(tmp_path, monkeypatch):
    for folder in ("refdgm", "tests", "validation/reports"):
        (tmp_path / folder).mkdir(parents=True)
    monkeypatch.setattr(campaigns, "ROOT", tmp_path)
    first = campaigns.code()
    (tmp_path / "validation" / "reports" / "growth.json").write_text("{}")  # a record is no code
    assert campaigns.code() == first
    (tmp_path / "refdgm" / "a.py").write_text("x = 1\n")
    assert campaigns.code() != first


@pytest.mark.parametrize(("words", "many"), [
    (["sweep", "--seeds", "3", "--dtype", "float32,float64", "--shape", "B=4", "--shape", "B=9", *FEW], 36),
    (["sweep"], len(CATALOGUE)), (["certification"], len(CATALOGUE)), (["properties", "--seeds", "2", *FEW], 6),
    (["mutants", *FEW], 3),
])
def test_tasks_have_keys_of_their_own(words, many):
    tasks = tasks_of(*words)
    keys = [campaigns.key(task) for task in tasks]
    assert len(tasks) == many == len({*keys}) and keys == [campaigns.key(task) for task in tasks_of(*words)]
    assert all(set(key) <= {*"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.=_-"} for key in keys)
    assert all((campaigns.ROOT / task["file"]).exists() for task in tasks if "file" in task)


def test_a_task_is_a_process_of_its_own():
    (task,) = tasks_of("certification", "--only", "strided_schedule")
    answer, seconds = one.carried_out(task)
    assert answer["same"] == [True, True] and len(answer["sha256"]) == 2 and seconds > 0


def test_a_sweep_is_of_verdicts_without_times():
    (task,) = tasks_of("sweep", "--only", "softmax", "--shape", "B=4")
    answer = one.of_sweep(task)
    assert answer["functions"][0]["reference"] == "softmax" and "seconds" not in json.dumps(answer)
    assert answer["asked"] == answer["answered"] > 0


def test_a_task_without_an_answer_says_why():
    with pytest.raises(one.Failed, match=r"ended with 1: KeyError: 'nothing'"):
        one.carried_out({"campaign": "nothing"})


@pytest.mark.parametrize("where", ["local:0", "dask", "http://here"])
def test_where_it_is_carried_out_is_one_of_four(quick, where, tmp_path):
    with pytest.raises(SystemExit, match=r"serial, local:N, dask:N or tcp|dask\.distributed"):
        main(["certification", *FEW, "--records", str(tmp_path), "--on", where])


@pytest.mark.needs("distributed")
@pytest.mark.filterwarnings("ignore")
def test_a_worker_that_dies_changes_nothing(tmp_path):
    """Two workers by tcp, one of them killed after the first answer: the bytes of serial."""
    from distributed import Client, LocalCluster

    tasks = tasks_of("sweep", "--seeds", "2", *FEW)
    expected, records = running.Records(tmp_path / "serial"), running.Records(tmp_path / "dask")
    for task, answer, seconds, why in running.serial(tasks):
        assert not why
        expected.write(task, answer, seconds)
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        assert cluster.scheduler_address.startswith("tcp://")
        with Client(cluster.scheduler_address) as client:
            for number, (task, answer, seconds, why) in enumerate(running.on_cluster(tasks, client)):
                assert not why
                records.write(task, answer, seconds)
                if number == 0:
                    os.kill(next(iter(cluster.workers.values())).process.pid, signal.SIGKILL)
    assert not records.left(tasks)
    assert records.join(tasks)[0].read_bytes() == expected.join(tasks)[0].read_bytes()
