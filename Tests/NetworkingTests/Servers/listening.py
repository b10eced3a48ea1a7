"""What the servers of this folder have in common. Standard library only.

Flags are the words behind the script's name: `FLAG` or `FLAG=VALUE`. The first line on standard output is the port. Then
one line for each event; on `quit`, or at the end of standard input, a last line `finished`.
"""
import socket
import sys
import threading

FLAGS = dict((word.split("=", 1) + [""])[:2] for word in sys.argv[1:])
LOCK = threading.Lock()


def event(text):
    with LOCK:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


def run(serve, host="127.0.0.1", port=0, prepare=lambda listener: None):
    """Serves each caller on a thread of its own, until told to quit."""

    def accept(listener):
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    with socket.create_server((host, port), backlog=256) as listener:
        prepare(listener)
        event(str(listener.getsockname()[1]))
        threading.Thread(target=accept, args=(listener,), daemon=True).start()
        for line in sys.stdin:
            if line.strip() == "quit":
                break
        event("finished")
