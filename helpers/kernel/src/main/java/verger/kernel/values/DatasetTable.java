package verger.kernel.values;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Shows the first rows of a DataFrame, or rows that were taken from one, to a person. */
public final class DatasetTable {

    static final int MAX_ROWS = 20;

    /** The table shows the number of bytes of a larger picture: an executed notebook keeps what its tables show. */
    private static final int MAX_PICTURE = 32_000;

    private record Cell(String text, String html) {
    }

    private final StructType schema;
    private final List<List<Cell>> rows;
    private final boolean more;
    private final OptionalLong all;

    private DatasetTable(StructType schema, List<Row> taken, int most, OptionalLong all) {
        this.schema = schema;
        rows = taken.subList(0, Math.min(most, taken.size())).stream().map(DatasetTable::cells).toList();
        more = taken.size() > most;
        this.all = all;
    }

    /** The first twenty rows. */
    public static DatasetTable of(Dataset<Row> dataset) {
        return of(dataset, MAX_ROWS);
    }

    /** The first rows, and how many there are where that needs no job. */
    static DatasetTable of(Dataset<Row> dataset, int most) {
        List<Row> taken = dataset.takeAsList(Math.addExact(most, 1));
        OptionalLong all = taken.size() > most ? RowCount.of(dataset) : OptionalLong.empty();
        return new DatasetTable(dataset.schema(), taken, most, all);
    }

    /** A table of an array or a list of rows that have the columns of one DataFrame; none of another value. */
    static Optional<DatasetTable> ofRows(Object value, int most) {
        List<?> elements =
                value instanceof Object[] array ? Arrays.asList(array) : value instanceof List<?> list ? list : List.of();
        if (elements.isEmpty() || !(elements.get(0) instanceof Row first) || first.schema() == null) {
            return Optional.empty();
        }
        List<Row> rows = new ArrayList<>();
        for (Object element : elements) {
            if (!(element instanceof Row row) || !first.schema().equals(row.schema())) {
                return Optional.empty();
            }
            rows.add(row);
        }
        return Optional.of(new DatasetTable(first.schema(), rows, most, OptionalLong.of(rows.size())));
    }

    private static List<Cell> cells(Row row) {
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            String text = ValueText.inCell(row.get(i));
            boolean picture = row.get(i) instanceof byte[] bytes && isPicture(bytes);
            cells.add(new Cell(text, picture ? picture(row.getAs(i)) : Html.escaped(text)));
        }
        return cells;
    }

    private static boolean isPicture(byte[] bytes) {
        return bytes.length > 3 && bytes.length <= MAX_PICTURE && (isJpeg(bytes) || isPng(bytes));
    }

    private static boolean isJpeg(byte[] bytes) {
        return bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xD8;
    }

    private static boolean isPng(byte[] bytes) {
        return bytes[0] == (byte) 0x89 && bytes[1] == 'P' && bytes[2] == 'N' && bytes[3] == 'G';
    }

    private static String picture(byte[] bytes) {
        return String.format("<img src=\"data:image/%s;base64,%s\" style=\"max-height: 96px\">", isPng(bytes) ? "png" : "jpeg",
                Base64.getEncoder().encodeToString(bytes));
    }

    /** The table in HTML, with its pictures. */
    public String html() {
        StringBuilder html = new StringBuilder("<table class=\"dataframe\"><thead><tr>");
        for (StructField field : schema.fields()) {
            html.append("<th title=\"").append(Html.escaped(field.dataType().simpleString())).append("\">")
                    .append(Html.escaped(field.name())).append("</th>");
        }
        html.append("</tr></thead><tbody>");
        for (List<Cell> row : rows) {
            html.append("<tr>");
            for (int i = 0; i < row.size(); i++) {
                // Jupyter aligns all cells to the right, which suits numbers only.
                html.append(schema.fields()[i].dataType() instanceof StringType ? "<td style=\"text-align: left\">" : "<td>")
                        .append(row.get(i).html()).append("</td>");
            }
            html.append("</tr>");
        }
        return html.append("</tbody></table><p>").append(footer()).append("</p>").toString();
    }

    /** The table in lines of text. */
    public String text() {
        StringBuilder text = new StringBuilder(String.join(" | ", schema.fieldNames())).append('\n');
        rows.forEach(row -> text.append(row.stream().map(Cell::text).collect(Collectors.joining(" | "))).append('\n'));
        return text.append('(').append(footer()).append(')').toString();
    }

    private String footer() {
        if (!more) {
            return rows.size() == 1 ? "1 row" : count(rows.size()) + " rows";
        }
        return all.isPresent() ? count(rows.size()) + " of " + count(all.getAsLong()) + " rows"
                : "the first " + (rows.size() == 1 ? "row" : count(rows.size()) + " rows");
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
