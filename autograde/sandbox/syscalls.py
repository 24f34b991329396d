"""Numbers of Linux's system calls, and how to make one: ctypes alone, no other package.

The numbers are those of the kernel's headers (asm/unistd_64.h, asm-generic/unistd.h); they never change. Each
stands as `name=x86_64,aarch64`, with `-` where an architecture has no such call. aarch64 is untested.
"""

from __future__ import annotations

import ctypes
import functools
import os
import platform
import sys
from typing import Any, Final

# What the work of a student's process takes: files, memory, threads, time, signals among its own threads.
ALLOWED: Final = """
read=0,63 write=1,64 close=3,57 stat=4,- fstat=5,80 lstat=6,- poll=7,- lseek=8,62 mprotect=10,226
munmap=11,215 brk=12,214 rt_sigaction=13,134 rt_sigprocmask=14,135 rt_sigreturn=15,139 pread64=17,67
pwrite64=18,68 readv=19,65 writev=20,66 access=21,- pipe=22,- select=23,- sched_yield=24,124 mremap=25,216
msync=26,227 madvise=28,233 dup=32,23 dup2=33,- pause=34,- nanosleep=35,101 getitimer=36,102 alarm=37,-
setitimer=38,103 getpid=39,172 sendfile=40,71 shutdown=48,210 getsockname=51,204 getpeername=52,205
getsockopt=55,209 exit=60,93 wait4=61,260 uname=63,160 flock=73,32 fsync=74,82 fdatasync=75,83
ftruncate=77,46 getdents=78,- getcwd=79,17 chdir=80,49 fchdir=81,50 rename=82,- mkdir=83,-
rmdir=84,- creat=85,- link=86,- unlink=87,- symlink=88,- readlink=89,- umask=95,166 gettimeofday=96,169
getrlimit=97,163 getrusage=98,165 sysinfo=99,179 times=100,153 getuid=102,174 getgid=104,176 geteuid=107,175
getegid=108,177 getppid=110,173 getpgrp=111,- getpgid=121,155 getsid=124,156 getgroups=115,158
getresuid=118,148 getresgid=120,150 capget=125,90 rt_sigpending=127,136 rt_sigtimedwait=128,137
rt_sigsuspend=130,133 sigaltstack=131,132 statfs=137,43 fstatfs=138,44 getpriority=140,141
sched_getparam=143,121 sched_getscheduler=145,120 sched_get_priority_max=146,125
sched_get_priority_min=147,126 arch_prctl=158,- gettid=186,178 time=201,- futex=202,98
sched_getaffinity=204,123 getdents64=217,61 set_tid_address=218,96 restart_syscall=219,128 fadvise64=221,223
timer_create=222,107 timer_settime=223,110 timer_gettime=224,108 timer_getoverrun=225,109
timer_delete=226,111 clock_gettime=228,113 clock_getres=229,114 clock_nanosleep=230,115 exit_group=231,94
epoll_wait=232,- epoll_ctl=233,21 waitid=247,95 mkdirat=258,34 newfstatat=262,79
unlinkat=263,35 renameat=264,38 linkat=265,37 symlinkat=266,36 readlinkat=267,78 faccessat=269,48
pselect6=270,72 ppoll=271,73 set_robust_list=273,99 get_robust_list=274,100 epoll_pwait=281,22
signalfd=282,- eventfd=284,- timerfd_create=283,85 fallocate=285,47 timerfd_settime=286,86
timerfd_gettime=287,87 signalfd4=289,74 eventfd2=290,19 epoll_create1=291,20 epoll_create=213,- dup3=292,24
pipe2=293,59 preadv=295,69 pwritev=296,70 getcpu=309,168 renameat2=316,276 getrandom=318,278
membarrier=324,283 copy_file_range=326,285 preadv2=327,286 pwritev2=328,287 statx=332,291 rseq=334,293
faccessat2=439,439 epoll_pwait2=441,441 setrlimit=160,164 recvfrom=45,207
"""

# Allowed with some arguments only: the policy says which.
CONDITIONAL: Final = """
clone=56,220 kill=62,129 tgkill=234,131 prlimit64=302,261 sched_setaffinity=203,122 ioctl=16,29 fcntl=72,25
mmap=9,222 prctl=157,167 socketpair=53,199 sendto=44,206 close_range=436,436
open=2,- openat=257,56
"""

# Known and refused; whatever is in none of the lists does not exist for a student's process.
REFUSED: Final = """
fork=57,- vfork=58,- execve=59,221 execveat=322,281 socket=41,198 connect=42,203 bind=49,200 listen=50,201
accept=43,202 accept4=288,242 sendmsg=46,211 recvmsg=47,212 sendmmsg=307,269 recvmmsg=299,243
setsockopt=54,208 chmod=90,- fchmod=91,52 fchmodat=268,53 fchmodat2=452,452 chown=92,- fchown=93,55
lchown=94,- fchownat=260,54 utime=132,- utimes=235,- futimesat=261,- utimensat=280,88 setxattr=188,5
lsetxattr=189,6 fsetxattr=190,7 removexattr=197,14 lremovexattr=198,15 fremovexattr=199,16
setxattrat=463,463 removexattrat=466,466 tkill=200,130 rt_sigqueueinfo=129,138 rt_tgsigqueueinfo=297,240
pidfd_open=434,434 pidfd_getfd=438,438 pidfd_send_signal=424,424 ptrace=101,117 process_vm_readv=310,270
process_vm_writev=311,271 kcmp=312,272 sched_setparam=142,118 sched_setscheduler=144,119
sched_setattr=314,274 ioprio_set=251,30 setuid=105,146 setgid=106,144 setreuid=113,145 setregid=114,143
setresuid=117,147 setresgid=119,149 setgroups=116,159 setfsuid=122,151 setfsgid=123,152 capset=126,91
setsid=112,157 setpgid=109,154 unshare=272,97 setns=308,268 mount=165,40 umount2=166,39 pivot_root=155,41
chroot=161,51 move_mount=429,429 open_tree=428,428 fsopen=430,430 mount_setattr=442,442 mknod=133,-
mknodat=259,33 memfd_create=319,279 memfd_secret=447,447 shmget=29,194 shmat=30,196 shmctl=31,195
shmdt=67,197 semget=64,190 semop=65,193 semctl=66,191 semtimedop=220,192 msgget=68,186 msgsnd=69,189
msgrcv=70,188 msgctl=71,187 mq_open=240,180 mq_unlink=241,181 bpf=321,280 perf_event_open=298,241
userfaultfd=323,282 io_uring_setup=425,425 io_uring_enter=426,426 io_uring_register=427,427 keyctl=250,219
add_key=248,217 request_key=249,218 seccomp=317,277 landlock_create_ruleset=444,444
landlock_add_rule=445,445 landlock_restrict_self=446,446 name_to_handle_at=303,264 open_by_handle_at=304,265
fanotify_init=300,262 inotify_init=253,- inotify_init1=294,26 inotify_add_watch=254,27 personality=135,92
quotactl=179,60 sync=162,81 syncfs=306,267 swapon=167,224 swapoff=168,225 reboot=169,142 sethostname=170,161
setdomainname=171,162 init_module=175,105 finit_module=313,273 delete_module=176,106 kexec_load=246,104
settimeofday=164,170 clock_settime=227,112 adjtimex=159,171 clock_adjtime=305,266 acct=163,89 syslog=103,116
vhangup=153,58 iopl=172,- ioperm=173,- modify_ldt=154,- splice=275,76 tee=276,77 vmsplice=278,75
remap_file_pages=216,234 mincore=27,232 setpriority=141,140 readahead=187,213 truncate=76,45
"""

ARCHITECTURES: Final = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
"""By machine: its column in the lists, and how seccomp calls it."""


def numbers(table: str, machine: str = "") -> dict[str, int]:
    """Return the calls of a list that an architecture (default: this machine's) has, by name."""
    column = ARCHITECTURES[machine or platform.machine()][0]
    entries = (entry.partition("=") for entry in table.split())
    found = ((name, pair.split(",")[column]) for name, _, pair in entries)
    return {name: int(number) for name, number in found if number != "-"}


def supported() -> bool:
    """Whether this is a 64-bit Linux on one of the known architectures."""
    known = sys.platform == "linux" and platform.machine() in ARCHITECTURES
    return known and ctypes.sizeof(ctypes.c_void_p) == 8


@functools.cache
def _own_numbers() -> dict[str, int]:
    return numbers(ALLOWED + CONDITIONAL + REFUSED)


@functools.cache
def _system_call() -> Any:
    function = ctypes.CDLL(None, use_errno=True).syscall
    function.restype = ctypes.c_long
    return function


def call(name: str, *arguments: Any) -> int:
    """Make a system call; arguments are whole numbers, or ctypes values that go by address.

    Raises:
        OSError: the kernel refuses it.

    """
    words = (ctypes.c_long(one) if isinstance(one, int) else ctypes.byref(one) for one in arguments)
    result = _system_call()(ctypes.c_long(_own_numbers()[name]), *words)
    if result == -1:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")
    return int(result)
