package verger.kernel.help;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import verger.kernel.values.Html;

/**
 * A documentation comment of Java or Scala as a person reads it: paragraphs of text, then parameters, what is returned and what is
 * thrown.
 *
 * @param blocks of text and of code, without markup
 * @param tags   a line each
 */
record DocText(List<Block> blocks, List<Tag> tags) {

    /** A paragraph, or lines of code. */
    record Block(String text, boolean isCode) {
    }

    /** @param label name of a parameter or of an exception, or a word */
    record Tag(String label, String text) {
    }

    private static final Pattern CODE =
            Pattern.compile("(?s)<pre>\\s*(?:\\{@code\\s?(.*?)\\}\\s*</pre>|(.*?)</pre>)|\\{\\{\\{(.*?)\\}\\}\\}");
    private static final Pattern INLINE = Pattern.compile("\\{@(\\w+)\\s*([^{}]*)\\}");
    private static final Pattern TAG = Pattern.compile("(?ms)^\\s*@(\\w+)[ \\t]*(.*?)(?=^\\s*@\\w|\\z)");
    private static final char MARK = '\u0001';

    static DocText of(String comment) {
        List<String> code = new ArrayList<>();
        Matcher blocks = CODE.matcher(comment);
        String text = blocks.replaceAll(found -> {
            String lines = found.group(1) != null ? found.group(1) : found.group(2) != null ? found.group(2) : found.group(3);
            code.add(entities(lines).replaceAll("^\\s*\\n", "").stripTrailing());
            return "\n\n" + MARK + "\n\n";
        });
        Matcher firstTag = Pattern.compile("(?m)^\\s*@\\w").matcher(text);
        int end = firstTag.find() ? firstTag.start() : text.length();
        List<Block> paragraphs = new ArrayList<>();
        for (String paragraph : text.substring(0, end).replaceAll("(?i)<p>|</p>|<ul>|</ul>|<ol>|</ol>", "\n\n")
                .replaceAll("(?i)<li>", "\n\n• ").split("\n\\s*\n")) {
            String plain = plain(paragraph);
            if (plain.equals(String.valueOf(MARK))) {
                paragraphs.add(new Block(code.remove(0).stripIndent(), true));
            } else if (!plain.isEmpty()) {
                paragraphs.add(new Block(plain, false));
            }
        }
        return new DocText(paragraphs, tags(text.substring(end)));
    }

    private static List<Tag> tags(String text) {
        List<Tag> tags = new ArrayList<>();
        Matcher found = TAG.matcher(text);
        while (found.find()) {
            String rest = plain(found.group(2));
            String[] words = rest.split("\\s+", 2);
            switch (found.group(1)) {
                case "param" -> tags.add(new Tag(words[0], words.length > 1 ? words[1] : ""));
                case "return", "returns" -> tags.add(new Tag("returns", rest));
                case "throws", "exception" -> tags.add(new Tag("throws " + words[0], words.length > 1 ? words[1] : ""));
                case "note" -> tags.add(new Tag("note", rest));
                case "since", "deprecated" -> tags.add(new Tag(found.group(1), rest));
                default -> { // group, see, author: of no use without links
                }
            }
        }
        return tags;
    }

    private static String plain(String text) {
        Matcher inline = INLINE.matcher(text);
        String plain = inline.replaceAll(found -> Matcher.quoteReplacement(switch (found.group(1)) {
            case "link", "linkplain" -> linkText(found.group(2));
            case "inheritDoc" -> "";
            default -> found.group(2); // code, literal, value
        }));
        return entities(plain.replaceAll("\\[\\[([^\\]]*?)\\]\\]", "$1").replace("'''", "").replaceAll("`([^`]+)`", "$1")
                .replaceAll("</?[a-zA-Z][^<>]*>", "")).replaceAll("\\s+", " ").strip();
    }

    /** The words of a link, or the class and the method that it names. */
    private static String linkText(String link) {
        Matcher labelled = Pattern.compile("(?s)[^\\s(]+(?:\\([^)]*\\))?\\s+(.+)").matcher(link.strip());
        return labelled.matches() ? labelled.group(1) : link.strip().replaceAll("^#", "").replace('#', '.');
    }

    private static String entities(String text) {
        return text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&nbsp;", " ")
                .replace("&#64;", "@")
                .replace("&#42;", "*").replace("{@literal @}", "@").replace("&amp;", "&");
    }

    boolean isEmpty() {
        return blocks.isEmpty() && tags.isEmpty();
    }

    /** What is said first, up to the end of its sentence. */
    DocText first() {
        if (blocks.isEmpty()) {
            return new DocText(List.of(), tags.stream().limit(1).toList());
        }
        String text = blocks.get(0).text();
        Matcher sentence = Pattern.compile("(?s)(.*?[.:])\\s.*").matcher(text);
        return new DocText(List.of(new Block(sentence.matches() ? sentence.group(1) : text, blocks.get(0).isCode())),
                List.of());
    }

    String text() {
        String paragraphs = blocks.stream().map(block -> block.isCode() ? block.text().indent(4).stripTrailing() : block.text())
                .collect(Collectors.joining("\n\n"));
        String lines = tags.stream().map(tag -> "  " + tag.label() + (tag.text().isEmpty() ? "" : ": " + tag.text()))
                .collect(Collectors.joining("\n"));
        return paragraphs + (paragraphs.isEmpty() || lines.isEmpty() ? "" : "\n\n") + lines;
    }

    String html() {
        StringBuilder html = new StringBuilder();
        for (Block block : blocks) {
            html.append(block.isCode() ? "<pre>" : "<p>").append(Html.escaped(block.text()))
                    .append(block.isCode() ? "</pre>" : "</p>");
        }
        if (!tags.isEmpty()) {
            html.append("<ul>");
            tags.forEach(tag -> html.append("<li><code>").append(Html.escaped(tag.label())).append("</code> ")
                    .append(Html.escaped(tag.text())).append("</li>"));
            html.append("</ul>");
        }
        return html.toString();
    }
}
