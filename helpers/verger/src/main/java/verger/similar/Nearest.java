package verger.similar;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The k nearest of what was offered, in bounded memory; of two that are equally near the one whose name comes first. */
final class Nearest implements Serializable {

    private static final long serialVersionUID = 1L;

    record Found(String id, double cosine) implements Serializable {
    }

    private static final Comparator<Found> NEAREST_FIRST =
            Comparator.comparingDouble(Found::cosine).reversed().thenComparing(Found::id);

    private final int k;
    private final PriorityQueue<Found> furthestFirst;

    Nearest(int k) {
        this.k = k;
        this.furthestFirst = new PriorityQueue<>((Comparator<Found> & Serializable) (a, b) -> NEAREST_FIRST.compare(b, a));
    }

    void offer(String id, double cosine) {
        if (furthestFirst.size() == k && cosine < furthestFirst.peek().cosine()) {
            return;
        }
        furthestFirst.add(new Found(id, cosine));
        if (furthestFirst.size() > k) {
            furthestFirst.poll();
        }
    }

    Nearest merge(Nearest other) {
        other.furthestFirst.forEach(found -> offer(found.id(), found.cosine()));
        return this;
    }

    /** Nearest first. */
    List<Found> found() {
        List<Found> found = new ArrayList<>(furthestFirst);
        found.sort(NEAREST_FIRST);
        return found;
    }
}
