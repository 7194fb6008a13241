package io.embedlake.embed;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Describes what produces vectors: it travels from driver to executors and is the key under which a loaded embedder is
 * shared. Immutable.
 *
 * @param platform the platform's name, such as {@code huggingface}
 * @param label how a person names the model, such as {@code sentence-transformers/all-MiniLM-L6-v2}
 * @param fingerprint everything that changes a vector
 * @param settings what the platform needs to load the embedder: paths, limits, pooling; never a secret
 * @param granularity what gets a vector of its own; the fingerprint tells granularities apart
 * @param notes what a user should know: assumptions where the model says nothing, in sentences
 */
public record EmbedderSpec(
        String platform,
        String label,
        Fingerprint fingerprint,
        Map<String, String> settings,
        Granularity granularity,
        List<String> notes)
        implements Serializable {
    /**
     * The setting that says where on this machine the model is, a folder or a file, where it is on its own; a cluster's executors may
     * find it elsewhere than the driver.
     */
    public static final String MODEL = "model";

    public EmbedderSpec {
        notes = List.copyOf(notes);
        settings = Collections.unmodifiableMap(new TreeMap<>(settings));
    }

    /** A spec of one vector a text about which there is nothing to note. */
    public EmbedderSpec(String platform, String label, Fingerprint fingerprint, Map<String, String> settings) {
        this(platform, label, fingerprint, settings, Granularity.ATTRIBUTE, List.of());
    }

    /** The same spec with another setting, which must not change vectors. */
    public EmbedderSpec with(String name, String value) {
        Map<String, String> changed = new TreeMap<>(settings);
        changed.put(name, value);
        return new EmbedderSpec(platform, label, fingerprint, changed, granularity, notes);
    }

    /** The setting of this name, which must be there. */
    public String setting(String name) {
        String value = settings.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the spec of " + label + " has no setting " + name);
        }
        return value;
    }
}
