package verger.tuning;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Splits photographs of things that turn by the angle: no frame of the test has a neighbouring frame in the training.
 *
 * <p>Fruits-360 filmed each fruit on a turntable: {@code 57_100.jpg} is frame 57 of a film, {@code r_57_100.jpg} of a second
 * one about another axis, {@code r2_57_100.jpg} of a third, and a full turn has some 330 frames. Neighbouring frames are
 * nearly the same picture. Its own {@code Training} and {@code Test} deal them out like cards, so that most of the test has a
 * twin in the training. This split holds out one whole sector of the turn, the same of each class and film. The frames beside
 * it, up to a gap, go to neither side.
 *
 * <p>A hash of class and name decides where a name goes that tells no frame, such as {@code IMG_0815.jpg}: the sector's share
 * of such names goes to the test, and the other side may well have their like. {@link Parts#toString} counts them, and
 * {@link Parts#angles} says whether the split is by angle at all. {@link #setNamesWithoutFrame} refuses them instead.
 *
 * <p>Images are rows with the columns {@code origin} and {@code label}; those without a label take no part.
 */
public final class AngleSplit {

    /** Splits names that tell no frame by a hash. */
    public static final String HASH = "hash";
    /** Refuses names that tell no frame. */
    public static final String ERROR = "error";

    /** A name of the edition of 100 × 100 pixels: they all end alike. */
    private static final String SMALL = "^(?:r\\d*_)?(\\d{1,4})_100\\.\\w+$";
    /** A name of the edition in the original size, such as {@code r0_57.jpg}. */
    private static final String ORIGINAL = "^r\\d+_(\\d{1,4})\\.\\w+$";
    private static final String FRAME = "angleSplitFrame";
    private static final String SIDE = "angleSplitSide";
    private static final int BUCKETS = 1 << 20;

    private int start = 120;
    private int width = 90;
    private int gap = 15;
    private int turn = 360;
    private String namesWithoutFrame = HASH;

    /** Says which of the names tell an angle, and so what splits the images. */
    public enum Angles {

        /** All names tell an angle. */
        ALL("by angle", "ByAngle"),
        /** Some names tell an angle; a hash splits the others. */
        SOME("by angle and chance", "ByAngleAndChance"),
        /** No name tells an angle: the split is random, and near-identical photographs on both sides flatter. */
        NONE("by chance", "ByChance");

        private final String words;
        private final String key;

        Angles(String words, String key) {
            this.words = words;
            this.key = key;
        }

        /** What the name of a number ends with, as in {@code splitByChance}. */
        public String key() {
            return key;
        }

        /** The same in words, such as {@code by chance}. */
        @Override
        public String toString() {
            return words;
        }

        private static Angles of(long withFrame, long others) {
            return others == 0 ? ALL : withFrame == 0 ? NONE : SOME;
        }
    }

    /**
     * The two sides of a split.
     *
     * @param training images to learn from
     * @param test     images of the sector that is held out
     * @param angles   which names tell an angle: where none does, this is a split by chance
     * @param description how what was split, in a few sentences, with the counts
     */
    public record Parts(Dataset<Row> training, Dataset<Row> test, Angles angles, String description) {

        @Override
        public String toString() {
            return description;
        }
    }

    /** @param value the first frame of the sector that is held out, 0 … turn − 1; 120 by default */
    public AngleSplit setStart(int value) {
        require(value >= 0, "start", value, "0 or more");
        start = value;
        return this;
    }

    /** @param value how many frames it is wide, a quarter of a turn by default: 90 */
    public AngleSplit setWidth(int value) {
        require(value >= 1, "width", value, "1 or more");
        width = value;
        return this;
    }

    /** @param value how many frames on both sides of it are left out, as they look like those at its edge; 15 by default */
    public AngleSplit setGap(int value) {
        require(value >= 0, "gap", value, "0 or more");
        gap = value;
        return this;
    }

    /** @param value frames of a full turn: 360 by default; Fruits-360 has some 330, which matters only at frame 0 */
    public AngleSplit setTurn(int value) {
        require(value >= 2, "turn", value, "2 or more");
        turn = value;
        return this;
    }

    /** @param value {@link #HASH} (the default) or {@link #ERROR} */
    public AngleSplit setNamesWithoutFrame(String value) {
        if (!List.of(HASH, ERROR).contains(String.valueOf(value))) {
            throw new IllegalArgumentException("namesWithoutFrame is " + HASH + " or " + ERROR + ": got " + value);
        }
        namesWithoutFrame = value;
        return this;
    }

    private static void require(boolean holds, String name, int value, String limits) {
        if (!holds) {
            throw new IllegalArgumentException(name + " must be " + limits + ": got " + value);
        }
    }

    /**
     * Parts the images: those of the sector are the test.
     *
     * @return parts with the columns of {@code images}
     * @throws IllegalArgumentException if the sector and its gaps are the whole turn, if a side would be empty, or if names
     *     tell no frame and are refused
     */
    public Parts of(Dataset<Row> images) {
        if (width + 2 * gap >= turn) {
            throw new IllegalArgumentException("A sector of " + width + " and a gap of " + gap
                    + " on both sides leave nothing of a turn of " + turn + " to learn from: make width or gap smaller");
        }
        Column after = functions.pmod(functions.col(FRAME).minus(start), functions.lit(turn)); // frames behind the start
        Column near = after.lt(width + gap).or(after.geq(turn - gap));
        Column side = functions.when(functions.col(FRAME).isNull(),
                functions.when(bucket().lt(width * (long) BUCKETS / turn), "test by hash")
                        .otherwise("training by hash"))
                .when(after.lt(width), "test").when(near, "neither").otherwise("training");
        Dataset<Row> sided = images.withColumn(FRAME, frame(images)).withColumn(SIDE, side).filter("label is not null");
        Counts counts = new Counts(sided);
        refuseOthers(images, counts.byHash());
        if (counts.of("test") == 0 || counts.of("training") == 0) {
            throw new IllegalArgumentException("Nothing is left for one side of the split " + counts.angles()
                    + ": choose another start or width. " + describe(counts));
        }
        Dataset<Row> training = sided.filter(functions.col(SIDE).startsWith("training")).drop(FRAME, SIDE);
        Dataset<Row> test = sided.filter(functions.col(SIDE).startsWith("test"))
                .filter(functions.not(functions.col("label").isin(counts.unlearnt.toArray()))).drop(FRAME, SIDE);
        return new Parts(training, test, counts.angles(), describe(counts));
    }

    /**
     * Says by what {@link #withFolds} splits the images; it looks at their names only.
     *
     * @param images columns {@code origin} and {@code label}; those without a label take no part
     */
    public static Angles angles(Dataset<Row> images) {
        Row counts = images.filter("label is not null")
                .agg(functions.count(frame(images)), functions.count(functions.lit(1))).first();
        return Angles.of(counts.getLong(0), counts.getLong(1) - counts.getLong(0));
    }

    /**
     * Splits all images into as many sectors as there are folds, for {@code CrossValidator.setFoldCol}, which holds out each
     * fold in turn. Frames at the edge of a sector have their like in the next one, as a column of folds knows no gap.
     *
     * @param folds 2 or more
     * @param foldCol name of the new column, an integer 0 … folds − 1
     * @throws IllegalArgumentException if a fold would be empty, or if names tell no frame and are refused
     */
    public Dataset<Row> withFolds(Dataset<Row> images, int folds, String foldCol) {
        require(folds >= 2, "folds", folds, "2 or more");
        Column ofTurn = functions.pmod(functions.col(FRAME), functions.lit(turn));
        Column ofFrame = functions.floor(ofTurn.multiply(folds).divide(turn));
        Column ofHash = functions.pmod(bucket(), functions.lit(folds));
        Dataset<Row> folded = images.withColumn(FRAME, frame(images)).filter("label is not null")
                .withColumn(foldCol, functions.when(functions.col(FRAME).isNull(), ofHash).otherwise(ofFrame).cast("int"));
        List<Row> counts = folded.groupBy(foldCol)
                .agg(functions.sum(functions.col(FRAME).isNull().cast("long"))).collectAsList();
        refuseOthers(images, counts.stream().mapToLong(row -> row.getLong(1)).sum());
        if (counts.size() < folds) {
            throw new IllegalArgumentException("Only " + counts.size() + " of " + folds
                    + " folds by angle have images: ask for fewer folds, or set turn to the frames of a full turn");
        }
        return folded.drop(FRAME);
    }

    private void refuseOthers(Dataset<Row> images, long others) {
        if (others > 0 && namesWithoutFrame.equals(ERROR)) {
            String first = images.filter(frame(images).isNull()).select("origin").orderBy("origin").first().getString(0);
            throw new IllegalArgumentException(count(others, "name tells", "names tell")
                    + " no frame of a turning fruit, such as " + first
                    + ": names are like 57_100.jpg or r_57_100.jpg, or set namesWithoutFrame=" + HASH);
        }
    }

    /** The frame that a name tells; null where it tells none. */
    private static Column frame(Dataset<Row> images) {
        for (String needed : List.of("origin", "label")) {
            if (!Arrays.asList(images.columns()).contains(needed)) {
                throw new IllegalArgumentException("A split by angle needs the columns origin and label: the columns are "
                        + String.join(", ", images.columns()));
            }
        }
        // Spark gives an empty text where nothing matches, and makes null of it, as it is no number.
        return functions.coalesce(functions.regexp_extract(fileName(), SMALL, 1).cast("int"),
                functions.regexp_extract(fileName(), ORIGINAL, 1).cast("int"));
    }

    private static Column fileName() {
        return functions.substring_index(functions.col("origin"), "/", -1);
    }

    /** The hash of class and name, without the folder: the same images in another folder are split in the same way. */
    private static Column bucket() {
        return functions.pmod(functions.xxhash64(functions.col("label"), fileName()), functions.lit((long) BUCKETS));
    }

    private String describe(Counts counts) {
        String unlearnt = counts.unlearnt.isEmpty() ? ""
                : " Left out of the test, as nothing is left to learn them from: " + String.join(", ", counts.unlearnt) + ".";
        if (counts.angles() == Angles.NONE) {
            return String.format(Locale.ROOT,
                    "These names tell no angle, so this is a split by chance: near-identical photographs on both sides flatter "
                            + "it. Held out: %s; %s to learn from.",
                    count(counts.of("test"), "image", "images"), count(counts.of("training"), "image", "images")) + unlearnt;
        }
        String said = String.format(Locale.ROOT,
                "Held out: frames %d to %d of each turn of %d, %s; %s within %d frames of them in neither; %s to learn from.",
                start % turn, (start + width - 1) % turn, turn, count(counts.of("test"), "image", "images"),
                count(counts.of("neither"), "image", "images"), gap, count(counts.of("training"), "image", "images"));
        if (counts.byHash() > 0) {
            said += String.format(Locale.ROOT,
                    " %s no frame: dealt out by a hash, %,d of them held out, whatever they look like.",
                    count(counts.byHash(), "name tells", "names tell"), counts.of("test by hash"));
        }
        return said + unlearnt;
    }

    private static String count(long number, String one, String many) {
        return String.format(Locale.ROOT, "%,d %s", number, number == 1 ? one : many);
    }

    /** Counts the images on each side. */
    private static final class Counts {

        private final Map<String, Long> sides = new HashMap<>();
        /** The classes that the training lacks. */
        private final SortedSet<String> unlearnt = new TreeSet<>();

        Counts(Dataset<Row> sided) {
            List<Row> counts = sided.groupBy("label", SIDE).count().collectAsList();
            Set<String> learnt = new HashSet<>();
            for (Row row : counts) {
                (row.getString(1).startsWith("training") ? learnt : unlearnt).add(row.getString(0));
            }
            unlearnt.removeAll(learnt);
            for (Row row : counts) {
                if (!unlearnt.contains(row.getString(0))) {
                    sides.merge(row.getString(1), row.getLong(2), Long::sum);
                }
            }
        }

        /** The images of a side, those by hash included; {@code test by hash} asks for these alone. */
        long of(String side) {
            return sides.getOrDefault(side, 0L) + sides.getOrDefault(side + " by hash", 0L);
        }

        long byHash() {
            return of("test by hash") + of("training by hash");
        }

        Angles angles() {
            return Angles.of(sides.values().stream().mapToLong(Long::longValue).sum() - byHash(), byHash());
        }
    }
}
