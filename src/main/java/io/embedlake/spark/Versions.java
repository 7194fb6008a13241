package io.embedlake.spark;

import java.util.Map;
import java.util.Optional;

/** The versions of embedlake and of what it runs on. Stateless. */
public final class Versions {
    private static final String UNKNOWN = "unknown";

    private Versions() {}

    /** All of them, by name. */
    public static Map<String, String> all() {
        return Map.of(
                "embedlake", embedlake(),
                "java", Runtime.version().toString(),
                "spark", org.apache.spark.package$.MODULE$.SPARK_VERSION(),
                "delta", io.delta.package$.MODULE$.VERSION());
    }

    /** embedlake's own, from its jar; a build that was not packaged has none. */
    public static String embedlake() {
        return Optional.ofNullable(Versions.class.getPackage().getImplementationVersion())
                .orElse(UNKNOWN);
    }
}
