package verger.kernel.values;

/** Writes text into HTML. */
public final class Html {

    private Html() {
    }

    /** The text, with nothing in it that HTML would take for markup. */
    public static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
