package verger.similar;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import scala.Tuple2;

/** Queries by the buckets they fall into: a row is compared with those alone that share one with it. */
final class HashedQueries implements Serializable {

    private static final long serialVersionUID = 1L;

    private final Buckets buckets;
    private final List<UnitVector> queries;
    private final Map<Long, List<Integer>> inBucket = new HashMap<>();

    HashedQueries(Buckets buckets, List<UnitVector> queries) {
        this.buckets = buckets;
        this.queries = new ArrayList<>(queries);
        for (int q = 0; q < queries.size(); q++) {
            for (long bucket : buckets.of(queries.get(q))) {
                inBucket.computeIfAbsent(bucket, none -> new ArrayList<>()).add(q);
            }
        }
    }

    /** The k nearest to each query among those rows that share a bucket with it. */
    Iterator<Tuple2<Integer, Nearest>> nearest(Iterator<UnitVector> rows, int k) {
        Map<Integer, Nearest> found = new HashMap<>();
        BitSet candidates = new BitSet(queries.size());
        while (rows.hasNext()) {
            UnitVector row = rows.next();
            candidates.clear();
            for (long bucket : buckets.of(row)) {
                inBucket.getOrDefault(bucket, List.of()).forEach(candidates::set);
            }
            candidates.stream().filter(q -> !queries.get(q).id().equals(row.id())).forEach(q ->
                    found.computeIfAbsent(q, none -> new Nearest(k)).offer(row.id(), queries.get(q).dot(row)));
        }
        return found.entrySet().stream().map(query -> new Tuple2<>(query.getKey(), query.getValue())).iterator();
    }
}
