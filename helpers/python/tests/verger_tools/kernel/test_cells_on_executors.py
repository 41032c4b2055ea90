"""Lambdas, methods and classes of cells run on executors, with the notebook's variables: with the real kernel."""

import pytest

pytestmark = pytest.mark.slow

SESSION = """
import java.io.Serializable;
import java.util.*;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.*;
import org.apache.spark.sql.*;
import org.apache.spark.sql.api.java.*;
import org.apache.spark.sql.types.DataTypes;

SparkSession spark = SparkSession.builder().getOrCreate();
Dataset<Long> numbers = spark.range(1, 4, 1, 2);

<T> List<T> each(MapFunction<Long, T> function, Encoder<T> encoder) {
    return numbers.map(function, encoder).collectAsList();
}
"""


@pytest.fixture(scope="module", params=[
    pytest.param("local", marks=pytest.mark.xdist_group("a kernel")),
    pytest.param("executors", marks=pytest.mark.xdist_group("a kernel with executors")),
])
def master(request):
    return request.param


@pytest.fixture(scope="module")
def kernel(master, request):
    client = request.getfixturevalue("real_kernel" if master == "local" else "kernel_with_executors")
    client.run(SESSION)
    return client


def test_they_run_where_the_executors_are(kernel, master):
    executors = kernel.run("new TreeSet<>(each(x -> SparkEnv.get().executorId(), Encoders.STRING())).first()")

    assert (executors == "driver") == (master == "local")


def test_a_lambda_and_a_method(kernel):
    kernel.run("long squared(long x) { return x * x; }")

    assert kernel.run("each(x -> x + squared(x), Encoders.LONG())") == "[2, 6, 12]"


def test_a_method_that_is_written_anew(kernel):
    kernel.run("long shifted(long x) { return x + 1; }")
    assert kernel.run("each(x -> shifted(x), Encoders.LONG())") == "[2, 3, 4]"

    kernel.run("long shifted(long x) { return x + 2; }")
    assert kernel.run("each(x -> shifted(x), Encoders.LONG())") == "[3, 4, 5]"


def test_a_function_for_sql(kernel):
    kernel.run('spark.udf().register("twice", (UDF1<Long, Long>) x -> 2 * x, DataTypes.LongType);')

    assert kernel.run('spark.sql("select sum(twice(id)) from range(0, 4, 1, 2)").first().getLong(0)') == "12"


def test_classes(kernel):
    kernel.run("""
public class Fruit implements Serializable {
    private String name; private long number;
    public String getName() { return name; } public void setName(String name) { this.name = name; }
    public long getNumber() { return number; } public void setNumber(long number) { this.number = number; }
}
enum Size { SMALL, LARGE }
record Pair(long left, Size size) implements Serializable { }
Fruit fruit(long x) { var fruit = new Fruit(); fruit.setName("fruit " + x); fruit.setNumber(x); return fruit; }
Dataset<Fruit> fruits = numbers.map((MapFunction<Long, Fruit>) x -> fruit(x), Encoders.bean(Fruit.class));
""")

    assert kernel.run('fruits.filter((FilterFunction<Fruit>) f -> f.getNumber() > 2).first().getName()') == "fruit 3"
    pairs = "each(x -> new Pair(x, x > 1 ? Size.LARGE : Size.SMALL), Encoders.javaSerialization(Pair.class))"
    assert kernel.run(pairs + ".get(1)") == "Pair[left=2, size=LARGE]"


@pytest.mark.parametrize("type, value, expression, expected", [
    ("boolean", "true", "v", "true"),
    ("byte", "(byte) -3", "v", "-3"),
    ("char", "'ä'", "v", "ä"),
    ("short", "(short) 4", "v", "4"),
    ("int", "5", "v", "5"),
    ("long", "1L << 40", "v", "1099511627776"),
    ("float", "1.5f", "v", "1.5"),
    ("double", "0.1", "v", "0.1"),
    ("Long", "7L", "v", "7"),
    ("String", '"Pêche"', "v", "Pêche"),
    ("String", "null", "v", "null"),
    ("double[]", "{1, 2.5}", "v[1]", "2.5"),
    ("int[][]", "{{1}, {2, 3}}", "v[1][1]", "3"),
    ("Set<String>", 'Set.of("a")', 'v.contains("a")', "true"),
    ("Map<String, List<Integer>>", 'Map.of("a", List.of(1))', 'v.get("a")', "[1]"),
    ("MapFunction<Long, Long>", "y -> y + 5", "v.call(1L)", "6"),
])
def test_variables(kernel, type, value, expression, expected):
    kernel.run(f"{type} v = {value};")

    assert kernel.run(f"each(x -> String.valueOf({expression}), Encoders.STRING()).get(2)") == expected


def test_a_variable_has_the_value_that_it_has_when_a_job_starts(kernel):
    kernel.run("long k = 10;\nDataset<Long> times = numbers.map((MapFunction<Long, Long>) x -> k * x, Encoders.LONG());")
    assert kernel.run("times.collectAsList()") == "[10, 20, 30]"

    kernel.run("k = 20;")
    assert kernel.run("times.collectAsList()") == "[20, 40, 60]"
    assert kernel.run("""
List<Long> seen = new ArrayList<>();
for (k = 1; k < 4; k++) { seen.add(times.first()); }
seen
""") == "[1, 2, 3]"


def test_a_thread_sees_it_too(kernel):
    kernel.run("""
import java.util.concurrent.*;
long step = 1;
ExecutorService pool = Executors.newFixedThreadPool(1);
List<Long> stepped() throws Exception { return pool.submit(() -> each(x -> step, Encoders.LONG())).get(); }
""")
    assert kernel.run("stepped()") == "[1, 1, 1]"

    kernel.run("step = 2;\nlong late = 3;")
    assert kernel.run("stepped()") == "[2, 2, 2]"
    assert kernel.run("pool.submit(() -> each(x -> late, Encoders.LONG())).get()") == "[3, 3, 3]"


def test_a_query_of_a_stream(kernel, tmp_path):
    kernel.run(f"""
long width = 7;
var stream = spark.readStream().format("rate-micro-batch").option("rowsPerBatch", 4).load()
    .map((MapFunction<Row, Long>) row -> width, Encoders.LONG());
var query = stream.writeStream().format("memory").queryName("widths")
    .trigger(org.apache.spark.sql.streaming.Trigger.Once()).option("checkpointLocation", "{tmp_path}").start();
query.awaitTermination();
""")

    assert kernel.run('spark.sql("select distinct value from widths").collectAsList()') == "value\n7\n(1 row)"


def test_rdds_of_classes(kernel):
    kernel.run("""
class Seed implements Serializable { final long n; Seed(long n) { this.n = n; } public String toString() { return "seed " + n; } }
""")

    assert kernel.run("numbers.toJavaRDD().map(x -> new Seed(x)).collect()") == "[seed 1, seed 2, seed 3]"


def test_a_session_that_is_started_anew(kernel):
    kernel.run("spark.stop();\nspark = SparkSession.builder().getOrCreate();\nnumbers = spark.range(1, 4, 1, 2);\nlong anew = 4;")

    assert kernel.run("each(x -> anew * x, Encoders.LONG())") == "[4, 8, 12]"


def test_a_variable_that_is_changed_inside(kernel):
    kernel.run("""
int[] counts = {1};
Dataset<Integer> first = numbers.map((MapFunction<Long, Integer>) x -> counts[0], Encoders.INT());
counts[0] = 5;
""")

    assert kernel.run("first.first()") == "5"


def test_variables_of_classes_and_methods(kernel):
    kernel.run("""
long base = 100;
long above(long x) { return base + x; }
class Scorer implements Serializable { long weight = 2; long score(long x) { return weight * above(x); } }
Scorer scorer = new Scorer();
scorer.weight = 3;
""")

    assert kernel.run("each(x -> scorer.score(x), Encoders.LONG())") == "[303, 306, 309]"


def test_broadcast_variables_and_accumulators(kernel):
    kernel.run("""
var names = JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(Map.of(2L, "two"));
var sum = spark.sparkContext().longAccumulator("sum");
""")

    assert kernel.run('each(x -> { sum.add(x); return names.value().getOrDefault(x, "?"); }, Encoders.STRING())') == "[?, two, ?]"
    assert kernel.run("sum.value()") == "6"


def test_joins_and_shuffles(kernel):
    kernel.run("""
long modulus = 2;
spark.udf().register("rest", (UDF1<Long, Long>) x -> x % modulus, DataTypes.LongType);
""")

    assert kernel.run("""
spark.sql("select sum(a.n * b.n) from (select rest(id) as r, count(*) as n from range(9) group by 1) a "
    + "join (select rest(id) as r, count(*) as n from range(5) group by 1) b on a.r = b.r").first().getLong(0)
""") == str(5 * 3 + 4 * 2)


@pytest.mark.parametrize("master", [pytest.param("executors", marks=pytest.mark.xdist_group("a kernel with executors"))], indirect=True)
@pytest.mark.parametrize("before, code, expected", [
    ("", "numbers.count() + x", "The notebook's variable numbers is a Dataset, which executors cannot use: collect what"),
    ("Object lock = new Object();", "lock.hashCode() + x",
     "The notebook's variable lock cannot go to executors, as java.lang.Object is not java.io.Serializable"),
    ("record City(String name) { }\nCity city = new City(\"Lille\");", "city.name() + x",
     "The notebook's variable city cannot go to executors, as City is not java.io.Serializable: declare that it implements it"),
    ("", "spark.range(x).count()", "The notebook's variable spark is a SparkSession, which executors cannot use: start jobs outside"),
    ("java.util.function.LongUnaryOperator plain = y -> y;", "plain.applyAsLong(x)",
     "The notebook's variable plain cannot go to executors, as it has a lambda of an interface that is not java.io.Serializable"),
    ("double[] much = new double[200_000];", "much[0] + x", "The notebook's variable much is larger than the 1 MiB that each task"),
    ("long seen = 0;", "seen++", "The notebook's variable seen cannot be set on an executor, as the notebook would not hear of it"),
])
def test_what_cannot_go_there_is_said(kernel, before, code, expected):
    kernel.run(before)

    error = kernel.error(f"each(x -> String.valueOf({code}), Encoders.STRING())")

    assert expected in error["evalue"]
    assert kernel.run("numbers.count()") == "3"


STRANGER = """
import java.nio.ByteBuffer;
import java.util.concurrent.*;
import org.apache.spark.network.TransportContext;
import org.apache.spark.network.client.*;
import org.apache.spark.network.server.NoOpRpcHandler;
import org.apache.spark.network.util.*;

String ask(String path) throws Exception {
    var conf = spark.sparkContext().getConf();
    var answer = new CompletableFuture<String>();
    try (var context = new TransportContext(new TransportConf("rpc", MapConfigProvider.EMPTY), new NoOpRpcHandler());
         var clients = context.createClientFactory()) {
        clients.createClient(conf.get("spark.driver.host"), Integer.parseInt(conf.get("spark.driver.port"))).stream(path,
            new StreamCallback() {
                public void onData(String id, ByteBuffer bytes) { answer.complete("got " + bytes.remaining() + " bytes"); }
                public void onComplete(String id) { answer.complete("got nothing"); }
                public void onFailure(String id, Throwable cause) {
                    answer.complete("refused: " + cause.getMessage().lines().findFirst().get());
                }
            });
        return answer.get(30, TimeUnit.SECONDS);
    }
}
"""


def test_a_stranger_who_reaches_the_port_is_given_no_file(kernel):
    kernel.run(STRANGER)

    assert "refused: " in kernel.run('ask("/classes/../../../../../etc/passwd")')
    assert "refused: " in kernel.run('ask("/classes/REPL/$JShell$11.class")')
    assert kernel.run('spark.sparkContext().getConf().get("spark.authenticate")') == "true"
