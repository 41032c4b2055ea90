package verger.kernel.cells;

import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.xbean.asm9.ClassReader;
import org.apache.xbean.asm9.ClassVisitor;
import org.apache.xbean.asm9.ClassWriter;
import org.apache.xbean.asm9.MethodVisitor;
import org.apache.xbean.asm9.Opcodes;
import org.apache.xbean.asm9.Type;
import verger.notebook.CellVariable;

/**
 * Makes the copy of a cell's class that executors get.
 *
 * <p>A variable of the notebook is a static field to JShell. On an executor nobody has set it: a lambda would compute with 0 or
 * null without a word. So the copy asks {@link CellVariable} for a variable that it reads, and refuses to set one. It
 * lacks what only the driver calls.
 */
final class ExecutorCopy {

    private static final int ASM = Opcodes.ASM9;

    /** JShell's class of a snippet, whose static fields are variables of the notebook; not a class that a cell declares in it. */
    private static final Pattern SNIPPET = Pattern.compile("REPL/\\$JShell\\$\\d+[A-Z]*");

    /** JShell's method that does at once what a snippet says; only the driver calls it. */
    private static final String STATEMENT = "do_it$";

    private static final String ASSERTIONS = "$assertionsDisabled";

    private static final String HOME = Type.getInternalName(CellVariable.class);

    private ExecutorCopy() {
    }

    /**
     * Copies a class.
     *
     * @param bytes of the class file
     * @param read  is told each variable that the copy asks for, as class and name with a point between
     */
    static byte[] of(byte[] bytes, Consumer<String> read) {
        ClassReader reader = new ClassReader(bytes);
        ClassWriter writer = new ClassWriter(0);
        reader.accept(new ClassVisitor(ASM, writer) {
            @Override
            public MethodVisitor visitMethod(int access, String name, String type, String signature, String[] exceptions) {
                if (name.equals(STATEMENT) && SNIPPET.matcher(reader.getClassName()).matches()) {
                    return null; // it may hold a password, which is nobody else's business
                }
                return new AskingMethod(super.visitMethod(access, name, type, signature, exceptions), read);
            }
        }, 0);
        return writer.toByteArray();
    }

    /** A method with calls of {@link CellVariable} in the place of variables: as many numbers on the stack, or fewer. */
    private static final class AskingMethod extends MethodVisitor {

        private final Consumer<String> read;

        AskingMethod(MethodVisitor method, Consumer<String> read) {
            super(ASM, method);
            this.read = read;
        }

        @Override
        public void visitFieldInsn(int operation, String owner, String name, String type) {
            boolean variable = SNIPPET.matcher(owner).matches() && !name.equals(ASSERTIONS);
            String variableName = Type.getObjectType(owner).getClassName() + "." + name;
            if (variable && operation == Opcodes.GETSTATIC) {
                read.accept(variableName);
                ask(variableName, Type.getType(type));
            } else if (variable && operation == Opcodes.PUTSTATIC) {
                visitInsn(Type.getType(type).getSize() == 2 ? Opcodes.POP2 : Opcodes.POP);
                visitLdcInsn(variableName);
                call("set", "(Ljava/lang/String;)V");
            } else {
                super.visitFieldInsn(operation, owner, name, type);
            }
        }

        private void ask(String variable, Type type) {
            visitLdcInsn(variable);
            switch (type.getSort()) {
                case Type.LONG -> call("longValue", "(Ljava/lang/String;)J");
                case Type.FLOAT -> call("floatValue", "(Ljava/lang/String;)F");
                case Type.DOUBLE -> call("doubleValue", "(Ljava/lang/String;)D");
                case Type.OBJECT, Type.ARRAY -> {
                    call("value", "(Ljava/lang/String;)Ljava/lang/Object;");
                    visitTypeInsn(Opcodes.CHECKCAST, type.getInternalName());
                }
                // The other primitive types are ints to the JVM.
                default -> call("intValue", "(Ljava/lang/String;)I");
            }
        }

        private void call(String method, String type) {
            visitMethodInsn(Opcodes.INVOKESTATIC, HOME, method, type, false);
        }
    }
}
