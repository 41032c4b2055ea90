package verger.similar;

import java.util.Iterator;

/** The cosines of rows with the vectors of a block, two rows at a time. */
final class Cosines {

    /** What becomes of a row's cosines, which are overwritten by the next row's. */
    interface Consumer {
        void accept(UnitVector row, double[] cosines);
    }

    private final UnitBlock block;

    Cosines(UnitBlock block) {
        this.block = block;
    }

    void forEach(Iterator<UnitVector> rows, Consumer consumer) {
        double[] ofFirst = new double[block.size()];
        double[] ofSecond = new double[block.size()];
        while (rows.hasNext()) {
            UnitVector first = rows.next();
            UnitVector second = rows.hasNext() ? rows.next() : null;
            block.cosines(first, second == null ? first : second, ofFirst, ofSecond);
            consumer.accept(first, ofFirst);
            if (second != null) {
                consumer.accept(second, ofSecond);
            }
        }
    }
}
