package verger.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.json4s.JsonAST;
import org.json4s.JsonAST.JObject;
import scala.Tuple2;
import scala.collection.JavaConverters;
import verger.Version;

/** What a saved stage says of what made it, beside its params: an entry {@code provenance} in Spark's metadata. */
public final class StageProvenance {

    private StageProvenance() {
    }

    /**
     * The entry, with the versions of the helper JAR and of Java; Spark's own is in the metadata anyway.
     *
     * @param facts names and values, in an order
     */
    public static JObject entry(Map<String, String> facts) {
        List<Tuple2<String, JsonAST.JValue>> fields = new ArrayList<>();
        facts.forEach((name, value) -> fields.add(text(name, value)));
        fields.add(text("verger", Version.get()));
        fields.add(text("java", System.getProperty("java.version")));
        return object(List.of(new Tuple2<>("provenance", object(fields))));
    }

    private static Tuple2<String, JsonAST.JValue> text(String name, String value) {
        return new Tuple2<>(name, new JsonAST.JString(value));
    }

    private static JObject object(List<Tuple2<String, JsonAST.JValue>> fields) {
        return new JObject(JavaConverters.asScalaBuffer(fields).toList());
    }
}
