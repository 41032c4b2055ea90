package verger.images;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What became of a listed file. Every reason that a picture could not be used begins with one of the phrases here, so a table of
 * reasons tells the statuses.
 */
public enum ImageStatus {

    OK(),
    /** 0 bytes. */
    EMPTY("empty file"),
    NOT_AN_IMAGE("not an image"),
    /** A picture of a kind that Verger does not read, such as HEIC. */
    UNSUPPORTED("unsupported"),
    /** The file ends before the picture does. */
    TRUNCATED("truncated image"),
    BROKEN("broken image"),
    /** Decoding it would take more memory or work than one picture may. */
    TOO_LARGE("too large"),
    /** The file is there, or was when it was listed, and its bytes could not be had. */
    UNREADABLE("unreadable", "gone", "not permitted", "not found", "no content"),
    /** Left out by a limit on the number of images. */
    NOT_TAKEN("not taken");

    private final List<String> phrases;

    ImageStatus(String... phrases) {
        this.phrases = List.of(phrases);
    }

    /** As tables have it, such as {@code not_an_image}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The status of a reason: {@code BROKEN} of one that begins with none of the phrases, such as a notebook's own.
     *
     * @param reason of an image that could not be used; null if it could
     */
    public static ImageStatus of(String reason) {
        return reason == null ? OK : known(reason).orElse(BROKEN);
    }

    /** The status of a reason, if it begins with a phrase. */
    static Optional<ImageStatus> known(String reason) {
        return Stream.of(values()).filter(status -> status.phrases.stream().anyMatch(reason::startsWith)).findFirst();
    }
}
