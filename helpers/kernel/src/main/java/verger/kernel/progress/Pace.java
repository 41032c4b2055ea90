package verger.kernel.progress;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * How long a task takes for an image: over the second half of the time so far, as Java warms up in the first, and as other work
 * may come and go.
 *
 * <p>It is gathered from task to task, since those of a stage begin together and have their first batches done together: images of
 * all by the clock would tell too much or too little for long.
 */
final class Pace {

    /** Below this the images tell too little: so many seconds of tasks, and so many batches. */
    private static final double LEAST_SECONDS = 2;
    private static final int LEAST_BATCHES = 4;

    /** Moments closer than this share of the time so far are one: a stage of a day stays small. */
    private static final double STEP = 1 / 200.0;

    /** What all tasks together have spent on how many images, up to a moment. */
    private record Moment(double at, double spent, long images) {
    }

    private final Deque<Moment> moments = new ArrayDeque<>();
    private int batches;

    /**
     * A task has made more images.
     *
     * @param at    seconds since the stage began
     * @param spent seconds of this task on these images
     */
    void add(double at, double spent, long images) {
        Moment last = moments.isEmpty() ? new Moment(at - spent, 0, 0) : moments.getLast();
        if (moments.isEmpty()) {
            moments.add(last);
        }
        if (moments.size() > 2 && last.at - beforeLast().at < STEP * last.at) {
            moments.removeLast();
        }
        moments.add(new Moment(at, last.spent + spent, last.images + images));
        batches++;
    }

    private Moment beforeLast() {
        Iterator<Moment> newest = moments.descendingIterator();
        newest.next();
        return newest.next();
    }

    /** Seconds of a task for an image; NaN while too little is known. */
    double secondsOfTask() {
        if (batches < LEAST_BATCHES || moments.getLast().spent < LEAST_SECONDS) {
            return Double.NaN;
        }
        Moment last = moments.getLast();
        double half = (moments.getFirst().at + last.at) / 2;
        Moment from = moments.getFirst();
        for (Moment moment : moments) {
            if (moment.at > half || last.spent - moment.spent < LEAST_SECONDS) {
                break;
            }
            from = moment;
        }
        return (last.spent - from.spent) / (last.images - from.images);
    }
}
