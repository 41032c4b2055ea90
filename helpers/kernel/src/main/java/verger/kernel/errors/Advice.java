package verger.kernel.errors;

import java.nio.file.AccessDeniedException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import verger.kernel.cells.Causes;

/** The way out of what often goes wrong, in a sentence. */
final class Advice {

    private static final Pattern S3_PATH = Pattern.compile("s3a?n?://([^/\\s:]+)(/[^\\s:]*)?");

    private Advice() {
    }

    /**
     * Null where none is known.
     *
     * @param task null if no job was aborted for one
     */
    static String of(Throwable e, FailedTask task) {
        if (isOwn(e)) {
            return null;
        }
        String said = task == null ? "" : task.thrown();
        for (Throwable cause : Causes.of(e)) {
            if (cause instanceof OutOfMemoryError && task == null) {
                return ofTheKernel(cause.getMessage());
            }
            if (cause instanceof StackOverflowError) {
                return "A method calls itself without end, or a query has thousands of steps: write it to a table in between";
            }
            if (cause instanceof AccessDeniedException denied && denied.getMessage() != null
                    && S3_PATH.matcher(denied.getMessage()).find()) {
                return ofS3(denied.getMessage());
            }
        }
        if (said.contains("OutOfMemoryError") || said.contains("Container killed by YARN")
                || said.contains("Container from a bad node")
                || said.contains("exit code 137") || said.contains("Exit status: 137")) {
            return "An executor needs more memory: set spark.executor.memory (heap) or spark.executor.memoryOverhead (what the "
                    + "network takes beside it) before the session starts, or spark.executor.cores to fewer tasks at once";
        }
        if (said.startsWith("ExecutorLostFailure") || said.contains("Unable to create executor")) {
            return "An executor is gone. Its log, in Spark's UI under Executors or by yarn logs -applicationId, says why; often it is "
                    + "memory: spark.executor.memoryOverhead";
        }
        if (said.contains("AccessDenied") || said.contains("Status Code: 403")) {
            return ofS3(said);
        }
        return null;
    }

    private static String ofTheKernel(String message) {
        if (message != null && message.contains("Metaspace")) {
            return "The classes of this session are too many: restart the kernel";
        }
        return String.format(Locale.ROOT,
                "The kernel has %,d MB of memory: start it with more by VERGER_KERNEL_MEMORY=8g or spark.driver.memory, "
                        + "or collect less",
                Runtime.getRuntime().maxMemory() / (1 << 20));
    }

    /** Verger's own refusals say the cause and the way out themselves. */
    static boolean isOwn(Throwable e) {
        return e instanceof IllegalArgumentException || e.getClass().getName().startsWith("verger.");
    }

    /** Hadoop says which of its operations S3 refused; an administrator wants S3's name of it. */
    private static String ofS3(String message) {
        Matcher path = S3_PATH.matcher(message);
        if (!path.find()) {
            return "S3 refuses it: check the credentials, and what their role may do";
        }
        String operation = message.toLowerCase(Locale.ROOT);
        String action = operation.contains("list") ? "s3:ListBucket"
                : operation.contains("delete") ? "s3:DeleteObject"
                        : operation.contains("put") || operation.contains("upload") || operation.contains("write")
                                || operation.contains("mkdir") ? "s3:PutObject" : "s3:GetObject and s3:ListBucket";
        return "S3 refuses " + action + " on the bucket " + path.group(1)
                + ": check the credentials, and that their role may do it";
    }
}
