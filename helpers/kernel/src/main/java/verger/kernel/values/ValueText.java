package verger.kernel.values;

import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Scanner;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.BaseStream;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.Matrix;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.Params;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.Product;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * The text of any value: its elements instead of a class and a hash, and of many the first ones and their number.
 *
 * <p>A value whose class says how it looks, by its {@code toString}, looks so.
 */
final class ValueText {

    /** The elements of an array or a collection that are shown, then those of an element, then those of its elements. */
    private static final List<Integer> MOST = List.of(100, 20, 10);
    private static final int MAX_DEPTH = 8;
    private static final int MAX_CHARACTERS = 1000;

    /** A list of lists that is longer than this has a line for each of them. */
    private static final int LINE = 100;

    private static final int CELL_ELEMENTS = 4;
    private static final int CELL_CHARACTERS = 80;

    private final int most;
    private final boolean inCell;

    private ValueText(int most, boolean inCell) {
        this.most = most;
        this.inCell = inCell;
    }

    /** The text of what a notebook's cell returns. */
    static String of(Object value) {
        return of(value, MOST.get(0));
    }

    /** @param most elements of it that are shown */
    static String of(Object value, int most) {
        if (value instanceof CharSequence) {
            return value.toString();
        }
        try {
            return new ValueText(most, false).text(value, 0);
        } catch (RuntimeException e) { // a collection of somebody's that does not do what collections do, or changes meanwhile
            return "" + value;
        }
    }

    /** The text in a cell of a table: numbers of five digits, four elements. */
    static String inCell(Object value) {
        return new ValueText(CELL_ELEMENTS, true).text(value, 0);
    }

    private String text(Object value, int depth) {
        if (depth > MAX_DEPTH) {
            return "…"; // it may contain itself
        }
        if (value instanceof Double || value instanceof Float) {
            return inCell ? String.format(Locale.ROOT, "%.5g", ((Number) value).doubleValue()) : value.toString();
        }
        if (value instanceof byte[] bytes && inCell) {
            return String.format(Locale.ROOT, "%,d bytes", bytes.length);
        }
        if (value != null && value.getClass().isArray()) {
            return list(Array.getLength(value), i -> Array.get(value, i), depth);
        }
        if (value instanceof Collection<?> collection) {
            return list(collection.size(), elements(collection.iterator()), depth);
        }
        if (value instanceof Map<?, ?> map) {
            return entries(map.size(), map.entrySet().iterator(), depth);
        }
        if (value instanceof Map.Entry<?, ?> entry) {
            return entry(entry, depth);
        }
        if (value instanceof Optional<?> optional) {
            return optional.map(some -> "Optional[" + text(some, depth + 1) + "]").orElse("Optional.empty");
        }
        if (value instanceof Record fields) {
            return fields(fields, depth);
        }
        if (value instanceof BaseStream || value instanceof scala.collection.Iterator
                || value instanceof Iterator && !(value instanceof Scanner)) {
            return kind(value) + ", not consumed";
        }
        return ofSpark(value, depth);
    }

    private String ofSpark(Object value, int depth) {
        if (value instanceof org.apache.spark.mllib.linalg.Vector vector) {
            return text(vector.asML(), depth);
        }
        if (value instanceof SparseVector sparse && !inCell) {
            return "(" + sparse.size() + ", " + entries(sparse.indices().length, IntStream.range(0, sparse.indices().length)
                    .mapToObj(i -> Map.entry(sparse.indices()[i], sparse.values()[i])).iterator(), depth) + ")";
        }
        if (value instanceof Vector vector) {
            return list(vector.size(), vector::apply, depth);
        }
        if (value instanceof org.apache.spark.mllib.linalg.Matrix matrix) {
            return text(matrix.asML(), depth);
        }
        if (value instanceof Matrix matrix) {
            return depth == 0 && !inCell ? MatrixText.of(matrix)
                    : list(matrix.numRows(), i -> row(matrix, i), depth);
        }
        if (value instanceof Row row) {
            return row(row, depth);
        }
        if (value instanceof StructType schema && depth == 0) {
            return schema.treeString().stripTrailing();
        }
        if (value instanceof Params params) {
            return StageText.line(params, inner -> text(inner, depth + 1));
        }
        if (value instanceof ParamMap map) {
            List<Map.Entry<String, Object>> pairs = new ArrayList<>();
            map.toSeq().foreach(pair -> pairs.add(Map.entry(pair.param().name(), pair.value())));
            return entries(pairs.size(), pairs.iterator(), depth);
        }
        return ofScala(value, depth);
    }

    private String ofScala(Object value, int depth) {
        if (value instanceof Seq<?> sequence && sequence.hasDefiniteSize()) {
            return list(sequence.size(), elements(JavaConverters.asJavaIterator(sequence.iterator())), depth);
        }
        if (value instanceof scala.collection.Map<?, ?> map) {
            return text(JavaConverters.mapAsJavaMap(map), depth);
        }
        if (value instanceof Option<?> option) {
            return option.isEmpty() ? "None" : "Some(" + text(option.get(), depth + 1) + ")";
        }
        if (value instanceof Product tuple && tuple.getClass().getName().startsWith("scala.Tuple")) {
            List<String> shown = new ArrayList<>();
            tuple.productIterator().foreach(element -> shown.add(text(element, depth + 1)));
            return "(" + String.join(", ", shown) + ")";
        }
        return cut("" + value, depth); // a toString may give null
    }

    private String cut(String text, int depth) {
        if (inCell) {
            return text.length() <= CELL_CHARACTERS ? text : text.substring(0, CELL_CHARACTERS - 1) + "…";
        }
        return depth == 0 || text.length() <= MAX_CHARACTERS ? text
                : String.format(Locale.ROOT, "%s… %,d characters in all", text.substring(0, MAX_CHARACTERS), text.length());
    }

    private int most(int depth) {
        return inCell || depth == 0 ? most : MOST.get(Math.min(depth, MOST.size() - 1));
    }

    private static IntFunction<Object> elements(Iterator<?> elements) {
        return i -> elements.next();
    }

    private String list(int size, IntFunction<Object> elements, int depth) {
        List<String> shown = new ArrayList<>();
        boolean nested = false;
        for (int i = 0; i < Math.min(most(depth), size); i++) {
            Object element = elements.apply(i);
            nested |= isNested(element);
            shown.add(text(element, depth + 1));
        }
        if (size > shown.size()) {
            shown.add(String.format(Locale.ROOT, "… %,d in all", size));
        }
        String line = "[" + String.join(", ", shown) + "]";
        return inCell || !nested || depth > 0 || line.length() <= LINE ? line : "[" + String.join(",\n ", shown) + "]";
    }

    private static boolean isNested(Object element) {
        return element != null && (element.getClass().isArray() || element instanceof Collection || element instanceof Map
                || element instanceof Record || element instanceof Row || element instanceof Params
                || element instanceof Vector);
    }

    private String entries(int size, Iterator<? extends Map.Entry<?, ?>> entries, int depth) {
        List<String> shown = new ArrayList<>();
        while (entries.hasNext() && shown.size() < most(depth)) {
            shown.add(entry(entries.next(), depth));
        }
        if (size > shown.size()) {
            shown.add(String.format(Locale.ROOT, "… %,d in all", size));
        }
        return "{" + String.join(", ", shown) + "}";
    }

    private String entry(Map.Entry<?, ?> entry, int depth) {
        return text(entry.getKey(), depth + 1) + "=" + text(entry.getValue(), depth + 1);
    }

    private String row(Row row, int depth) {
        if (row.schema() == null) {
            return list(row.size(), row::get, depth);
        }
        String[] names = row.schema().fieldNames();
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            shown.add(names[i] + "=" + text(row.get(i), depth + 1));
        }
        return "{" + String.join(", ", shown) + "}";
    }

    private static double[] row(Matrix matrix, int row) {
        return IntStream.range(0, matrix.numCols()).mapToDouble(column -> matrix.apply(row, column)).toArray();
    }

    /** A record whose toString is its own keeps it. */
    private String fields(Record value, int depth) {
        String plain = value.toString();
        RecordComponent[] components = value.getClass().getRecordComponents();
        String start = value.getClass().getSimpleName() + "[";
        if (components.length == 0 || !plain.startsWith(start + components[0].getName() + "=")) {
            return cut(plain, depth);
        }
        List<String> shown = new ArrayList<>();
        for (RecordComponent component : components) {
            Object field;
            try {
                component.getAccessor().setAccessible(true);
                field = component.getAccessor().invoke(value);
            } catch (ReflectiveOperationException | RuntimeException e) { // of a module that does not let us
                return cut(plain, depth);
            }
            shown.add(component.getName() + "=" + text(field, depth + 1));
        }
        return start + String.join(", ", shown) + "]";
    }

    /** The name of the interface by which a cell knows a stream or an iterator. */
    private static String kind(Object value) {
        Function<Class<?>, String> name = Class::getSimpleName;
        for (Class<?> of = value.getClass(); of != null; of = of.getSuperclass()) {
            for (Class<?> one : of.getInterfaces()) {
                if (BaseStream.class.isAssignableFrom(one)) {
                    return name.apply(one);
                }
            }
        }
        return "Iterator";
    }
}
