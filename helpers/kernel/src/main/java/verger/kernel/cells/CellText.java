package verger.kernel.cells;

/** The text of a cell up to a place in it, where brackets and names are those of the code: not those of texts and comments. */
public final class CellText {

    /** What a place of a cell is part of. */
    public enum Part {
        CODE, TEXT, CHARACTER, COMMENT
    }

    private static final String TEXT_BLOCK = "\"\"\"";

    private final String code;
    private final char[] masked;
    private final Part[] parts;
    private final int[] starts;

    private CellText(String code) {
        this.code = code;
        masked = code.toCharArray();
        parts = new Part[code.length() + 1];
        starts = new int[code.length() + 1];
    }

    public static CellText of(String code) {
        CellText text = new CellText(code);
        text.read();
        return text;
    }

    private void read() {
        int at = 0;
        while (at < code.length()) {
            at = next(at);
        }
        if (parts[code.length()] == null) {
            parts[code.length()] = Part.CODE;
        }
    }

    private int next(int at) {
        if (code.startsWith("//", at)) {
            return mask(at, lineEnd(at), 2, 0, Part.COMMENT);
        }
        if (code.startsWith("/*", at)) {
            return mask(at, after("*/", at + 2), 2, 2, Part.COMMENT);
        }
        if (code.startsWith(TEXT_BLOCK, at)) {
            return mask(at, after(TEXT_BLOCK, at + 3), 3, 3, Part.TEXT);
        }
        return switch (code.charAt(at)) {
            case '"' -> mask(at, literalEnd(at, '"'), 1, 1, Part.TEXT);
            case '\'' -> mask(at, literalEnd(at, '\''), 1, 1, Part.CHARACTER);
            default -> code(at);
        };
    }

    private int code(int at) {
        if (parts[at] == null) {
            parts[at] = Part.CODE;
        }
        return at + 1;
    }

    private int lineEnd(int from) {
        int end = code.indexOf('\n', from);
        return end < 0 ? code.length() : end;
    }

    /** The place after the next mark that no backslash takes away. */
    private int after(String mark, int from) {
        for (int at = from; at < code.length(); at++) {
            if (code.charAt(at) == '\\' && mark.equals(TEXT_BLOCK)) {
                at++;
            } else if (code.startsWith(mark, at)) {
                return at + mark.length();
            }
        }
        return code.length() + mark.length(); // it does not end in this cell
    }

    private int literalEnd(int from, char mark) {
        for (int at = from + 1; at < code.length(); at++) {
            char c = code.charAt(at);
            if (c == '\n') {
                return at + 1; // it was not ended: the line ends it
            }
            if (c == '\\') {
                at++;
            } else if (c == mark) {
                return at + 1;
            }
        }
        return code.length() + 1;
    }

    /** What lies between the marks is no code; a place before the end mark is still inside. */
    private int mask(int from, int to, int startMark, int endMark, Part part) {
        int inside = from + startMark;
        for (int at = inside; at <= Math.min(to - endMark, code.length()); at++) {
            parts[at] = part;
            starts[at] = inside;
        }
        for (int at = inside; at < Math.min(to - endMark, code.length()); at++) {
            masked[at] = masked[at] == '\n' ? '\n' : '_';
        }
        for (int at = from; at < Math.min(to, code.length()); at++) {
            if (part == Part.COMMENT && masked[at] != '\n') {
                masked[at] = ' ';
            }
            if (parts[at] == null) {
                parts[at] = Part.CODE;
            }
        }
        return Math.min(to, code.length());
    }

    public String code() {
        return code;
    }

    /** The code, with an underscore for each character of a text and a blank for each one of a comment. */
    public String masked() {
        return new String(masked);
    }

    public Part partAt(int place) {
        return parts[place];
    }

    /** Where the text, the character or the comment of a place begins, behind its mark. */
    public int startAt(int place) {
        return starts[place];
    }

    /** The opening parenthesis of the call that a place lies in; -1 if none does. */
    public int openParenthesis(int place) {
        int depth = 0;
        for (int at = place - 1; at >= 0; at--) {
            char c = masked[at];
            if (c == ')' || c == ']' || c == '}') {
                depth++;
            } else if (c == '(' || c == '[' || c == '{') {
                if (depth == 0 && c == '(') {
                    return at;
                }
                depth = Math.max(0, depth - 1);
            } else if (c == ';' && depth == 0) {
                return -1;
            }
        }
        return -1;
    }

    /** The opening bracket of the closing one at a place; -1 if there is none. */
    public int opening(int closing) {
        int depth = 0;
        for (int at = closing; at >= 0; at--) {
            char c = masked[at];
            if (c == ')' || c == ']' || c == '}') {
                depth++;
            } else if ((c == '(' || c == '[' || c == '{') && --depth == 0) {
                return at;
            }
        }
        return -1;
    }

    /** Whether a statement may begin at a place: within no text, no comment and no expression. */
    public boolean beginsStatement(int place) {
        int end = blanksBefore(place);
        return parts[place] == Part.CODE && openParenthesis(place) < 0 && (end == 0 || ";{}".indexOf(masked[end - 1]) >= 0);
    }

    public int nameStart(int end) {
        int start = end;
        while (start > 0 && Character.isJavaIdentifierPart(masked[start - 1])) {
            start--;
        }
        return start;
    }

    public int nameEnd(int start) {
        int end = start;
        while (end < masked.length && Character.isJavaIdentifierPart(masked[end])) {
            end++;
        }
        return end;
    }

    public int blanksBefore(int place) {
        int at = place;
        while (at > 0 && Character.isWhitespace(masked[at - 1])) {
            at--;
        }
        return at;
    }

    public int blanksAfter(int place) {
        int at = place;
        while (at < masked.length && Character.isWhitespace(masked[at])) {
            at++;
        }
        return at;
    }

    public boolean isAt(int place, char c) {
        return place >= 0 && place < masked.length && masked[place] == c;
    }

    /** Where the expression begins that ends at a place, such as {@code spark.read()} or {@code new Pear("a")}. */
    public int expressionStart(int end) {
        int at = end;
        while (true) {
            int part = partStart(at);
            if (part < 0 || part == at) {
                return at;
            }
            at = part;
            int before = blanksBefore(at);
            if (isAt(before - 1, '.')) {
                at = blanksBefore(before - 1);
                continue;
            }
            int word = nameStart(before);
            return before > word && code.substring(word, before).equals("new") ? word : at;
        }
    }

    /** Where a name, with its arguments and indices, or a text begins that ends at a place. */
    private int partStart(int end) {
        int at = blanksBefore(end);
        while (isAt(at - 1, ')') || isAt(at - 1, ']')) {
            at = opening(at - 1);
            if (at < 0) {
                return -1;
            }
        }
        if (isAt(at - 1, '"')) {
            int open = startAt(at - 1) - 1;
            return code.startsWith(TEXT_BLOCK, Math.max(0, open - 2)) ? open - 2 : open;
        }
        return nameStart(at);
    }
}
