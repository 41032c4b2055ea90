package verger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which kernels for which instructions; that OpenBLAS follows, {@code LibraryTest} shows. */
class OpenBlasKernelsTest {

    @ParameterizedTest
    @CsvSource(nullValues = "none", value = {
            "SkylakeX, fpu sse2 fma avx avx2 avx512f avx512dq avx512cd avx512bw avx512vl",
            "Haswell, fpu sse2 fma avx avx2",
            // Knights Landing: some of AVX-512.
            "Haswell, fpu sse2 fma avx avx2 avx512f avx512cd",
            // Sandy Bridge, and a virtual machine that hides the rest.
            "none, fpu sse2 avx"})
    void followTheProcessorsFlags(String core, String flags) {
        assertThat(OpenBlasKernels.coreFor(Set.of(flags.split(" ")))).isEqualTo(core);
    }
}
