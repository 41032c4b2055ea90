package verger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Enumeration;
import org.junit.jupiter.api.Test;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/** What DL4J's dependencies would push aside and Spark needs. */
class ClassPathTest {

    @Test
    void loggingIsOn() {
        ILoggerFactory factory = LoggerFactory.getILoggerFactory();

        assertThat(factory.getClass().getName()).isEqualTo("org.apache.logging.slf4j.Log4jLoggerFactory");
    }

    @Test
    void jacksonIsOfOneVersion() {
        assertThat(com.fasterxml.jackson.core.json.PackageVersion.VERSION.toString())
                .isEqualTo(com.fasterxml.jackson.databind.cfg.PackageVersion.VERSION.toString())
                .isEqualTo("2.15.2");
    }

    @Test
    void hadoopsProtobufIsTheOnlyPlainOne() throws Exception {
        Enumeration<?> jars = getClass().getClassLoader().getResources("com/google/protobuf/MessageLite.class");

        assertThat(java.util.Collections.list(jars)).hasSize(1);
    }
}
