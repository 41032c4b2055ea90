package verger.notebook;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.collection.Seq;

/** The first rows of a DataFrame, for a person to look at. */
final class DatasetTable {

    private static final int MAX_ROWS = 20;
    private static final int MAX_CHARACTERS = 80;
    private static final int MAX_ELEMENTS = 4;

    /** A picture of more bytes is told by their number: an executed notebook keeps what its tables show. */
    private static final int MAX_PICTURE = 32_000;

    private record Cell(String text, String html) {
    }

    private final StructType schema;
    private final List<List<Cell>> rows;
    private final boolean more;

    private DatasetTable(StructType schema, List<List<Cell>> rows, boolean more) {
        this.schema = schema;
        this.rows = rows;
        this.more = more;
    }

    static DatasetTable of(Dataset<Row> dataset) {
        List<Row> taken = dataset.takeAsList(MAX_ROWS + 1);
        List<List<Cell>> rows = new ArrayList<>();
        for (Row row : taken.subList(0, Math.min(MAX_ROWS, taken.size()))) {
            List<Cell> cells = new ArrayList<>();
            for (int i = 0; i < row.size(); i++) {
                String text = cell(row.get(i));
                boolean picture = row.get(i) instanceof byte[] bytes && isPicture(bytes);
                cells.add(new Cell(text, picture ? picture(row.getAs(i)) : escaped(text)));
            }
            rows.add(cells);
        }
        return new DatasetTable(dataset.schema(), rows, taken.size() > MAX_ROWS);
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

    private static String cell(Object value) {
        if (value instanceof byte[] bytes) {
            return String.format(Locale.ROOT, "%,d bytes", bytes.length);
        }
        if (value instanceof Vector vector) {
            return list(vector.size(), vector::apply);
        }
        if (value instanceof Seq<?> array) {
            return list(array.size(), array::apply);
        }
        if (value instanceof Row struct) {
            return IntStream.range(0, struct.size()).mapToObj(i -> cell(struct.get(i)))
                    .collect(Collectors.joining(", ", "(", ")"));
        }
        if (value instanceof Double || value instanceof Float) {
            return String.format(Locale.ROOT, "%.5g", ((Number) value).doubleValue());
        }
        String text = String.valueOf(value);
        return text.length() <= MAX_CHARACTERS ? text : text.substring(0, MAX_CHARACTERS - 1) + "…";
    }

    static String list(int size, IntFunction<Object> elements) {
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < Math.min(MAX_ELEMENTS, size); i++) {
            shown.add(cell(elements.apply(i)));
        }
        return "[" + String.join(", ", shown) + (size > MAX_ELEMENTS ? ", … " + size + " in all]" : "]");
    }

    String html() {
        StringBuilder html = new StringBuilder("<table class=\"dataframe\"><thead><tr>");
        for (StructField field : schema.fields()) {
            html.append("<th title=\"").append(escaped(field.dataType().simpleString())).append("\">")
                    .append(escaped(field.name())).append("</th>");
        }
        html.append("</tr></thead><tbody>");
        for (List<Cell> row : rows) {
            html.append("<tr>");
            for (int i = 0; i < row.size(); i++) {
                // Jupyter aligns all cells right, which suits numbers only.
                html.append(schema.fields()[i].dataType() instanceof StringType ? "<td style=\"text-align: left\">" : "<td>")
                        .append(row.get(i).html()).append("</td>");
            }
            html.append("</tr>");
        }
        return html.append("</tbody></table><p>").append(footer()).append("</p>").toString();
    }

    String text() {
        StringBuilder text = new StringBuilder(String.join(" | ", schema.fieldNames())).append('\n');
        rows.forEach(row -> text.append(row.stream().map(Cell::text).collect(Collectors.joining(" | "))).append('\n'));
        return text.append('(').append(footer()).append(')').toString();
    }

    private String footer() {
        return more ? "the first " + rows.size() + " rows" : rows.size() == 1 ? "1 row" : rows.size() + " rows";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
