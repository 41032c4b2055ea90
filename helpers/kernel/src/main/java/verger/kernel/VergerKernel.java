package verger.kernel;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jdk.jshell.JShell;
import org.dflib.jjava.jupyter.channels.JupyterConnection;
import org.dflib.jjava.jupyter.channels.ShellReplyEnvironment;
import org.dflib.jjava.jupyter.kernel.LanguageInfo;
import org.dflib.jjava.jupyter.kernel.ReplacementOptions;
import org.dflib.jjava.jupyter.kernel.comm.CommManager;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.magic.MagicsRegistry;
import org.dflib.jjava.jupyter.kernel.magic.MagicsResolver;
import org.dflib.jjava.jupyter.kernel.util.StringStyler;
import org.dflib.jjava.jupyter.messages.Message;
import org.dflib.jjava.jupyter.messages.publish.PublishDisplayData;
import org.dflib.jjava.jupyter.messages.publish.PublishError;
import org.dflib.jjava.jupyter.messages.publish.PublishExecuteInput;
import org.dflib.jjava.jupyter.messages.publish.PublishExecuteResult;
import org.dflib.jjava.jupyter.messages.reply.ErrorReply;
import org.dflib.jjava.jupyter.messages.reply.ExecuteReply;
import org.dflib.jjava.jupyter.messages.request.ExecuteRequest;
import org.dflib.jjava.kernel.JavaKernel;
import org.dflib.jjava.kernel.JavaKernelBuilder;
import verger.kernel.cells.Cell;
import verger.kernel.cells.CellEvaluator;
import verger.kernel.channels.CellOutput;
import verger.kernel.channels.KernelIo;
import verger.kernel.channels.WaitingRequests;
import verger.kernel.errors.ErrorReport;
import verger.kernel.help.Completion;
import verger.kernel.help.Help;
import verger.kernel.progress.Progress;
import verger.kernel.values.Renderers;

/** JJava's kernel, whose cells are done or say why they are not. */
public final class VergerKernel extends JavaKernel {

    private final CellEvaluator cells;
    private final CellOutput output;
    private final TraceMagic traces;
    private final Help help;
    private final Completion completion;
    private final Progress progress;
    private volatile String lastDisplayed;
    private JupyterConnection connection;

    private VergerKernel(Builder builder, CellEvaluator cells, JShell shell) {
        super(builder.name(), builder.version(), builder.language(), List.of(), null, new KernelIo(), new CommManager(),
                Renderers.all(), builder.resolver(), builder.registry(), builder.extensions(), builder.styler(), shell, cells);
        this.cells = cells;
        output = builder.output;
        traces = builder.traces;
        help = new Help(shell, cells::getClassLoader, Path.of(System.getenv().getOrDefault("VERGER_LIB", "."), "docs"));
        completion = new Completion(shell, cells::getClassLoader, super::complete);
        progress = new Progress(cells::place, output);
    }

    @Override
    public void becomeHandlerForConnection(JupyterConnection with) {
        connection = with;
        super.becomeHandlerForConnection(with);
    }

    @Override
    public DisplayData inspect(String code, int at, boolean extraDetail) {
        return help.inspect(code, at);
    }

    @Override
    public ReplacementOptions complete(String code, int at) {
        return completion.complete(code, at);
    }

    @Override
    protected synchronized void handleExecuteRequest(ShellReplyEnvironment reply, Message<ExecuteRequest> message) {
        ExecuteRequest request = message.getContent();
        int count = executionCount.getAndIncrement();
        commManager.setMessageContext(message);
        cells.begin(new Cell(count, request.getCode())); // whoever sees that it is busy may interrupt it
        List<WaitingRequests> waiting = new ArrayList<>();
        reply.defer(() -> waiting.forEach(WaitingRequests::answer)); // the first that is deferred is done last
        reply.setBusyDeferIdle();
        reply.publish(new PublishExecuteInput(request.getCode(), count));
        output.begin(reply);
        ((KernelIo) io).begin(reply, request.isStdinEnabled());
        reply.defer(output::send);
        try {
            progress.begin(reply);
            Object value = this.<Object>evalBuilder(request.getCode()).resolveMagics().eval();
            DisplayData shown = value == null || value instanceof DisplayData ? (DisplayData) value
                    : cells.show(() -> renderer.render(value));
            progress.end(false);
            sayWhatElseChanged();
            if (shown != null) {
                reply.publish(new PublishExecuteResult(count, shown));
            }
            reply.defer().reply(new ExecuteReply(count, Map.of()));
        } catch (Throwable e) {
            progress.end(true);
            sayWhatElseChanged();
            fail(reply, count, ErrorReport.of(e, new ErrorReport.Cells(getJShell(), cells.snippets())));
            if (request.shouldStopOnError()) {
                waiting.add(WaitingRequests.taken(connection, reply));
            }
        }
    }

    /** Of {@code System.out.printf(…)} what is printed is all, and not the stream that it returns; so is what {@code display} shows. */
    @Override
    protected Object doEval(String source) {
        Object value = super.doEval(source);
        return value instanceof PrintStream || lastDisplayed != null && lastDisplayed.equals(value) ? null : value;
    }

    @Override
    public void display(DisplayData data) {
        super.display(data);
        lastDisplayed = data.getDisplayId();
    }

    private void fail(ShellReplyEnvironment reply, int count, ErrorReport report) {
        traces.keep(report);
        if (report.html() != null) {
            DisplayData folded = new DisplayData();
            folded.putHTML(report.html());
            reply.publish(new PublishDisplayData(folded));
        }
        reply.publish(new PublishError(report.name(), report.value(), report.lines()));
        ErrorReply error = new ErrorReply(report.name(), report.value(), report.lines());
        error.setExecutionCount(count);
        reply.defer().replyError(ExecuteReply.MESSAGE_TYPE.error(), error);
    }

    private void sayWhatElseChanged() {
        cells.end().forEach(System.err::println);
    }

    /** Makes the kernel, with magics that are registered before. */
    static final class Builder extends JavaKernelBuilder<Builder, VergerKernel> {

        private final CellOutput output;
        private final TraceMagic traces;

        Builder(CellOutput output, TraceMagic traces) {
            this.output = output;
            this.traces = traces;
        }

        @Override
        public VergerKernel build() {
            CellEvaluator cells = new CellEvaluator(buildName());
            return new VergerKernel(this, cells, buildJShell(cells));
        }

        private String name() {
            return buildName();
        }

        private String version() {
            return buildVersion();
        }

        private LanguageInfo language() {
            return buildLanguageInfo();
        }

        private MagicsResolver resolver() {
            return new Magics();
        }

        private MagicsRegistry registry() {
            return buildMagicsRegistry();
        }

        private boolean extensions() {
            return buildExtensionsEnabled();
        }

        private StringStyler styler() {
            return buildErrorStyler();
        }
    }
}
