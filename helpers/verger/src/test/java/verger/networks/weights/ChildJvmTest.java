package verger.networks.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** However a child ends, this JVM goes on and can say what happened. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class ChildJvmTest {

    private static final long MIB = 1 << 20;
    private static final ChildJvm.Bounds BOUNDS = new ChildJvm.Bounds(64 * MIB, 512 * MIB, 60);

    @TempDir
    Path folder;

    /** What the children run. */
    static final class Child {

        private static long sum;

        private Child() {
        }

        public static void main(String[] arguments) throws Exception {
            System.out.println("first line");
            System.err.println("last line");
            switch (arguments[0]) {
                case "well" -> Files.writeString(Path.of(arguments[1]), arguments[2]);
                case "exit" -> System.exit(7);
                case "crash" -> crash();
                case "heap" -> fill();
                case "native" -> {
                    try (BytePointer much = new BytePointer(1024 * MIB)) {
                        System.out.println(much.capacity());
                    }
                }
                case "address space" -> unsafe("allocateMemory", 4096 * MIB);
                case "spin" -> spin();
                case "parent" -> {
                    new Thread(() -> assertThatThrownBy(() -> ChildJvm.run(Child.class, BOUNDS,
                            List.of("wait", arguments[1])))).start();
                    awaitText(Path.of(arguments[1]));
                    Runtime.getRuntime().halt(0);
                }
                case "wait" -> {
                    ChildJvm.endWithParent();
                    Files.writeString(Path.of(arguments[1]), Long.toString(ProcessHandle.current().pid()));
                    Thread.sleep(600_000);
                }
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        }

        @SuppressWarnings("ModifiedButNotUsed")
        private static void fill() {
            List<byte[]> all = new ArrayList<>();
            while (true) {
                all.add(new byte[1 << 20]);
            }
        }

        private static void spin() {
            while (sum >= 0) {
                sum = (sum + 1) & 0xff;
            }
        }

        /** As a library does that follows a pointer out of a damaged file. */
        private static void crash() throws ReflectiveOperationException {
            unsafe("putAddress", 1L << 40, 1L); // near 0 it would be a NullPointerException
        }

        private static void unsafe(String method, Object... numbers) throws ReflectiveOperationException {
            Class<?> unsafe = Class.forName("sun.misc.Unsafe");
            Field field = unsafe.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            Class<?>[] types = new Class<?>[numbers.length];
            Arrays.fill(types, long.class);
            unsafe.getMethod(method, types).invoke(field.get(null), numbers);
        }
    }

    @Test
    void aChildHasOurClassPathAndItsArguments() throws IOException {
        Path file = folder.resolve("said «ü» and \"quoted\"");
        assertThat(ChildJvm.run(Child.class, BOUNDS, List.of("well", file.toString(), "two words $HOME")))
                .isEqualTo(new ChildJvm.Ended(0, "", "last line"));
        assertThat(file).hasContent("two words $HOME");
    }

    @Test
    void aCrashIsToldAndDoesNotEndThisJvm() throws IOException {
        assertThat(run("crash").why()).matches("crashed \\(signal (6|11)\\)");
    }

    @Test
    void aChildThatWantsMoreHeapIsEnded() throws IOException {
        assertThat(run("heap").why()).isEqualTo("needs more than its 64 MB of heap");
    }

    @Test
    void aChildThatWantsMoreNativeMemoryIsRefused() throws IOException {
        assertThat(run("native").code()).isEqualTo(1);
    }

    /** What a library takes by itself, past JavaCPP. */
    @Test
    @EnabledOnOs(OS.LINUX) // macOS has no bound of it
    void aLibraryThatWantsMoreMemoryIsRefused() throws IOException {
        assertThat(run("address space").code()).isEqualTo(1);
    }

    @Test
    void aChildEndsWithItsParent() throws Exception {
        Path pid = folder.resolve("pid");
        assertThat(ChildJvm.run(Child.class, BOUNDS, List.of("parent", pid.toString())).code()).isZero();
        ProcessHandle.of(Long.parseLong(Files.readString(pid))).ifPresent(child -> child.onExit().join());
    }

    /** A bound of work: the same on a busy machine. */
    @Test
    void aChildThatNeverEndsIsEndedByItsProcessorTime() throws IOException {
        assertThat(ChildJvm.run(Child.class, new ChildJvm.Bounds(64 * MIB, 512 * MIB, 2), List.of("spin")).why())
                .isEqualTo("takes more than 2 s of processor time");
    }

    @Test
    void anotherEndIsTold() throws IOException {
        assertThat(run("exit")).isEqualTo(new ChildJvm.Ended(7, "ended with exit code 7", "last line"));
    }

    @Test
    void anInterruptEndsTheChild() throws Exception {
        Path pid = folder.resolve("pid");
        Thread asking = new Thread(() -> assertThatThrownBy(() -> ChildJvm.run(Child.class, BOUNDS,
                List.of("wait", pid.toString()))).isInstanceOf(InterruptedIOException.class));
        asking.start();
        awaitText(pid);
        asking.interrupt();
        asking.join();
        ProcessHandle.of(Long.parseLong(Files.readString(pid))).ifPresent(child -> child.onExit().join());
    }

    private static void awaitText(Path file) throws IOException, InterruptedException {
        while (!Files.exists(file) || Files.size(file) == 0) {
            Thread.sleep(20);
        }
    }

    private ChildJvm.Ended run(String what) throws IOException {
        return ChildJvm.run(Child.class, BOUNDS, List.of(what));
    }
}
