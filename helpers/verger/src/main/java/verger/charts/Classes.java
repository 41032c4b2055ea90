package verger.charts;

import java.text.Collator;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Names classes: what stands for a missing name, and in which order they come. */
final class Classes {

    static final String NO_LABEL = "(no label)";

    private Classes() {
    }

    static String nameOf(String label) {
        return label == null || label.isBlank() ? NO_LABEL : label.strip();
    }

    /** The names in the order of the alphabet, accents beside their letters, those without a label last. */
    static List<String> sorted(Set<String> names) {
        Collator collator = Collator.getInstance(Locale.ROOT);
        Comparator<String> order = Comparator.<String, Boolean>comparing(NO_LABEL::equals)
                .thenComparing(collator::compare).thenComparing(Comparator.naturalOrder());
        return names.stream().sorted(order).toList();
    }
}
