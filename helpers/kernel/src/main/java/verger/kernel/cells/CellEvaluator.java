package verger.kernel.cells;

import java.io.File;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.MethodSnippet;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis.Completeness;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.TypeDeclSnippet;
import jdk.jshell.UnresolvedReferenceException;
import jdk.jshell.VarSnippet;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;
import org.dflib.jjava.jupyter.telemetry.TelemetryCollector;
import org.dflib.jjava.kernel.execution.CodeEvaluator;

/**
 * Runs cells, and looks at what JShell says of each snippet: one that was not executed is a failure, and never passed over.
 */
public final class CellEvaluator extends CodeEvaluator {

    private final String name;
    private final Snippets snippets = new Snippets();
    private final CellExecution execution;
    private final KeptVariables variables;
    private volatile Cell cell = new Cell(0, "");
    private volatile Place place;
    /** Where the statement of the cell that runs begins in it, or in an earlier character of its line. */
    private volatile int statement;

    /** @param name of the kernel */
    public CellEvaluator(String name) {
        super(name, -1, TimeUnit.MILLISECONDS);
        this.name = name;
        CellClasses classes = CellClasses.served();
        CellLoader loader = new CellLoader(classes::write);
        classes.of(loader);
        Thread.currentThread().setContextClassLoader(loader);
        variables = new KeptVariables(loader);
        execution = new CellExecution(loader, classes::goAlong, variables::copyBefore);
    }

    @Override
    public ExecutionControlProvider getExecControlProvider() {
        return new ExecutionControlProvider() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public ExecutionControl generate(ExecutionEnv environment, Map<String, String> parameters) {
                return execution;
            }
        };
    }

    /** From where the snippets of a shell come. */
    public Snippets snippets() {
        return snippets;
    }

    /** What runs next is this cell. */
    public void begin(Cell next) {
        execution.begin();
        cell = next;
        place = null;
        statement = 0;
    }

    /** Where the statement begins that runs, or ran last; null before the first of a cell. */
    public Place place() {
        return place;
    }

    /** What the cell that ends did to variables of other cells, a sentence each. */
    public List<String> end() {
        return variables.notes();
    }

    @Override
    public void startThreadTelemetryCollection(TelemetryCollector<?> collector) {
        execution.measure(collector);
    }

    @Override
    public void stopThreadTelemetryCollection() {
        execution.stopMeasuring();
    }

    /** Ends the cell that runs, whatever of it that is: a statement, the compiler, or its value's way to a text. */
    @Override
    public void interrupt() {
        execution.interrupt();
    }

    /**
     * Makes what is shown of the value of a cell, which may take a Spark job.
     *
     * @throws CellFailure if it could not be made
     */
    public <T> T show(Callable<T> shown) {
        try {
            return execution.await(shown);
        } catch (CancellationException e) {
            throw new CellFailure.Interrupted(place);
        } catch (ExecutionException e) {
            throw new CellFailure.Thrown(e.getCause(), place);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CellFailure.Interrupted(place);
        }
    }

    @Override
    public ClassLoader getClassLoader() {
        return execution.loader();
    }

    /** @throws CellFailure if a snippet was not executed to its end */
    @Override
    public Object eval(JShell shell, String code) {
        EvaluatedText text =
                CellExecution.isCell() ? EvaluatedText.within(cell, code, statement) : EvaluatedText.of(cell, code);
        Object last = null;
        String rest = code;
        CompletionInfo info = analyze(shell, rest, text);
        while (info.completeness().isComplete()) {
            last = snippet(shell, info.source().strip(), text, text.begin(rest));
            rest = info.remaining();
            info = analyze(shell, rest, text);
        }
        if (info.completeness() != Completeness.EMPTY) {
            throw new CellFailure.Incomplete(text.place(rest.strip(), text.begin(rest)));
        }
        return last;
    }

    private static CompletionInfo analyze(JShell shell, String rest, EvaluatedText text) {
        try {
            return shell.sourceCodeAnalysis().analyzeCompletion(rest);
        } catch (StackOverflowError e) {
            throw new CellFailure.NotExecuted(TooLarge.tooDeep(rest), text.place(rest.strip(), text.begin(rest)));
        }
    }

    private Object snippet(JShell shell, String code, EvaluatedText text, int at) {
        Place begins = text.place(code, at);
        if (execution.isInterrupted() && !CellExecution.isCell()) {
            throw new CellFailure.Interrupted(begins);
        }
        int position = text.position(at);
        if (!CellExecution.isCell()) {
            statement = text.wordPosition(code, at);
        }
        execution.takeThrown();
        place = begins;
        List<SnippetEvent> events = events(shell, code, begins);
        Object result = null;
        boolean any = false;
        for (SnippetEvent event : events) {
            if (event.status() == Snippet.Status.OVERWRITTEN) {
                drop(shell, event.snippet());
            } else if (event.causeSnippet() == null) {
                snippets.add(event.snippet(), text.cell(), position);
            }
            if (event.status().isDefined()) {
                snippets.hasClass(shell, event.snippet());
            }
        }
        variables.keep(shell, events);
        for (SnippetEvent event : events) {
            if (event.causeSnippet() == null && event.status() != Snippet.Status.OVERWRITTEN) {
                any = true;
                result = result(shell, event, begins);
            }
        }
        if (!any && !code.isEmpty() && !isComment(code)) {
            throw new CellFailure.NotExecuted("JShell says nothing of this statement, and has not executed it",
                    begins);
        }
        return result;
    }

    private static List<SnippetEvent> events(JShell shell, String code, Place begins) {
        try {
            return shell.eval(code);
        } catch (StackOverflowError e) { // of the compiler: what the statement itself throws is an event
            throw new CellFailure.NotExecuted(TooLarge.tooDeep(code), begins);
        }
    }

    private static boolean isComment(String code) {
        return code.replaceAll("(?s)/\\*.*?\\*/|//[^\\n]*", "").replace(";", "").isBlank();
    }

    private Object result(JShell shell, SnippetEvent event, Place place) {
        Snippet snippet = event.snippet();
        JShellException exception = event.exception();
        if (exception != null) {
            throw failure(exception, place);
        }
        if (event.status() != Snippet.Status.VALID) {
            MovedClasses.newName(shell, snippet).ifPresent(sentence -> {
                throw new CellFailure.ClassHasMoved(sentence, place);
            });
        }
        if (snippet instanceof DeclarationSnippet declaration && variables.waits(shell, declaration)) {
            return null;
        }
        if (event.status() == Snippet.Status.REJECTED) {
            throw new CellFailure.NotCompiled(event, place);
        }
        if (event.status() != Snippet.Status.VALID || !isExecuted(event)) {
            Throwable thrown = execution.takeThrown();
            if (thrown != null) { // it ran, and JShell could not hand on what came of it
                throw new CellFailure.Thrown(thrown, line(thrown, place));
            }
            String why = TooLarge.why(shell, snippet, execution.loader().all());
            drop(shell, snippet);
            renewCompiler(shell);
            throw new CellFailure.NotExecuted(why, place);
        }
        if (!snippet.subKind().isExecutable()) {
            return null;
        }
        Object value = execution.take(event.value());
        return switch (snippet.subKind()) {
            case VAR_VALUE_SUBKIND, OTHER_EXPRESSION_SUBKIND, TEMP_VAR_EXPRESSION_SUBKIND -> value;
            default -> null;
        };
    }

    private CellFailure failure(JShellException exception, Place place) {
        Throwable thrown = execution.takeThrown();
        if (exception instanceof EvalException evaluation
                && evaluation.getExceptionClassName().equals(CellExecution.INTERRUPTED)) {
            return new CellFailure.Interrupted(place);
        }
        Place line = line(thrown == null ? exception : thrown, place);
        return new CellFailure.Thrown(thrown == null || exception instanceof UnresolvedReferenceException ? exception : thrown,
                line);
    }

    private Place line(Throwable thrown, Place otherwise) {
        return Arrays.stream(thrown.getStackTrace()).flatMap(frame -> snippets.place(frame).stream()).findFirst()
                .orElse(otherwise);
    }

    /** JShell keeps a snippet whose class the compiler could not write, and says that all is well. */
    private boolean isExecuted(SnippetEvent event) {
        Snippet snippet = event.snippet();
        if (snippet.subKind().isExecutable()) {
            return event.value() != null;
        }
        return !(snippet instanceof MethodSnippet || snippet instanceof TypeDeclSnippet || snippet instanceof VarSnippet)
                || execution.loader().bytes(Snippets.className(snippet)) != null;
    }

    /** JShell uses a compiler again that has failed to write a class, and it fails for ever; a longer class path gets a new one. */
    private static void renewCompiler(JShell shell) {
        shell.addToClasspath(System.getProperty("java.class.path").split(File.pathSeparator, 2)[0]);
    }

    private void drop(JShell shell, Snippet snippet) {
        shell.drop(snippet);
        String className = Snippets.className(snippet);
        if (shell.snippets().map(Snippets::className).noneMatch(className::equals)) {
            execution.loader().forget(className);
        }
    }
}
