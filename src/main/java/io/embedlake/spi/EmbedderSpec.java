package io.embedlake.spi;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Describes what produces vectors: it travels from driver to executors and is the key under which a loaded embedder is
 * shared. Immutable.
 *
 * <p>What identifies the vectors is the platform, the fingerprint, the granularity and the dimension. Where the model is on this machine and
 * what a run may spend are apart from that.
 *
 * @param platform the platform's name, such as {@code huggingface}
 * @param label how a person names the model, such as {@code sentence-transformers/all-MiniLM-L6-v2}
 * @param fingerprint everything that changes a vector
 * @param settings what else the platform needs to load the embedder, such as limits and pooling; never a secret
 * @param granularity the unit that gets its own vector; part of the fingerprint
 * @param notes notes for users: assumptions where the model's settings are silent, in sentences
 * @param here what is found out or holds for a run only
 */
public record EmbedderSpec(
        String platform,
        String label,
        Fingerprint fingerprint,
        Map<String, String> settings,
        Granularity granularity,
        List<String> notes,
        Here here)
        implements Serializable {
    public EmbedderSpec {
        Objects.requireNonNull(platform);
        Objects.requireNonNull(label);
        Objects.requireNonNull(fingerprint);
        Objects.requireNonNull(granularity);
        Objects.requireNonNull(here);
        settings = Collections.unmodifiableMap(new TreeMap<>(settings));
        notes = List.copyOf(notes);
    }

    /** A spec of a model that is not on disk, with an unknown dimension. */
    public EmbedderSpec(
            String platform,
            String label,
            Fingerprint fingerprint,
            Map<String, String> settings,
            Granularity granularity,
            List<String> notes) {
        this(platform, label, fingerprint, settings, granularity, notes, Here.UNKNOWN);
    }

    /** A spec of one vector a text about which there is nothing to note. */
    public EmbedderSpec(String platform, String label, Fingerprint fingerprint, Map<String, String> settings) {
        this(platform, label, fingerprint, settings, Granularity.ATTRIBUTE, List.of());
    }

    /**
     * What is found out or holds for a run only. Immutable.
     *
     * @param dimension the length of vectors; 0 where it is not known
     * @param model the place of the model; empty where it is on no disk
     * @param budget what may be spent
     */
    public record Here(int dimension, String model, Budget budget) implements Serializable {
        static final Here UNKNOWN = new Here(0, "", Budget.NONE);

        public Here {
            Objects.requireNonNull(model);
            Objects.requireNonNull(budget);
        }
    }

    /** The dimension, where it is known before the model is loaded. */
    public OptionalInt dimension() {
        return here.dimension > 0 ? OptionalInt.of(here.dimension) : OptionalInt.empty();
    }

    /** What it embeds. */
    public InputKind inputs() {
        return InputKind.IMAGE.toString().equals(settings.get(InputKind.KEY)) ? InputKind.IMAGE : InputKind.TEXT;
    }

    /** Where the model is on this machine, a folder or a file, where it is on its disk. */
    public Optional<String> model() {
        return Optional.of(here.model).filter(place -> !place.isEmpty());
    }

    /** What a run may spend on it. */
    public Budget budget() {
        return here.budget;
    }

    /** The setting of this name, which must be there. */
    public String setting(String name) {
        String value = settings.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the spec of " + label + " has no setting " + name);
        }
        return value;
    }

    /** Where the model is, which must be known. */
    public String requiredModel() {
        return model().orElseThrow(() -> new IllegalArgumentException("the spec of " + label + " has no model"));
    }

    /** The same with the model at this place. */
    public EmbedderSpec at(String place) {
        return in(new Here(here.dimension, place, here.budget));
    }

    /** The same with this dimension. */
    public EmbedderSpec ofDimension(int known) {
        return in(new Here(known, here.model, here.budget));
    }

    /** The same, on which no more than this is spent. */
    public EmbedderSpec within(Budget budget) {
        return in(new Here(here.dimension, here.model, budget));
    }

    private EmbedderSpec in(Here changed) {
        return new EmbedderSpec(platform, label, fingerprint, settings, granularity, notes, changed);
    }

    /** The same under another name for persons. */
    public EmbedderSpec called(String name) {
        return new EmbedderSpec(platform, name, fingerprint, settings, granularity, notes, here);
    }

    /** The same with another setting, which must not change vectors that are stored. */
    public EmbedderSpec with(String name, String value) {
        Map<String, String> changed = new TreeMap<>(settings);
        changed.put(name, value);
        return new EmbedderSpec(platform, label, fingerprint, changed, granularity, notes, here);
    }

    @Override
    public String toString() {
        return platform + " " + label + " " + fingerprint.hash();
    }
}
