"""System calls are made by name, and a refusal is an OSError that says which."""

import errno
import os
import platform
import sys

import pytest

from autograde.sandbox import syscalls

pytestmark = pytest.mark.skipif(not syscalls.supported(), reason="needs 64-bit Linux on a known architecture")


def test_a_call_returns_what_the_kernel_says() -> None:
    assert syscalls.call("getpid") == os.getpid()


def test_a_refused_call_is_an_error_that_names_it() -> None:
    with pytest.raises(OSError, match=r"^\[Errno 9\] chdir|fchdir: Bad file descriptor$") as raised:
        syscalls.call("fchdir", 99_999)
    assert raised.value.errno == errno.EBADF


def test_an_architecture_without_a_call_does_not_list_it() -> None:
    assert "stat" in syscalls.numbers(syscalls.ALLOWED, "x86_64")
    assert "stat" not in syscalls.numbers(syscalls.ALLOWED, "aarch64")


@pytest.mark.parametrize(
    ("system", "machine"), [("darwin", "arm64"), ("win32", "AMD64"), ("linux", "riscv64")]
)
def test_other_systems_are_not_supported(system: str, machine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    assert not syscalls.supported()
