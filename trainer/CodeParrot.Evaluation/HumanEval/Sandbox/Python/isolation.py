# Part 1 of the sandbox's program: what keeps a process apart from the machine. The parts are joined in the order of
# their numbers (SandboxSource.cs) and run as `python -c`, so that nothing has to lie on a disk.
import sys

sys.path[:] = [folder for folder in sys.path if folder]  # Modules of the working folder are not ours.

import ctypes
import os
import resource
import signal
import struct

NOBODY = 65534
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 36, 38
CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_REC, MS_PRIVATE = 1, 2, 4, 8, 32, 16384, 1 << 18
MNT_DETACH = 2
SYS_PIVOT_ROOT = 155
ARCHITECTURE = 0xC000003E  # x86-64
X32 = 0x40000000  # The same numbers in another dress.

# What computing takes, by x86-64's numbers. No file is opened, no socket, process or thread is made, nothing is sent
# to another process: whatever is not here fails with EPERM, which Python shows as PermissionError.
ALLOWED = {
    "read": 0, "write": 1, "close": 3, "fstat": 5, "poll": 7, "lseek": 8, "mmap": 9, "mprotect": 10, "munmap": 11,
    "brk": 12, "rt_sigaction": 13, "rt_sigprocmask": 14, "rt_sigreturn": 15, "readv": 19, "writev": 20, "select": 23,
    "sched_yield": 24, "mremap": 25, "madvise": 28, "dup": 32, "nanosleep": 35, "getpid": 39, "exit": 60, "uname": 63,
    "gettimeofday": 96, "getrlimit": 97, "getrusage": 98, "times": 100, "getuid": 102, "getgid": 104, "geteuid": 107,
    "getegid": 108, "getppid": 110, "sigaltstack": 131, "gettid": 186, "time": 201, "futex": 202,
    "sched_getaffinity": 204, "restart_syscall": 219, "clock_gettime": 228, "clock_getres": 229,
    "clock_nanosleep": 230, "exit_group": 231, "pselect6": 270, "ppoll": 271, "getrandom": 318,
}
FCNTL, FCNTL_COMMANDS = 72, (0, 1, 2, 3, 1030)  # F_SETOWN and its like send signals to others.
TGKILL = 234  # To itself only: that is how abort() works.

libc = ctypes.CDLL(None, use_errno=True)


def checked(result, what):
    if result != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{what}: {os.strerror(error)}")


def prctl(option, argument):
    zero = ctypes.c_ulong(0)
    checked(libc.prctl(option, ctypes.c_ulong(argument), zero, zero, zero), f"prctl {option}")


def mount(source, target, kind, flags, data=None):
    checked(libc.mount(source, target, kind, ctypes.c_ulong(flags), data), f"mount {target.decode()}")


def write_text(path, text):
    with open(path, "w") as file:
        file.write(text)


def become_nobody():
    """Root gives itself up for a user that owns nothing; any other user stays who it is."""
    if os.getuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
        # Or /proc/self would still be root's, and the maps of a user namespace could not be written.
        prctl(PR_SET_DUMPABLE, 1)


def enter_namespaces():
    """Own users, network, mounts, IPC and host name; the root is an empty folder that cannot be written to."""
    uid, gid = os.getuid(), os.getgid()
    flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS
    checked(libc.unshare(flags), "unshare")
    write_text("/proc/self/setgroups", "deny")
    write_text("/proc/self/uid_map", f"{uid} {uid} 1")
    write_text("/proc/self/gid_map", f"{gid} {gid} 1")
    mount(None, b"/", None, MS_REC | MS_PRIVATE)
    mount(b"tmpfs", b"/tmp", b"tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, b"size=4k,nr_inodes=2")
    os.chdir("/tmp")
    checked(libc.syscall(SYS_PIVOT_ROOT, b".", b"."), "pivot_root")
    checked(libc.umount2(b".", MNT_DETACH), "umount")
    os.chdir("/")
    mount(None, b"/", None, MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC)


def drop_capabilities():
    header = struct.pack("Ii", 0x20080522, 0)
    checked(libc.capset(header, bytes(24)), "capset")


def load_filter():
    """Lets this process do nothing but compute, from here on."""
    allow, refuse, kill = 0x7FFF0000, 0x00050001, 0x80000000
    load, equal, at_least, answer = 0x20, 0x15, 0x35, 0x06

    def if_equal(value, then):
        return [(equal, 0, len(then), value), *then]

    permit, deny = [(answer, 0, 0, allow)], [(answer, 0, 0, refuse)]
    code = [(load, 0, 0, 4), (equal, 1, 0, ARCHITECTURE), (answer, 0, 0, kill)]
    code += [(load, 0, 0, 0), (at_least, 0, 1, X32), (answer, 0, 0, kill)]
    for number in ALLOWED.values():
        code += if_equal(number, permit)
    commands = [step for command in FCNTL_COMMANDS for step in if_equal(command, permit)]
    code += if_equal(FCNTL, [(load, 0, 0, 24), *commands, *deny])
    code += if_equal(TGKILL, [(load, 0, 0, 16), *if_equal(os.getpid(), permit), *deny])
    code += deny
    steps = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in code))
    program = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", len(code), ctypes.addressof(steps)))
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    checked(libc.prctl(PR_SET_SECCOMP, ctypes.c_ulong(2), program, ctypes.c_ulong(0), ctypes.c_ulong(0)), "seccomp")


def limit(cpu_seconds, address_bytes):
    for kind, soft, hard in (
        # The stopwatch is earlier, and fairer: this is for the day on which nobody looks at it.
        (resource.RLIMIT_CPU, cpu_seconds + 1, cpu_seconds + 2),
        (resource.RLIMIT_AS, address_bytes, address_bytes),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_NOFILE, 16, 16),
        (resource.RLIMIT_NPROC, 0, 0),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_MEMLOCK, 0, 0),
    ):
        ceiling = resource.getrlimit(kind)[1]
        if ceiling != resource.RLIM_INFINITY:
            soft, hard = min(soft, ceiling), min(hard, ceiling)
        resource.setrlimit(kind, (soft, hard))


def close_all_but(kept):
    for descriptor in range(3, 64):
        if descriptor not in kept:
            try:
                os.close(descriptor)
            except OSError:
                pass


def why_not(attempt):
    """Tries something in a process of its own. Returns why it cannot be had, or an empty text."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            attempt()
        except BaseException as error:
            os.write(writer, str(error)[:200].encode() or b"?")
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as answer:
        text = answer.read().decode(errors="replace")
    status = os.waitpid(child, 0)[1]
    return text or ("" if status == 0 else f"a trial ended with status {status}")
