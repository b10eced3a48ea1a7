"""A small HTTP/2 server over TLS on the loopback interface, for the tests of Networking. Standard library only.

    http2.py certificate=FILE [answers=WORD,WORD…]

It speaks on standard output as loopback.py does: `request BYTES` when a request has come in whole. Headers are not
decoded: the n-th request gets the n-th answer, and those behind the last get `ok`.

    ok          200, `ok`
    wait        the same when another request has come in whole
    refused     RST_STREAM with REFUSED_STREAM: not looked at, the protocol says
    reset       RST_STREAM with INTERNAL_ERROR
    goaway      GOAWAY that leaves this request out, and the end of the connection
    drop        the end of the connection
    never       nothing
    trickle     the header, and a byte of the body each 100 ms
    fields      300 fields in the header
    flood       a header of 600,000 fields that does not end
"""
import socket
import ssl
import struct
import sys
import threading
import time

from listening import FLAGS, event, run

ANSWERS = [word for word in FLAGS.get("answers", "").split(",") if word]
LOCK = threading.Lock()
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, CONTINUATION = 0, 1, 3, 4, 6, 7, 9
END_STREAM, END_HEADERS = 1, 4
STATUS_200 = b"\x88"


def next_answer():
    with LOCK:
        return ANSWERS.pop(0) if ANSWERS else "ok"


def exactly(stream, count):
    data = stream.read(count)
    if len(data) < count:
        raise OSError("cut")
    return data


class Session:
    def __init__(self, connection):
        self.connection = connection
        self.stream = connection.makefile("rb")
        self.sizes = {}
        self.waiting = []
        self.last = 0

    def send(self, kind, flags, stream, payload=b""):
        self.connection.sendall(struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload)

    def run(self):
        exactly(self.stream, 24)
        self.send(SETTINGS, 0, 0)
        while True:
            head = exactly(self.stream, 9)
            size = int.from_bytes(head[:3], "big")
            kind, flags, stream = head[3], head[4], int.from_bytes(head[5:], "big")
            payload = exactly(self.stream, size)
            if kind == SETTINGS and not flags & 1:
                self.send(SETTINGS, 1, 0)
            elif kind == PING and not flags & 1:
                self.send(PING, 1, 0, payload)
            elif kind == RST_STREAM:
                event("given up")
            if kind in (DATA, HEADERS):
                self.sizes[stream] = self.sizes.get(stream, 0) + (size if kind == DATA else 0)
                if flags & END_STREAM:
                    event("request %d" % self.sizes[stream])
                    if not self.answer(stream, next_answer()):
                        return

    def ok(self, stream):
        self.send(HEADERS, END_HEADERS, stream, STATUS_200)
        self.send(DATA, END_STREAM, stream, b"ok")

    def answer(self, stream, word):
        """Returns whether the connection goes on."""
        if word == "ok":
            for other in self.waiting + [stream]:
                self.ok(other)
            self.waiting = []
            self.last = stream
        elif word == "wait":
            self.waiting.append(stream)
        elif word == "refused":
            self.send(RST_STREAM, 0, stream, struct.pack(">I", 7))
        elif word == "reset":
            self.send(RST_STREAM, 0, stream, struct.pack(">I", 2))
        elif word == "goaway":
            self.send(GOAWAY, 0, 0, struct.pack(">II", self.last, 0))
            return False
        elif word == "drop":
            return False
        elif word == "trickle":
            self.send(HEADERS, END_HEADERS, stream, STATUS_200)
            for _ in range(600):
                self.send(DATA, 0, stream, b"x")
                time.sleep(0.1)
        elif word == "fields":
            self.send(HEADERS, END_HEADERS, stream, STATUS_200 + b"\x00\x01a\x01b" * 300)
        elif word == "flood":
            block = STATUS_200 + b"\x00\x01a\x01b" * 3000
            self.send(HEADERS, 0, stream, block[:16000])
            for _ in range(200):
                self.send(CONTINUATION, 0, stream, b"\x00\x01a\x01b" * 3000)
        return True


def serve(connection):
    connection.settimeout(60)
    event("connection")
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(FLAGS["certificate"])
        context.set_alpn_protocols(["h2"])
        connection = context.wrap_socket(connection, server_side=True)
        Session(connection).run()
        connection.shutdown(socket.SHUT_RDWR)
    except (OSError, ValueError) as error:
        event("ended by %s" % type(error).__name__)
    connection.close()


run(serve)
