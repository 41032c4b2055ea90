package verger.progress;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many images an RDD has, said in its name: Spark hands the names of what a stage computes to whoever listens, and shows them
 * on its web page.
 */
public final class KnownRows {

    private static final Pattern NAME = Pattern.compile("(\\d+) images");

    private KnownRows() {
    }

    /** The name of an RDD of so many images. */
    public static String name(long images) {
        return images + " images";
    }

    /** The images of an RDD by its name, which may be null; empty if the name does not tell. */
    public static OptionalLong of(String name) {
        Matcher matcher = NAME.matcher(String.valueOf(name));
        return matcher.matches() ? OptionalLong.of(Long.parseLong(matcher.group(1))) : OptionalLong.empty();
    }
}
