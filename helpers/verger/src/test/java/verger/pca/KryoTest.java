package verger.pca;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.apache.spark.SparkConf;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.junit.jupiter.api.Test;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/** What travels between executors and driver also does so by Kryo, which many clusters switch on. */
class KryoTest {

    @Test
    void momentsTravel() {
        Moments moments = new Moments(3, false);
        for (double[] row : LocalSpark.gaussian(200, 3, 5, 1)) {
            moments.add(row);
        }
        moments.close();
        Moments travelled = travelled(moments);
        assertThat(travelled.count()).isEqualTo(200);
        assertThat(travelled.scatter()).containsExactly(moments.scatter());
        assertThat(travelled.mean()).containsExactly(moments.mean());
    }

    @Test
    void projectionsTravel() {
        Projection projection = new Projection("features", new double[] {1, 1}, new double[] {0.6, 0.8});
        assertThat(travelled(projection).of(Vectors.dense(2, 3)).toArray()).containsExactly(0.6 + 1.6);
    }

    @SuppressWarnings("unchecked")
    private static <T> T travelled(T object) {
        SerializerInstance kryo = new KryoSerializer(new SparkConf()).newInstance();
        ClassTag<T> tag = (ClassTag<T>) ClassTag$.MODULE$.apply(object.getClass());
        ByteBuffer bytes = kryo.serialize(object, tag);
        return kryo.deserialize(bytes, tag);
    }
}
