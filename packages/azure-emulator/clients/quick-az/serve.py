"""Runs Azure's command line in forks of a process that has loaded it. See `az` beside this file.

Called with a command, it asks the server of AZURE_CONFIG_DIR to run it, and starts one when there is none.
The server ends when that folder is gone, or nobody has asked for a while.
"""

import json
import os
import socket
import subprocess
import sys
import time

SERVE = "--serve"
ADDRESS = os.path.join(os.environ["AZURE_CONFIG_DIR"], "quick-az.sock")
IDLE_SECONDS = 120
START_SECONDS = 60


def connected():
    client = socket.socket(socket.AF_UNIX)
    try:
        client.connect(ADDRESS)
        return client
    except OSError:
        client.close()
        return None


def start_server():
    os.makedirs(os.path.dirname(ADDRESS), exist_ok=True)
    log = open(ADDRESS + ".log", "ab")
    subprocess.Popen(
        [sys.executable, os.path.abspath(__file__), SERVE],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        client = connected()
        if client:
            return client
        time.sleep(0.05)
    sys.exit("quick-az: the server did not start; see " + ADDRESS + ".log")


def ask(command):
    client = connected() or start_server()
    request = {"command": command, "cwd": os.getcwd(), "env": dict(os.environ)}
    socket.send_fds(client, [b"."], [0, 1, 2])
    client.sendall(json.dumps(request).encode() + b"\n")
    code = client.makefile().readline()
    sys.exit(int(code) if code else "quick-az: the command died")


def run(request, files):
    """In a fork: becomes the process that az would have been. Returns its exit code."""
    import runpy
    import signal

    # az waits for processes of its own.
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for target, source in enumerate(files):
        os.dup2(source, target)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    sys.argv = ["az", *request["command"]]
    try:
        runpy.run_module("azure.cli", run_name="__main__", alter_sys=True)
        return 0
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        print(end.code, file=sys.stderr)
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def fork(client, learned):
    """Runs one command. What it had to load is reported to `learned`, so that the next one has it."""
    _, files, _, _ = socket.recv_fds(client, 1, 3)
    child = os.fork()
    if child == 0:
        code = 70
        try:
            loaded = set(sys.modules)
            request = json.loads(client.makefile().readline())
            code = run(request, files)
            os.write(learned, json.dumps(sorted(set(sys.modules) - loaded)).encode() + b"\n")
            client.sendall(str(code).encode() + b"\n")
        finally:
            os._exit(code)
    for file in files:
        os.close(file)
    client.close()


def load(names):
    import importlib

    for name in names:
        if name in sys.modules or name.startswith("__"):
            continue
        try:
            importlib.import_module(name)
        except BaseException:  # Some can only be loaded by others: they stay what each command loads itself.
            pass


def serve():
    import select
    import signal

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    listener = socket.socket(socket.AF_UNIX)
    try:
        listener.bind(ADDRESS)
    except OSError:
        if connected():
            return
        os.unlink(ADDRESS)
        listener.bind(ADDRESS)
    listener.listen()
    import azure.cli.core  # noqa: F401
    from azure.cli.core import get_default_cli  # noqa: F401

    learned_by, learned = os.pipe()
    lessons = os.fdopen(learned_by)
    asked = time.monotonic()
    while os.path.exists(ADDRESS) and time.monotonic() - asked < IDLE_SECONDS:
        ready, _, _ = select.select([listener, lessons], [], [], 1)
        if lessons in ready:
            load(json.loads(lessons.readline()))
        if listener in ready:
            client, _ = listener.accept()
            fork(client, learned)
            asked = time.monotonic()


if sys.argv[1:] == [SERVE]:
    # What `-S` left out: the folders of packages.
    import site

    site.main()
    serve()
else:
    ask(sys.argv[1:])
