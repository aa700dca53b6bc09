"""Numbers in a file: one process writes, all others see it at once."""

import os
import subprocess
import sys
import threading

import pytest

from greenenergy.serving.shared_numbers import SharedNumbers

READ_AND_RAISE = """
import fcntl, mmap, sys
with open(sys.argv[1], "r+b") as file:
    fcntl.flock(file, fcntl.LOCK_EX)
    numbers = memoryview(mmap.mmap(file.fileno(), 0)).cast("Q")
    print(numbers[0])
    numbers[0] += 1
"""


@pytest.fixture
def numbers(settings, tmp_path):
    settings.TEST_NUMBERS_FILE = tmp_path / "numbers"
    return SharedNumbers("TEST_NUMBERS_FILE", step=4)


def test_another_process_sees_what_was_written_and_is_seen(numbers, settings):
    with numbers.locked() as writable:
        writable[0] = 41
    command = [sys.executable, "-c", READ_AND_RAISE, str(settings.TEST_NUMBERS_FILE)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "41\n"
    assert numbers[0] == 42


def test_the_file_grows_by_whole_steps_and_keeps_its_numbers(numbers, settings):
    with numbers.locked() as writable:
        writable[0] = 7
    assert settings.TEST_NUMBERS_FILE.stat().st_size == 4 * 8
    assert numbers[9] == 0
    assert settings.TEST_NUMBERS_FILE.stat().st_size == 12 * 8
    with numbers.locked(13) as writable:
        writable[13] = 8
    assert [numbers[0], numbers[13]] == [7, 8]


@pytest.mark.parametrize("is_read_first", [True, False])
def test_nobody_else_reads_the_file(numbers, settings, is_read_first):
    if is_read_first:
        assert numbers[0] == 0
    with numbers.locked() as writable:
        writable[0] = 1
    assert settings.TEST_NUMBERS_FILE.stat().st_mode & 0o777 == 0o600


def test_a_file_that_was_removed_or_replaced_is_noticed_and_mapped_again(numbers, settings):
    path = settings.TEST_NUMBERS_FILE
    with numbers.locked() as writable:
        writable[0] = 5
    assert not numbers.is_replaced()
    path.unlink()
    assert numbers.is_replaced()
    path.write_bytes((9).to_bytes(8, sys.byteorder))
    assert numbers.is_replaced()
    assert numbers[0] == 5  # of the old file, until it is forgotten
    numbers.forget()
    assert numbers[0] == 9
    assert not numbers.is_replaced()


def test_a_file_that_was_never_mapped_was_not_replaced(numbers):
    """A worker that starts begins no new version for its siblings."""
    assert not numbers.is_replaced()


def test_readers_and_a_thread_that_forgets_the_file_do_not_disturb_each_other(numbers):
    faults, is_over = [], threading.Event()

    def read():
        while not is_over.is_set():
            try:
                numbers[0]
            except Exception as fault:
                faults.append(fault)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for _ in range(2000):
        numbers.forget()
    is_over.set()
    for reader in readers:
        reader.join()
    assert faults == []


def test_a_full_disk_is_an_error_and_not_the_end_of_the_process(numbers, monkeypatch):
    def full(descriptor, begin, size):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(OSError, match="No space left"):
        numbers[0]
