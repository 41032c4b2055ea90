package verger.images.decoding;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.stream.ImageInputStreamImpl;

/** Parts of byte arrays, one behind the other, as the stream of an image reader: what a reader should not see is left out. */
final class Slices extends ImageInputStreamImpl {

    private record Slice(byte[] bytes, int from, int length, long at) {
    }

    private final List<Slice> slices = new ArrayList<>();
    private long length;
    private int current;
    private boolean guarded;

    /** Adds a part; one that goes on where the last one ended becomes one with it. */
    Slices add(byte[] bytes, int from, int to) {
        int size = slices.size();
        Slice last = size == 0 ? null : slices.get(size - 1);
        if (last != null && last.bytes == bytes && last.from + last.length == from) {
            slices.set(size - 1, new Slice(bytes, last.from, last.length + to - from, last.at));
        } else if (to > from) {
            slices.add(new Slice(bytes, from, to - from, length));
        }
        length += to - from;
        return this;
    }

    Slices add(byte[] bytes) {
        return add(bytes, 0, bytes.length);
    }

    /** How many parts lie apart. */
    int count() {
        return slices.size();
    }

    /** For a reader that reads zeros behind the end for ever: there it gets an exception that it cannot take for an end. */
    Slices guarded() {
        guarded = true;
        return this;
    }

    /** The end of the data, thrown at a reader that goes on behind it. */
    static final class EndException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    @Override
    public int read() throws IOException {
        bitOffset = 0;
        Slice slice = slice();
        return slice == null ? -1 : slice.bytes[slice.from + (int) (streamPos++ - slice.at)] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int wanted) throws IOException {
        bitOffset = 0;
        int count = 0;
        // All that is wanted, across slices: an int of which two bytes come is an end to its reader.
        while (count < wanted) {
            Slice slice = count > 0 && streamPos >= length ? null : slice();
            if (slice == null) {
                return count == 0 ? -1 : count;
            }
            int inside = (int) (streamPos - slice.at);
            int more = Math.min(wanted - count, slice.length - inside);
            System.arraycopy(slice.bytes, slice.from + inside, into, offset + count, more);
            streamPos += more;
            count += more;
        }
        return count;
    }

    private Slice slice() throws IOException {
        checkClosed();
        if (streamPos >= length) {
            if (guarded) {
                throw new EndException();
            }
            return null;
        }
        Slice slice = slices.get(current);
        while (streamPos < slice.at) {
            slice = slices.get(--current);
        }
        while (streamPos >= slice.at + slice.length) {
            slice = slices.get(++current);
        }
        return slice;
    }

    @Override
    public long length() {
        return length;
    }
}
