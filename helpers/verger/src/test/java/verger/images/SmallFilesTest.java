package verger.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class SmallFilesTest {

    private static final long MOST = 64 << 20;

    /** Thirty BMPs of 147 MB lie together among 3,000 small files: each is a partition of its own. */
    @Test
    void partitionsOfLargeFilesAreCutByTheirBytes() {
        List<Long> files = new ArrayList<>(Collections.nCopies(1500, 4_600L));
        files.addAll(Collections.nCopies(30, 147_000_000L));
        files.addAll(Collections.nCopies(1500, 4_600L));

        List<List<Long>> cut = SmallFiles.cut(files, file -> file, 2);

        assertThat(cut.stream().flatMap(List::stream)).containsExactlyElementsOf(files);
        assertThat(cut).allMatch(part -> part.size() == 1 || part.stream().mapToLong(file -> file).sum() <= MOST);
        assertThat(cut.stream().filter(part -> part.contains(147_000_000L))).hasSize(30);
    }

    @Test
    void smallFilesAreCutByTheirNumberAlone() {
        List<Long> files = Collections.nCopies(361, 4_600L);

        List<List<Long>> cut = SmallFiles.cut(files, file -> file, 8);

        assertThat(cut).hasSize(8).allMatch(part -> part.size() == 45 || part.size() == 46);
    }

    @Test
    void noFilesAreNoPartitions() {
        assertThat(SmallFiles.cut(List.<Long>of(), file -> file, 8)).isEmpty();
    }
}
