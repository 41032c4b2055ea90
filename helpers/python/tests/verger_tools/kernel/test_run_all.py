"""What JupyterLab does to a kernel: sends all cells at once, answers questions, looks on after a cell. With the real kernel."""

import time

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("a kernel")]


def replies(client, requests):
    """The status of each request's reply, in the order of the requests; and the types of what each published."""
    status, published = {}, {request: [] for request in requests}
    while len(status) < len(requests):
        reply = client.get_shell_msg(timeout=120)
        if reply["parent_header"]["msg_id"] in published:
            status[reply["parent_header"]["msg_id"]] = reply["content"].get("status", "ok")  # JJava's kernel_info_reply has none
    idle = 0
    while idle < len(requests):
        message = client.get_iopub_msg(timeout=120)
        parent = message["parent_header"].get("msg_id")
        if parent in published:
            kind = message["content"].get("execution_state", message["msg_type"])
            published[parent].append(kind)
            idle += kind == "idle"
    return [status[request] for request in requests], [published[request] for request in requests]


def test_cells_that_wait_behind_one_that_failed_are_aborted(real_kernel):
    client = real_kernel.client
    # The first keeps the kernel busy until all are in its queue.
    sent = [client.execute(code) for code in ("Thread.sleep(2000);", "throw new IllegalStateException();", "int never = 1;", "1 + 1")]
    asked = client.kernel_info()

    status, published = replies(client, [*sent, asked])

    assert status == ["ok", "error", "aborted", "aborted", "ok"]
    assert published[2] == published[3] == ["busy", "idle"]
    assert real_kernel.run("1 + 1") == "2"
    assert "never" in real_kernel.error("never")["evalue"]


def test_cells_that_wait_behind_one_that_was_stopped_are_aborted(real_kernel):
    client = real_kernel.client
    sent = [client.execute(code) for code in ("Thread.sleep(600_000);", "int afterwards = 1;")]
    time.sleep(2)

    real_kernel.manager.interrupt_kernel()

    assert replies(client, sent)[0] == ["error", "aborted"]


def test_cells_that_are_to_run_after_an_error_do(real_kernel):
    client = real_kernel.client
    sent = [client.execute(code, stop_on_error=False) for code in ("Thread.sleep(1000);", "throw new IllegalStateException();", "1 + 1")]

    assert replies(client, sent)[0] == ["ok", "error", "ok"]


def test_the_user_is_asked(real_kernel):
    real_kernel.run("import java.util.Scanner;")
    client = real_kernel.client
    sent = client.execute("new Scanner(System.in).nextLine() + \"!\"", allow_stdin=True)
    assert client.get_stdin_msg(timeout=60)["msg_type"] == "input_request"
    client.input("Pêche")

    value = None
    while value is None:
        message = client.get_iopub_msg(timeout=60)
        if message["parent_header"].get("msg_id") == sent and message["msg_type"] == "execute_result":
            value = message["content"]["data"]["text/plain"]
    assert value == "Pêche!"
    client.get_shell_msg(timeout=60)


def test_an_interrupt_ends_a_question_and_the_next_one_is_answered(real_kernel):
    client = real_kernel.client
    sent = client.execute("System.in.read()", allow_stdin=True)
    client.get_stdin_msg(timeout=60)
    real_kernel.manager.interrupt_kernel()
    assert replies(client, [sent])[0] == ["error"]
    client.input("too late")

    sent = client.execute("new Scanner(System.in).nextLine()", allow_stdin=True)
    client.get_stdin_msg(timeout=60)
    client.input("in time")

    assert replies(client, [sent])[0] == ["ok"]
    assert real_kernel.run("new Scanner(System.in).hasNextLine()") == "false"  # which nobody can be asked for


def test_what_a_thread_displays_after_its_cell_arrives(real_kernel):
    client = real_kernel.client
    sent = client.execute('new Thread(() -> { try { Thread.sleep(2000); } catch (InterruptedException e) { } display("late"); }).start();')

    kinds = []
    while "display_data" not in kinds:
        message = client.get_iopub_msg(timeout=60)
        if message["parent_header"].get("msg_id") == sent:
            kinds.append(message["content"].get("execution_state", message["msg_type"]))
    assert kinds.index("idle") < kinds.index("display_data")
    client.get_shell_msg(timeout=60)
