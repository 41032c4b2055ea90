"""The line under a running cell, and what is left of it: with the real kernel, on this machine and with executors."""

import re

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("a kernel")]

SESSION = """
import org.apache.spark.sql.*;
import verger.features.ImageFeaturizer;
import verger.images.Images;
import verger.notebook.Project;
import verger.progress.Work;
SparkSession spark = SparkSession.builder().getOrCreate();
Dataset<Row> images = Images.reader(spark).limit(48).read(Project.path("data-sample"));
"""
# The first pass also sees to it that the cell lasts for more than a second on any machine.
FEATURIZE = """
Thread.sleep(1200);
new ImageFeaturizer().setNetwork("EfficientNet-Lite0").transform(images).drop("content").where("reason is null").count()
"""


def lines(messages):
    """What the display of a cell said, one after the other; None where it was emptied."""
    return [content["data"].get("text/plain") for kind, content in messages
            if kind in ("display_data", "update_display_data")
            and content.get("transient", {}).get("display_id", "").startswith("verger-progress-")]


def kinds(messages):
    return [kind for kind, _ in messages if kind not in ("status", "execute_input")]


@pytest.fixture(scope="module")
def kernel(real_kernel):
    real_kernel.run(SESSION)
    return real_kernel


def test_images_are_counted_and_the_line_folds(kernel):
    messages = kernel.messages(FEATURIZE, progress=True)

    said = lines(messages)
    assert said[0].startswith("[")
    assert re.fullmatch(r"48 images in [\d.]+ s", said[-1])
    # While a job runs the line leads to Spark's own page.
    assert any('<a href="http://' in content["data"].get("text/html", "") for kind, content in messages if kind == "update_display_data")
    # One display, renewed; the result comes after it.
    assert kinds(messages) == ["display_data"] + ["update_display_data"] * (len(said) - 1) + ["execute_result"]


def test_images_are_counted_on_executors_to_the_last(kernel_with_executors):
    kernel_with_executors.run(SESSION)

    said = lines(kernel_with_executors.messages(FEATURIZE, progress=True))

    assert any("of 48 images" in line for line in said), said
    assert re.fullmatch(r"48 images in [\d.]+ s", said[-1])


def test_a_short_cell_shows_nothing(kernel):
    assert kinds(kernel.messages("Thread.sleep(100);", progress=True)) == []


def test_a_line_of_a_cell_that_runs_moves_and_goes(kernel):
    messages = kernel.messages("int n = 1;\nThread.sleep(3600);", progress=True)

    said = lines(messages)
    assert len(said) >= 3
    assert len(set(said)) == len(said)
    assert all(re.fullmatch(r"\[\d+\], line 2: Thread\.sleep\(3600\); · \d s", line) for line in said)
    assert kinds(messages)[-1] == "clear_output"


def test_what_else_a_cell_shows_stays(kernel):
    messages = kernel.messages('Thread.sleep(1500); System.out.println("a"); Thread.sleep(1500);', progress=True)

    assert "clear_output" not in kinds(messages)
    assert lines(messages)[-1] is None
    assert "".join(content["text"] for kind, content in messages if kind == "stream") == "a\n"


def test_what_the_driver_does_is_named(kernel):
    messages = kernel.messages('int done = Work.step("drawing a map", () -> { Work.at(2, 5, "parts"); Thread.sleep(1500); return 1; });', progress=True)

    assert lines(messages)[0] == "drawing a map · 2 of 5 parts · 1 s"


def test_a_failure_leaves_no_line_that_runs(kernel):
    messages = kernel.messages("Thread.sleep(1500); if (true) throw new IllegalStateException();", progress=True)

    assert lines(messages)[-1] is None or "clear_output" in kinds(messages)
    assert kinds(messages)[-1] == "error"


def test_it_can_be_switched_off(kernel):
    kernel.run('System.setProperty("verger.progress", "off");')
    try:
        assert kinds(kernel.messages("Thread.sleep(1500);", progress=True)) == []
    finally:
        kernel.run('System.setProperty("verger.progress", "on");')


def test_a_wrong_setting_is_said_once_and_can_be_mended(kernel):
    kernel.run('System.setProperty("verger.progress", "maybe");')
    first, second = kernel.messages("Thread.sleep(1)", progress=True), kernel.messages("Thread.sleep(1)", progress=True)
    kernel.run('System.setProperty("verger.progress", "on");')

    assert [content["text"] for kind, content in first if kind == "stream"] == ["VERGER_PROGRESS is on or off: got maybe.\n"]
    assert kinds(second) == []
