package verger.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verger.box.s3.Credentials;
import verger.box.s3.S3Server;

/** In which order objects change on S3, and what a run can do there that has been overtaken. */
class S3PublicationTest {

    private static int buckets;

    private final String bucket = "publication-" + ++buckets;
    private final String output = "s3a://" + bucket + "/out";
    private final Configuration conf = new Configuration();

    @TempDir
    Path folder;

    private S3Server s3;

    @BeforeEach
    void start() throws IOException {
        s3 = S3Server.start(folder, 0, new Credentials(System.getenv("AWS_ACCESS_KEY_ID"),
                System.getenv("AWS_SECRET_ACCESS_KEY")), List.of(bucket));
        conf.set("fs.s3a.endpoint", s3.endpoint());
        conf.set("fs.s3a.endpoint.region", "us-east-1");
        conf.set("fs.s3a.path.style.access", "true");
        System.setProperty("verger.lease.seconds", "2");
    }

    @AfterEach
    void stop() throws IOException {
        System.clearProperty("verger.lease.seconds");
        Lease.endAll();
        FileSystem.closeAll();
        s3.close();
    }

    private OutputFolder saved(String run) throws IOException {
        OutputFolder saved = new OutputFolder(conf, output, run);
        PublishingProcess.save(saved, conf, run);
        return saved;
    }

    @Test
    void theEarlierManifestGoesFirstAndTheNewOneComesLastAndMarksOfTablesJustInside() throws IOException {
        saved("old").publish();
        OutputFolder run = saved("new");
        s3.requests().reset();

        run.publish();

        List<String> changes = s3.requests().last().stream()
                .filter(request -> request.matches("(DELETE|COPY|PUT)_\\S+ out/(?!_writing-|_lease-).*[^/]")).toList();
        assertThat(changes.get(0)).isEqualTo("DELETE_OBJECT out/manifest.json");
        assertThat(changes.get(1)).isEqualTo("DELETE_OBJECT out/t.parquet/_SUCCESS");
        assertThat(changes.get(changes.size() - 2)).isEqualTo("COPY_OBJECT out/t.parquet/_SUCCESS");
        assertThat(changes.get(changes.size() - 1)).isEqualTo("COPY_OBJECT out/manifest.json");
        assertThat(changes).containsOnlyOnce("DELETE_OBJECT out/t.parquet/part-0-old", "COPY_OBJECT out/t.parquet/part-0-new")
                .as("what has a successor is not deleted").doesNotContain("DELETE_OBJECT out/a.txt")
                .contains("COPY_OBJECT out/a.txt");
        assertThat(reader().run()).isEqualTo("new");
    }

    /** As after a pause between any two requests: what it does late has no effect on what is there by then. */
    @Test
    void whatAnOvertakenRunDoesLateChangesNothing() throws Exception {
        saved("old").publish();
        OutputFolder late = saved("late");
        FileSystem fs = new org.apache.hadoop.fs.Path(output).getFileSystem(conf);
        org.apache.hadoop.fs.Path manifest = new org.apache.hadoop.fs.Path(output, "manifest.json");
        FileStatus listed = fs.getFileStatus(manifest);
        FileStatus part = fs.getFileStatus(new org.apache.hadoop.fs.Path(output, "t.parquet/part-0-old"));
        FileStatus mark = fs.getFileStatus(new org.apache.hadoop.fs.Path(output, "t.parquet/_SUCCESS"));
        org.apache.hadoop.fs.Path staged = late.staged("late.txt");
        late.save("late.txt", "late".getBytes(UTF_8));
        S3Steps steps = (S3Steps) AtomicSteps.of(fs);

        saved("new").publish(); // which takes it from the other one, as in one session

        S3Publication.delete(steps.objects(), listed);
        S3Publication.delete(steps.objects(), part);
        S3Publication.delete(steps.objects(), mark);
        assertThatThrownBy(() -> steps.objects().copy(staged, new org.apache.hadoop.fs.Path(output, "a.txt")))
                .isInstanceOf(IOException.class);
        assertThat(reader().run()).isEqualTo("new");
        assertThatThrownBy(late::publish).isInstanceOf(OutputLostException.class);
        assertThat(reader().run()).isEqualTo("new");
    }

    /** There is no copy of the earlier result: what is in place of either goes, and nothing is taken for whole. */
    @Test
    void ofARunThatDiedWhileItPublishedNothingIsLeft() throws IOException {
        saved("old").publish();
        OutputFolder run = saved("dies");
        FileSystem fs = new org.apache.hadoop.fs.Path(output).getFileSystem(conf);
        fs.delete(new org.apache.hadoop.fs.Path(output, "manifest.json"), false);
        org.apache.hadoop.fs.Path staging = run.staged("x").getParent().getParent();
        AtomicSteps.of(fs).write(new Staging(staging).earlier("manifest.json"), Manifest.ofNames(run.saved()));

        OutputFolder next = new OutputFolder(conf, output, "next");

        assertThat(fs.listStatus(new org.apache.hadoop.fs.Path(output))).extracting(file -> file.getPath().getName())
                .allMatch(name -> name.startsWith("_lease-0000000003") || name.startsWith("_writing-"))
                .filteredOn(name -> name.startsWith("_writing-")).hasSizeLessThanOrEqualTo(1);
        next.end();
    }

    private ForeignReader reader() throws IOException {
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(output);
        return new ForeignReader(path.getFileSystem(conf), path);
    }
}
