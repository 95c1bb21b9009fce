# Part 4: the process of the tests. It alone holds the pipe of the verdict, and calls the program through a proxy.
class ProblemError(BaseException):
    """The problem itself is at fault, not the program."""


class CandidateGone(BaseException):
    """The program's process has ended."""


class CandidateError(Exception):
    """The program raised something that only it knows."""

    def __init__(self, name, text):
        super().__init__(text)
        self.name = name


class CandidateExit(BaseException):
    """The program raised something that `except Exception` would not have caught."""

    def __init__(self, name, text):
        super().__init__(text)
        self.name = name


def raise_alike(name, text):
    kind = getattr(builtins, str(name), None)
    if isinstance(kind, type) and issubclass(kind, BaseException) and not issubclass(kind, Exception):
        raise CandidateExit(name, text)
    try:
        error = kind(text) if isinstance(kind, type) and issubclass(kind, Exception) else None
    except TypeError:
        error = None
    raise error or CandidateError(name, text)


def restore(argument, after):
    if type(argument) is not type(after):
        return
    if isinstance(argument, (list, bytearray)):
        argument[:] = after
    elif isinstance(argument, (dict, set)):
        argument.clear()
        argument.update(after)
    elif isinstance(argument, collections.deque):
        argument.clear()
        argument.extend(after)


def sendable(value):
    sent = encode(value)
    if isinstance(sent, list) and sent[0] == "opaque":
        raise ProblemError(f"the test passes a {sent[1]}, which cannot be sent to the program")
    return sent


def ask(requests, replies, call):
    try:
        write_frame(requests, call)
        reply = read_frame(replies)
    except (OSError, EOFError):
        raise CandidateGone from None
    if "raised" in reply:
        raise_alike(*reply["raised"])
    return reply


def proxy_of(requests, replies):
    def candidate(*positional, **named):
        call = {"positional": [sendable(a) for a in positional], "named": {n: sendable(a) for n, a in named.items()}}
        reply = ask(requests, replies, call)
        for argument, after in zip(positional, reply.get("positional", ())):
            restore(argument, decode(after))
        return decode(reply["value"])

    return candidate


def judge(setup, test, entry_point, requests, replies):
    try:
        first = read_frame(replies)
    except EOFError:
        raise CandidateGone from None
    if "raised" in first:
        raise_alike(*first["raised"])
    space = {"__name__": "tests"}
    try:
        exec(compile(setup, "setup.py", "exec", dont_inherit=True), space)
        space[entry_point] = candidate = proxy_of(requests, replies)
        exec(compile(test, "test.py", "exec", dont_inherit=True), space)
        check = space["check"]
    except Exception as error:
        raise ProblemError(f"the problem's own code: {type(error).__name__}: {error}") from None
    check(candidate)


def verdict_of(setup, test, entry_point, requests, replies):
    try:
        judge(setup, test, entry_point, requests, replies)
        return {"outcome": "passed"}
    except CandidateGone:
        return {"outcome": "gone"}
    except ProblemError as error:
        return {"outcome": "problem", "message": str(error)[:500]}
    except BaseException as error:
        name = error.name if isinstance(error, (CandidateError, CandidateExit)) else type(error).__name__
        return {"outcome": "failed", "error": str(name), "message": str(error)[:500]}


def be_tester(program, entry_point, verdicts, settings):
    request_reader, requests = os.pipe()
    replies, reply_writer = os.pipe()
    if settings["namespaces"]:
        checked(libc.unshare(CLONE_NEWPID), "unshare")
    candidate = os.fork()
    if candidate == 0:
        try:
            be_candidate_quietly(program, entry_point, request_reader, reply_writer, settings)
        finally:
            os._exit(0)
    os.close(request_reader)
    os.close(reply_writer)
    # Read only now: what the candidate's process never held, it cannot find.
    tests = read_frame(0)
    silence(settings)
    write_frame(verdicts, {"candidate": candidate})
    close_all_but({requests, replies, verdicts})
    sys.path.clear()
    random.seed(0)
    limit(settings["cpuSeconds"], settings["addressBytes"])
    if settings["namespaces"]:
        drop_capabilities()
    if settings["filter"]:
        load_filter()
    write_frame(verdicts, verdict_of(tests["setup"], tests["test"], entry_point, requests, replies))


def be_candidate_quietly(program, entry_point, requests, replies, settings):
    silence(settings)
    be_candidate(program, entry_point, requests, replies, settings)


def silence(settings):
    """Nothing that is printed is kept, and there is nothing to read."""
    for descriptor in (0, 1, 2):
        os.dup2(settings["null"], descriptor)
