package verger.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.ForeachFunction;
import org.apache.spark.ml.functions$;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import verger.files.LiteralPath;
import verger.files.S3;
import verger.images.ImageStatus;
import verger.progress.KnownRows;
import verger.spark.ColumnMetadata;

/**
 * Features in a folder of parts, which are written as the features are made: what a run that died leaves is the next one's.
 *
 * <p>A part holds if all of its photographs are what they were: the same origin, length, time of change and label. Of a part
 * that does not, the rows that hold are written anew. One run at a time: whoever calls holds the output.
 */
final class FeatureParts {

    /** Where features are kept in an output until they are published. */
    static final String FOLDER = "_features";

    private static final String ORIGIN = "origin";
    private static final String FEATURES = "features";
    private static final String REASON = "reason";
    private static final String PART = "_part";

    /** What a file comes to again, as long as it does not change. */
    private static final Set<ImageStatus> HOLD =
            EnumSet.complementOf(EnumSet.of(ImageStatus.UNREADABLE, ImageStatus.NOT_TAKEN));

    /** What a photograph is known by. */
    private static final List<String> IDENTITY = List.of(ORIGIN, "label", "length", "modified");

    private final SparkSession spark;
    private final FileSystem fs;
    private final Path folder;

    /**
     * The parts of a folder.
     *
     * @param folder of features that are made in one way
     */
    FeatureParts(SparkSession spark, FileSystem fs, Path folder) {
        this.spark = spark;
        this.fs = fs;
        this.folder = folder;
    }

    /**
     * What became of photographs, and how many of them an earlier run had.
     *
     * @param rows   the photographs' columns without {@code content}, {@code features} (vector) and {@code reason}; persisted
     * @param all    number of these rows
     * @param reused rows that were there
     * @param from   when the first of these were written, in milliseconds; 0 if there are none
     */
    record Featurized(Dataset<Row> rows, long all, long reused, long from) {
    }

    /**
     * What an earlier run has published.
     *
     * @param files    a row for each photograph that was listed: columns {@code origin}, {@code label}, {@code length},
     *                 {@code modified}, {@code reason}
     * @param features columns {@code origin}, {@code features} (array)
     * @param created  when, in milliseconds
     */
    record Published(Dataset<Row> files, Dataset<Row> features, long created) {
    }

    /**
     * The features of photographs: those that are there, and the others made now and written.
     *
     * @param photographs columns {@code origin} (no two rows have the same), {@code label}, {@code length}, {@code modified},
     *                    {@code content}
     * @param featurize   adds {@code features} and {@code reason} to rows of these columns
     * @param published   by a run that made features in the same way; null if there is none
     * @throws UncheckedIOException if the folder cannot be read or written
     */
    Featurized of(Dataset<Row> photographs, UnaryOperator<Dataset<Row>> featurize, Published published) {
        try {
            fs.mkdirs(folder);
            Dataset<Row> listed = photographs.drop("content");
            keepWhatHolds(listed);
            removeLitter();
            long from = published == null || !adopt(listed, published) ? Long.MAX_VALUE : published.created();
            List<String> parts = names();
            if (parts.isEmpty()) {
                Dataset<Row> rows = written(featurize.apply(photographs).drop("content"), listed).persist();
                return new Featurized(rows, rows.count(), 0, 0);
            }
            for (String part : parts) {
                from = Math.min(from, fs.getFileStatus(file(PartWriter.FILES, part)).getModificationTime());
            }
            Dataset<Row> lists = lists(parts);
            long reused = lists.count();
            long all = photographs.count();
            if (reused < all) {
                Dataset<Row> missing = without(photographs, lists);
                KnownRows.during(spark, all - reused,
                        () -> written(featurize.apply(missing).drop("content"), listed).foreach(nothing()));
            }
            Dataset<Row> rows = rows(listed).persist();
            requireAll(rows, all);
            return new Featurized(rows, all, reused, from);
        } catch (IOException e) {
            throw cannot("read or write", e);
        }
    }

    /** The folder's own name. */
    String name() {
        return folder.getName();
    }

    /** Deletes all parts. */
    void clear() {
        try {
            fs.delete(folder, true);
        } catch (IOException e) {
            throw cannot("delete", e);
        }
    }

    /**
     * The files of features, in which each photograph stands once: a task that Spark has run twice wrote its rows twice.
     *
     * @param photographs as for {@link #of}
     */
    List<Path> settled(Dataset<Row> photographs) {
        try {
            // All are written once at least: as many rows as photographs are those of each one.
            if (lists(names()).count() != photographs.count()) {
                keepWhatHolds(photographs.drop("content"));
            }
            removeLitter();
            return names().stream().map(part -> file(PartWriter.FEATURES, part)).toList();
        } catch (IOException e) {
            throw cannot("read or write", e);
        }
    }

    private UncheckedIOException cannot(String what, IOException e) {
        return new UncheckedIOException("Cannot " + what + " the features at " + folder + ": "
                + S3.reason(folder, S3.settings(spark), e), e);
    }

    private void requireAll(Dataset<Row> rows, long all) {
        long found = rows.count();
        if (found != all) {
            throw new IllegalStateException("The features at " + folder + " are of " + found + " photographs, and there are "
                    + all + ": delete the folder, and run this again");
        }
    }

    /** The names of the parts that are whole, sorted: of one that was being published its features may have gone. */
    List<String> names() throws IOException {
        Set<String> files = Stream.of(fs.listStatus(folder)).map(file -> file.getPath().getName()).collect(Collectors.toSet());
        return files.stream().filter(name -> name.startsWith(PartWriter.FILES))
                .map(name -> name.substring(PartWriter.FILES.length(), name.length() - PartWriter.SUFFIX.length()))
                .filter(part -> files.contains(file(PartWriter.FEATURES, part).getName())).sorted().toList();
    }

    /**
     * Moves features back to their parts that a run had moved to publish them, and that died then.
     *
     * @param folders of parts, one for each way in which features are made; there may be none
     * @param table   where the features were moved to; it may not be there
     */
    static void takeBack(FileSystem fs, Path folders, Path table) throws IOException {
        if (!fs.exists(folders) || !fs.exists(table)) {
            return;
        }
        for (FileStatus folder : fs.listStatus(folders)) {
            for (FileStatus list : fs.listStatus(folder.getPath(), path -> path.getName().startsWith(PartWriter.FILES))) {
                String name = PartWriter.FEATURES + list.getPath().getName().substring(PartWriter.FILES.length());
                Path moved = new Path(table, name);
                if (fs.exists(moved) && !fs.rename(moved, new Path(folder.getPath(), name))) {
                    throw new IOException("could not move " + moved + " to " + folder.getPath());
                }
            }
        }
    }

    private Path file(String kind, String part) {
        return new Path(folder, kind + part + PartWriter.SUFFIX);
    }

    /** Of a part that was cut off there is no list, and of one that was published there may be a list alone. */
    private void removeLitter() throws IOException {
        Set<String> whole = new TreeSet<>();
        for (String part : names()) {
            whole.add(file(PartWriter.FILES, part).getName());
            whole.add(file(PartWriter.FEATURES, part).getName());
        }
        for (FileStatus file : fs.listStatus(folder)) {
            if (!whole.contains(file.getPath().getName())) {
                fs.delete(file.getPath(), true);
            }
        }
    }

    private Dataset<Row> read(String kind, List<String> parts) {
        return spark.read().option(LiteralPath.NO_PATTERNS, false)
                .parquet(parts.stream().map(part -> file(kind, part).toString()).toArray(String[]::new));
    }

    private Dataset<Row> lists(List<String> parts) {
        Column name = functions.regexp_extract(functions.input_file_name(), PartWriter.FILES + "([0-9a-f-]{36})", 1);
        return read(PartWriter.FILES, parts).withColumn(PART, name);
    }

    /** Afterwards no two parts have the same photograph, and all have what is listed now. */
    private void keepWhatHolds(Dataset<Row> listed) throws IOException {
        List<String> parts = names();
        if (parts.isEmpty()) {
            return;
        }
        Dataset<Row> lists = lists(parts).persist();
        Dataset<Row> held = owned(listed, lists).persist();
        try {
            Set<String> broken = broken(lists, held);
            if (broken.isEmpty()) {
                return;
            }
            Dataset<Row> rest = held.filter(held.col(PART).isin(broken.toArray())).drop(PART);
            if (!rest.isEmpty()) {
                Dataset<Row> features = read(PartWriter.FEATURES, List.copyOf(broken)).select(ORIGIN, FEATURES)
                        .dropDuplicates(ORIGIN);
                rewrite(rest, features, listed);
            }
            for (String part : broken) {
                fs.delete(file(PartWriter.FILES, part), false); // first: without it the other is litter
                fs.delete(file(PartWriter.FEATURES, part), false);
            }
        } finally {
            held.unpersist();
            lists.unpersist();
        }
    }

    /** Writes what is published and in no part yet; returns whether there was any. */
    private boolean adopt(Dataset<Row> listed, Published published) throws IOException {
        Dataset<Row> files = owned(listed, published.files());
        List<String> parts = names();
        if (!parts.isEmpty()) {
            Dataset<Row> lists = lists(parts).select(ORIGIN);
            files = files.join(lists, files.col(ORIGIN).equalTo(lists.col(ORIGIN)), "left_anti");
        }
        if (files.isEmpty()) {
            return false;
        }
        List<String> columns = new ArrayList<>(IDENTITY);
        columns.add(REASON);
        rewrite(files.selectExpr(columns.toArray(String[]::new)), published.features().select(ORIGIN, FEATURES), listed);
        return true;
    }

    private void rewrite(Dataset<Row> files, Dataset<Row> features, Dataset<Row> listed) {
        written(files.join(features, files.col(ORIGIN).equalTo(features.col(ORIGIN)), "left").drop(features.col(ORIGIN))
                .withColumn(FEATURES, vector()).coalesce(spark.sparkContext().defaultParallelism()), listed).foreach(nothing());
    }

    /** The rows whose photographs are as they were, each photograph once. What could not be read is tried again. */
    private static Dataset<Row> owned(Dataset<Row> listed, Dataset<Row> lists) {
        Column same = IDENTITY.stream().map(name -> lists.col(name).eqNullSafe(listed.col(name))).reduce(Column::and).get();
        UDF1<String, Boolean> holds = reason -> HOLD.contains(ImageStatus.of(reason));
        return lists.filter(functions.udf(holds, DataTypes.BooleanType).apply(lists.col(REASON)))
                .join(listed, same, "left_semi").dropDuplicates(ORIGIN);
    }

    private static Set<String> broken(Dataset<Row> lists, Dataset<Row> held) {
        Set<String> broken = new TreeSet<>();
        Dataset<Row> there = lists.groupBy(PART).agg(functions.count("*").as("there"));
        Dataset<Row> holds = held.groupBy(PART).agg(functions.count("*").as("holds"));
        for (Row row : there.join(holds, there.col(PART).equalTo(holds.col(PART)), "left")
                .filter("holds is null or holds < there").select(there.col(PART)).collectAsList()) {
            broken.add(row.getString(0));
        }
        return broken;
    }

    /** The rows whose origin is not among others: a filter, and no join, since a join would read all files before it. */
    private Dataset<Row> without(Dataset<Row> photographs, Dataset<Row> others) {
        long[] known = others.select(functions.xxhash64(others.col(ORIGIN))).as(Encoders.LONG()).collectAsList().stream()
                .mapToLong(Long::longValue).sorted().toArray();
        var sent = JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(known);
        UDF1<Long, Boolean> isNew = hash -> Arrays.binarySearch(sent.value(), hash) < 0;
        return photographs.filter(functions.udf(isNew, DataTypes.BooleanType)
                .apply(functions.xxhash64(photographs.col(ORIGIN))));
    }

    /** The same rows, written as they are made: the list has what a photograph is known by, and what the network adds. */
    private Dataset<Row> written(Dataset<Row> rows, Dataset<Row> listed) {
        Set<String> others = new TreeSet<>(List.of(listed.columns()));
        others.removeAll(IDENTITY);
        others.add(FEATURES);
        StructType files = new StructType();
        for (StructField field : rows.schema().fields()) {
            files = others.contains(field.name()) ? files : files.add(field.name(), field.dataType());
        }
        var conf = JavaSparkContext.fromSparkContext(spark.sparkContext())
                .broadcast(new SerializableConfiguration(S3.settings(spark)));
        return ColumnMetadata.restored(rows.schema(),
                rows.mapPartitions(new PartWriter(conf, folder, rows.schema(), files), Encoders.row(rows.schema())));
    }

    private static ForeachFunction<Row> nothing() {
        return row -> {};
    }

    private Dataset<Row> rows(Dataset<Row> listed) throws IOException {
        StructType schema = listed.schema().add(FEATURES, SQLDataTypes.VectorType()).add(REASON, DataTypes.StringType);
        List<String> parts = names();
        Dataset<Row> files = listed.join(lists(parts).drop(PART).drop("label", "length", "modified"), ORIGIN);
        Dataset<Row> made = read(PartWriter.FEATURES, parts).select(ORIGIN, FEATURES);
        Dataset<Row> used = made.join(functions.broadcast(files.filter(files.col(REASON).isNull())), ORIGIN)
                .withColumn(FEATURES, vector());
        Dataset<Row> unused = files.filter(files.col(REASON).isNotNull());
        List<Column> columns = new ArrayList<>();
        List<Column> nulls = new ArrayList<>();
        for (StructField field : schema.fields()) {
            columns.add(used.col(field.name()).as(field.name(), field.metadata()));
            nulls.add(field.name().equals(FEATURES) ? functions.lit(null).cast(field.dataType()).as(FEATURES)
                    : unused.col(field.name()));
        }
        return used.select(columns.toArray(Column[]::new)).union(unused.select(nulls.toArray(Column[]::new)));
    }

    private static Column vector() {
        Column array = functions.col(FEATURES);
        return functions.when(array.isNotNull(), functions$.MODULE$.array_to_vector(array));
    }
}
