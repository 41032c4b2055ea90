import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Writes the documentation comments of a source folder into files that go into its JAR, where the kernel finds them: class files
 * have none.
 *
 * <p>A file for each class, by its qualified name. Each comment stands below a line that says whose it is, with a tab before each
 * of its lines: {@code class}, or {@code field NAME}, or {@code method name(Type name, Type name)}.
 *
 * <pre>
 * java WriteDocumentation.java src/main/java target/classes/META-INF/verger/docs
 * </pre>
 */
public final class WriteDocumentation extends TreePathScanner<Void, Map<String, String>> {

    private final DocTrees trees;

    private WriteDocumentation(DocTrees trees) {
        this.trees = trees;
    }

    public static void main(String[] arguments) throws IOException {
        Path sources = Path.of(arguments[0]);
        Path folder = Files.createDirectories(Path.of(arguments[1]));
        Map<String, String> written = new TreeMap<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
                Stream<Path> found = Files.walk(sources)) {
            List<Path> java = found.filter(path -> path.toString().endsWith(".java")).sorted().toList();
            JavacTask task = (JavacTask) compiler.getTask(null, files, null, List.of("-proc:none"), null,
                    files.getJavaFileObjectsFromPaths(java));
            WriteDocumentation scanner = new WriteDocumentation(DocTrees.instance(task));
            for (CompilationUnitTree unit : task.parse()) {
                scanner.scan(unit, written);
            }
        }
        for (Map.Entry<String, String> file : written.entrySet()) {
            Files.writeString(folder.resolve(file.getKey()), file.getValue());
        }
    }

    @Override
    public Void visitClass(ClassTree type, Map<String, String> written) {
        if (type.getSimpleName().length() > 0 && !type.getModifiers().getFlags().contains(Modifier.PRIVATE)) {
            add("class", written);
            super.visitClass(type, written);
        }
        return null;
    }

    @Override
    public Void visitVariable(VariableTree field, Map<String, String> written) {
        if (isMember() && isSeen(field.getModifiers().getFlags())) {
            add("field " + field.getName(), written);
        }
        return null;
    }

    @Override
    public Void visitMethod(MethodTree method, Map<String, String> written) {
        if (isSeen(method.getModifiers().getFlags())) {
            String name = method.getReturnType() == null ? simpleName() : method.getName().toString();
            add("method " + name + method.getParameters().stream().map(parameter -> parameter.getType() + " " + parameter.getName())
                    .collect(Collectors.joining(", ", "(", ")")), written);
        }
        return null; // nothing inside of it is seen
    }

    /** Members of interfaces have no word for it. */
    private boolean isSeen(java.util.Set<Modifier> flags) {
        return flags.contains(Modifier.PUBLIC) || flags.contains(Modifier.PROTECTED)
                || getCurrentPath().getParentPath().getLeaf().getKind() == Tree.Kind.INTERFACE;
    }

    private boolean isMember() {
        return getCurrentPath().getParentPath().getLeaf() instanceof ClassTree;
    }

    private String simpleName() {
        return ((ClassTree) getCurrentPath().getParentPath().getLeaf()).getSimpleName().toString();
    }

    private void add(String whose, Map<String, String> written) {
        DocCommentTree comment = trees.getDocCommentTree(getCurrentPath());
        if (comment != null) {
            String text = trees.getDocComment(getCurrentPath()).lines()
                    .map(line -> "\t" + (line.startsWith(" ") ? line.substring(1) : line).stripTrailing() + "\n")
                    .collect(Collectors.joining());
            written.merge(className(), whose.replaceAll("\\s+", " ") + "\n" + text, String::concat);
        }
    }

    private String className() {
        String name = "";
        for (TreePath path = getCurrentPath(); path != null; path = path.getParentPath()) {
            if (path.getLeaf() instanceof ClassTree type) {
                name = "." + type.getSimpleName() + name;
            }
        }
        return getCurrentPath().getCompilationUnit().getPackageName() + name;
    }
}
