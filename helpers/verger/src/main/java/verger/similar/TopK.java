package verger.similar;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Keeps the k nearest of what it is offered. Of two that are equally near it keeps the one whose name comes first. */
final class TopK implements Serializable {

    private static final long serialVersionUID = 1L;

    record Found(String id, double cosine) implements Serializable {
    }

    private static final Comparator<Found> NEAREST_FIRST =
            Comparator.comparingDouble(Found::cosine).reversed().thenComparing(Found::id);

    private final int k;
    private final PriorityQueue<Found> furthestFirst;

    TopK(int k) {
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

    TopK merge(TopK other) {
        other.furthestFirst.forEach(found -> offer(found.id(), found.cosine()));
        return this;
    }

    /** What is kept, the nearest first. */
    List<Found> found() {
        List<Found> found = new ArrayList<>(furthestFirst);
        found.sort(NEAREST_FIRST);
        return found;
    }
}
