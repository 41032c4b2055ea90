"""Starts a kernel through a gateway, interrupts a long Spark job in it as JupyterLab does, runs a lambda, and says what came of it."""

import json
import sys
import time
import urllib.request
import uuid

import websocket

GATEWAY, KERNEL, USER = sys.argv[1:]
SESSION = "var spark = org.apache.spark.sql.SparkSession.builder().getOrCreate();"
# Hours of work.
LONG = SESSION + """
System.out.println("begun");
spark.sql("select sum(hash(id, id)) from range(0, 100000000000000)").collectAsList();"""
# Spark's listeners hear of the end of a job some time after it, longer on a busy machine.
RUNNING = ('for (int i = 0; i < 300 && spark.sparkContext().statusTracker().getActiveJobIds().length > 0; i++) Thread.sleep(100);'
           'System.out.println("jobs still running: " + spark.sparkContext().statusTracker().getActiveJobIds().length);'
           'System.out.println("afterwards: " + spark.range(10).count());')
LAMBDA = """
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.*;
long factor = 10;
Dataset<String> products = spark.range(0, 3, 1, 2).map((MapFunction<Long, String>) x ->
    factor * x + (org.apache.spark.SparkEnv.get().executorId().equals("driver") ? " on the driver" : ""), Encoders.STRING());
System.out.println("on executors: " + products.collectAsList());
class Seed implements java.io.Serializable { final long n; Seed(long n) { this.n = n; } public String toString() { return "seed " + n; } }
System.out.println("their objects: " + spark.range(0, 2, 1, 2).toJavaRDD().map(x -> new Seed(x)).collect());
"""


def rest(method, path, body=None):
    request = urllib.request.Request(GATEWAY + path, method=method, data=None if body is None else json.dumps(body).encode())
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=180) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def send(socket, code):
    header = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "username": USER, "session": "test", "version": "5.3"}
    content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
    socket.send(json.dumps({"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}))
    return header["msg_id"]


def follow(socket, request, on_text=lambda text: None):
    """Prints what the cell prints until it has its reply; returns that."""
    while True:
        message = json.loads(socket.recv())
        if message["parent_header"].get("msg_id") != request:
            continue
        if message["msg_type"] == "stream":
            print(message["content"]["text"], end="", flush=True)
            on_text(message["content"]["text"])
        elif message["msg_type"] == "execute_reply":
            return message["content"]


def main():
    kernel = rest("POST", "/api/kernels", {"name": KERNEL, "env": {"KERNEL_USERNAME": USER}})["id"]
    try:
        url = GATEWAY.replace("http", "ws", 1) + f"/api/kernels/{kernel}/channels"
        socket = websocket.create_connection(url, timeout=180)
        interrupted = []

        def interrupt(text):
            if "begun" in text:
                time.sleep(5)  # until the executors have their tasks
                interrupted.append(time.monotonic())
                rest("POST", f"/api/kernels/{kernel}/interrupt")

        reply = follow(socket, send(socket, LONG), interrupt)
        print(f"the cell ended with an {reply['status']} {time.monotonic() - interrupted[0]:.1f} s after the interrupt: "
              f"{reply.get('ename')} {reply.get('evalue')}")
        time.sleep(1)
        follow(socket, send(socket, RUNNING))
        follow(socket, send(socket, LAMBDA))
        socket.close()
    finally:
        rest("DELETE", f"/api/kernels/{kernel}")


main()
