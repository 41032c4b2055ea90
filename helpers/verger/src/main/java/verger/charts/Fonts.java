package verger.charts;

import java.awt.Font;
import java.awt.GraphicsEnvironment;
import java.awt.font.FontRenderContext;
import java.awt.font.TextLayout;

/** The fonts of the charts, and the one check that this host has any. */
final class Fonts {

    static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 19);
    static final Font SUBTITLE = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
    static final Font AXIS = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
    static final Font TICK = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    static final Font LABEL = new Font(Font.SANS_SERIF, Font.BOLD, 12);

    static final FontRenderContext CONTEXT = new FontRenderContext(null, true, true);

    private static boolean checked;

    private Fonts() {
    }

    /**
     * Does nothing if text can be drawn here.
     *
     * @throws IllegalStateException if not, with what to install: without fonts Java fails deep in its own classes, with
     *     a NullPointerException or "Fontconfig head is null"
     */
    static synchronized void require() {
        if (!checked) {
            try {
                new TextLayout("Ag", SUBTITLE, CONTEXT).getBounds();
                if (GraphicsEnvironment.getLocalGraphicsEnvironment().getAvailableFontFamilyNames().length == 0) {
                    throw new IllegalStateException("no font family");
                }
            } catch (RuntimeException | LinkageError | InternalError e) {
                throw new IllegalStateException("No fonts on this host: install fontconfig and a font "
                        + "(Debian: apt-get install fontconfig fonts-dejavu-core; "
                        + "Amazon Linux: dnf install fontconfig dejavu-sans-fonts) and restart Java.", e);
            }
            checked = true;
        }
    }
}
