"""A Postfix of one's own, on loopback ports and in a folder of its own.

    postfix.py [NAME=VALUE ...]        adds these lines to main.cf

Prints one line of JSON when it takes mails: the folder, the ports (smtp with STARTTLS, smtps) and the certificate to
trust. Ends at a line `quit`, or when its standard input does, and leaves nothing behind. Nothing that it is given
leaves the machine. It must be started by root, as Postfix wants it.

Beside it run what a mail server usually has beside it: an authority on passwords and tokens that speaks Dovecot's
protocol, and a policy that greylists `grey@example.com`.
"""

import base64
import hmac
import json
import os
import shutil
import signal
import socket
import socketserver
import subprocess
import sys
import tempfile
import threading
import time

DAEMONS = "/usr/lib/postfix/sbin"
USER, PASSWORD, TOKEN = "ring", "p\u00e4ss w\u00f6rd", "a-token.of-someone"

MAIN = """
compatibility_level = 3.7
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = {daemons}
mail_owner = postfix
setgid_group = postdrop
maillog_file = {folder}/log/mail.log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.example.com
mydomain = example.com
mydestination =
alias_maps =
disable_dns_lookups = yes
default_transport = error:5.1.2 nothing leaves this machine
relay_transport = error:5.1.2 nothing leaves this machine
virtual_mailbox_domains = example.com, xn--fsqu00a.cn
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = inline:{{ {boxes} }}, regexp:{folder}/config/quoted
virtual_minimum_uid = 1
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions =
  check_recipient_access inline:{{ {{later@example.com = 450 4.7.1 come back later}} }},
  check_recipient_access inline:{{ {{full@example.com = 452 4.2.2 the box is full}} }},
  check_policy_service unix:{folder}/policy
smtpd_sender_restrictions =
  check_sender_access inline:{{ {{stranger@example.com = 550 5.7.1 not your address}} }}
header_checks = regexp:{folder}/config/header_checks
message_size_limit = 200000
smtpd_tls_cert_file = {folder}/tls/server.pem
smtpd_tls_key_file = {folder}/tls/server.key
smtpd_tls_security_level = may
smtpd_tls_loglevel = 1
smtpd_tls_auth_only = yes
smtpd_tls_session_cache_database =
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {folder}/auth
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
"""

# Whose mails go into which box.
BOXES = {
    "qa@example.com": "qa", "lead@example.com": "lead", "grey@example.com": "grey", "later@example.com": "later",
    "full@example.com": "full", "\u8b66\u949f@xn--fsqu00a.cn": "bell",
    "\u8b66\u949f@\u4f8b\u5b50.cn": "bell",
}

MASTER = """
{smtp} inet n - n - - smtpd
{smtps} inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
error unix - - n - - error
virtual unix - n n - - virtual
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


class Authority(socketserver.StreamRequestHandler):
    """Dovecot's protocol for those who ask whether a login is good (version 1.1)."""

    def say(self, *fields):
        self.wfile.write("\t".join(fields).encode() + b"\n")

    def handle(self):
        self.say("VERSION", "1", "1")
        for name in ["PLAIN\tplaintext", "LOGIN\tplaintext", "CRAM-MD5", "XOAUTH2", "OAUTHBEARER"]:
            self.say("MECH", name)
        self.say("SPID", "1")
        self.say("CUID", "1")
        self.say("COOKIE", "0" * 32)
        self.say("DONE")
        pending = {}
        for line in self.rfile:
            fields = line.rstrip(b"\n").decode().split("\t")
            if fields[0] == "AUTH":
                told = [field[5:] for field in fields if field.startswith("resp=")]
                pending[fields[1]] = self.session(fields[2])
                answer = pending[fields[1]].send(None) if not told else self.start(pending[fields[1]], told[0])
            elif fields[0] == "CONT":
                answer = pending[fields[1]].send(base64.b64decode(fields[2]))
            else:
                continue
            if answer is True:
                self.say("OK", fields[1], "user=" + USER)
            elif answer is False:
                self.say("FAIL", fields[1], "user=" + USER)
            else:
                self.say("CONT", fields[1], base64.b64encode(answer).decode())

    @staticmethod
    def start(session, told):
        session.send(None)
        return session.send(base64.b64decode(told))

    @staticmethod
    def session(mechanism):
        """Takes answers and gives challenges, at last the judgement."""
        if mechanism == "CRAM-MD5":
            challenge = b"<%d@mx.example.com>" % time.time_ns()
            name, _, digest = (yield challenge).partition(b" ")
            right = hmac.new(PASSWORD.encode(), challenge, "md5").hexdigest().encode()
            yield name == USER.encode() and hmac.compare_digest(digest, right)
        elif mechanism == "LOGIN":
            first = yield b"Username:"
            second = yield b"Password:"
            yield [first, second] == [USER.encode(), PASSWORD.encode()]
        elif mechanism == "PLAIN":
            yield (yield b"").split(b"\0")[1:] == [USER.encode(), PASSWORD.encode()]
        else:
            fields = (yield b"").decode().split("\1")
            name = fields[0].removeprefix("user=").removeprefix("n,a=").rstrip(",")
            is_right = name == USER and "auth=Bearer " + TOKEN in fields
            if not is_right:
                yield b'{"status":"invalid_token"}'
            yield is_right


class Policy(socketserver.StreamRequestHandler):
    """Postfix's protocol for those who decide on a recipient: greylists one."""

    seen = set()

    def handle(self):
        words = {}
        for line in self.rfile:
            name, _, value = line.decode().rstrip("\n").partition("=")
            if name:
                words[name] = value
                continue
            is_new = words.get("recipient") not in self.seen
            self.seen.add(words.get("recipient"))
            if words.get("recipient") == "grey@example.com" and is_new:
                answer = "action=450 4.2.0 greylisted, come back\n\n"
            else:
                answer = "action=dunno\n\n"
            self.wfile.write(answer.encode())
            words = {}


class Listener(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


def listen(path, handler):
    server = Listener(path, handler)
    os.chmod(path, 0o666)
    threading.Thread(target=server.serve_forever, daemon=True).start()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def openssl(folder, *words):
    subprocess.run(["openssl", *words], cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def make_certificates(folder):
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    with open(folder + "/names", "w") as names:
        names.write("subjectAltName=DNS:localhost,IP:127.0.0.1")
    openssl(folder, "req", "-x509", *curve, "-subj", "/CN=authority of a test", "-keyout", "ca.key", "-out", "ca.pem")
    openssl(folder, "req", *curve, "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr")
    openssl(folder, "x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
            "-days", "2", "-extfile", "names", "-out", "server.pem")


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def run(folder, settings):
    for name in ["config", "queue", "data", "mail", "log", "tls"]:
        os.mkdir(folder + "/" + name)
    shutil.chown(folder + "/data", "postfix")
    os.chown(folder + "/mail", 65534, 65534)
    make_certificates(folder + "/tls")
    listen(folder + "/auth", Authority)
    listen(folder + "/policy", Policy)
    ports = {"smtp": free_port(), "smtps": free_port()}
    config = folder + "/config"
    boxes = ", ".join("{%s = %s/}" % pair for pair in BOXES.items())
    write(config + "/main.cf", MAIN.format(folder=folder, daemons=DAEMONS, boxes=boxes) + "\n".join(settings) + "\n")
    write(config + "/master.cf", MASTER.format(**ports))
    write(config + "/quoted", "/^q a@example\\.com$/ quoted/\n")
    write(config + "/header_checks", "/^Subject: .*\\[info\\] no thanks/ REJECT 5.7.1 not such mail\n")
    subprocess.run(["postfix", "-c", config, "check"], check=True, stdin=subprocess.DEVNULL, stdout=sys.stderr)
    master = subprocess.Popen(
        [DAEMONS + "/master", "-c", config, "-d", "-e", "900"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        for port in ports.values():
            wait_for(port, master)
        print(json.dumps({"folder": folder, "authority": folder + "/tls/ca.pem", **ports}), flush=True)
        for line in sys.stdin:
            if line.strip() == "quit":
                break
    finally:
        master.terminate()
        try:
            master.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(master.pid, signal.SIGKILL)


def wait_for(port, master):
    for _ in range(200):
        if master.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    sys.exit("Postfix does not start")


def main():
    # Whoever starts this may block signals; Postfix needs them, and so does its end.
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    folder = os.path.realpath(tempfile.mkdtemp(prefix="postfix-"))
    os.chmod(folder, 0o755)
    try:
        run(folder, sys.argv[1:])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


main()
