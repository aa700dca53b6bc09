"""Folding: each line of a journal counts exactly once, whichever process dies in between."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from greenenergy.serving.background import stop_all
from news.models import FoldedJournal, ViewTotal, Visit
from news.view_counter import folding, journal
from news.view_counter.journal import own_journal
from news.view_counter.totals import delete_old_visits
from news.view_counter.visitors import SLOT_SECONDS
from tests.factories import make_article
from tests.news.view_counter.reading import counted, read

pytestmark = pytest.mark.django_db


def test_a_line_folds_once_however_often_it_is_folded(client, settings):
    article = make_article()
    read(client, article)
    for _ in range(3):
        assert counted(article) == 1
    own_journal.close()
    for _ in range(3):
        assert counted(article) == 1
    assert list(settings.VIEW_JOURNAL_DIR.glob("*")) == []
    assert not FoldedJournal.objects.exists()


def test_a_death_between_fold_and_removal_counts_nothing_twice(client, monkeypatch):
    article = make_article()
    read(client, article)
    own_journal.close()

    def die(self):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(folding.Path, "unlink", die)
        with pytest.raises(KeyboardInterrupt):
            folding.fold_all()
    Visit.objects.all().delete()  # so that the unique constraint does not help
    assert counted(article) == 1


def test_broken_lines_are_left_out_and_the_others_count(client, settings):
    article = make_article()
    read(client, article)
    path = own_journal.file.path
    good = b"%d %d %s %s\n" % (article.pk, int(time.time()), b"a" * 16, b"b" * 16)
    with open(path, "ab") as file:
        file.write(
            b"garbage\n\xff\xfe\x00\n12 34\n" + b"9" * 40 + b" 1 " + b"c" * 16 + b" " + b"d" * 16 + b"\n"
        )
        file.write(good + b"%d 17000" % article.pk)  # an unfinished line
    assert counted(article) == 2
    own_journal.close()
    assert counted(article) == 2
    assert not path.exists()


def test_views_of_a_deleted_article_are_dropped(client):
    gone, stays = make_article("要删除的"), make_article("留下的")
    read(client, gone)
    read(client, stays)
    gone.delete()
    assert counted(stays) == 1


def test_a_long_journal_folds_in_short_transactions(client, monkeypatch):
    article = make_article()
    monkeypatch.setattr(folding, "CHUNK_BYTES", 500)
    for host in range(1, 31):
        read(client, article, ip=f"203.0.113.{host}")
    assert counted(article) == 30


def test_a_journal_whose_process_lives_is_left_alone(settings):
    article = make_article()
    settings.VIEW_JOURNAL_DIR.mkdir()
    script = (
        "import os, sys, time, pathlib, django; django.setup()\n"
        "from django.conf import settings; settings.VIEW_JOURNAL_DIR = pathlib.Path(sys.argv[1])\n"
        "from news.view_counter.journal import own_journal\n"
        "own_journal.append(b'%d %d %s %s\\n' % (int(sys.argv[2]), int(time.time()), b'a' * 16, b'b' * 16))\n"
        "print('written', flush=True); sys.stdin.read()  # until it is killed"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "greenenergy.settings"}
    arguments = [sys.executable, "-c", script, str(settings.VIEW_JOURNAL_DIR), str(article.pk)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(arguments, env=environment, **pipes, text=True) as process:
        assert process.stdout.readline() == "written\n"
        assert counted(article) == 0
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert counted(article) == 1


def test_old_visits_are_forgotten_and_new_ones_kept():
    article = make_article()
    slot = int(time.time()) // SLOT_SECONDS
    for age in (0, 10, 97, 98):
        Visit.objects.create(article=article, slot=slot - age, address="a" * 16, visitor="b" * 16)
    for _ in range(3):
        delete_old_visits()
    assert sorted(slot - visit.slot for visit in Visit.objects.all()) == [0, 10]


def test_a_journal_is_folded_in_one_transaction_though_nothing_comes_after(client, monkeypatch):
    """A second transaction would find nothing, and other processes would wait for its lock."""
    read(client, make_article())
    begun = []
    monkeypatch.setattr(folding, "lock_totals", lambda: begun.append(1))
    folding.fold_all()
    assert len(begun) == 1


def test_a_journal_without_one_whole_line_ends_the_folding(client, monkeypatch):
    article = make_article()
    read(client, article)
    own_journal.file.path.write_bytes(b"9" * 5000)
    monkeypatch.setattr(folding, "CHUNK_BYTES", 500)
    assert counted(article) == 0


def test_half_a_line_is_not_the_beginning_of_the_next(tmp_path, monkeypatch):
    """The disk is full for one line, and has room for the next."""
    file = journal.JournalFile(tmp_path)
    file.write(b"7 1 a b\n")
    write = os.write
    monkeypatch.setattr(journal.os, "write", lambda descriptor, line: write(descriptor, line[:1]))
    with pytest.raises(OSError, match="only 1 of 9 bytes"):
        file.write(b"12 1 a b\n")
    monkeypatch.setattr(journal.os, "write", write)
    file.write(b"34 1 a b\n")
    assert file.path.read_bytes() == b"7 1 a b\n34 1 a b\n"
    assert file.size == file.path.stat().st_size
    file.close()


def test_a_thread_that_ends_folds_what_is_left_and_removes_its_file(client, settings):
    article = make_article()
    read(client, article)
    folding.FoldingThread().finish()
    assert list(settings.VIEW_JOURNAL_DIR.glob("*")) == []
    assert ViewTotal.objects.get(article=article).views == 1


def test_a_thread_folds_its_file_only_when_it_has_grown(client, monkeypatch):
    article, folds = make_article(), []
    monkeypatch.setattr(folding, "lock_totals", lambda: folds.append(1))
    thread = folding.FoldingThread()
    for host, expected in [(1, 1), (None, 1), (2, 2), (None, 2)]:
        if host:
            read(client, article, ip=f"203.0.113.{host}")
        thread.step()
        assert len(folds) == expected


def test_a_process_of_a_plain_wsgi_server_starts_one_thread(monkeypatch):
    for work in ("step", "finish"):
        monkeypatch.setattr(folding.FoldingThread, work, lambda thread: None)
    for _ in range(3):
        folding.start_in_this_process()
    (thread,) = [thread for thread in threading.enumerate() if thread.name == "view-folding"]
    stop_all([thread], timeout=10)
    assert not thread.is_alive()
