"""A cell that begins with %%sql is a query: with the real kernel, the sample's pictures and the embedded network."""

import pytest

pytestmark = pytest.mark.slow

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
def kernel(real_kernel):
    # A query makes the session itself.
    real_kernel.run("org.apache.spark.sql.SparkSession.builder().getOrCreate().stop();")
    return real_kernel


def test_a_query_needs_no_set_up_and_shows_a_table(kernel):
    shown = kernel.shown("%%sql\nselect image_label('Training/Äpfel/1.jpg') as label, 1 + 1 as two;\n")

    assert "<td style=\"text-align: left\">Äpfel</td><td>2</td>" in shown["text/html"]
    assert shown["text/plain"] == "label | two\nÄpfel | 2\n(1 row)"


def test_a_mistake_is_one_sentence(kernel):
    error = kernel.error("%%sql\nselect nothing from range(3)")

    assert error["ename"] == "QueryFailed"
    assert error["evalue"].startswith("A column or function parameter with name `nothing` cannot be resolved. Did you mean")
    assert error["evalue"].endswith("[`id`].")
    assert "nothing" in error["evalue"] and "\n" not in error["evalue"].strip()
    assert "org.apache.spark" not in "\n".join(error["traceback"])


def test_a_query_predicts_as_the_stage_does(kernel):
    kernel.run(PREDICTOR)

    assert kernel.run(BOTH) == "n | same | near\n12 | 12 | true\n(1 row)"
    shown = kernel.shown("%%sql\nselect label, image_thumbnail(content, 32) as picture from images where label = 'Banana'")
    assert 'Banana</td><td><img src="data:image/jpeg;base64,' in shown["text/html"]


def test_a_view_is_made_without_a_word(kernel):
    assert kernel.shown("%%sql\ncreate or replace temp view two as select 2 as n") is None
    assert kernel.run('spark.table("two").first().getInt(0)') == "2"
