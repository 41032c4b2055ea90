package verger.kernel;

import java.util.List;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.magic.CellMagic;
import verger.kernel.values.DatasetTable;
import verger.sql.ImageFunctions;

/**
 * Runs a cell that begins with {@code %%sql} as a query of the Spark session of the notebook, and shows its first rows as a
 * table. The cell knows the functions of {@link ImageFunctions}, unless the session has its own of the same name.
 */
final class SqlMagic implements CellMagic<DatasetTable, BaseKernel> {

    static final String NAME = "sql";

    /** Says in a sentence what a query cannot do, without a stack trace: the way through Spark and the kernel does not help. */
    static final class QueryFailed extends RuntimeException {

        private static final long serialVersionUID = 1L;

        QueryFailed(String sentence) {
            super(sentence, null, false, false);
        }
    }

    /** @return null for a statement without a result, such as one that makes a view */
    @Override
    public DatasetTable eval(BaseKernel kernel, List<String> arguments, String query) {
        if (!arguments.isEmpty()) {
            throw new QueryFailed("%%sql stands alone in its line, and the query below it: got " + String.join(" ", arguments));
        }
        return run(SparkSession.builder().getOrCreate(), query);
    }

    static DatasetTable run(SparkSession spark, String query) {
        ImageFunctions.registerMissing(spark);
        try {
            Dataset<Row> rows = spark.sql(query);
            return rows.schema().isEmpty() ? null : DatasetTable.of(rows);
        } catch (Exception e) { // Spark throws checked ones without saying so
            throw new QueryFailed(sentence(e));
        }
    }

    /** The first line of the first cause whose message is a sentence of Spark's or ours, or else of the last cause. */
    private static String sentence(Throwable e) {
        Throwable cause = e;
        while (!isSentence(cause) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = String.valueOf(cause.getMessage()).strip().lines().findFirst().orElse("");
        return isSentence(cause) ? message : cause.getClass().getSimpleName() + ": " + message;
    }

    private static boolean isSentence(Throwable e) {
        return e instanceof AnalysisException || e instanceof IllegalArgumentException
                || e.getClass().getName().startsWith("verger.");
    }
}
