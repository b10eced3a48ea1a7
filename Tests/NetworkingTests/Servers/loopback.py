"""Loopback servers with known faults, for the tests of Networking. Standard library only.

    loopback.py http|smtp [FLAG | FLAG=VALUE]...

The first line on standard output is the port. Then one line for each event; on `quit`, or at the end of standard
input, a last line `finished`. HTTP's faults are chosen by the path, SMTP's by the flags.
Flags of both: `certificate=FILE` (certificate and key), `tls` (from the first byte), `host=ADDRESS` and `port=PORT`
to listen on, `client-ca=FILE` (callers must show a certificate of it), `tls-at-most=1.1|1.2`.
"""
import base64
import hmac
import socket
import ssl
import struct
import sys
import threading
import time
import urllib.parse

from listening import FLAGS, event, run


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def encrypted(connection):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(FLAGS["certificate"])
    if "client-ca" in FLAGS:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(FLAGS["client-ca"])
    if "tls-at-most" in FLAGS:
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion["TLSv" + FLAGS["tls-at-most"].replace(".", "_")]
    connection = context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
    try:
        connection.do_handshake()
    except ssl.SSLError:
        event("no handshake")
        # With TLS 1.3 the request is on its way by now: who closes before it is here cuts off the reason as well.
        time.sleep(0.3)
        raise
    if "client-ca" in FLAGS:
        event("shown " + dict(pair[0] for pair in connection.getpeercert()["subject"])["commonName"])
    return connection


# HTTP


def read_request(stream):
    line = stream.readline()
    if not line.strip():
        return None
    head, length = line, 0
    while True:
        line = stream.readline()
        head += line
        if line in (b"\r\n", b""):
            break
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    if b"X-Deaf" in head:
        time.sleep(60)
    method, path, _ = head.split(b"\r\n")[0].decode().split(" ")
    return method, path, head, stream.read(length)


def answer(connection, body=b"ok", status="200 OK", headers=()):
    lines = ["HTTP/1.1 " + status, "Content-Length: %d" % len(body), *headers, "", ""]
    connection.sendall("\r\n".join(lines).encode() + body)


def trickle(connection, start):
    connection.sendall(start)
    for _ in range(600):
        connection.sendall(b"x")
        time.sleep(0.1)


def http_fault(connection, word, value, head, body):
    """Answers one request; returns whether the connection goes on."""
    if word == "ok":
        answer(connection)
    elif word == "echo":
        answer(connection, head + body)
    elif word == "status":
        answer(connection, b"so be it", value + " Told")
    elif word == "drop":
        return False
    elif word == "reset":
        reset(connection)
        return False
    elif word == "slow":
        time.sleep(int(value) / 1000)
        answer(connection)
    elif word == "never":
        time.sleep(60)
        return False
    elif word == "trickle-head":
        trickle(connection, b"HTTP/1.1 200 OK\r\nX-Long: ")
    elif word == "trickle-body":
        trickle(connection, b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    elif word == "big":
        answer(connection, b"x" * int(value))
    elif word == "stream":
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(4000):
            connection.sendall(b"4000\r\n" + b"y" * 0x4000 + b"\r\n")
        connection.sendall(b"0\r\n\r\n")
    elif word == "close":
        answer(connection, headers=["Connection: close"])
        return False
    elif word == "redirect":
        answer(connection, b"", value + " Elsewhere", ["Location: /ok/landed"])
    elif word == "redirect-to":
        answer(connection, b"", "307 Elsewhere", ["Location: http://127.0.0.2:%s/ok" % value])
    elif word == "retry-after":
        answer(connection, b"", "503 Busy", ["Retry-After: " + urllib.parse.unquote(value)])
    elif word == "headers":
        answer(connection, headers=["X-%d: y" % i for i in range(int(value))])
    elif word == "bighead":
        answer(connection, headers=["X: " + "y" * int(value)])
    elif word == "interim":
        connection.sendall(b"HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n")
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Late:  2 \r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n")
        connection.sendall(b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Trailer: 3\r\n\r\n")
    elif word == "endless-interim":
        for _ in range(100_000):
            connection.sendall(b"HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n")
    elif word == "garbage":
        connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
        return False
    elif word == "cut":
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nten bytes.")
        return False
    else:
        answer(connection, status="404 Not Found")
    return True


def serve_http(connection):
    stream = connection.makefile("rb")
    goes_on = True
    while goes_on:
        request = read_request(stream)
        if request is None:
            break
        method, path, head, body = request
        event("%s %s %d" % (method, path, len(body)))
        words = path.partition("?")[0].split("/") + [""]
        goes_on = http_fault(connection, words[1], words[2], head, body)
    stream.close()
    connection.close()


# SMTP


class MailSession:
    def __init__(self, connection):
        self.connection = connection
        self.stream = connection.makefile("rb")
        self.is_encrypted = "tls" in FLAGS
        self.mails = 0

    def say(self, *lines):
        for line in lines:
            self.connection.sendall(line.encode() + b"\r\n")

    def run(self):
        if "hang" in FLAGS:
            time.sleep(60)
        self.say(FLAGS.get("greeting", "220 loopback ESMTP"))
        while True:
            line = self.stream.readline()
            if not line:
                break
            text = line.rstrip(b"\r\n").decode("latin-1")
            verb, _, rest = text.partition(" ")
            event(text if verb != "AUTH" else "AUTH")
            handler = getattr(self, "on_" + verb.upper(), None)
            if handler is None:
                self.say("500 what")
            elif handler(rest) is False:
                break
        self.stream.close()
        self.connection.close()

    def on_EHLO(self, name):
        words = ["loopback", "8BITMIME", "SIZE 1000000"]
        if "starttls" in FLAGS and not self.is_encrypted:
            words.append("STARTTLS")
        elif "auth" in FLAGS:
            words.append("AUTH " + FLAGS["auth"].replace("+", " "))
        if "utf8" in FLAGS:
            words.append("SMTPUTF8")
        self.say(*["250-" + word for word in words[:-1]], "250 " + words[-1])

    def on_STARTTLS(self, _):
        if FLAGS["starttls"] == "refused":
            self.say("454 no TLS today")
            return
        self.say("220 go on")
        self.connection = encrypted(self.connection)
        self.stream = self.connection.makefile("rb")
        self.is_encrypted = True

    def on_AUTH(self, rest):
        mechanism, _, initial = rest.partition(" ")
        event("by " + mechanism)
        if mechanism == "PLAIN":
            given = base64.b64decode(initial).decode().split("\0")[1:]
        elif mechanism == "CRAM-MD5":
            challenge = b"<1.2@loopback>"
            self.say("334 " + base64.b64encode(challenge).decode())
            name, _, digest = base64.b64decode(self.stream.readline()).partition(b" ")
            password = "p\u00e4ss w\u00f6rd"
            right = hmac.new(password.encode(), challenge, "md5").hexdigest()
            given = [name.decode(), password if digest.decode() == right else ""]
        elif mechanism == "XOAUTH2":
            fields = base64.b64decode(initial).decode().split("\1")
            given = [fields[0].removeprefix("user="), fields[1].removeprefix("auth=Bearer ")]
        elif mechanism == "OAUTHBEARER":
            fields = base64.b64decode(initial).decode().split("\1")
            token = [field for field in fields if field.startswith("auth=Bearer ")]
            given = [fields[0].removeprefix("n,a=").rstrip(","), token[0][12:]]
        else:
            given = [base64.b64decode(initial).decode()] if initial else []
            while len(given) < 2:
                self.say("334 " + base64.b64encode(b"next:").decode())
                given.append(base64.b64decode(self.stream.readline()).decode())
        is_right = given == ["ring", "p\u00e4ss w\u00f6rd"]
        event("login %s" % is_right)
        self.say("235 2.7.0 welcome" if is_right else "535 5.7.8 who are you")

    def on_MAIL(self, rest):
        if "busy-after" in FLAGS and self.mails >= int(FLAGS["busy-after"]):
            self.say("421 4.7.0 enough for one session")
            return False
        if "close-after" in FLAGS and self.mails >= int(FLAGS["close-after"]):
            return False
        time.sleep(int(FLAGS.get("slow-mail", "0")) / 1000)
        self.say(FLAGS.get("mail", "250 2.1.0 ok"))

    def drop_when_idle(self):
        self.connection.shutdown(socket.SHUT_RDWR)
        event("gone")

    def on_RCPT(self, rest):
        # reject-NAME=TEXT refuses that local part.
        name = rest.partition("<")[2].partition("@")[0]
        self.say(FLAGS.get("reject-" + name, "250 2.1.5 ok").replace("_", " "))

    def on_DATA(self, _):
        self.say("354 go")
        if "slow-data" in FLAGS:
            time.sleep(int(FLAGS["slow-data"]) / 1000)
            event("reading")
        lines = []
        while True:
            line = self.stream.readline()
            if not line:
                event("cut after %d lines" % len(lines))
                return False
            if line == b".\r\n":
                break
            lines.append(line)
        self.mails += 1
        message = b"".join(lines)
        # A longer line would fill the pipe, which nobody reads before the end.
        if len(message) < 10_000:
            event("message " + base64.b64encode(message).decode())
        else:
            event("large %d" % len(message))
        time.sleep(int(FLAGS.get("delay", "0")) / 1000)
        if "drop" in FLAGS:
            return False
        self.say(*FLAGS.get("end", "250 2.0.0 queued as 4F1C").split("|"))
        if "idle" in FLAGS:
            threading.Timer(int(FLAGS["idle"]) / 1000, self.drop_when_idle).start()

    def on_QUIT(self, _):
        time.sleep(int(FLAGS.get("slow-quit", "0")) / 1000)
        self.say("221 bye")
        return False

    def on_RSET(self, _):
        self.say("250 ok")


def serve_smtp(connection):
    MailSession(connection).run()


def serve(connection):
    connection.settimeout(60)
    event("connection")
    try:
        if "tls" in FLAGS:
            connection = encrypted(connection)
        {"http": serve_http, "smtp": serve_smtp}[sys.argv[1]](connection)
    except (OSError, ValueError) as error:
        event("ended by %s" % type(error).__name__)


def prepare(listener):
    if "slow-data" in FLAGS:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)


run(serve, FLAGS.get("host", "127.0.0.1"), int(FLAGS.get("port", "0")), prepare)
