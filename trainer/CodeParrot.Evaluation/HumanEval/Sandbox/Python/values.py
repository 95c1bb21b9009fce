# Part 2: plain values as JSON. Tester and candidate share nothing else, so an object of the candidate's with a false
# __eq__ never meets a test, and nothing that the candidate writes is ever executed.
import builtins
import collections
import collections.abc
import decimal
import fractions
import itertools
import json

MOST_ITEMS = 100_000
MOST_BYTES = 16 << 20
VIEWS = {type({}.keys()): "keys", type({}.values()): "values", type({}.items()): "items"}


class Opaque:
    """Stands for a value of a type that cannot be sent: it equals nothing."""

    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return f"<{self.name}>"


def encode(value):
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, int):
        # Python refuses to read very long decimal numbers.
        return int(value) if value.bit_length() < 1000 else ["int", hex(value)]
    for kind, name in ((list, "list"), (tuple, "tuple"), (set, "set"), (frozenset, "frozenset")):
        if isinstance(value, kind):
            return [name, [encode(item) for item in value]]
    if isinstance(value, dict):
        return ["dict", [[encode(key), encode(item)] for key, item in value.items()]]
    if isinstance(value, (bytes, bytearray)):
        return ["bytearray" if isinstance(value, bytearray) else "bytes", value.hex()]
    if isinstance(value, complex):
        return ["complex", [value.real, value.imag]]
    if isinstance(value, range):
        return ["range", [encode(part) for part in (value.start, value.stop, value.step)]]
    if isinstance(value, collections.deque):
        return ["deque", [encode(item) for item in value]]
    if isinstance(value, (decimal.Decimal, fractions.Fraction)):
        return ["decimal" if isinstance(value, decimal.Decimal) else "fraction", str(value)]
    if type(value) in VIEWS:
        return [VIEWS[type(value)], [encode(item) for item in value]]
    if isinstance(value, collections.abc.Iterator):
        return ["iterator", [encode(item) for item in itertools.islice(value, MOST_ITEMS)]]
    return ["opaque", type(value).__name__]


def decode(value):
    if not isinstance(value, list):
        if isinstance(value, dict):
            raise ValueError("a JSON object is no value")
        return value
    kind, content = value
    if kind in ("int", "bytes", "bytearray", "decimal", "fraction", "opaque"):
        return SINGLE[kind](content)
    if kind == "dict":
        return {decode(key): decode(item) for key, item in content}
    return MANY[kind]([decode(item) for item in content])


SINGLE = {
    "int": lambda text: int(text, 16),
    "bytes": bytes.fromhex,
    "bytearray": bytearray.fromhex,
    "decimal": decimal.Decimal,
    "fraction": fractions.Fraction,
    "opaque": lambda name: Opaque(str(name)[:64]),
}
MANY = {
    "list": list,
    "tuple": tuple,
    "set": set,
    "frozenset": frozenset,
    "deque": collections.deque,
    "complex": lambda parts: complex(*parts),
    "range": lambda parts: range(*parts),
    "keys": lambda items: dict.fromkeys(items).keys(),
    "values": lambda items: dict(enumerate(items)).values(),
    "items": lambda items: dict(items).items(),
    "iterator": iter,
}


def read_bytes(descriptor, count):
    parts = []
    while count > 0:
        part = os.read(descriptor, min(count, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def read_frame(descriptor):
    count = int.from_bytes(read_bytes(descriptor, 4), "big")
    if count > MOST_BYTES:
        raise ValueError("too large an answer")
    return json.loads(read_bytes(descriptor, count))


def write_frame(descriptor, value):
    data = json.dumps(value).encode()
    data = len(data).to_bytes(4, "big") + data
    while data:
        data = data[os.write(descriptor, data):]
