package verger.kernel.values;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.OptionalLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.SparkEnv;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.plans.logical.DeserializeToObject;
import org.apache.spark.sql.catalyst.plans.logical.GlobalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LocalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.MapElements;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Range;
import org.apache.spark.sql.catalyst.plans.logical.RepartitionOperation;
import org.apache.spark.sql.catalyst.plans.logical.SerializeFromObject;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import org.apache.spark.sql.catalyst.plans.logical.UnaryNode;
import org.apache.spark.sql.columnar.CachedBatch;
import org.apache.spark.sql.execution.columnar.InMemoryRelation;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.storage.BlockResult;
import org.apache.spark.storage.BlockStatus;
import org.apache.spark.storage.RDDBlockId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;

/**
 * The number of rows of a Dataset where it is there already: no job counts them.
 *
 * <p>It is known of rows that were given, of a range, of what is wholly in the memory of this JVM, and of a few Parquet files of
 * this machine; and of what has as many rows as one of these. Spark's own counts of what is cached are not asked: a task that
 * was done twice or cancelled makes them wrong.
 */
final class RowCount {

    private static final Logger LOG = LoggerFactory.getLogger(RowCount.class);

    /** The ends of so many files are read in less than a tenth of a second. */
    private static final int MAX_FILES = 50;

    /** What gives a row for a row. */
    private static final List<Class<? extends UnaryNode>> ONE_FOR_ONE = List.of(Project.class, Sort.class,
            RepartitionOperation.class, MapElements.class, DeserializeToObject.class, SerializeFromObject.class);

    private RowCount() {
    }

    static OptionalLong of(Dataset<?> dataset) {
        try {
            SparkSession spark = dataset.sparkSession();
            // Planned anew: a Dataset remembers the plan of before it was cached.
            LogicalPlan plan = Dataset.ofRows(spark, dataset.queryExecution().analyzed()).queryExecution().optimizedPlan();
            return of(plan, spark.sessionState().newHadoopConf());
        } catch (IOException | RuntimeException | LinkageError e) { // of a Spark that is made otherwise
            LOG.debug("The rows of {} are not known", dataset, e);
            return OptionalLong.empty();
        }
    }

    private static OptionalLong of(LogicalPlan plan, Configuration hadoop) throws IOException {
        if (plan instanceof LocalRelation local) {
            return OptionalLong.of(local.data().size());
        }
        if (plan instanceof Range range) {
            return OptionalLong.of(range.numElements().toLong());
        }
        if (plan instanceof InMemoryRelation cached) {
            return inMemory(cached);
        }
        if (plan instanceof LogicalRelation relation && relation.relation() instanceof HadoopFsRelation files
                && files.fileFormat() instanceof ParquetFileFormat) {
            return inFiles(files, hadoop);
        }
        if (plan instanceof GlobalLimit limit) {
            return atMost(limit.limitExpr(), of(limit.child(), hadoop));
        }
        if (plan instanceof LocalLimit limit) { // below a GlobalLimit of the same number, which counts
            return of(limit.child(), hadoop);
        }
        return plan instanceof UnaryNode node && ONE_FOR_ONE.stream().anyMatch(kind -> kind.isInstance(node))
                ? of(node.child(), hadoop)
                : OptionalLong.empty();
    }

    private static OptionalLong atMost(Object limit, OptionalLong rows) {
        return rows.isPresent() && limit instanceof Literal literal && literal.value() instanceof Integer most
                ? OptionalLong.of(Math.min(most, rows.getAsLong()))
                : OptionalLong.empty();
    }

    private static OptionalLong inMemory(InMemoryRelation cached) {
        if (!cached.cacheBuilder().isCachedColumnBuffersLoaded()) {
            return OptionalLong.empty();
        }
        RDD<CachedBatch> batches = cached.cacheBuilder().cachedColumnBuffers();
        if (!batches.sparkContext().isLocal()) {
            return OptionalLong.empty();
        }
        long rows = 0;
        for (int i = 0; i < batches.getNumPartitions(); i++) {
            RDDBlockId block = new RDDBlockId(batches.id(), i);
            Option<BlockStatus> status = SparkEnv.get().blockManager().getStatus(block);
            if (status.isEmpty() || !status.get().storageLevel().useMemory() || !status.get().storageLevel().deserialized()) {
                return OptionalLong.empty();
            }
            Option<BlockResult> result = SparkEnv.get().blockManager().getLocalValues(block);
            if (result.isEmpty()) {
                return OptionalLong.empty();
            }
            var data = result.get().data();
            while (data.hasNext()) { // to the end, which gives the block's lock back
                rows += ((CachedBatch) data.next()).numRows();
            }
        }
        return OptionalLong.of(rows);
    }

    private static OptionalLong inFiles(HadoopFsRelation relation, Configuration hadoop) throws IOException {
        String[] files = relation.location().inputFiles();
        long rows = 0;
        for (String file : files) {
            Path path = new Path(URI.create(file)); // Spark escapes what it lists
            if (files.length > MAX_FILES || !"file".equals(path.toUri().getScheme())) {
                return OptionalLong.empty();
            }
            try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(path, hadoop))) {
                rows += reader.getRecordCount();
            }
        }
        return OptionalLong.of(rows);
    }
}
