package verger.kernel.values;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.ml.linalg.Matrices;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import scala.Tuple2;
import verger.kernel.TestSpark;

class ValueTextTest {

    record Seen(String name, double[] at) {
    }

    record Silent(String name) {

        @Override
        public String toString() {
            return "a secret";
        }
    }

    static Stream<Arguments> values() {
        Row row =
                TestSpark.session().sql("select 'Fig' as label, named_struct('x', 1, 'y', array(2, 3)) as at, map('a', 1) as m")
                        .first();
        return Stream.of(
                Arguments.of(new String[] {"label", "k", null}, "[label, k, null]"),
                Arguments.of(new int[] {1, 2}, "[1, 2]"),
                Arguments.of(new byte[] {1, -2}, "[1, -2]"),
                Arguments.of(new double[] {1.0 / 3, 1e-9}, "[0.3333333333333333, 1.0E-9]"),
                Arguments.of(new float[0], "[]"),
                Arguments.of(new boolean[] {true}, "[true]"),
                Arguments.of(new char[] {'a', 'b'}, "[a, b]"),
                Arguments.of(new int[][] {{1, 2}, {}, null}, "[[1, 2], [], null]"),
                Arguments.of(List.of(new int[] {1}, List.of(Map.of("k", new String[] {"a"}))), "[[1], [{k=[a]}]]"),
                Arguments.of(new TreeMap<>(Map.of("a", new int[] {1}, "b", List.of(2))), "{a=[1], b=[2]}"),
                Arguments.of(Map.entry("a", new int[] {1}), "a=[1]"),
                Arguments.of(new Seen("Fig", new double[] {1, 2}), "Seen[name=Fig, at=[1.0, 2.0]]"),
                Arguments.of(new Silent("Fig"), "a secret"),
                Arguments.of(Optional.of(new int[] {1}), "Optional[[1]]"),
                Arguments.of(Optional.empty(), "Optional.empty"),
                Arguments.of(row, "{label=Fig, at={x=1, y=[2, 3]}, m={a=1}}"),
                Arguments.of(RowFactory.create("Fig", new int[] {1}), "[Fig, [1]]"),
                Arguments.of(Vectors.dense(1, 2.5), "[1.0, 2.5]"),
                Arguments.of(Vectors.sparse(1000, new int[] {3, 7}, new double[] {1, 2}), "(1000, {3=1.0, 7=2.0})"),
                Arguments.of(org.apache.spark.mllib.linalg.Vectors.dense(1, 2), "[1.0, 2.0]"),
                Arguments.of(Matrices.dense(2, 2, new double[] {1, 2, 3, 4.123456789}),
                        "2 × 2 matrix\n     1.0     3.0\n     2.0  4.1235"),
                Arguments.of(List.of(Matrices.dense(1, 2, new double[] {1, 2})), "[[[1.0, 2.0]]]"),
                Arguments.of(new Tuple2<>("a", new int[] {1}), "(a, [1])"),
                Arguments.of(scala.Option.apply(new int[] {1}), "Some([1])"),
                Arguments.of(new StructType().add("k", "int"), "root\n |-- k: integer (nullable = true)"),
                Arguments.of(12, "12"),
                Arguments.of("a text of\n1000 signs".repeat(100), "a text of\n1000 signs".repeat(100)));
    }

    @ParameterizedTest
    @MethodSource("values")
    void showsWhatIsInside(Object value, String text) {
        assertThat(ValueText.of(value)).isEqualTo(text);
    }

    @Test
    void cutsWhatIsLongAndSaysItsSize() {
        List<Integer> numbers = IntStream.range(0, 78_572).boxed().toList();

        assertThat(ValueText.of(numbers)).startsWith("[0, 1, 2, ").endsWith(", 98, 99, … 78,572 in all]");
        assertThat(ValueText.of(numbers.stream().mapToInt(i -> i).toArray())).endsWith("99, … 78,572 in all]");
        assertThat(ValueText.of(numbers, 2)).isEqualTo("[0, 1, … 78,572 in all]");
        assertThat(ValueText.of(Map.of("all", numbers))).endsWith(", 19, … 78,572 in all]}");
        assertThat(ValueText.of(Vectors.zeros(2048))).endsWith("0.0, … 2,048 in all]");
        assertThat(ValueText.of(Matrices.zeros(11, 2048))).startsWith("11 × 2,048 matrix\n  0.0  0.0").endsWith("0.0  …\n  …");
        assertThat(ValueText.of(List.of("x".repeat(5000)))).isEqualTo("[" + "x".repeat(1000) + "… 5,000 characters in all]");
    }

    @Test
    void givesALongListOfListsALineForEach() {
        int[][] rows = new int[2][];
        Arrays.fill(rows, IntStream.range(1000, 1015).toArray());

        assertThat(ValueText.of(rows)).hasLineCount(2).startsWith("[[1000, 1001").contains("1014],\n [1000, ");
    }

    @Test
    void leavesStreamsAsTheyAre() {
        Stream<Integer> stream = Stream.of(1, 2);
        IntStream numbers = IntStream.range(0, 3);

        assertThat(ValueText.of(stream)).isEqualTo("Stream, not consumed");
        assertThat(ValueText.of(numbers)).isEqualTo("IntStream, not consumed");
        assertThat(ValueText.of(List.of(1).iterator())).isEqualTo("Iterator, not consumed");
        assertThat(stream.toList()).containsExactly(1, 2);
        assertThat(numbers.sum()).isEqualTo(3);
    }

    @Test
    void countsNoRowsToShowAnIteratorOfSpark() {
        var rows = TestSpark.session().range(3).map((org.apache.spark.api.java.function.MapFunction<Long, Long>) i -> {
            throw new IllegalStateException("a job has run");
        }, org.apache.spark.sql.Encoders.LONG()).toLocalIterator();

        assertThat(ValueText.of(rows)).isEqualTo("Iterator, not consumed");
    }

    @Test
    void endsWithWhatContainsItself() {
        List<Object> self = new ArrayList<>();
        self.add(self);

        assertThat(ValueText.of(self)).contains("…");
    }

    @Test
    void showsACollectionThatCannotBeReadByItsOwnText() {
        List<Integer> broken = new java.util.AbstractList<>() {
            @Override
            public Integer get(int index) {
                throw new IllegalStateException();
            }

            @Override
            public int size() {
                return 1;
            }

            @Override
            public String toString() {
                return "broken";
            }
        };

        assertThat(ValueText.of(broken)).isEqualTo("broken");
        assertThat(ValueText.of(Collections.emptyList())).isEqualTo("[]");
    }
}
