package verger.images.decoding;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * What the markers of a JPEG say (ITU T.81, annex B), read without decoding: its size, what its scans cost, and where what a
 * decoder needs lies.
 */
final class JpegHeader {

    private static final int SOF0 = 0xC0;
    private static final int PROGRESSIVE = 0xC2;
    private static final int DHT = 0xC4;
    private static final int JPG = 0xC8;
    private static final int DAC = 0xCC;
    private static final int SOF15 = 0xCF;
    private static final int RST0 = 0xD0;
    private static final int SOI = 0xD8;
    private static final int EOI = 0xD9;
    private static final int SOS = 0xDA;
    private static final int DQT = 0xDB;
    private static final int DRI = 0xDD;
    private static final int APP0 = 0xE0;
    private static final int APP1 = 0xE1;
    private static final int APP2 = 0xE2;
    private static final int APP14 = 0xEE;

    private static final int BLOCK = 8;
    /** A block of 64 coefficients of two bytes. */
    private static final int BLOCK_BYTES = 128;
    /** Rows of samples that libjpeg has in its hands at a time, some of them as 16 bits. */
    private static final int ROWS_AT_A_TIME = 64;
    /**
     * So many hold 64 MB of metadata. libjpeg keeps each segment of a profile, an empty one, too, behind a walk along those it has:
     * 50,000 of them, 200 kB, take minutes.
     */
    private static final int MAX_SEGMENTS = 1000;

    record Component(int id, int across, int down) {
    }

    private final byte[] file;
    private final int end;
    private int at;
    private int process;
    private int width;
    private int height;
    private final List<Component> components = new ArrayList<>();
    private boolean jfif;
    private int adobeTransform = -1;
    private int orientation = Orientation.UPRIGHT;
    private boolean oriented;
    private final List<int[]> profileParts = new ArrayList<>();
    private final List<int[]> needed = new ArrayList<>();
    private int segments;
    private int scans;
    private long samples;
    private boolean isWhole;

    /**
     * Reads the markers of the first picture.
     *
     * @param from where it begins
     * @param to   where the file ends
     * @throws UndecodableException if a decoder could not begin with it
     */
    JpegHeader(byte[] file, int from, int to) throws UndecodableException {
        this.file = file;
        this.end = to;
        this.at = from;
        readTables();
        readScans();
    }

    private void readTables() throws UndecodableException {
        while (true) {
            int marker = nextMarker();
            if (marker == SOS) {
                scans = at - 2;
                if (components.isEmpty()) {
                    throw UndecodableException.broken("a JPEG whose pixels begin before it says how many there are");
                }
                return;
            }
            if (marker == EOI) {
                throw UndecodableException.broken("a JPEG without pixels");
            }
            if (marker == SOI || marker < SOF0 || marker >= RST0 && marker < SOI) { // they have no length
                continue;
            }
            int start = at - 2;
            countSegment();
            int length = length();
            read(marker, at + 2, at + length);
            at += length;
            if (isFrame(marker) || marker == DHT || marker == DAC || marker == DQT || marker == DRI) {
                needed.add(new int[] {start, at});
            }
        }
    }

    private void countSegment() throws UndecodableException {
        if (++segments > MAX_SEGMENTS) {
            throw UndecodableException
                    .broken("a JPEG with more than " + MAX_SEGMENTS + " segments of tables and metadata; save it again");
        }
    }

    /** Goes to behind the next marker: any bytes may stand before it, and as many FF as one likes. */
    private int nextMarker() throws UndecodableException {
        while (true) {
            while (at < end && file[at] != (byte) 0xFF) {
                at++;
            }
            while (at < end && file[at] == (byte) 0xFF) {
                at++;
            }
            if (at >= end) {
                throw UndecodableException.truncated();
            }
            int marker = file[at++] & 0xFF;
            if (marker != 0) {
                return marker;
            }
        }
    }

    private int length() throws UndecodableException {
        if (end - at < 2) {
            throw UndecodableException.truncated();
        }
        int length = number(at);
        if (length < 2) {
            throw UndecodableException.broken("a JPEG with a segment of " + length + " bytes");
        }
        if (length > end - at) {
            throw UndecodableException.truncated();
        }
        return length;
    }

    private int number(int index) {
        return (file[index] & 0xFF) << 8 | file[index + 1] & 0xFF;
    }

    private static boolean isFrame(int marker) {
        return marker >= SOF0 && marker <= SOF15 && marker != DHT && marker != JPG && marker != DAC;
    }

    private void read(int marker, int from, int to) throws UndecodableException {
        if (isFrame(marker)) {
            readFrame(marker, from, to);
        } else if (marker == APP0 && begins(from, to, "JFIF\0") && to - from >= 14) {
            jfif = true;
        } else if (marker == APP14 && begins(from, to, "Adobe") && to - from >= 12) {
            adobeTransform = file[from + 11] & 0xFF;
        } else if (marker == APP1 && !oriented && begins(from, to, "Exif\0")) {
            oriented = true;
            orientation = TiffDirectory.orientation(file, from + 6, Math.max(0, to - from - 6));
        } else if (marker == APP2 && begins(from, to, "ICC_PROFILE\0") && to - from > 14) {
            profileParts.add(new int[] {file[from + 12] & 0xFF, file[from + 13] & 0xFF, from + 14, to});
        }
    }

    private boolean begins(int from, int to, String text) {
        if (to - from < text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (file[from + i] != (byte) text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private void readFrame(int marker, int from, int to) throws UndecodableException {
        if (!components.isEmpty() || to - from < 6) {
            throw UndecodableException.broken("a JPEG with two sizes, or half a one");
        }
        if (marker > PROGRESSIVE) {
            throw UndecodableException.unsupported("a JPEG of a rare kind (process " + (marker - SOF0)
                    + ": lossless, hierarchical or with arithmetic coding); save it as a common JPEG");
        }
        if (file[from] != BLOCK) {
            throw UndecodableException.unsupported(
                    "a JPEG of " + file[from] + " bits a sample; save it with 8 bits");
        }
        process = marker;
        height = number(from + 1);
        width = number(from + 3);
        int count = file[from + 5] & 0xFF;
        if (count < 1 || count > 4 || to - from < 6 + 3 * count) {
            throw UndecodableException.broken("a JPEG of " + count + " components");
        }
        for (int i = 0; i < count; i++) {
            int sampling = file[from + 7 + 3 * i] & 0xFF;
            Component component = new Component(file[from + 6 + 3 * i] & 0xFF, sampling >> 4, sampling & 15);
            if (component.across < 1 || component.across > 4 || component.down < 1 || component.down > 4) {
                throw UndecodableException
                        .broken("a JPEG with sampling factors of " + component.across + " and " + component.down);
            }
            components.add(component);
        }
    }

    /** Counts what the scans decode. Of a baseline picture in one scan libjpeg reads on to the end, so the segments there count. */
    private void readScans() throws UndecodableException {
        at = scans + 2;
        int first = at + 2 < end ? file[at + 2] & 0xFF : components.size();
        isWhole = process == PROGRESSIVE || first < components.size();
        if (!isWhole) {
            samples = components.stream().mapToLong(this::samples).sum();
            goToNextScan();
            return;
        }
        while (true) {
            int length = Math.min(length(), end - at);
            int count = file[at + 2] & 0xFF;
            for (int i = 0; i < count && 4 + 2 * i < length; i++) {
                int id = file[at + 3 + 2 * i] & 0xFF;
                samples += components.stream().filter(component -> component.id == id).mapToLong(this::samples).sum();
            }
            at += length;
            if (!goToNextScan()) {
                return;
            }
        }
    }

    private boolean goToNextScan() throws UndecodableException {
        byte[] bytes = file; // a loop over megabytes, which is faster without fields
        while (at < end) {
            int next = at;
            while (next < end && bytes[next] != (byte) 0xFF) {
                next++;
            }
            at = next;
            while (at < end && file[at] == (byte) 0xFF) {
                at++;
            }
            int marker = at < end ? file[at++] & 0xFF : EOI;
            if (marker == SOS) {
                return end - at >= 3;
            }
            if (marker == EOI) {
                return false;
            }
            if (marker >= SOF0 && (marker < RST0 || marker > SOI)) {
                countSegment();
                if (end - at < 2 || number(at) > end - at) {
                    return false;
                }
                at += number(at);
            }
        }
        return false;
    }

    private long samples(Component component) {
        return ceil((long) width * component.across, across()) * ceil((long) height * component.down, down());
    }

    private int across() {
        return components.stream().mapToInt(Component::across).max().orElse(1);
    }

    private int down() {
        return components.stream().mapToInt(Component::down).max().orElse(1);
    }

    private static long ceil(long number, long by) {
        return (number + by - 1) / by;
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    int components() {
        return components.size();
    }

    /** Tables and metadata, before the pixels and between them. */
    int segments() {
        return segments;
    }

    int orientation() {
        return orientation;
    }

    /** Samples of all scans, and the pixels at least. */
    long samples() {
        return Math.max(samples, (long) width * height);
    }

    /** Bytes that libjpeg takes outside of the heap: all coefficients, where it cannot go by rows, and some rows. */
    long nativeBytes() {
        long rows = (long) ROWS_AT_A_TIME * (width + 64) * components.size();
        if (!isWhole) {
            return rows;
        }
        long blocks = 0;
        for (Component component : components) {
            long wide = ceil((long) width * component.across, (long) across() * BLOCK);
            long high = ceil((long) height * component.down, (long) down() * BLOCK);
            blocks += ceil(wide, component.across) * component.across * ceil(high, component.down) * component.down;
        }
        return rows + blocks * BLOCK_BYTES;
    }

    /** The colour profile, or null where there is none or parts of it are missing. */
    byte[] profile() {
        int count = profileParts.isEmpty() ? 0 : profileParts.get(0)[1];
        ByteArrayOutputStream profile = new ByteArrayOutputStream();
        for (int i = 1; i <= count; i++) {
            int number = i;
            int[] part = profileParts.stream().filter(p -> p[0] == number).findFirst().orElse(null);
            if (part == null) {
                return null;
            }
            profile.write(file, part[2], part[3] - part[2]);
        }
        return count == 0 ? null : profile.toByteArray();
    }

    /**
     * The picture without metadata, but with the one marker that tells what its components are, decided as libjpeg does:
     * the JDK's reader decides otherwise, and takes a picture without markers for RGB.
     */
    Slices stream() {
        Slices slices = new Slices().add(new byte[] {(byte) 0xFF, (byte) SOI});
        if (components.size() == 4 || components.size() == 3 && isRgb()) {
            byte transform = (byte) (components.size() == 4 && adobeTransform > 0 ? 2 : 0);
            slices.add(new byte[] {(byte) 0xFF, (byte) APP14, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, transform});
        } else {
            slices.add(new byte[] {(byte) 0xFF, (byte) APP0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0});
        }
        for (int[] segment : needed) {
            slices.add(file, segment[0], segment[1]);
        }
        return slices.add(file, scans, end);
    }

    private boolean isRgb() {
        if (jfif) {
            return false;
        }
        if (adobeTransform >= 0) {
            return adobeTransform == 0;
        }
        return components.get(0).id == 'R' && components.get(1).id == 'G' && components.get(2).id == 'B';
    }
}
