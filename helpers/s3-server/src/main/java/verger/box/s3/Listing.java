package verger.box.s3;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/**
 * A page of a bucket's keys.
 *
 * @param objects   those of it
 * @param prefixes  what keys have in common up to the delimiter, in the place of these keys
 * @param truncated there are more
 * @param last      the last key or prefix of the page; null if it is empty
 */
record Listing(List<Map.Entry<String, StoredObject>> objects, List<String> prefixes, boolean truncated, String last) {

    /** Greater than any character of a key. */
    private static final String BEYOND = Character.toString(Character.MAX_CODE_POINT);

    /**
     * @param delimiter null for none
     * @param after     the last key or prefix of the page before; null to begin
     * @param max       keys and prefixes on the page
     */
    static Listing of(Bucket bucket, String prefix, String delimiter, String after, int max) {
        List<Map.Entry<String, StoredObject>> objects = new ArrayList<>();
        List<String> prefixes = new ArrayList<>();
        String last = null;
        NavigableMap<String, StoredObject> rest = bucket.from(prefix, true);
        if (after != null && Bucket.KEY_ORDER.compare(after, prefix) >= 0) {
            rest = isPrefix(after, prefix, delimiter) ? bucket.from(after + BEYOND, true) : bucket.from(after, false);
        }
        Map.Entry<String, StoredObject> next = rest.firstEntry();
        while (next != null && next.getKey().startsWith(prefix)) {
            if (objects.size() + prefixes.size() >= max) {
                return new Listing(objects, prefixes, max > 0, last);
            }
            String common = common(next.getKey(), prefix, delimiter);
            if (common == null) {
                objects.add(next);
                last = next.getKey();
                next = bucket.from(last, false).firstEntry();
            } else {
                prefixes.add(common);
                last = common;
                next = bucket.from(common + BEYOND, true).firstEntry();
            }
        }
        return new Listing(objects, prefixes, false, last);
    }

    private static boolean isPrefix(String after, String prefix, String delimiter) {
        return after.startsWith(prefix) && after.equals(common(after, prefix, delimiter));
    }

    /** The key up to the first delimiter behind the prefix, that included; null if there is none. */
    private static String common(String key, String prefix, String delimiter) {
        int at = delimiter == null ? -1 : key.indexOf(delimiter, prefix.length());
        return at < 0 ? null : key.substring(0, at + delimiter.length());
    }
}
