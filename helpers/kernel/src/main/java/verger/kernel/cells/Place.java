package verger.kernel.cells;

/**
 * A line of a cell.
 *
 * @param line its number, the first of which is 1
 */
public record Place(Cell cell, int line) {

    /** The line itself, without the blanks around it. */
    public String text() {
        return cell.line(line);
    }

    /** As a user counts: {@code [5], line 3}. */
    @Override
    public String toString() {
        return (cell.number() == 0 ? "eval" : "[" + cell.number() + "]") + ", line " + line;
    }
}
