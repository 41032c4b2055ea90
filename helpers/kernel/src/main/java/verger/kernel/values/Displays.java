package verger.kernel.values;

import org.dflib.jjava.jupyter.kernel.BaseKernel;

/** What cells may call without an import, beside JJava's own {@code display} and {@code render}. */
public final class Displays {

    private Displays() {
    }

    /**
     * Shows so many rows of a Dataset, or so many elements of an array or a collection, below the cell.
     *
     * @param most rows or elements, at least 1; all are brought to the kernel, and kept in the notebook
     * @throws IllegalArgumentException if most is less than 1
     */
    public static void display(Object value, int most) {
        BaseKernel kernel = BaseKernel.notebookKernel();
        kernel.display(Renderers.render(kernel.getRenderer(), value, most));
    }
}
