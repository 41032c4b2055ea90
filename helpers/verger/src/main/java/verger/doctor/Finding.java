package verger.doctor;

import java.io.Serializable;

/**
 * What one check found.
 *
 * @param where  {@code driver}, or {@code executor 3 on ip-10-0-0-7}
 * @param what   was looked at
 * @param status {@link #OK}, {@link #ADVICE} where it works and could be better, {@link #FAILED} where a run would fail
 * @param found  what there is
 * @param advice what to do; empty where all is well
 */
public record Finding(String where, String what, String status, String found, String advice) implements Serializable {

    public static final String OK = "ok";
    public static final String ADVICE = "advice";
    public static final String FAILED = "failed";

    static Finding ok(String where, String what, String found) {
        return new Finding(where, what, OK, found, "");
    }

    static Finding advice(String where, String what, String found, String advice) {
        return new Finding(where, what, ADVICE, found, advice);
    }

    static Finding failed(String where, String what, String found, String advice) {
        return new Finding(where, what, FAILED, found, advice);
    }

    /** Of what an exception says, its first line. */
    static Finding failed(String where, String what, Throwable e, String advice) {
        Throwable root = e;
        while (root.getCause() != null && (root.getMessage() == null || root instanceof ExceptionInInitializerError)) {
            root = root.getCause();
        }
        String line = String.valueOf(root.getMessage()).lines().findFirst().orElse("").strip();
        return failed(where, what, line.isEmpty() || line.equals("null") ? root.getClass().getSimpleName() : line, advice);
    }

    boolean isFailed() {
        return status.equals(FAILED);
    }
}
