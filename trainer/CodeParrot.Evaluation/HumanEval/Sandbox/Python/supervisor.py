# Part 5: the process that a trainer talks to. It makes a tester and a candidate for each program, and ends them.
import gc
import importlib
import random
import select
import time

# What programs import; no file can be opened any more when they do.
MODULES = """
    __future__ abc array ast base64 binascii bisect builtins calendar cmath collections collections.abc contextlib copy
    ctypes csv dataclasses datetime decimal difflib doctest dis enum errno fnmatch fractions functools gc getopt glob
    hashlib heapq hmac html html.entities html.parser importlib inspect io itertools json keyword linecache locale
    logging marshal math numbers opcode operator os os.path pathlib pickle platform pprint queue random re reprlib
    secrets select shlex shutil signal socket sre_constants stat statistics string stringprep struct subprocess symtable
    sys tempfile textwrap threading time timeit token tokenize traceback types typing unicodedata unittest
    urllib.parse uuid warnings weakref zlib argparse _strptime
    encodings.ascii encodings.cp1252 encodings.cp437 encodings.hex_codec encodings.idna encodings.latin_1
    encodings.punycode encodings.raw_unicode_escape encodings.rot_13 encodings.unicode_escape encodings.utf_16
    encodings.utf_16_be encodings.utf_16_le encodings.utf_32 encodings.utf_8_sig
"""
# So many times its limit a program may take by the clock, on a busy machine: what the kernel accounts for ends by
# itself, but for a day on which nobody gets a processor. Without an account, whoever sleeps is seen by the clock alone.
PATIENCE, PATIENCE_WITHOUT_ACCOUNT = 100, 10


def preload():
    for name in MODULES.split():
        try:
            importlib.import_module(name)
        except Exception:
            pass
    # What is read from files at its first use.
    time.localtime()
    hashlib = sys.modules.get("hashlib")
    if hashlib:
        hashlib.md5(b"").hexdigest()


def isolate(least, namespaces_wanted):
    """Returns what there is: namespaces, filter, and why not more. The least is an error elsewhere."""
    become_nobody()
    no_filter = why_not(load_filter) if os.uname().machine == "x86_64" else f"no filter for {os.uname().machine}"
    no_namespaces = why_not(try_namespaces) if namespaces_wanted else "not asked for"
    if not no_namespaces:
        enter_namespaces()
    prctl(PR_SET_DUMPABLE, 0)
    have = "None" if no_filter else "Filter" if no_namespaces else "Namespaces"
    order = ("None", "Filter", "Namespaces")
    refused = order.index(have) < order.index(least)
    return {
        "python": ".".join(str(part) for part in sys.version_info[:3]),
        "isolation": have,
        "refused": (no_filter or no_namespaces) if refused else "",
        "namespaces": not no_namespaces,
        "filter": not no_filter,
        "missing": no_filter or no_namespaces,
    }


def try_namespaces():
    enter_namespaces()
    checked(libc.unshare(CLONE_NEWPID), "unshare")
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


class Stopwatch:
    """
    Time as it would have been on an idle machine: what the two processes waited for a processor is left out, as they
    take turns. Without the kernel's account of it, processor time is what counts.
    """

    def __init__(self, processes, folder):
        self._processes, self._folder, self._start = processes, folder, time.monotonic()
        self.patience = PATIENCE

    def wall(self):
        return time.monotonic() - self._start

    def seconds(self):
        wall = self.wall()
        try:
            accounts = [[int(word) for word in self._read(p, "schedstat").split()] for p in self._processes]
            states = [self._read(p, "stat").rpartition(b")")[2].split()[0] for p in self._processes]
            if b"R" in states:
                # It may be waiting right now, which the kernel accounts for once it is over.
                return sum(account[0] for account in accounts) / 1e9
            return wall - sum(account[1] for account in accounts) / 1e9
        except (OSError, IndexError, ValueError):
            self.patience = PATIENCE_WITHOUT_ACCOUNT
            return self._processor_seconds()

    def _read(self, process, name):
        reader = os.open(f"{process}/{name}", os.O_RDONLY, dir_fd=self._folder)
        try:
            return os.read(reader, 4096)
        finally:
            os.close(reader)

    def _processor_seconds(self):
        seconds = 0.0
        for process in self._processes:
            try:
                seconds += time.clock_gettime((~process << 3) | 2)
            except OSError:
                pass
        return seconds


def receive(descriptor, stopwatch, limit):
    """A frame from the tester: its bytes, "" at its end, or None when the time is over."""
    while True:
        seconds, wall = stopwatch.seconds(), stopwatch.wall()
        if seconds >= limit or wall >= limit * stopwatch.patience:
            return None
        left = min(max(limit - seconds, 0.01), limit * stopwatch.patience - wall)
        if select.select([descriptor], [], [], left)[0]:
            try:
                return read_frame(descriptor)
            except EOFError:
                return ""


def kill(process):
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        pass


def end(process):
    kill(process)
    return os.waitpid(process, 0)[1]


def reason(status):
    """How a process ended that gave no verdict."""
    if not os.WIFSIGNALED(status):
        return {"outcome": "failed", "error": "Exited", "message": "the program ended itself"}
    number = os.WTERMSIG(status)
    if number == signal.SIGXCPU:
        return {"outcome": "timedOut"}
    if number == signal.SIGKILL:
        message = "the program hung up, or memory of the machine ran out"
        return {"outcome": "failed", "error": "Killed", "message": message}
    name = signal.Signals(number).name if number in list(signal.Signals) else f"signal {number}"
    return {"outcome": "failed", "error": "Crashed", "message": f"the program was ended by {name}"}


def run(request, settings):
    verdicts, verdict_writer = os.pipe()
    tester = os.fork()
    if tester == 0:
        try:
            os.close(verdicts)
            be_tester(request["program"], request["entryPoint"], verdict_writer, settings)
        finally:
            os._exit(0)
    os.close(verdict_writer)
    candidate = read_frame(verdicts)["candidate"]
    verdict = receive(verdicts, Stopwatch([tester, candidate], settings["processes"]), settings["seconds"])
    os.close(verdicts)
    gone = bool(verdict) and verdict["outcome"] == "gone"
    if not gone:
        kill(candidate)
    # The tester's end kills the candidate, if it lives, and passes it on to us.
    tester_status, candidate_status = end(tester), os.waitpid(candidate, 0)[1]
    if gone:
        return reason(candidate_status)
    return {"outcome": "timedOut"} if verdict is None else verdict or reason(tester_status)


def close_inherited():
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2:
            try:
                os.close(int(name))
            except OSError:
                pass


def main(settings):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    close_inherited()
    preload()
    try:
        # Where a container's memory runs out, the kernel shall not take the model's process.
        write_text("/proc/self/oom_score_adj", "1000")
    except OSError:
        pass
    settings["null"] = os.open("/dev/null", os.O_RDWR)
    settings["processes"] = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
    with open("/proc/self/statm") as memory:
        pages = int(memory.read().split()[0])
    settings["addressBytes"] = pages * os.sysconf("SC_PAGE_SIZE") + settings["memoryBytes"]
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    isolation = isolate(settings["least"], settings["wantNamespaces"])
    settings.update(isolation)
    write_frame(1, isolation)
    gc.freeze()
    while not isolation["refused"]:
        try:
            request = read_frame(0)
        except EOFError:
            return
        write_frame(1, run(request, settings))


main(json.loads(sys.argv[1]))
