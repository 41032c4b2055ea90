"""What the real kernel shows of values, of names (Shift-Tab) and of what may be written (Tab)."""

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("a kernel")]

SESSION = """
import java.nio.file.Path;
import java.util.stream.*;
import org.apache.spark.sql.*;
import verger.features.ImageFeaturizer;
import verger.images.Images;
SparkSession spark = SparkSession.builder().getOrCreate();
Dataset<Row> df = spark.range(78572).selectExpr("id", "named_struct('name', 'Fig', 'at', array(1, 2)) as seen");
ImageFeaturizer f = new ImageFeaturizer("images_1").setNetwork("auto").setOutputCol("<b>");
Stream<Integer> numbers = Stream.of(1, 2);
record Fruit(String name, int[] sizes) {}
"""


@pytest.fixture(scope="module")
def kernel(real_kernel):
    real_kernel.run(SESSION)
    return real_kernel


@pytest.mark.parametrize(("value", "text"), [
    ("df.columns()", "[id, seen]"),
    ("df.take(2)", "id | seen\n0 | {name=Fig, at=[1, 2]}\n1 | {name=Fig, at=[1, 2]}\n(2 rows)"),
    ("df.first()", "{id=0, seen={name=Fig, at=[1, 2]}}"),
    ("new int[] {1, 2}", "[1, 2]"),
    ("new int[][] {{1}, {2, 3}}", "[[1], [2, 3]]"),
    ("new Fruit(\"Fig\", new int[] {1})", "Fruit[name=Fig, sizes=[1]]"),
    ("java.util.Optional.of(new int[] {1})", "Optional[[1]]"),
    ("numbers", "Stream, not consumed"),
    ("numbers.toList()", "[1, 2]"),
    ("IntStream.range(0, 1234).toArray()", "[" + ", ".join(map(str, range(100))) + ", … 1,234 in all]"),
    ("f", "ImageFeaturizer images_1\n  network = auto\n  outputCol = <b>"),
])
def test_a_value_is_shown_with_what_is_in_it(kernel, value, text):
    assert kernel.run(value) == text


def test_markup_in_a_value_is_text(kernel):
    assert "&lt;b&gt;" in kernel.shown("f")["text/html"] and "<b></td>" not in kernel.shown("f")["text/html"]


def test_a_session_says_where_its_ui_is(kernel):
    shown = kernel.shown("spark")

    assert shown["text/plain"].startswith("SparkSession\n  version: 3.5.5\n  master: local[")
    assert '<a href="http://' in shown["text/html"]


def test_a_table_says_of_how_many_rows_and_shows_as_many_as_are_asked_for(kernel):
    assert kernel.run("df").endswith("\n(20 of 78,572 rows)")
    shown = [content["data"] for kind, content in kernel.messages("display(df, 200);") if kind == "display_data"]
    assert [data["text/plain"].count("Fig") for data in shown] == [200]
    assert kernel.messages('display("Fig");')[2][1]["data"] == {"text/plain": "Fig"}


def inspected(kernel, code):
    """What Shift-Tab shows where the bar is; None if nothing."""
    reply = kernel.client.inspect(code.replace("|", ""), code.index("|"), reply=True, timeout=60)["content"]
    return reply["data"]["text/plain"] if reply["found"] else None


@pytest.mark.parametrize(("code", "signature"), [
    ("ImageFeat|urizer", "class verger.features.ImageFeaturizer\nTurns a column of image files"),
    ("f.setNetwork|", "ImageFeaturizer NetworkStage.setNetwork(String value)\n  value: a name in Networks, or auto"),
    ("Images.read(|", "Dataset<Row> Images.read(SparkSession spark, String uri)\nLists all files below a folder"),
    ("spark.read()|", "DataFrameReader SparkSession.read()"),
    ("String.format|", "String String.format(String format, Object... args)"),
    ("display(|", "void Displays.display(Object value, int most)\nShows so many rows"),
])
def test_shift_tab_shows_signature_and_text(kernel, code, signature):
    assert inspected(kernel, code).startswith(signature)


def completed(kernel, code):
    """What Tab offers where the bar is, and the text that it replaces."""
    text = code.replace("|", "")
    reply = kernel.client.complete(text, code.index("|"), reply=True, timeout=60)["content"]
    return reply["matches"], text[reply["cursor_start"]:reply["cursor_end"]]


def test_tab_offers_what_a_java_person_calls_first(kernel):
    matches, replaced = completed(kernel, 'var k = "🍎"; f.|')

    assert matches[0] == "setBatchSize(" and replaced == ""
    assert not [name for name in matches if "$" in name or name.startswith("log")]


@pytest.mark.parametrize(("code", "matches"), [
    ('f.setNetwork("Res|', ["ResNet50", "ResNet50-torchvision", "ResNet50-torchvision-V2"]),
    ('f.setOutputCol("|', []),
    ("// f.|", []),
    ("int n = 1;\n%cl|", ["%classpath"]),
])
def test_tab_offers_what_fits_where_the_cursor_is(kernel, code, matches):
    assert completed(kernel, code)[0] == matches


def test_tab_offers_paths_in_a_text(kernel, tmp_path):
    (tmp_path / "Training").mkdir()

    assert completed(kernel, f'Images.read(spark, "{tmp_path}/Tr|") ') == ([f"{tmp_path}/Training/"], f"{tmp_path}/Tr")
