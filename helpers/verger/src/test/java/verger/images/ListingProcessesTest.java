package verger.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verger.StartedProcesses;
import verger.TestSpark;

/** Hadoop starts {@code ls} for each local file whose owner it is asked for: ninety thousand files would take minutes. */
class ListingProcessesTest {

    private static final SparkSession SPARK = TestSpark.session();
    private static final int FILES = 300;
    private static final int FOLDERS = 100;

    @TempDir
    Path root;

    @BeforeEach
    void files() {
        for (int i = 0; i < FILES; i++) {
            TestImages.write(root.resolve(i % FOLDERS + "/" + i + ".jpg"), new byte[] {1});
        }
    }

    /** What the other tests look for is found where it is. */
    @Test
    void hadoopStartsOneForAFile() throws Exception {
        List<String> started = StartedProcesses.during(() -> {
            FileSystem fs = FileSystem.getLocal(new Configuration());
            for (FileStatus file : fs.listStatus(new org.apache.hadoop.fs.Path(root + "/0"))) {
                file.getOwner();
            }
            return null;
        });

        assertThat(started).hasSize(FILES / FOLDERS).allMatch(command -> command.contains(root.toString()));
    }

    @Test
    void toListAndReadFilesStartsNone() throws Exception {
        assertThat(StartedProcesses.during(() -> {
            assertThat(Images.reader(SPARK).list(root.toString()).size()).isEqualTo(FILES);
            assertThat(Images.reader(SPARK).list(root + "/*/*.jpg").images().filter("content is not null").count())
                    .isEqualTo(FILES);
            return null;
        })).isEmpty();
    }

    /** But for its checkpoint, which is elsewhere. */
    @Test
    void aStreamStartsNoneForAFile() throws Exception {
        assertThat(StartedProcesses.during(() -> {
            Dataset<Row> stream = Images.reader(SPARK).filesPerBatch(FILES).stream(root.toString());
            StreamingQuery query = stream.writeStream().format("memory").queryName("listed").trigger(Trigger.AvailableNow())
                    .start();
            query.awaitTermination();
            assertThat(SPARK.table("listed").count()).isEqualTo(FILES);
            return null;
        })).noneMatch(command -> command.contains(root.toString()));
    }
}
