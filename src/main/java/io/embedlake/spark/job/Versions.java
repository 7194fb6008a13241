package io.embedlake.spark.job;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;

/** The versions of embedlake and of what it runs on. Stateless. */
public final class Versions {
    private static final String EMBEDLAKE = own();

    private Versions() {}

    /** All of them, by name. */
    public static Map<String, String> all() {
        return Map.of(
                "embedlake", embedlake(),
                "java", Runtime.version().toString(),
                "spark", org.apache.spark.package$.MODULE$.SPARK_VERSION(),
                "delta", io.delta.package$.MODULE$.VERSION());
    }

    /** All of them, and the time zone, in which a session writes times as text. */
    static Map<String, String> of(SparkSession session) {
        Map<String, String> all = new TreeMap<>(all());
        all.put("time-zone", session.conf().get("spark.sql.session.timeZone"));
        return all;
    }

    /** embedlake's own. */
    public static String embedlake() {
        return EMBEDLAKE;
    }

    private static String own() {
        Properties properties = new Properties();
        try (InputStream file = Versions.class.getResourceAsStream("versions.properties")) {
            properties.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("embedlake");
    }
}
