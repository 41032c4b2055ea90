package verger.kernel.progress;

import java.net.URI;
import org.apache.spark.SparkContext;
import scala.Option;

/** The address of Spark's web page. */
final class SparkPage {

    /** Where YARN has told Spark that its pages are read through the resource manager. */
    private static final String PROXY =
            "spark.org.apache.hadoop.yarn.server.webproxy.amfilter.AmIpFilter.param.PROXY_URI_BASES";

    private SparkPage() {
    }

    /** Where a browser finds it; null if it is switched off, or on this machine's own address and the browser is elsewhere. */
    static String of(SparkContext context, boolean browserIsHere) {
        Option<String> own = context.uiWebUrl();
        if (own.isEmpty()) {
            return null;
        }
        String proxy = context.conf().get(PROXY, "").split(",", 2)[0];
        if (!proxy.isEmpty()) {
            return proxy;
        }
        String host = URI.create(own.get()).getHost();
        boolean loopback = host != null && (host.equals("localhost") || host.startsWith("127."));
        return loopback && !browserIsHere ? null : own.get();
    }
}
