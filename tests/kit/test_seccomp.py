"""The filter of system calls allows what the work takes, and refuses the rest, on each architecture."""

import errno
import re
import socket
from itertools import product
from pathlib import Path

import pytest

from autograde.sandbox import syscalls
from autograde.sandbox.seccomp import policy
from tests.kit.bpf import verdict

ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
OWN, OTHER = 4711, 4712
MACHINES = sorted(syscalls.ARCHITECTURES)
HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}
LISTS = (syscalls.ALLOWED, syscalls.CONDITIONAL, syscalls.REFUSED)


def answer(machine: str, name: str, *arguments: int) -> str:
    """Return "allowed", or the name of the error that a call gets."""
    number = next(found[name] for found in (syscalls.numbers(one, machine) for one in LISTS) if name in found)
    return told(verdict(policy(OWN, machine), syscalls.ARCHITECTURES[machine][1], number, arguments))


def told(value: int) -> str:
    if value == ALLOW:
        return "allowed"
    return "killed" if value == KILL else errno.errorcode[value & 0xFFFF]


each_machine = pytest.mark.parametrize("machine", MACHINES)


@each_machine
def test_every_call_of_the_lists_gets_what_its_list_says(machine: str) -> None:
    assert {answer(machine, name) for name in syscalls.numbers(syscalls.ALLOWED, machine)} == {"allowed"}
    assert {answer(machine, name) for name in syscalls.numbers(syscalls.REFUSED, machine)} == {"EPERM"}


@each_machine
def test_a_call_of_no_list_does_not_exist(machine: str) -> None:
    known = {number for one in LISTS for number in syscalls.numbers(one, machine).values()}
    code, architecture = policy(OWN, machine), syscalls.ARCHITECTURES[machine][1]
    others = [*(set(range(-1, 700)) - known), 0x40000000, 0x40000039, 2**31 - 1]
    assert {told(verdict(code, architecture, number)) for number in others} == {"ENOSYS"}


@each_machine
def test_calls_in_another_architecture_s_numbers_end_the_process(machine: str) -> None:
    code = policy(OWN, machine)
    assert {
        told(verdict(code, other, number)) for other in (0x40000003, 0x40000028) for number in range(500)
    } == {"killed"}


@each_machine
def test_no_call_stands_in_two_lists(machine: str) -> None:
    numbers = [number for one in LISTS for number in syscalls.numbers(one, machine).values()]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("machine", MACHINES)
def test_the_numbers_are_those_of_the_kernel_s_headers(machine: str) -> None:
    path = HEADERS[machine]
    if not path.exists():
        pytest.skip(f"{path} comes with the C library's headers")
    defined = dict(re.findall(r"^#define __NR(?:3264)?_(\w+)\s+(\d+)", path.read_text("ascii"), re.MULTILINE))
    checked = 0
    for one in LISTS:
        for name, number in syscalls.numbers(one, machine).items():
            # On 64-bit systems `newfstatat` is the header's `fstatat`; newer calls are passed over.
            found = defined.get(name, defined.get({"newfstatat": "fstatat"}.get(name, name)))
            if found is not None:
                assert int(found) == number, name
                checked += 1
    assert checked > 150


@each_machine
def test_a_thread_may_be_started_and_no_process(machine: str) -> None:
    thread = 0x3D0F00  # what the C library asks for
    assert answer(machine, "clone", thread) == "allowed"
    for flags in (0, 17, 0x4111, thread & ~0x10000, thread | 0x10000000, thread | 0x20000, thread | 0x2000):
        assert answer(machine, "clone", flags) == "EPERM", hex(flags)


@each_machine
@pytest.mark.parametrize("name", ["kill", "tgkill"])
def test_only_the_process_itself_may_be_signalled(machine: str, name: str) -> None:
    assert answer(machine, name, OWN, 9, 9) == "allowed"
    for pid in (0, 1, -1, -OWN, OTHER):
        assert answer(machine, name, pid, 9, 9) == "EPERM"


@each_machine
@pytest.mark.parametrize("name", ["prlimit64", "sched_setaffinity"])
def test_only_the_process_s_own_limits_and_cores_may_be_set(machine: str, name: str) -> None:
    assert {answer(machine, name, pid) for pid in (0, OWN)} == {"allowed"}
    assert {answer(machine, name, pid) for pid in (1, -1, OTHER)} == {"EPERM"}


@each_machine
def test_memory_that_no_limit_counts_cannot_be_had(machine: str) -> None:
    private, shared, validated, nowhere, huge = 2, 1, 3, 0x20, 0x40000
    for flags in (private, shared, validated, private | nowhere, private | nowhere | 0x4000):
        assert answer(machine, "mmap", 0, 4096, 3, flags) == "allowed"
    for flags in (shared | nowhere, validated | nowhere, private | nowhere | huge, shared | huge):
        assert answer(machine, "mmap", 0, 4096, 3, flags) == "ENOMEM"


@each_machine
def test_sockets_come_in_connected_pairs_alone(machine: str) -> None:
    stream = socket.SOCK_STREAM
    for kind in (stream, stream | 0x80000, stream | 0x800):
        assert answer(machine, "socketpair", socket.AF_UNIX, kind) == "allowed"
    for family, kind in product((socket.AF_UNIX, socket.AF_INET, 16), (2, 3, 5)):
        assert answer(machine, "socketpair", family, kind) == "EPERM"
    assert answer(machine, "socketpair", socket.AF_INET, stream) == "EPERM"
    assert answer(machine, "sendto", 3, 1, 1, 0, 0, 0) == "allowed"
    for address in (1, 2**32, 2**63):
        assert answer(machine, "sendto", 3, 1, 1, 0, address, 16) == "EPERM"


@each_machine
def test_files_cannot_be_made_to_signal_others(machine: str) -> None:
    assert {answer(machine, "fcntl", 3, command) for command in (0, 1, 2, 3, 4, 6, 1030)} == {"allowed"}
    assert {answer(machine, "fcntl", 3, command) for command in (8, 10, 15, 1024, 1026, 1031)} == {"EPERM"}


@each_machine
def test_terminals_and_devices_cannot_be_controlled(machine: str) -> None:
    assert {answer(machine, "ioctl", 3, command) for command in (0x5401, 0x5413, 0x541B)} == {"allowed"}
    assert {answer(machine, "ioctl", 3, command) for command in (0x5412, 0x5402, 0x5423, 1)} == {"ENOTTY"}


@each_machine
def test_the_process_cannot_outlive_its_server_or_hide_from_the_grader(machine: str) -> None:
    assert {answer(machine, "prctl", option) for option in (15, 16, 39)} == {"allowed"}
    assert {answer(machine, "prctl", option) for option in (1, 4, 8, 22, 24, 36, 38, 47)} == {"EPERM"}
