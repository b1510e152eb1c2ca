"""What strangers send: files that are nearly runs, and bytes that are nearly requests. All by a seed."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from functools import cache
from random import Random

from mnist_demo.network import PRETRAINED_RUNS
from mnist_demo.runs import pack_run

VALUES = (
    None,
    True,
    -1,
    0,
    10**400,
    1e308,
    float("nan"),
    float("inf"),
    "",
    "\ud800",
    "\x00",
    "\u202ex",
    "<b style='background:url(http://other/x)'>",
    "../../x",
    "x" * 100_000,
    [],
    {},
    [[[[]]]],
)


def flip_bit(data: bytes, random: Random) -> bytes:
    """Flip one bit."""
    place = random.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << random.randrange(8)]) + data[place + 1 :]


def hostile_zip(number: int, random: Random) -> bytes:
    """Make the n-th upload; the kinds take turns."""
    kinds: tuple[Callable[[Random], bytes], ...] = (
        lambda random: flip_bit(_whole(), random),
        lambda random: _whole()[: random.randrange(len(_whole()))],
        lambda random: random.randbytes(random.randrange(5000)),
        _changed_json,
        _changed_json,
        _changed_member,
        _foreign_name,
        _bomb,
        _changed_table,
        lambda random: _whole() + random.randbytes(random.randrange(1, 5000)),
    )
    return kinds[number % len(kinds)](random)


@cache
def _whole() -> bytes:
    return pack_run(PRETRAINED_RUNS / "notebook")


def _members() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(_whole())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _pack(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _changed_json(random: Random) -> bytes:
    members = _members()
    name = random.choice(["config.json", "metrics.json"])
    values = json.loads(members[name])
    place = values
    while isinstance(place[key := random.choice(list(place))], dict) and random.random() < 0.8:
        place = place[key]
    place[key] = random.choice(VALUES)
    return _pack(members | {name: json.dumps(values).encode()})


def _changed_member(random: Random) -> bytes:
    members = _members()
    name = random.choice(list(members))
    content = random.choice([flip_bit(members[name], random), members[name][: -random.randrange(1, 99)], b""])
    return _pack(members | {name: content})


def _foreign_name(random: Random) -> bytes:
    names = ["../x", "/etc/x", "a/b/c", "model.keras", "config.json/", "\u202ex", "CON", "x" * 60_000]
    return _pack(_members() | {random.choice(names): b"x"})


def _bomb(random: Random) -> bytes:
    return _pack(_members() | {random.choice(list(_members())): bytes(random.randrange(10, 30) * 2**20)})


def _changed_table(random: Random) -> bytes:
    members = _members()
    name = random.choice(["history.csv", "steps.csv"])
    lines = members[name].decode().splitlines()
    row = random.randrange(len(lines))
    cells = lines[row].split(",")
    cells[random.randrange(len(cells))] = random.choice(
        ["nan", "inf", "-1", "1e999", "", "x", "9" * 5000, "\x00"]
    )
    lines[row] = ",".join(cells)
    return _pack(members | {name: ("\n".join(lines) + "\n").encode()})
