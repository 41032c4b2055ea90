package verger.images.decoding;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The first directory of a TIFF, which is also how Exif is written: its tags and their numbers. */
final class TiffDirectory {

    /** Bytes of a number by its type; 0 for one that is none (TIFF 6.0, section 2). */
    private static final int[] TYPE_BYTES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};

    private static final int ENTRY = 12;
    private static final int ORIENTATION = 274;
    /** The name is {@code Exif} and two zeros. */
    private static final int EXIF = 0x45786966;
    private static final int NAME = 6;

    private record Entry(int tag, int type, long count, int at) {
    }

    private final ByteBuffer bytes;
    private final Map<Integer, Entry> entries = new HashMap<>();

    /**
     * Reads the first directory.
     *
     * @param bytes of which the first eight are a TIFF header
     * @throws IndexOutOfBoundsException if it lies outside of them
     */
    TiffDirectory(ByteBuffer bytes) {
        this.bytes = bytes.order(bytes.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int directory = bytes.getInt(4);
        int count = bytes.getShort(directory) & 0xFFFF;
        for (int i = 0; i < count; i++) {
            int at = directory + 2 + ENTRY * i;
            int tag = bytes.getShort(at) & 0xFFFF;
            entries.putIfAbsent(tag,
                    new Entry(tag, bytes.getShort(at + 2) & 0xFFFF, bytes.getInt(at + 4) & 0xFFFFFFFFL, at));
        }
    }

    boolean has(int tag) {
        return entry(tag) != null;
    }

    /** How many numbers a tag has; 0 if it is not there. */
    long count(int tag) {
        Entry entry = entry(tag);
        return entry == null ? 0 : entry.count;
    }

    /** The first number of a tag, or {@code otherwise} where there is none. */
    long number(int tag, long otherwise) {
        return count(tag) == 0 ? otherwise : number(tag, 0, otherwise);
    }

    /** The number of a tag at an index below {@link #count}; {@code otherwise} if it is no number. */
    long number(int tag, int index, long otherwise) {
        Entry entry = entry(tag);
        int at = Math.addExact(valuesAt(entry), Math.multiplyExact(index, typeBytes(entry)));
        return switch (entry.type) {
            case 1, 7 -> bytes.get(at) & 0xFF;
            case 3 -> bytes.getShort(at) & 0xFFFF;
            case 4, 13 -> bytes.getInt(at) & 0xFFFFFFFFL;
            default -> otherwise;
        };
    }

    /** The bytes of a tag, or null where it is not there, not inside of the file, or longer than {@code most}. */
    byte[] bytes(int tag, int most) {
        Entry entry = entry(tag);
        if (entry == null || !isInside(entry) || entry.count * typeBytes(entry) > most) {
            return null;
        }
        byte[] value = new byte[(int) entry.count * typeBytes(entry)];
        bytes.get(valuesAt(entry), value);
        return value;
    }

    /** Says whether all numbers of a tag lie inside of the file. */
    boolean isInside(int tag) {
        return isInside(entry(tag));
    }

    private boolean isInside(Entry entry) {
        long at = valuesAt(entry);
        return typeBytes(entry) > 0 && at >= 0 && at + entry.count * typeBytes(entry) <= bytes.limit();
    }

    private int valuesAt(Entry entry) {
        return entry.count * typeBytes(entry) <= 4 ? entry.at + 8 : bytes.getInt(entry.at + 8);
    }

    private static int typeBytes(Entry entry) {
        return entry.type < TYPE_BYTES.length ? TYPE_BYTES[entry.type] : 0;
    }

    private Entry entry(int tag) {
        return entries.get(tag);
    }

    /**
     * A directory of some of the tags, to lie behind the file: it points to the values where they are.
     *
     * @param changed tags that get one number of 16 bits instead of theirs
     */
    byte[] of(Map<Integer, Integer> changed, int... tags) {
        List<Entry> taken = new ArrayList<>();
        for (int tag : tags) {
            Entry entry = entry(tag);
            if (entry != null) {
                taken.add(entry);
            }
        }
        ByteBuffer directory = ByteBuffer.allocate(2 + ENTRY * taken.size() + 4).order(bytes.order())
                .putShort((short) taken.size());
        for (Entry entry : taken) {
            Integer number = changed.get(entry.tag);
            if (number == null) {
                directory.put(bytes.slice(entry.at, ENTRY).order(bytes.order()));
            } else {
                directory.putShort((short) entry.tag).putShort((short) 3).putInt(1).putShort(number.shortValue())
                        .putShort((short) 0);
            }
        }
        return directory.array();
    }

    /** The orientation, 1 to 8; {@link Orientation#UPRIGHT} where there is none that can be believed. */
    int orientation() {
        long orientation = number(ORIENTATION, Orientation.UPRIGHT);
        return orientation >= 1 && orientation <= 8 ? (int) orientation : Orientation.UPRIGHT;
    }

    /**
     * The orientation that the Exif of a picture gives: a broken one does not make a broken picture. Some programs write the name
     * that it has in a JPEG before it, where it has none.
     */
    static int orientation(byte[] file, int from, int length) {
        try {
            ByteBuffer exif = ByteBuffer.wrap(file, from, length).slice();
            while (exif.remaining() > NAME && exif.getInt(exif.position()) == EXIF) {
                exif.position(exif.position() + NAME);
            }
            return new TiffDirectory(exif.slice()).orientation();
        } catch (IndexOutOfBoundsException | ArithmeticException e) {
            return Orientation.UPRIGHT;
        }
    }
}
