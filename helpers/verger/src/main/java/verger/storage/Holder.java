package verger.storage;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import verger.files.ThisMachine;

/**
 * Who writes to an output.
 *
 * @param id          of the run, which no other has
 * @param number      of the run at its output, larger than that of those before
 * @param host        its name, for people
 * @param machine     what {@link ThisMachine#id} says there
 * @param pid         of its process
 * @param start       what {@link ThisMachine#startOf} says of the process
 * @param application Spark's name of it
 * @param since       when the run began, by the clock of its machine, for people
 * @param seconds     without a sign of life after which others may take the output over
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record Holder(String id, long number, String host, String machine, long pid, String start, String application, String since,
        int seconds) {

    private static final ObjectMapper JSON = new ObjectMapper();

    static Holder me(long number, String application, int seconds) {
        long pid = ProcessHandle.current().pid();
        return new Holder(UUID.randomUUID().toString(), number, ThisMachine.host(), ThisMachine.id(), pid,
                ThisMachine.startOf(pid), application, Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(), seconds);
    }

    Holder withNumber(long other) {
        return new Holder(id, other, host, machine, pid, start, application, since, seconds);
    }

    byte[] toJson() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What says in a manifest whose it is. */
    Map<String, Object> toManifest() {
        Map<String, Object> run = new LinkedHashMap<>();
        run.put("id", id);
        run.put("number", number);
        return run;
    }

    /** Null if that is not whole: whoever writes it has just begun, or has died then. */
    static Holder of(byte[] json) {
        try {
            return JSON.readValue(json, Holder.class);
        } catch (IOException e) {
            return null;
        }
    }

    /** What can be seen from here of its process. */
    ThisMachine.State state() {
        return machine.equals(ThisMachine.id()) ? ThisMachine.state(pid, start) : ThisMachine.State.UNKNOWN;
    }

    @Override
    public String toString() {
        return "process " + pid + " on " + host + " (" + application + "), since " + since;
    }
}
