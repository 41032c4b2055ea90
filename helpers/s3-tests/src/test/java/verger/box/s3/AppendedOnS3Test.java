package verger.box.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verger.features.ImageFeaturizer;
import verger.images.Images;
import verger.storage.AppendedFeatures;
import verger.storage.Provenance;

/** A folder of a bucket that fills, and a table in the same bucket that is appended to: its checkpoint is there as well. */
class AppendedOnS3Test {

    @TempDir
    Path folder;

    @Test
    void eachImageIsThereOnce() throws IOException {
        put("Pêche & 100 % poire/1 é.jpg");
        put("Banana/2.jpg");
        try (TestS3 s3 = new TestS3(folder, "watched", TestS3.CREDENTIALS)) {
            AppendedFeatures table = new AppendedFeatures(TestS3.spark(), s3.uri("out/appended.parquet"));

            assertThat(append(table, s3)).isEqualTo(2);
            put("Banana/3.jpg");
            assertThat(append(table, s3)).isEqualTo(1);
            assertThat(append(table, s3)).isZero();

            assertThat(table.read().orderBy("origin").collectAsList())
                    .extracting(row -> row.getString(0) + " " + row.getString(1) + " " + row.getList(2).size())
                    .containsExactly(s3.uri("Training/Banana/2.jpg") + " Banana 1280", s3.uri("Training/Banana/3.jpg") + " Banana 1280",
                            s3.uri("Training/Pêche & 100 % poire/1 é.jpg") + " Pêche & 100 % poire 1280");
            assertThat(table.missing(Images.read(TestS3.spark(), s3.uri("Training"))).collectAsList()).isEmpty();
            assertThat(Provenance.describe(s3.uri("out/appended.parquet"))).contains("network: EfficientNet-Lite0");
        }
    }

    private static long append(AppendedFeatures table, TestS3 s3) {
        ImageFeaturizer featurizer = new ImageFeaturizer().setNetwork("EfficientNet-Lite0").setInputSize(64);
        Dataset<Row> stream = Images.stream(TestS3.spark(), s3.uri("Training"));
        return table.append(featurizer.transform(stream), featurizer);
    }

    private void put(String key) throws IOException {
        Path file = KeyFiles.file(folder.resolve("watched"), "Training/" + key);
        Files.createDirectories(file.getParent());
        Files.write(file, TestS3.jpeg());
    }
}
