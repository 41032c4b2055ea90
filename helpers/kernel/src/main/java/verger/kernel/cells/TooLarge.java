package verger.kernel.cells;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;

/**
 * Finds out why a snippet that compiles has no class: something in it is larger than a class file can hold, which javac says
 * only when it writes the class, and JShell does not hand on. So the snippet is compiled once more.
 */
final class TooLarge {

    /** Of a class file: the bytes of a text, and of the code of a method (Java Virtual Machine Specification 4.4.7, 4.7.3). */
    private static final int LIMIT = 65_535;

    private TooLarge() {
    }

    /** @param classes the bytes of all classes of cells by their names */
    static String why(JShell shell, Snippet snippet, Map<String, byte[]> classes) {
        String source = shell.sourceCodeAnalysis().wrapper(snippet).wrapped();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        try (JavaFileManager files = new Files(
                ToolProvider.getSystemJavaCompiler().getStandardFileManager(found, Locale.ENGLISH, StandardCharsets.UTF_8),
                classes)) {
            ToolProvider.getSystemJavaCompiler().getTask(null, files, found, List.of("-proc:none", "-nowarn"), null,
                    List.of(new Source(source))).call();
        } catch (IOException | RuntimeException e) {
            return sentence(snippet, "", e.toString());
        }
        return found.getDiagnostics().stream().filter(each -> each.getKind() == Diagnostic.Kind.ERROR).findFirst()
                .map(error -> sentence(snippet, error.getCode(), error.getMessage(Locale.ENGLISH)))
                .orElseGet(() -> sentence(snippet, "", "javac does not say why"));
    }

    /** The compiler calls itself for what stands in brackets, and for each operand, until its stack is full. */
    static String tooDeep(String code) {
        return String.format(Locale.ROOT,
                "Not executed: it is nested too deep for the compiler, in %,d characters: use a loop, or split it",
                code.strip().length());
    }

    private static String sentence(Snippet snippet, String code, String message) {
        if (code.contains("limit.string")) {
            return String.format(Locale.ROOT,
                    "Not executed: a text in it is too large: a class holds texts of %,d bytes, and this "
                            + "statement has %,d characters. Put the text into a file and read it: Files.readString(Path.of(…))",
                    LIMIT, snippet.source().length());
        }
        if (code.contains("limit.code") || code.contains("limit.pool")) {
            return String.format(Locale.ROOT,
                    "Not executed: it is too large: a method holds %,d bytes of compiled code, and this "
                            + "statement of %,d characters makes more. Use a loop, split it, or put the data into a file and read it",
                    LIMIT, snippet.source().length());
        }
        return String.format(Locale.ROOT,
                "Not executed: the compiler could not write the class of this statement of %,d characters "
                        + "(%s). Split it",
                snippet.source().length(), message);
    }

    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(String text) {
            super(URI.create("string:///REPL/Snippet.java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }

        @Override
        public boolean isNameCompatible(String simpleName, Kind kind) {
            return true; // JShell's classes are public and have names of their own
        }
    }

    private static final class Compiled extends SimpleJavaFileObject {

        private final String name;
        private final byte[] bytes;

        Compiled(String name, byte[] bytes) {
            super(URI.create("cells:///" + name.replace('.', '/').replace("$", "%24") + ".class"), Kind.CLASS);
            this.name = name;
            this.bytes = bytes;
        }

        @Override
        public InputStream openInputStream() {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public OutputStream openOutputStream() {
            return new ByteArrayOutputStream(); // nobody reads it
        }
    }

    /** The class path, with the classes of cells. */
    private static final class Files extends ForwardingJavaFileManager<JavaFileManager> {

        private final Map<String, byte[]> classes;

        Files(JavaFileManager own, Map<String, byte[]> classes) {
            super(own);
            this.classes = classes;
        }

        @Override
        public Iterable<JavaFileObject> list(Location location, String packageName, Set<JavaFileObject.Kind> kinds,
                boolean deep)
                throws IOException {
            if (location != StandardLocation.CLASS_PATH || !packageName.equals("REPL")) {
                return super.list(location, packageName, kinds, deep);
            }
            List<JavaFileObject> found = new ArrayList<>();
            classes.forEach((name, bytes) -> found.add(new Compiled(name, bytes)));
            return found;
        }

        @Override
        public String inferBinaryName(Location location, JavaFileObject file) {
            return file instanceof Compiled compiled ? compiled.name : super.inferBinaryName(location, file);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(Location location, String className, JavaFileObject.Kind kind,
                FileObject sibling) {
            return new Compiled(className, new byte[0]);
        }
    }
}
