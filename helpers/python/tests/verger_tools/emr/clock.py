"""
What moto cannot do: let time pass on a cluster. Its clusters are up at once and its steps never end.

This server on loopback hands every request on to moto and its answer back, but puts states of a script into what moto says of
clusters and steps. Nothing else is made up: requests, signatures, shapes and the bucket are moto's.
"""

import http.client
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

DROPPED = {"connection", "transfer-encoding", "content-length", "host"}


class Clock:
    """
    Each look at the cluster or at its steps takes the next state of its script; the last one stays.

    :param cluster: states of the cluster, one after the other
    :param steps: for each name of a step, its states
    :param failure: FailureDetails of a step that is FAILED
    :param answers: for each operation, a whole answer (status, body) in place of moto's
    :param away: for each operation, how many of its first requests the network swallows
    """

    def __init__(self, moto_url, cluster=("WAITING",), steps=None, failure=None, answers=None, away=None):
        self.moto = urlsplit(moto_url).netloc
        self.cluster, self.steps = list(cluster), {name: list(states) for name, states in (steps or {}).items()}
        self.failure, self.answers, self.away = failure, answers or {}, dict(away or {})
        self.requests = []
        clock = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                clock.hand_on(self)

            do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = handle_any

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def wait_for(self, operation, seconds=30):
        """Waits until an operation was asked for."""
        end = time.monotonic() + seconds
        while all(name != operation for name, _ in self.requests):
            assert time.monotonic() < end, f"no {operation} in {seconds} s"
            time.sleep(0.05)

    def hand_on(self, handler):
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        operation = handler.headers.get("X-Amz-Target", "").rpartition(".")[2]
        if operation:
            self.requests.append((operation, json.loads(body)))
        if self.away.get(operation):
            self.away[operation] -= 1
            handler.close_connection = True
            return
        if operation in self.answers:
            status, made_up = self.answers[operation]
            self.answer(handler, status, [("Content-Type", "application/x-amz-json-1.1")], json.dumps(made_up).encode())
            return
        connection = http.client.HTTPConnection(self.moto)
        headers = {name: value for name, value in handler.headers.items() if name.lower() != "connection"}
        connection.request(handler.command, handler.path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status == 200 and operation in ("DescribeCluster", "DescribeStep", "ListSteps"):
            content = json.dumps(self.with_states(json.loads(content))).encode()
        self.answer(handler, answer.status, answer.getheaders(), content)
        connection.close()

    @staticmethod
    def answer(handler, status, headers, content):
        handler.send_response(status)
        for name, value in headers:
            if name.lower() not in DROPPED:
                handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(content)

    def with_states(self, said):
        if "Cluster" in said:
            said["Cluster"]["Status"]["State"] = self.next(self.cluster)
        for step in [*said.get("Steps", []), *([said["Step"]] if "Step" in said else [])]:
            if step["Name"] in self.steps:
                step["Status"]["State"] = self.next(self.steps[step["Name"]])
            if step["Status"]["State"] == "FAILED" and self.failure:
                step["Status"]["FailureDetails"] = self.failure
        return said

    @staticmethod
    def next(states):
        return states.pop(0) if len(states) > 1 else states[0]
