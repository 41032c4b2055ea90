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
 * Caches the fit of a PCA: it and all of its copies fit the same rows once, whatever k is asked for. A fit keeps the whole
 * spectrum, so the candidates of a grid are cuts of one fit.
 *
 * <p>The same rows are the same Dataset object, such as Spark's CrossValidator hands to all candidates of a fold.
 */
final class CachingPca extends PrincipalComponents {

    private static final long serialVersionUID = 1L;

    /** The models, by their rows and then by the params that a fit depends on. */
    private final transient Map<Dataset<?>, Map<List<String>, PrincipalComponentsModel>> fitted;

    /** In the place of another one: the same uid, so that the params of a grid that mean that one mean this one. */
    static CachingPca inPlaceOf(PrincipalComponents original) {
        return original.copyValues(new CachingPca(original.uid(), new WeakHashMap<>()), ParamMap.empty());
    }

    private CachingPca(String uid, Map<Dataset<?>, Map<List<String>, PrincipalComponentsModel>> fitted) {
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
        return copyValues(new CachingPca(uid(), fitted), extra);
    }
}
