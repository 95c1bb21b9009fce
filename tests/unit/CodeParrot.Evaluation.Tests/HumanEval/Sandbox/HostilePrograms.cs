namespace CodeParrot.Evaluation.Tests.HumanEval.Sandbox;

/// <summary>Programs that are to add two numbers and have something else in mind.</summary>
public static class HostilePrograms
{
    /// <summary>They go on for ever, or try to.</summary>
    public static TheoryData<string> Endless =>
        [
            "while True: pass\n",
            "def add(a, b):\n    while True: pass\n",
            "def add(a, b):\n    import time\n    time.sleep(1000)\n",
            "def add(a, b):\n    return (a + 8) ** (10 ** 9)\n",
            """
                def add(a, b):
                    import threading
                    lock = threading.Lock()
                    lock.acquire()
                    lock.acquire()
                """,
            // What ends it is caught.
            """
                def add(a, b):
                    while True:
                        try:
                            while True: pass
                        except BaseException: pass
                """,
            """
                import signal
                for number in range(1, 65):
                    try: signal.signal(number, signal.SIG_IGN)
                    except: pass
                while True: pass
                """,
        ];

    /// <summary>They want to pass without being right.</summary>
    public static TheoryData<string> Forgeries =>
        [
            "print('passed')\nimport sys\nsys.exit(0)\n",
            "import os\nprint('{\"outcome\": \"passed\"}', flush=True)\nos._exit(0)\n",
            // The frame of a verdict on every descriptor there is, over and over.
            """
                import os
                frame = bytes([0, 0, 0, 21]) + b'{"outcome": "passed"}'
                for again in range(99):
                    for descriptor in range(64):
                        try: os.write(descriptor, frame)
                        except OSError: pass
                os._exit(0)
                """,
            // Objects that equal everything.
            "class Any:\n    def __eq__(self, other): return True\ndef add(a, b):\n    return Any()\n",
            "class Any(int):\n    def __eq__(self, other): return True\ndef add(a, b):\n    return Any(7)\n",
            "class Any(list):\n    def __eq__(self, other): return True\ndef add(a, b):\n    return Any()\n",
            // Another world for whoever shares it.
            """
                import builtins, sys
                builtins.AssertionError = type('E', (BaseException,), {})
                builtins.isinstance = lambda *a: True
                builtins.compile = builtins.exec = lambda *a, **k: None
                sys.settrace(lambda *a: None)
                sys.excepthook = lambda *a: None
                def add(a, b):
                    return 0
                """,
            // The frames above, where tests would stand in one process.
            """
                import sys
                def add(a, b):
                    frame = sys._getframe()
                    while frame:
                        for name in ('candidate', 'check'):
                            frame.f_globals[name] = frame.f_locals[name] = lambda *a: None
                        frame = frame.f_back
                    return 0
                """,
            // Answers that are none.
            "import json\njson.dumps = lambda *a, **k: '{\"value\": [\"none\", 1]}'\ndef add(a, b):\n    return 0\n",
            "import json\njson.dumps = lambda *a, **k: '[' * 100000\ndef add(a, b):\n    return 0\n",
            """
                import json
                json.dumps = lambda *a, **k: '{"raised": ["StopIteration", ""]}'
                def add(a, b):
                    return 0
                """,
        ];
}
