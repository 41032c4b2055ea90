package verger.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import verger.pca.PrincipalComponentsModel;

/** Writes the data and what Verger makes of it as {@code .npy}, for {@code compare_sklearn.py}. */
final class Export {

    private static final int MOST_COMPONENTS = 100;

    private Export() {
    }

    /** Writes {@code data.npy}: a row a row, in the order of the rows. */
    static void data(Path folder, Dataset<Row> data, int rows, int features) {
        try {
            Files.createDirectories(folder);
            try (NpyFile file = new NpyFile(folder.resolve("data.npy"), rows, features)) {
                for (Iterator<Row> each = data.toLocalIterator(); each.hasNext();) {
                    file.write(each.next().<Vector>getAs(0).toArray());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Writes {@code <precision>-explained-variance.npy} (shares of all components), {@code <precision>-mean.npy} and
     * {@code <precision>-components.npy} (the first hundred, one a row, as in scikit-learn).
     */
    static void model(Path folder, PrincipalComponentsModel model, Contestant.Precision precision) {
        String prefix = precision.name().toLowerCase(Locale.ROOT);
        double[] shares = model.explainedVariance();
        double[] mean = model.mean();
        int count = Math.min(MOST_COMPONENTS, shares.length);
        // A column of the loadings is a component, so column by column is component by component.
        double[] components = model.cut(count).loadings().toArray();
        write(folder.resolve(prefix + "-explained-variance.npy"), shares, shares.length);
        write(folder.resolve(prefix + "-mean.npy"), mean, mean.length);
        write(folder.resolve(prefix + "-components.npy"), components, count, mean.length);
    }

    private static void write(Path path, double[] values, int... shape) {
        try (NpyFile file = new NpyFile(path, shape)) {
            file.write(values);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
