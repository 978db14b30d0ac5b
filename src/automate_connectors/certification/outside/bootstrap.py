"""The first thing that a child runs, as a script: it goes into isolation, then serves; no adapter is there yet."""

from __future__ import annotations

import json
import os
import socket
import sys


def main() -> None:
    """Read the order from the judge, and serve."""
    numbers = [int(number) for number in sys.argv[1:4]]
    main_end, questions, side = (socket.socket(fileno=number) for number in numbers)
    order = json.loads(_line(main_end))
    sys.path[:] = [*order["first"], *(sys.path if order["own_path"] else []), *order["path"]]
    # Inherited by name from the judge; a grandchild must not talk to it.
    for number in numbers:
        os.set_inheritable(number, False)
    from automate_connectors.certification.outside import isolation  # noqa: PLC0415 - the path is set now

    told = isolation.enter(order["isolate"])
    listeners = isolation.listeners() if told.network else []
    from automate_connectors.certification.outside.channel import send_descriptors  # noqa: PLC0415 - as above
    from automate_connectors.certification.outside.child import serve  # noqa: PLC0415 - as above

    send_descriptors(main_end, [one.fileno() for one in listeners])
    for one in listeners:
        one.close()
    serve(main_end, questions, side, told.told)


def _line(sock: socket.socket) -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        piece = sock.recv(65536)
        if not piece:
            sys.exit(0)
        line += piece
    return line


if __name__ == "__main__":
    main()
