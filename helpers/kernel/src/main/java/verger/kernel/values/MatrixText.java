package verger.kernel.values;

import java.util.Locale;
import org.apache.spark.ml.linalg.Matrix;

/** The corner of a matrix, in columns. */
final class MatrixText {

    private static final int MOST = 10;

    /** Longer numbers are shown in five digits. */
    private static final int MAX_CHARACTERS = 8;

    private MatrixText() {
    }

    static String of(Matrix matrix) {
        int rows = Math.min(MOST, matrix.numRows());
        int columns = Math.min(MOST, matrix.numCols());
        String[][] shown = new String[rows][columns];
        int width = 0;
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                shown[i][j] = number(matrix.apply(i, j));
                width = Math.max(width, shown[i][j].length());
            }
        }
        StringBuilder text = new StringBuilder(
                String.format(Locale.ROOT, "%,d × %,d matrix", matrix.numRows(), matrix.numCols()));
        for (String[] row : shown) {
            text.append('\n');
            for (String number : row) {
                text.append("  ").append(" ".repeat(width - number.length())).append(number);
            }
            text.append(columns < matrix.numCols() ? "  …" : "");
        }
        return text.append(rows < matrix.numRows() ? "\n  …" : "").toString();
    }

    private static String number(double value) {
        String text = Double.toString(value);
        return text.length() <= MAX_CHARACTERS ? text : String.format(Locale.ROOT, "%.5g", value);
    }
}
