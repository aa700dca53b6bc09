"""A Django shell that stays open: starting one for each piece of code would cost a test most of its time."""

import json
import subprocess
import sys

# Each line of stdin is the JSON of a piece of code; each line of stdout that of {"printed"} or {"error"}.
SERVE = """
import contextlib, io, json, sys, traceback
import django
django.setup()
from django.core.management.commands.shell import Command
from django.db import connections
for line in sys.stdin:
    printed = io.StringIO()
    answer = {}
    try:
        with contextlib.redirect_stdout(printed):
            exec(json.loads(line), Command().get_namespace(verbosity=0))
    except BaseException:
        answer["error"] = traceback.format_exc()
    connections.close_all()
    answer["printed"] = printed.getvalue()
    print(json.dumps(answer), flush=True)
"""


class Shell:
    """`run(code)` returns what the code prints. Raises RuntimeError with the traceback where it fails."""

    def __init__(self, root, environment):
        environment = {"DJANGO_SETTINGS_MODULE": "greenenergy.settings", **environment}
        self._process = subprocess.Popen(
            [sys.executable, "-c", SERVE],
            cwd=root,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, code: str) -> str:
        self._process.stdin.write(json.dumps(code) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the shell has ended")
        answer = json.loads(line)
        if "error" in answer:
            raise RuntimeError(f"{answer['printed']}{answer['error']}")
        return answer["printed"].strip()

    def close(self):
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(10)
