package verger.kernel.cells;

/**
 * A text that is evaluated, and where it stands in a cell.
 *
 * @param start     of the text, in the source of the cell
 * @param unchanged whether the cell has it as it is
 */
record EvaluatedText(Cell cell, String code, int start, boolean unchanged) {

    /** All of a cell, with magics that have become calls. */
    static EvaluatedText of(Cell cell, String code) {
        return new EvaluatedText(cell, code, 0, cell.source().equals(code));
    }

    /** What a statement of a cell evaluates, as a magic does: a part of the cell, or a text from elsewhere. */
    static EvaluatedText within(Cell cell, String code, int statement) {
        int start = code.isBlank() ? -1 : cell.source().indexOf(code, statement);
        return start < 0 ? of(new Cell(0, code), code) : new EvaluatedText(cell, code, start, true);
    }

    /** Where a rest of the text begins, without the blanks before it. */
    int begin(String rest) {
        return code.length() - rest.stripLeading().length();
    }

    /** The line where a part of the text begins, below its comments. */
    Place place(String part, int at) {
        return new Place(cell, cell.lineAt(wordPosition(part, at)));
    }

    /** The position in the cell of the first word of a part of the text that is no comment. */
    int wordPosition(String part, int at) {
        return position(at + CellText.of(part).blanksAfter(0));
    }

    /** The position in the cell of one in the text. A call is longer than its magic; other lines are where they were. */
    int position(int at) {
        if (unchanged) {
            return start + at;
        }
        int lineStart = code.lastIndexOf('\n', at - 1) + 1;
        int position = 0;
        for (int i = 0; i < lineStart; i++) {
            if (code.charAt(i) == '\n') {
                position = cell.source().indexOf('\n', position) + 1;
            }
        }
        String line = code.substring(lineStart).lines().findFirst().orElse("");
        return cell.source().startsWith(line, position) ? position + at - lineStart : position;
    }
}
