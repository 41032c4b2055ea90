package verger.kernel.cells;

/**
 * What a user ran at once.
 *
 * @param number that the notebook shows before it; 0 for a text that a cell evaluates
 * @param source as the user wrote it
 */
public record Cell(int number, String source) {

    /** The number of a line, the first of which is 1, that has a character of the source. */
    int lineAt(int position) {
        return 1 + (int) source.substring(0, Math.max(0, Math.min(position, source.length()))).chars().filter(c -> c == '\n')
                .count();
    }

    /** A line by its number, without the blanks around it; empty if there is none. */
    String line(int number) {
        String[] lines = source.split("\n", -1);
        return number >= 1 && number <= lines.length ? lines[number - 1].strip() : "";
    }
}
