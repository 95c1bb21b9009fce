# Part 3: the process of the generated program. It is asked for results, one call at a time, and never sees a test.
import types


def describe(error):
    try:
        text = str(error)
    except BaseException:
        text = ""
    return [type(error).__name__, text[:500]]


def serve(program, entry_point, requests, replies):
    module = types.ModuleType("solution")
    sys.modules["solution"] = module
    try:
        exec(compile(program, "solution.py", "exec", dont_inherit=True), module.__dict__)
        function = module.__dict__[entry_point]
    except BaseException as error:
        write_frame(replies, {"raised": describe(error)})
        return
    write_frame(replies, {})
    while True:
        call = read_frame(requests)
        try:
            write_frame(replies, answer(function, call))
        except OSError:
            return


def answer(function, call):
    try:
        positional = [decode(argument) for argument in call["positional"]]
        named = {name: decode(argument) for name, argument in call["named"].items()}
        result = {"value": encode(function(*positional, **named))}
        # A function that changes its arguments changes the tester's too, as a call within one process would.
        after = [encode(argument) for argument in positional]
        if after != call["positional"]:
            result["positional"] = after
        return result
    except BaseException as error:
        return {"raised": describe(error)}


def be_candidate(program, entry_point, requests, replies, settings):
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    close_all_but({requests, replies})
    sys.path.clear()
    os.environ.clear()
    random.seed(0)
    limit(settings["cpuSeconds"], settings["addressBytes"])
    if settings["namespaces"]:
        drop_capabilities()
    if settings["filter"]:
        load_filter()
    serve(program, entry_point, requests, replies)
