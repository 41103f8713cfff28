# What a guest may put in the place of its agent: a program on the same port that behaves as its argument says.
import json
import sys
import time

behaviour = sys.argv[1]


def opened():
    return open("/dev/virtio-ports/org.qemu.guest_agent.0", "r+b", buffering=0)


port = opened()
console = open("/dev/ttyS0", "w")


def write(whole):
    rest = memoryview(whole)
    while rest:
        rest = rest[port.write(rest) :]


def answer(value):
    write(json.dumps({"return": value}).encode() + b"\n")


def endless(piece):
    while True:
        write(piece)


lies = {
    "guest-info": {"version": {"a": 1}, "supported_commands": {"length": 5}},
    "guest-get-osinfo": {"name": "\x1b[2J\ud800<script>" + "x" * 100000, "id": ["debian"], "__proto__": {"a": 1}},
    "guest-network-get-interfaces": [
        {"name": "eth%d" % n, "hardware-address": "02:00:00:00:00:07", "ip-addresses": [{"ip-address": "10.0.0.1; reboot"}]}
        for n in range(5000)
    ],
    "guest-fsfreeze-status": "boiling",
    "guest-get-users": "root",
    "guest-get-fsinfo": [[[[]]]],
    "guest-exec": {"pid": "one"},
}
huge = ["x" * 1000] * 6000


def act():
    if behaviour == "floods":
        endless(b"x" * 65536)
    if behaviour == "talks":
        endless(b'{"return": {}}\n{"event": "X"}\nnonsense\n')
    for line in port:
        if behaviour == "is silent":
            continue
        try:
            asked = json.loads(line.lstrip(b"\xff"))
        except ValueError:
            continue  # the end of what was meant for the one before
        execute = asked["execute"]
        if execute.startswith("guest-sync"):
            answer(asked["arguments"]["id"])
        elif behaviour == "lies":
            answer(lies.get(execute, {}))
        elif behaviour == "says too much":
            answer(huge)


console.write("impostor %s\n" % behaviour.replace(" ", "-"))
console.flush()
while True:
    try:
        act()
    except OSError:
        pass  # nobody listens any more
    # The host gave up on what it was told, and comes back to a port that is opened anew.
    port.close()
    time.sleep(0.2)
    port = opened()
