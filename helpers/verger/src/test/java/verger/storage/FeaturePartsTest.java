package verger.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verger.TestSpark;
import verger.storage.FeatureParts.Featurized;

/** What an earlier run has made is used, and what is new or changed is made. */
class FeaturePartsTest {

    private static final StructType LISTED = new StructType()
            .add("origin", DataTypes.StringType, false)
            .add("label", DataTypes.StringType)
            .add("modified", DataTypes.TimestampType, false)
            .add("length", DataTypes.LongType, false)
            .add("content", DataTypes.BinaryType);

    private final SparkSession spark = TestSpark.session();

    @TempDir
    Path folder;

    private FeatureParts parts;
    private LongAccumulator made;
    /** Why every seventh makes no features. */
    private String reason = "broken image";

    @BeforeEach
    void begin() throws IOException {
        parts = new FeatureParts(spark, FileSystem.getLocal(new Configuration()),
                new org.apache.hadoop.fs.Path(folder.toUri()));
        made = spark.sparkContext().longAccumulator();
    }

    @Test
    void aSecondRunMakesNothingAndHasTheSameToTheBit() {
        Dataset<Row> photographs = photographs(IntStream.range(0, 20));
        Map<String, String> first = contents(featurized(photographs).rows());
        assertThat(made.value()).isEqualTo(20);

        Featurized second = featurized(photographs);

        assertThat(made.value()).isEqualTo(20);
        assertThat(second.reused()).isEqualTo(20);
        assertThat(second.from()).isPositive();
        assertThat(contents(second.rows())).isEqualTo(first).hasSize(20);
        assertThat(first.get("photo 3")).isEqualTo("Pear · null · [3.0,0.1f]");
        assertThat(first.get("photo 7")).isEqualTo("Pear · broken image · null");
    }

    @Test
    void whatIsNewIsMadeAndWhatIsGoneDisappears() {
        featurized(photographs(IntStream.range(0, 20)));

        Featurized second = featurized(photographs(IntStream.range(5, 24)));

        assertThat(second.reused()).isEqualTo(15);
        assertThat(made.value()).isEqualTo(20 + 4);
        assertThat(contents(second.rows()))
                .isEqualTo(contents(featurize(photographs(IntStream.range(5, 24)), -1)));
        assertThat(rowsOfFeatureFiles()).isEqualTo(16); // 7, 14 and 21 are broken
    }

    @Test
    void aPhotographThatChangedIsMadeAnew() {
        List<Row> rows = rows(IntStream.range(0, 6));
        featurized(frame(rows));
        rows.set(1, row(1, "Pear", 2_000_000, 1)); // later
        rows.set(2, row(2, "Pear", 1_000_000, 99)); // longer
        rows.set(3, row(3, "Quince", 1_000_000, 3)); // moved to another class by a label pattern

        Featurized second = featurized(frame(rows));

        assertThat(second.reused()).isEqualTo(3);
        assertThat(made.value()).isEqualTo(9);
        assertThat(contents(second.rows()).get("photo 3")).startsWith("Quince");
    }

    @Test
    void aPartThatWasCutOffDoesNotCount() throws IOException {
        featurized(photographs(IntStream.range(0, 8)));
        List<Path> lists = files("files-");
        Files.delete(lists.get(0));
        Files.writeString(folder.resolve("_unfinished-features-x.snappy.parquet"), "half");

        Featurized second = featurized(photographs(IntStream.range(0, 8)));

        assertThat(second.reused()).isBetween(1L, 7L);
        assertThat(contents(second.rows())).hasSize(8);
        assertThat(files("_unfinished")).isEmpty();
        assertThat(files("files-")).hasSameSizeAs(files("features-"));
        assertThat(rowsOfFeatureFiles()).isEqualTo(7);
    }

    @Test
    void aPhotographThatStandsInTwoPartsIsThereOnce() throws IOException {
        featurized(photographs(IntStream.range(0, 8)));
        writeAllTwice();

        Featurized second = featurized(photographs(IntStream.range(0, 8)));

        assertThat(second.reused()).isEqualTo(8);
        assertThat(made.value()).isEqualTo(8);
        assertThat(second.rows().count()).isEqualTo(8);
        assertThat(rowsOfFeatureFiles()).isEqualTo(7);
    }

    /** A task that Spark has run twice has written its part twice, in this very run. */
    @Test
    void whatIsPublishedHasEachPhotographOnce() throws IOException {
        Dataset<Row> photographs = photographs(IntStream.range(0, 8));
        featurized(photographs);
        writeAllTwice();

        Dataset<Row> settled = spark.read()
                .parquet(parts.settled(photographs).stream().map(org.apache.hadoop.fs.Path::toString).toArray(String[]::new));

        assertThat(settled.count()).isEqualTo(7);
        assertThat(settled.select("origin").distinct().count()).isEqualTo(7);
    }

    private void writeAllTwice() throws IOException {
        for (Path file : Stream.concat(files("features-").stream(), files("files-").stream()).toList()) {
            String name = file.getFileName().toString();
            int end = name.length() - PartWriter.SUFFIX.length();
            Files.copy(file, file.resolveSibling(name.substring(0, end - 4) + "0000" + PartWriter.SUFFIX));
        }
    }

    /** The network's failure may have passed, or the right may have been given; a broken image stays one. */
    @Test
    void whatCouldNotBeReadIsTriedAgain() {
        Dataset<Row> photographs = photographs(IntStream.range(0, 8));
        reason = "unreadable: connection reset; 3 tries";
        featurized(photographs);
        reason = "broken image";

        assertThat(featurized(photographs).reused()).isEqualTo(7);
        assertThat(featurized(photographs).reused()).isEqualTo(8);
        assertThat(made.value()).isEqualTo(9);
    }

    /** Whoever dies in between leaves no file that looks whole, and no list of features that are not there. */
    @Test
    void aFileHasItsNameWhenItIsWholeAndTheListComesLast() throws IOException {
        Configuration conf = spark.sparkContext().hadoopConfiguration();
        WatchedFileSystem.configured().getPropsWithPrefix("fs.watched.")
                .forEach((name, value) -> conf.set("fs.watched." + name, value));
        org.apache.hadoop.fs.Path watched = new org.apache.hadoop.fs.Path("watched:" + folder);
        parts = new FeatureParts(spark, watched.getFileSystem(conf), watched);

        featurized(photographs(IntStream.range(0, 8)).coalesce(1));

        String name = "[0-9a-f-]{36}\\.snappy\\.parquet";
        assertThat(WatchedFileSystem.MOVES).hasSize(2);
        assertThat(WatchedFileSystem.MOVES.get(0))
                .matches(folder + "/_unfinished-features-" + name + " > " + folder + "/features-" + name);
        assertThat(WatchedFileSystem.MOVES.get(1))
                .matches(folder + "/_unfinished-files-" + name + " > " + folder + "/files-" + name);
    }

    @Test
    void whatAJobThatFailsHasMadeIsThere() {
        List<Row> rows = rows(IntStream.range(0, 40));
        assertThatThrownBy(() -> parts.of(frame(rows), photographs -> featurize(photographs, 39), null))
                .hasStackTraceContaining("no power");

        assertThat(featurized(frame(rows)).reused()).isBetween(10L, 39L);
    }

    private Dataset<Row> photographs(IntStream numbers) {
        return frame(rows(numbers));
    }

    private Dataset<Row> frame(List<Row> rows) {
        return spark.createDataFrame(rows, LISTED).repartition(4);
    }

    private static List<Row> rows(IntStream numbers) {
        return new ArrayList<>(numbers.mapToObj(i -> row(i, "Pear", 1_000_000, i)).toList());
    }

    private static Row row(int i, String label, long modified, long length) {
        return RowFactory.create("photo " + i, label, new Timestamp(modified), length, new byte[] {(byte) i});
    }

    private Featurized featurized(Dataset<Row> photographs) {
        return parts.of(photographs, rows -> featurize(rows, -1), null);
    }

    /** A stand-in for a network, which makes nothing of every seventh and cannot go on at one of them. */
    private Dataset<Row> featurize(Dataset<Row> photographs, int last) {
        StructType schema = photographs.schema().add("features", SQLDataTypes.VectorType()).add("reason", DataTypes.StringType);
        LongAccumulator count = made;
        String why = reason;
        return photographs.map((MapFunction<Row, Row>) row -> {
            int i = ((byte[]) row.getAs("content"))[0];
            if (i == last) {
                throw new IllegalStateException("no power");
            }
            count.add(1);
            boolean broken = i > 0 && i % 7 == 0;
            return RowFactory.create(row.get(0), row.get(1), row.get(2), row.get(3), row.get(4),
                    broken ? null : Vectors.dense(i, 0.1f), broken ? why : null);
        }, Encoders.row(schema));
    }

    private static Map<String, String> contents(Dataset<Row> rows) {
        Map<String, String> contents = new TreeMap<>();
        for (Row row : rows.select("origin", "label", "reason", "features").collectAsList()) {
            Vector features = row.getAs(3);
            contents.put(row.getString(0), row.get(1) + " · " + row.get(2) + " · " + (features == null ? null
                    : Arrays.toString(features.toArray()).replace(String.valueOf((double) 0.1f), "0.1f").replace(" ", "")));
        }
        return contents;
    }

    private List<Path> files(String prefix) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.getFileName().toString().startsWith(prefix)).sorted().toList();
        }
    }

    private long rowsOfFeatureFiles() {
        try {
            return spark.read().parquet(files("features-").stream().map(Path::toString).toArray(String[]::new)).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
