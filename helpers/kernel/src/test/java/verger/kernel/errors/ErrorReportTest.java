package verger.kernel.errors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import verger.kernel.cells.Causes;

class ErrorReportTest {

    private static final String IN_A_TASK = """
            Job aborted due to stage failure: Task 3 in stage 5.0 failed 4 times, most recent failure: Lost task 3.3 in stage 5.0 \
            (TID 12) (10.0.0.7 executor 2): org.apache.spark.SparkException: [FAILED_EXECUTE_UDF] Failed to execute user defined \
            function (`x`: (bigint) => bigint).
            \tat org.apache.spark.sql.errors.QueryExecutionErrors$.failedExecuteUserDefinedFunctionError(QueryExecutionErrors.scala:198)
            Caused by: java.lang.ArithmeticException: / by zero
            \tat REPL.$JShell$17.lambda$do_it$$128165f4$1($JShell$17.java:8)
            \tat java.base/java.lang.Thread.run(Thread.java:840)

            Driver stacktrace:""";

    @Test
    void aTaskSaysWhatWentWrongAndWhere() {
        FailedTask task = FailedTask.in(new RuntimeException(new SparkException(IN_A_TASK)));

        assertThat(task.sentence()).isEqualTo("ArithmeticException: / by zero (in task 3 of stage 5 on executor 2 (10.0.0.7))");
        assertThat(task.frames()).anySatisfy(frame -> {
            assertThat(frame.getClassName()).isEqualTo("REPL.$JShell$17");
            assertThat(frame.getLineNumber()).isEqualTo(8);
        });
    }

    @Test
    void anExecutorThatIsGoneIsSaid() {
        FailedTask task = FailedTask.in(new SparkException(
                "Job aborted due to stage failure: Task 0 in stage 1.0 failed 4 times, most recent failure: Lost task 0.3 in stage "
                        + "1.0 (TID 9) (node7 executor 3): ExecutorLostFailure (executor 3 exited caused by one of the running tasks) "
                        + "Reason: Container killed by YARN for exceeding physical memory limits.\nDriver stacktrace:"));

        assertThat(task.sentence()).startsWith("ExecutorLostFailure (executor 3 exited").contains("on executor 3 (node7)");
        assertThat(Advice.of(new SparkException("x"), task)).contains("spark.executor.memoryOverhead");
    }

    static Stream<Arguments> sentences() {
        return Stream.of(
                Arguments.of(new IllegalStateException("one\n  two"), "one two"),
                Arguments.of(new IllegalStateException(), ""),
                Arguments.of(new ExecutionException(new IOException("gone")), "gone (IOException)"),
                Arguments.of(new RuntimeException(new IOException("gone")), "gone (IOException)"),
                Arguments.of(new RuntimeException(
                        "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column `x` cannot be resolved. SQLSTATE: 42703;"
                                + "\n'Project ['x]\n+- Range"),
                        "A column `x` cannot be resolved."),
                Arguments.of(
                        new NullPointerException("Cannot invoke \"String.length()\" because \"REPL.$JShell$25B.s\" is null"),
                        "Cannot invoke \"String.length()\" because \"s\" is null"),
                Arguments.of(
                        new ClassCastException(
                                "class java.lang.String cannot be cast to class java.lang.Integer (java.lang.String "
                                        + "and java.lang.Integer are in module java.base of loader 'bootstrap')"),
                        "class java.lang.String cannot be cast to class java.lang.Integer"));
    }

    @ParameterizedTest
    @MethodSource("sentences")
    void aMessageBecomesASentence(Throwable e, String sentence) {
        assertThat(Sentences.of(e)).isEqualTo(sentence);
    }

    @Test
    void theWayOutOfWhatIsKnown() {
        assertThat(Advice.of(new OutOfMemoryError("Java heap space"), null)).contains("VERGER_KERNEL_MEMORY");
        assertThat(Advice.of(new RuntimeException(new AccessDeniedException(
                "s3a://fruits/Training/1.jpg: getFileStatus on s3a://fruits/Training/1.jpg: Forbidden (Status Code: 403)")),
                null))
                .contains("s3:GetObject", "bucket fruits");
        assertThat(Advice.of(new RuntimeException(new AccessDeniedException("s3a://fruits/out: listStatus: 403")), null))
                .contains("s3:ListBucket");
        assertThat(Advice.of(new IllegalStateException("own"), null)).isNull();
        assertThat(Advice.of(
                new IllegalArgumentException("a sentence that says it", new AccessDeniedException("s3a://fruits/out: 403")),
                null)).isNull();
    }

    @Test
    void aCircleOfCausesEnds() {
        Exception first = new Exception("first");
        Exception second = new Exception("second", first);
        first.initCause(second);

        assertThat(Causes.of(first)).isEqualTo(List.of(first, second));
    }
}
