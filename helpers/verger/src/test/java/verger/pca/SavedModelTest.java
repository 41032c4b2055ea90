package verger.pca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models of other versions. {@code resources/pca/model-0.1.0} was saved by 0.1.0 and stays. */
class SavedModelTest {

    private static final double[][] ROWS = LocalSpark.gaussian(40, 6, 10, 1);

    @Test
    void aModelSavedByVersion010IsRead() throws Exception {
        Path saved = Path.of(getClass().getResource("/pca/model-0.1.0").toURI());
        PrincipalComponentsModel model = PrincipalComponentsModel.load(saved.toString());

        PrincipalComponentsModel fitted = new PrincipalComponents().fit(LocalSpark.features(ROWS));
        assertThat(model.getK()).isEqualTo(3);
        assertThat(model.getInputCol()).isEqualTo("features");
        assertThat(model.getOutputCol()).isEqualTo("shadow");
        assertThat(model.getCentered()).isFalse();
        assertThat(model.rowsUsed()).isEqualTo(40);
        assertThat(model.rowsSkipped()).isEqualTo(1);
        assertThat(model.mean()).containsExactly(fitted.mean(), within(1e-13));
        assertThat(model.explainedVariance()).containsExactly(fitted.explainedVariance(), within(1e-13));
        assertThat(model.cut(6).loadings().values()).containsExactly(fitted.cut(6).loadings().values(), within(1e-12));
    }

    @Test
    void theVersionStandsInTheMetadata(@TempDir Path folder) throws Exception {
        String path = folder.resolve("model").toString();
        new PrincipalComponents().fit(LocalSpark.features(ROWS)).save(path);

        assertThat(metadata(Path.of(path))).contains("\"vergerVersion\":\"development\"", "\"format\":1");
    }

    @Test
    void aModelOfALaterFormatIsRefused(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("model");
        new PrincipalComponents().fit(LocalSpark.features(ROWS)).save(path.toString());
        String changed = metadata(path).replace("\"format\":1", "\"format\":2").replace("development", "9.0");
        Files.delete(path.resolve("metadata/.part-00000.crc"));
        Files.writeString(path.resolve("metadata/part-00000"), changed);

        assertThatThrownBy(() -> PrincipalComponentsModel.load(path.toString())).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The model in " + path + " is of format 2, saved by Verger 9.0: this is Verger development, "
                        + "which reads format 1 and older.");
    }

    @Test
    void aModelFromBeforeThereWereFormatsIsRead(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("model");
        new PrincipalComponents().fit(LocalSpark.features(ROWS)).save(path.toString());
        String changed = metadata(path).replaceAll("\"vergerVersion\":\"[^\"]*\",\"format\":1,?", "").replace(",}", "}");
        assertThat(changed).doesNotContain("format");
        Files.delete(path.resolve("metadata/.part-00000.crc"));
        Files.writeString(path.resolve("metadata/part-00000"), changed);

        assertThat(PrincipalComponentsModel.load(path.toString()).getK()).isEqualTo(2);
    }

    @Test
    void aModelTooLargeForARowIsRefusedBeforeAnythingIsWritten(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("model");
        new PrincipalComponents().fit(LocalSpark.features(ROWS)).save(path.toString());
        Spectrum large = new Spectrum(30_000, new double[17_000], new double[17_000], new double[0]);

        assertThatThrownBy(() -> new PrincipalComponentsModel("large", large, 0).write().overwrite().save(path.toString()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A model of 17000 components of d = 17000 features takes 2,206 MiB, and a saved one is a row of at "
                        + "most 1,756 MiB: fit on fewer features.");
        assertThat(PrincipalComponentsModel.load(path.toString()).rowsUsed()).as("the model of before").isEqualTo(40);
    }

    /** Spark takes the path of a model for a pattern, cuts it at commas, and finds nothing below a name with a colon. */
    @ParameterizedTest
    @ValueSource(strings = {"2024-01-01T10:22 [x], {y,z} *\\?", "10:22", "[x]", "a,b", "100%25 #1", "été"})
    void aModelInAFolderOfAnyNameIsRead(String name, @TempDir Path folder) throws Exception {
        PrincipalComponentsModel saved = new PrincipalComponents().fit(LocalSpark.features(ROWS));
        Path path = folder.resolve(name + "/model");
        saved.save(path.toString());

        PrincipalComponentsModel model = PrincipalComponentsModel.load(path.toString());
        assertThat(model.explainedVariance()).containsExactly(saved.explainedVariance());

        new PrincipalComponents().setK(5).fit(LocalSpark.features(ROWS)).write().overwrite().save(path.toString());
        assertThat(PrincipalComponentsModel.load("file:" + path).getK()).as("another one in its place").isEqualTo(5);
    }

    @Test
    void aModelIsFoundByAUriAsABrowserWritesIt(@TempDir Path folder) throws Exception {
        new PrincipalComponents().fit(LocalSpark.features(ROWS)).save(folder + "/odd names/model");

        assertThat(PrincipalComponentsModel.load("file://" + folder + "/odd%20names/model").rowsUsed()).isEqualTo(40);
        assertThatThrownBy(() -> PrincipalComponentsModel.load("s3a://my_bucket/model"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "Cannot read the model at s3a://my_bucket/model: Hadoop cannot reach a bucket of the name "
                                + "my_bucket, which is none of a host");
    }

    private static String metadata(Path model) throws Exception {
        return Files.readString(model.resolve("metadata/part-00000"), StandardCharsets.UTF_8);
    }
}
