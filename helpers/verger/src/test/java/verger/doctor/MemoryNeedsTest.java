package verger.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

/** The memory that a run takes, beside what there is. The sums are those of helpers/emr/README.md. */
class MemoryNeedsTest {

    private static SparkConf emr() {
        return new SparkConf(false).set("spark.master", "yarn").set("spark.executor.cores", "2")
                .set("spark.executor.memory", "4096m").set("spark.executor.memoryOverhead", "1536m")
                .set("spark.driver.memoryOverhead", "2560m").set("spark.submit.deployMode", "cluster");
    }

    @Test
    void theClusterOfTheProjectHasEnough() {
        assertThat(MemoryNeeds.compared(emr(), false, 3072)).extracting(Finding::status).containsOnly(Finding.OK).hasSize(4);
    }

    @Test
    void tooLittleOverheadFailsWithWhatToSet() {
        List<Finding> spark = MemoryNeeds.compared(emr().remove("spark.executor.memoryOverhead")
                .set("spark.executor.memory", "1g"), false, 3072); // Spark's own: 384
        assertThat(spark).contains(Finding.failed("every executor", "memory beside the heap",
                "spark.executor.memoryOverhead is 384 MiB",
                "its container would be killed: set spark.executor.memoryOverhead to "
                        + "1440m, of 2 tasks at a time with ResNet50 and a PCA"));
        assertThat(MemoryNeeds.compared(emr().set("spark.driver.memoryOverhead", "400m"), false, 3072))
                .anySatisfy(finding -> assertThat(finding.advice()).isEqualTo("its container would be killed: set "
                        + "spark.driver.memoryOverhead to 2560m, to read weights of ResNet50"));
    }

    @Test
    void aLittleLessIsAdviceOnly() {
        assertThat(MemoryNeeds.compared(emr().set("spark.executor.memoryOverhead", "1g"), false, 3072))
                .extracting(Finding::status).containsExactly(Finding.OK, Finding.OK, Finding.OK, Finding.ADVICE);
    }

    @Test
    void tooSmallAHeapFails() {
        assertThat(MemoryNeeds.compared(emr().set("spark.executor.memory", "400m"), false, 256))
                .filteredOn(Finding::isFailed).extracting(Finding::where).containsExactly("driver", "every executor");
    }

    /** Nobody counts what a process takes there. */
    @Test
    void outsideOfContainersTheHeapAloneCounts() {
        SparkConf here = emr().set("spark.master", "local-cluster[2,1,1024]").set("spark.executor.memoryOverhead", "1m");
        assertThat(MemoryNeeds.compared(here, false, 3072)).extracting(Finding::what).containsOnly("memory of the heap");
        assertThat(MemoryNeeds.compared(here, true, 3072)).hasSize(1);
    }
}
