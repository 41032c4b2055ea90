package verger.images.decoding;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The first directory of a TIFF, which is also how Exif is written: its tags and their numbers. */
final class TiffDirectory {

    /** Bytes of a number by its type; 0 for one that is none (TIFF 6.0, section 2). */
    private static final int[] TYPE_BYTES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};

    private static final int ENTRY = 12;
    private static final int ORIENTATION = 274;

    private record Entry(int tag, int type, long count, int at) {
    }

    private final ByteBuffer bytes;
    private final List<Entry> entries = new ArrayList<>();

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
            entries.add(new Entry(bytes.getShort(at) & 0xFFFF, bytes.getShort(at + 2) & 0xFFFF,
                    bytes.getInt(at + 4) & 0xFFFFFFFFL, at));
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

    /** The bytes of a tag, or null where it is not there or not inside of the file. */
    byte[] bytes(int tag) {
        Entry entry = entry(tag);
        if (entry == null || !isInside(entry)) {
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
        for (Entry entry : entries) {
            if (entry.tag == tag) {
                return entry;
            }
        }
        return null;
    }

    /** A directory of some of the tags, to lie behind the file: it points to the values where they are. */
    byte[] of(int... tags) {
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
            directory.put(bytes.slice(entry.at, ENTRY));
        }
        return directory.array();
    }

    /** The orientation, 1 to 8; {@link Orientation#UPRIGHT} where there is none that can be believed. */
    int orientation() {
        long orientation = number(ORIENTATION, Orientation.UPRIGHT);
        return orientation >= 1 && orientation <= 8 ? (int) orientation : Orientation.UPRIGHT;
    }

    /** The orientation that the Exif of a picture gives: a broken one does not make a broken picture. */
    static int orientation(byte[] file, int from, int length) {
        try {
            return new TiffDirectory(ByteBuffer.wrap(file, from, length).slice()).orientation();
        } catch (IndexOutOfBoundsException | ArithmeticException e) {
            return Orientation.UPRIGHT;
        }
    }
}
