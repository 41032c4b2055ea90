package verger.runs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import verger.runs.Guide.Block;

/**
 * A command that a guide shows.
 *
 * @param block where it stands
 * @param line  as it is written, on one line and without its comment
 * @param words of it, without quotes; assignments before the command are left out
 */
record ShownCommand(Block block, String line, List<String> words) {

    /** A word of pieces in quotes and without, or a comment. */
    private static final Pattern WORD = Pattern.compile(
            "((?:\"[^\"]*\"|'[^']*'|[^\\s\"'#])(?:\"[^\"]*\"|'[^']*'|[^\\s\"'])*)|(#.*)");

    /** The commands of all blocks of shell. */
    static List<ShownCommand> of(List<Guide> guides) {
        return guides.stream().flatMap(guide -> guide.blocks().stream()).filter(block -> block.language().equals("sh"))
                .flatMap(ShownCommand::of).toList();
    }

    private static Stream<ShownCommand> of(Block block) {
        List<ShownCommand> commands = new ArrayList<>();
        for (String line : block.text().replaceAll("\\\\\\n\\s*", "").split("\n")) {
            List<String> words = new ArrayList<>();
            Matcher word = WORD.matcher(line);
            int end = 0;
            while (word.find() && word.group(2) == null) {
                end = word.end();
                words.add(word.group(1).replaceAll("\"([^\"]*)\"|'([^']*)'", "$1$2"));
            }
            while (!words.isEmpty() && words.get(0).matches("[A-Z_]+=.*")) {
                words.remove(0);
            }
            if (!words.isEmpty()) {
                commands.add(new ShownCommand(block, line.substring(0, end).strip(), List.copyOf(words)));
            }
        }
        return commands.stream();
    }

    String program() {
        return words.get(0);
    }

    List<String> arguments() {
        return words.subList(1, words.size());
    }

    boolean has(String word) {
        return words.contains(word);
    }

    /** The words that begin with two hyphens, without what follows an equals sign. */
    List<String> options() {
        return words.stream().filter(word -> word.startsWith("--")).map(word -> word.split("=")[0]).toList();
    }

    /** The values of {@code -p NAME VALUE}. */
    List<String[]> parameters() {
        List<String[]> parameters = new ArrayList<>();
        for (int i = 0; i < words.size() - 2; i++) {
            if (words.get(i).equals("-p")) {
                parameters.add(new String[] {words.get(i + 1), words.get(i + 2)});
            }
        }
        return parameters;
    }

    @Override
    public String toString() {
        return block.guide() + ":" + block.line() + ": " + line;
    }
}
