"""A small proxy on the loopback interface, for the tests of Networking. Standard library only.

    proxy.py http|socks5 [FLAG | FLAG=VALUE]...

It speaks on standard output as loopback.py does. `http` takes CONNECT and whole addresses; `socks5` takes names and
addresses. Names are not looked up: all of them lead to 127.0.0.1, so that it is seen who looks them up.
Flags: `login=NAME:PASSWORD`, `refuse=STATUS` (of HTTP, or SOCKS5's number), `hang-up`, `slow=MILLISECONDS`.
"""
import base64
import socket
import struct
import sys
import threading
import time

from listening import FLAGS, event, run


def pump(source, sink):
    try:
        while True:
            data = source.recv(65536)
            if not data:
                break
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def join(client, server):
    threading.Thread(target=pump, args=(server, client), daemon=True).start()
    pump(client, server)


def read_head(client):
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = client.recv(1)
        if not byte:
            return None
        head += byte
    return head.decode("latin-1")


def serve_http(client):
    head = read_head(client)
    if head is None:
        return
    method, target, _ = head.split("\r\n")[0].split(" ")
    login = ""
    for line in head.split("\r\n"):
        name, _, value = line.partition(":")
        if name.lower() == "proxy-authorization":
            login = base64.b64decode(value.split()[-1]).decode()
    event("%s %s %s" % (method, target, login or "-"))
    time.sleep(int(FLAGS.get("slow", "0")) / 1000)
    if "hang-up" in FLAGS:
        return
    if FLAGS.get("login", "") != login:
        client.sendall(b"HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n")
    elif "refuse" in FLAGS:
        client.sendall(("HTTP/1.1 %s No\r\nContent-Length: 0\r\n\r\n" % FLAGS["refuse"]).encode())
    elif method == "CONNECT":
        server = socket.create_connection(("127.0.0.1", int(target.rpartition(":")[2])))
        client.sendall(b"HTTP/1.1 200 Go\r\nX-Proxy: 1\r\n\r\n")
        join(client, server)
    else:
        host, _, path = target.split("//", 1)[1].partition("/")
        server = socket.create_connection(("127.0.0.1", int(host.rpartition(":")[2])))
        lines = [line for line in head.split("\r\n")[1:] if not line.lower().startswith("proxy-")]
        server.sendall("\r\n".join(["%s /%s HTTP/1.1" % (method, path)] + lines).encode("latin-1"))
        join(client, server)


def exactly(client, count):
    data = b""
    while len(data) < count:
        more = client.recv(count - len(data))
        if not more:
            raise OSError("cut")
        data += more
    return data


def serve_socks5(client):
    _, methods = exactly(client, 2)
    offered = exactly(client, methods)
    login = "-"
    if "login" in FLAGS:
        if 2 not in offered:
            event("no login offered")
            client.sendall(b"\x05\xff")
            return
        client.sendall(b"\x05\x02")
        exactly(client, 1)
        name = exactly(client, exactly(client, 1)[0]).decode()
        login = name + ":" + exactly(client, exactly(client, 1)[0]).decode()
        client.sendall(b"\x01" + (b"\x00" if login == FLAGS["login"] else b"\x01"))
        if login != FLAGS["login"]:
            event("login refused")
            return
    else:
        client.sendall(b"\x05\x00")
    _, _, _, kind = exactly(client, 4)
    host = {
        1: lambda: socket.inet_ntop(socket.AF_INET, exactly(client, 4)),
        3: lambda: exactly(client, exactly(client, 1)[0]).decode(),
        4: lambda: socket.inet_ntop(socket.AF_INET6, exactly(client, 16)),
    }[kind]()
    port = struct.unpack(">H", exactly(client, 2))[0]
    event("CONNECT %s:%d %s" % (host, port, login))
    if "hang-up" in FLAGS:
        return
    code = int(FLAGS.get("refuse", "0"))
    client.sendall(bytes([5, code, 0, 1]) + bytes(6))
    if code == 0:
        join(client, socket.create_connection(("127.0.0.1", port)))


def serve(client):
    client.settimeout(60)
    try:
        {"http": serve_http, "socks5": serve_socks5}[sys.argv[1]](client)
    except (OSError, ValueError) as error:
        event("ended by %s" % type(error).__name__)
    client.close()


run(serve)
