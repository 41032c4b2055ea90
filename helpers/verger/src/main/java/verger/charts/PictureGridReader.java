package verger.charts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Reads the rows of a {@link PictureGrid} from Datasets: what to show from one, the files of just those from another. */
final class PictureGridReader {

    private static final String CAPTION = "caption";
    private static final String DETAIL = "detail";
    private static final String ROW = "row";
    private static final String MARKED = "marked";

    private PictureGridReader() {
    }

    static List<List<CaptionedPicture>> of(Dataset<Row> pictures, Dataset<Row> photographs) {
        ImageColumns.of(pictures, ImageColumns.ORIGIN);
        ImageColumns.of(pictures, CAPTION);
        List<Row> shown = pictures.collectAsList();
        Object[] origins = shown.stream().limit(PictureGrid.MOST).map(row -> row.getAs(ImageColumns.ORIGIN))
                .distinct().toArray();
        Map<Object, byte[]> files = ImageColumns.files(photographs, ImageColumns.of(photographs, ImageColumns.ORIGIN),
                ImageColumns.of(photographs, ImageColumns.CONTENT), origins);
        List<String> columns = Arrays.asList(pictures.columns());
        List<List<CaptionedPicture>> rows = new ArrayList<>();
        Object before = null;
        for (Row row : shown) {
            Object own = columns.contains(ROW) ? row.getAs(ROW) : null;
            if (rows.isEmpty() || !Objects.equals(own, before)) {
                rows.add(new ArrayList<>());
            }
            before = own;
            rows.get(rows.size() - 1).add(new CaptionedPicture(
                    files.get(row.<String>getAs(ImageColumns.ORIGIN)),
                    row.getAs(CAPTION),
                    columns.contains(DETAIL) ? row.getAs(DETAIL) : null,
                    columns.contains(MARKED) && Boolean.TRUE.equals(row.getAs(MARKED))));
        }
        return rows;
    }
}
