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
# The line is renewed every second: on any machine the cell lasts for more than one, and its job for two after its first images.
FEATURIZE = """
Thread.sleep(1200);
new ImageFeaturizer().setNetwork("EfficientNet-Lite0").transform(images).drop("content")
    .filter((org.apache.spark.api.java.function.FilterFunction<Row>) image -> { Thread.sleep(100); return image.getAs("reason") == null; })
    .count()
"""


def messages(kernel, code):
    return kernel.messages(code, progress=True)


def lines(found):
    """What the display of a cell said, one after the other; None where it was emptied."""
    return [content["data"].get("text/plain") for kind, content in found
            if kind in ("display_data", "update_display_data")
            and content.get("transient", {}).get("display_id", "").startswith("verger-progress-")]


def kinds(found):
    return [kind for kind, _ in found if kind not in ("status", "execute_input")]


@pytest.fixture(scope="module")
def kernel(real_kernel):
    real_kernel.run(SESSION)
    return real_kernel


def test_images_are_counted_and_the_line_folds(kernel):
    found = messages(kernel, FEATURIZE)

    said = lines(found)
    assert said[0].startswith("[")
    assert re.fullmatch(r"48 images in [\d.]+ s", said[-1])
    # While a job runs the line leads to Spark's own page.
    assert any('<a href="http://' in content["data"].get("text/html", "") for kind, content in found if kind == "update_display_data")
    # One display, renewed; the result comes after it.
    assert kinds(found) == ["display_data"] + ["update_display_data"] * (len(said) - 1) + ["execute_result"]


def test_images_are_counted_on_executors_to_the_last(kernel_with_executors):
    kernel_with_executors.run(SESSION)

    said = lines(messages(kernel_with_executors, FEATURIZE))

    assert any("of 48 images" in line for line in said), said
    assert re.fullmatch(r"48 images in [\d.]+ s", said[-1])


def test_a_short_cell_shows_nothing(kernel):
    assert kinds(messages(kernel, "Thread.sleep(100);")) == []


def test_a_line_of_a_cell_that_runs_moves_and_goes(kernel):
    found = messages(kernel, "int n = 1;\nThread.sleep(3600);")

    said = lines(found)
    assert len(said) >= 3
    assert len(set(said)) == len(said)
    assert all(re.fullmatch(r"\[\d+\], line 2: Thread\.sleep\(3600\); · \d s", line) for line in said)
    assert kinds(found)[-1] == "clear_output"


def test_what_else_a_cell_shows_stays(kernel):
    found = messages(kernel, 'Thread.sleep(1500); System.out.println("a"); Thread.sleep(1500);')

    assert "clear_output" not in kinds(found)
    assert lines(found)[-1] is None
    assert "".join(content["text"] for kind, content in found if kind == "stream") == "a\n"


def test_what_the_driver_does_is_named(kernel):
    found = messages(kernel, 'int done = Work.step("drawing a map", () -> { Work.at(2, 5, "parts"); Thread.sleep(1500); return 1; });')

    assert lines(found)[0].startswith("drawing a map · 2 of 5 parts · ")


def test_a_failure_leaves_no_line_that_runs(kernel):
    found = messages(kernel, "Thread.sleep(1500); if (true) throw new IllegalStateException();")

    assert lines(found)[-1] is None or "clear_output" in kinds(found)
    assert kinds(found)[-1] == "error"


def test_it_can_be_switched_off(kernel):
    kernel.run('System.setProperty("verger.progress", "off");')
    try:
        assert kinds(messages(kernel, "Thread.sleep(1500);")) == []
    finally:
        kernel.run('System.setProperty("verger.progress", "on");')


def test_a_wrong_setting_is_said_once_and_can_be_mended(kernel):
    kernel.run('System.setProperty("verger.progress", "maybe");')
    first, second = messages(kernel, "Thread.sleep(1)"), messages(kernel, "Thread.sleep(1)")
    kernel.run('System.setProperty("verger.progress", "on");')

    assert [content["text"] for kind, content in first if kind == "stream"] == ["VERGER_PROGRESS is on or off: got maybe.\n"]
    assert kinds(second) == []
