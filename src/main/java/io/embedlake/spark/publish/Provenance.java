package io.embedlake.spark.publish;

import io.embedlake.spi.EmbedderSpec;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;

/**
 * The model and reducer that made a vector column. Immutable.
 *
 * <p>It is written twice: into the column's metadata, which travels with the schema and appears in the same commit as the
 * first vectors, and into the table's properties, which also name the last run.
 *
 * @param platform the platform
 * @param model the model as a person names it
 * @param revision what identifies the model's weights, or the platform's version
 * @param fingerprint the hash of everything that changes a full vector
 * @param reducer the reducer's label
 */
public record Provenance(String platform, String model, String revision, String fingerprint, String reducer) {
    public static final String NO_REDUCER = "none";

    private static final String PREFIX = "embedlake.";

    /** The provenance of the vectors that this embedder and reducer make. */
    public static Provenance of(EmbedderSpec spec, String reducer) {
        return new Provenance(
                spec.platform(),
                spec.label(),
                spec.settings().getOrDefault("revision", spec.settings().getOrDefault("weights-sha256", "version 1")),
                spec.fingerprint().hash(),
                reducer);
    }

    /** From the metadata of a column, or of its table; empty when embedlake did not make it. */
    static Optional<Provenance> read(StructField column, Map<String, String> tableProperties) {
        Map<String, String> values = new TreeMap<>();
        for (String name : new String[] {"platform", "model", "revision", "fingerprint", "reducer"}) {
            String property = tableProperties.get(PREFIX + column.name() + "." + name);
            if (property != null) {
                values.put(name, property);
            } else if (column.metadata().contains(PREFIX + name)) {
                values.put(name, column.metadata().getString(PREFIX + name));
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(new Provenance(
                values.get("platform"),
                values.get("model"),
                values.get("revision"),
                values.get("fingerprint"),
                values.get("reducer")));
    }

    /** The reducer without its version. */
    String reduction() {
        return reducer.replaceFirst(" v\\d+$", "");
    }

    /** For the column. */
    Metadata metadata() {
        MetadataBuilder metadata = new MetadataBuilder();
        values().forEach((name, value) -> metadata.putString(PREFIX + name, value));
        return metadata.putString("comment", "embedlake: " + model + ", " + reducer + ", fingerprint " + fingerprint)
                .build();
    }

    /** For the table, by property. */
    Map<String, String> properties(String column) {
        Map<String, String> properties = new TreeMap<>();
        values().forEach((name, value) -> properties.put(PREFIX + column + "." + name, value));
        return properties;
    }

    /** The table's property that names the last run that published a column. */
    public static String runProperty(String column) {
        return PREFIX + column + ".run";
    }

    /** The table's property that names the store, in SQL, of a column. */
    public static String storeProperty(String column) {
        return PREFIX + column + ".store";
    }

    /** The table's property that names the reducer that is coming, or the last one that came in place of another. */
    static String announcedProperty(String column) {
        return PREFIX + column + ".announced-reducer";
    }

    private Map<String, String> values() {
        return Map.of(
                "platform",
                platform,
                "model",
                model,
                "revision",
                revision,
                "fingerprint",
                fingerprint,
                "reducer",
                reducer);
    }
}
