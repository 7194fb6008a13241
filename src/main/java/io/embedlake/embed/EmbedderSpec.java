package io.embedlake.embed;

import java.io.Serializable;
import java.util.Collections;
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
 */
public record EmbedderSpec(String platform, String label, Fingerprint fingerprint, Map<String, String> settings)
        implements Serializable {
    public EmbedderSpec {
        settings = Collections.unmodifiableMap(new TreeMap<>(settings));
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
