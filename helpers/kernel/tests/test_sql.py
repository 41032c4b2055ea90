"""A cell that begins with %%sql is a query: with the real kernel, the sample's pictures and the embedded network."""

import sys
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

# The set-up's own: one of the same name in the user's home is another.
KERNELS = str(Path(sys.prefix) / "share/jupyter/kernels")

PREDICTOR = """
import verger.features.*;
import verger.images.Images;
import verger.notebook.Project;
import org.apache.spark.sql.*;
var spark = SparkSession.builder().getOrCreate();
var images = Images.reader(spark).limit(12).read(Project.path("data-sample/Test"));
images.createOrReplaceTempView("images");
new ImagePredictor().setNetwork("EfficientNet-Lite0").setTopK(1).transform(images).createOrReplaceTempView("predicted");
"""
BOTH = """%%sql
select count(*) as n, sum(int(predictions[0].index = seen.index)) as same,
  max(abs(predictions[0].probability - seen.probability)) < 1e-5 as near
from (select predictions, image_predict(content, 1, 'EfficientNet-Lite0')[0] as seen from predicted)
"""


@pytest.fixture(scope="module")
def kernel():
    manager = KernelManager(kernel_name="verger")
    manager.kernel_spec_manager = KernelSpecManager(kernel_dirs=[KERNELS])
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def run(client, code):
    """What a cell shows, by MIME type, or its error."""
    shown = []
    reply = client.execute_interactive(code, timeout=120, output_hook=shown.append)["content"]
    if reply["status"] == "error":
        return next(message["content"] for message in shown if message["msg_type"] == "error")
    return next((message["content"]["data"] for message in shown if message["msg_type"] == "execute_result"), None)


def test_a_query_needs_no_set_up_and_shows_a_table(kernel):
    shown = run(kernel, "%%sql\nselect image_label('Training/Äpfel/1.jpg') as label, 1 + 1 as two;\n")

    assert "<td style=\"text-align: left\">Äpfel</td><td>2</td>" in shown["text/html"]
    assert shown["text/plain"] == "label | two\nÄpfel | 2\n(1 row)"


def test_a_mistake_is_one_sentence(kernel):
    error = run(kernel, "%%sql\nselect nothing from range(3)")

    assert "Exception running cell magic 'sql': [UNRESOLVED_COLUMN.WITH_SUGGESTION] A column or function" in error["evalue"]
    assert "nothing" in error["evalue"] and "\n" not in error["evalue"].strip()
    assert "org.apache.spark" not in "\n".join(error["traceback"])


def test_a_query_predicts_as_the_stage_does(kernel):
    run(kernel, PREDICTOR)

    assert run(kernel, BOTH)["text/plain"] == "n | same | near\n12 | 12 | true\n(1 row)"
    shown = run(kernel, "%%sql\nselect label, image_thumbnail(content, 32) as picture from images where label = 'Banana'")
    assert 'Banana</td><td><img src="data:image/jpeg;base64,' in shown["text/html"]


def test_a_view_is_made_without_a_word(kernel):
    assert run(kernel, "%%sql\ncreate or replace temp view two as select 2 as n") is None
    assert run(kernel, 'spark.table("two").first().getInt(0)')["text/plain"] == "2"
