package verger.runs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Markdown file of the project.
 *
 * @param file where it is
 * @param text what stands in it
 */
record Guide(Path file, String text) {

    private static final int LINES = Pattern.MULTILINE | Pattern.DOTALL;

    /** A fence of three or more backticks at the beginning of a line, and what it encloses. */
    private static final Pattern BLOCK = Pattern.compile("^(`{3,})([^\\n`]*)\\n(.*?)^\\1 *$", LINES);
    private static final Pattern SPAN = Pattern.compile("`([^`]+)`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("^#{1,6} +(.+?) *$", Pattern.MULTILINE);

    /**
     * What a fence encloses.
     *
     * @param guide    where it stands
     * @param line     of its fence, from 1
     * @param language what stands behind the fence, or an empty string
     * @param text     its lines
     * @param before   the last line of text before it
     */
    record Block(Guide guide, int line, String language, String text, String before) {

        @Override
        public String toString() {
            return guide + ":" + line + ":\n" + text;
        }
    }

    /** The README, and the guides in the order of their index. */
    static List<Guide> all() {
        List<Guide> guides = new ArrayList<>(List.of(of("README.md"), of("helpers/docs/README.md")));
        for (String target : guides.get(1).links()) {
            if (target.matches("[\\w-]+\\.md")) {
                guides.add(of("helpers/docs/" + target));
            }
        }
        return guides;
    }

    static Guide of(String path) {
        return of(NotebookRun.HOME.resolve(path));
    }

    static Guide of(Path file) {
        try {
            return new Guide(file, Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every Markdown file that is not made by a set-up, a build or a run. */
    static List<Guide> everywhere() throws IOException {
        Set<String> made = Set.of(".git", ".verger", "target", "out", "node_modules");
        try (Stream<Path> files = Files.walk(NotebookRun.HOME)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .filter(file -> Stream.iterate(NotebookRun.HOME.relativize(file), path -> path != null, Path::getParent)
                            .noneMatch(path -> made.contains(path.getFileName().toString())))
                    .sorted().map(Guide::of).toList();
        }
    }

    List<Block> blocks() {
        return BLOCK.matcher(text).results().map(found -> {
            String[] before = text.substring(0, found.start()).stripTrailing().split("\n");
            int line = (int) text.substring(0, found.start()).chars().filter(c -> c == '\n').count() + 1;
            return new Block(this, line, found.group(2).strip(), found.group(3), before[before.length - 1]);
        }).toList();
    }

    /** The blocks of a language. */
    List<Block> blocks(String language) {
        return blocks().stream().filter(block -> block.language().equals(language)).toList();
    }

    /** What stands between backticks. */
    static Stream<String> spans(String markdown) {
        return SPAN.matcher(markdown).results().map(found -> found.group(1));
    }

    private String prose() {
        return BLOCK.matcher(text).replaceAll("");
    }

    /** Where its links and pictures point to, as they are written. */
    List<String> links() {
        return LINK.matcher(prose()).results().map(found -> found.group(1)).toList();
    }

    /** What a link can name behind its #, as GitHub makes it of the headings. */
    Set<String> anchors() {
        Set<String> anchors = new LinkedHashSet<>();
        Matcher headings = HEADING.matcher(prose());
        while (headings.find()) {
            String anchor = headings.group(1).toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
            String distinct = anchor;
            for (int i = 1; !anchors.add(distinct); i++) {
                distinct = anchor + "-" + i;
            }
        }
        return anchors;
    }

    /** The rows of the tables below a heading, as their cells; without the heads of the tables. */
    List<List<String>> rows(String heading) {
        Matcher section = Pattern.compile("^#+ " + Pattern.quote(heading) + " *$(.*?)(?=^#|\\z)", LINES).matcher(text);
        if (!section.find()) {
            throw new IllegalArgumentException(this + " has no heading " + heading);
        }
        List<List<String>> rows = new ArrayList<>();
        for (String line : section.group(1).split("\n")) {
            if (line.matches("\\|[-:| ]+\\|")) {
                rows.remove(rows.size() - 1);
            } else if (line.startsWith("|")) {
                rows.add(Stream.of(line.substring(1, line.lastIndexOf('|')).split("\\|", -1)).map(String::strip).toList());
            }
        }
        return rows;
    }

    @Override
    public String toString() {
        return NotebookRun.HOME.relativize(file).toString();
    }
}
