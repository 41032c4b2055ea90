package verger.notebook;

import java.lang.reflect.Field;
import org.dflib.jjava.jupyter.kernel.BaseKernel;

/** The insides of JJava where it has no hook; it is not on Maven Central, so they are called by their names. */
final class KernelParts {

    private KernelParts() {
    }

    /** What compiles and runs the cells. */
    static Object evaluator(BaseKernel kernel) throws ReflectiveOperationException {
        return kernel.getClass().getMethod("getEvaluator").invoke(kernel);
    }

    static Field field(Object owner, String name) throws NoSuchFieldException {
        Field field = owner.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }
}
