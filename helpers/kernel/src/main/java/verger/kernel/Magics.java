package verger.kernel;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dflib.jjava.jupyter.kernel.magic.MagicTranspiler;
import org.dflib.jjava.jupyter.kernel.magic.MagicsResolver;
import verger.kernel.cells.CellText;

/**
 * Finds magics where they may stand: {@code %%name} begins a cell, {@code %name} is the first word of a line that begins a
 * statement. In a text, a comment or the middle of an expression a percent sign is what it is in Java.
 */
final class Magics extends MagicsResolver {

    private static final Pattern LINE = Pattern.compile("\\s*%[A-Za-z].*");

    /** JJava's own, for which the whole text is one line. */
    private static final String LINE_START = "(?<=(?:^|=))\\s*%";

    private static final Pattern CELL = Pattern.compile("(?s)\\s*(%%[A-Za-z].*)");
    private static final Pattern WITHOUT_BODY = Pattern.compile("%%(\\w+)[^\\n]*\\s*");

    Magics() {
        super(LINE_START, "%%", new MagicTranspiler());
    }

    @Override
    public String resolve(String source) {
        Matcher cell = CELL.matcher(source);
        if (cell.matches()) {
            Matcher alone = WITHOUT_BODY.matcher(cell.group(1));
            if (alone.matches()) {
                throw new IllegalArgumentException(
                        "%%" + alone.group(1) + " stands above what it is for: the cell has nothing below it");
            }
            return source.substring(0, cell.start(1)) + super.resolve(cell.group(1)); // lines stay where they are
        }
        StringBuilder resolved = new StringBuilder();
        StringBuilder java = new StringBuilder();
        for (String line : source.split("(?<=\n)")) {
            boolean magic = LINE.matcher(line.stripTrailing()).matches() && beginsStatement(java.toString());
            if (magic) {
                String text = line.stripTrailing();
                resolved.append(super.resolve(text)).append(line, text.length(), line.length());
            } else {
                resolved.append(line);
                java.append(line);
            }
        }
        return resolved.toString();
    }

    /** Whether what comes after this much Java begins a statement. */
    private static boolean beginsStatement(String java) {
        return CellText.of(java).beginsStatement(java.length());
    }
}
