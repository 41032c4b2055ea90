package verger.kernel.help;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignatureTest {

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "T NetworkStage<T extends NetworkStage<T>>.setNetwork(String); NetworkStage; T NetworkStage.setNetwork(String)",
        "Dataset<scala.Tuple2<U1,U2>> Dataset<T>.<U1, U2>select(TypedColumn<T,U1> c1, TypedColumn<T,U2> c2); Dataset;"
                + " Dataset<scala.Tuple2<U1,U2>> Dataset.select(TypedColumn<T,U1> c1, TypedColumn<T,U2> c2)",
        "V java.util.Map.Entry<K,V>.getValue(); java.util.Map.Entry; V Map.Entry.getValue()",
        "ImageFeaturizer(String uid); ImageFeaturizer; new ImageFeaturizer(String uid)",
        "int twice(int x); ''; int twice(int x)",
        "byte[] RgbImage.decode(byte[] bytes, int... sizes) throws java.io.IOException; RgbImage;"
                + " byte[] RgbImage.decode(byte[] bytes, int... sizes) throws IOException"})
    void readsWhatJShellSays(String jshell, String owner, String shown) {
        assertThat(Signature.parse(jshell)).hasValueSatisfying(signature -> {
            assertThat(signature.owner()).isEqualTo(owner);
            assertThat(signature.text()).isEqualTo(shown);
        });
    }

    @Test
    void knowsTypesAsSourcesOfBothLanguagesDo() {
        assertThat(Signature
                .parse("void A.b(scala.collection.Seq<Column> a, String... c, @Deprecated int[] d, java.util.Map<K, V>)"))
                .hasValueSatisfying(
                        signature -> assertThat(signature.plainTypes()).containsExactly("Seq", "String", "int", "Map"));
        assertThat(Signature.split("f: (A, B) => C, more: Map<A, B>")).isEqualTo(List.of("f: (A, B) => C", "more: Map<A, B>"));
        assertThat(Signature.parse("f:verger.features.ImageFeaturizer")).isEmpty();
    }
}
