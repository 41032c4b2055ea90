package verger.tuning;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import verger.pca.PrincipalComponents;
import verger.pca.PrincipalComponentsModel;

/**
 * A PCA that fits the same rows once, whatever k is asked for, and all of its copies with it: as the fit keeps the whole
 * spectrum, the candidates of a grid are cuts of one fit.
 *
 * <p>The same rows are the same Dataset object, such as Spark's CrossValidator hands to all candidates of a fold.
 */
final class FittedOnce extends PrincipalComponents {

    private static final long serialVersionUID = 1L;

    /** By rows, and then by the params that a fit depends on. */
    private final transient Map<Dataset<?>, Map<List<String>, PrincipalComponentsModel>> fitted;

    /** In the place of another one: the same uid, so that the params of a grid that mean that one mean this one. */
    static FittedOnce inPlaceOf(PrincipalComponents original) {
        return original.copyValues(new FittedOnce(original.uid(), new WeakHashMap<>()), ParamMap.empty());
    }

    private FittedOnce(String uid, Map<Dataset<?>, Map<List<String>, PrincipalComponentsModel>> fitted) {
        super(uid);
        this.fitted = fitted;
    }

    @Override
    public PrincipalComponentsModel fit(Dataset<?> dataset) {
        PrincipalComponentsModel whole;
        synchronized (fitted) { // candidates that are tried in parallel wait for the fit of the first
            whole = fitted.computeIfAbsent(dataset, rows -> new HashMap<>())
                    .computeIfAbsent(List.of(getInputCol(), getPrecision()), params -> super.fit(dataset));
        }
        return copyValues(whole.cut(getK()), ParamMap.empty()).setParent(this);
    }

    @Override
    public PrincipalComponents copy(ParamMap extra) {
        return copyValues(new FittedOnce(uid(), fitted), extra);
    }
}
