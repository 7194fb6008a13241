package io.embedlake.sql.function;

import io.embedlake.config.JobFile;
import io.embedlake.config.TableRef;
import io.embedlake.spark.job.StoredColumn;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.InputKind;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a call's arguments and the settings of its session say together. Immutable.
 *
 * @param keys of what embeds, with their values
 * @param store that of jobs, where something that they have fitted is used
 * @param reducer the name of a reducer of the store
 * @param column the vector column that something was fitted on
 */
record CallOptions(
        Map<String, String> keys, Optional<TableRef> store, Optional<String> reducer, Optional<String> column) {
    private static final String MODEL = "model";
    private static final String PLATFORM = "platform";
    private static final String STORE = "store";
    private static final String REDUCER = "reducer";
    private static final String COLUMN = "column";

    /** Settings of the session that count as options of every call, such as {@code embedlake.terms-accepted}. */
    private static final String PREFIX = "embedlake.";

    private static final Set<String> OF_STORES = new TreeSet<>(Set.of(STORE, REDUCER, COLUMN));
    private static final Set<String> OF_JOBS =
            new TreeSet<>(Set.of("allowed-hosts", "limits", "proxy", "terms-accepted"));
    private static final Set<String> NOT_OF_CALLS = Set.of("attribute", "reduce", "index");

    CallOptions {
        keys = Map.copyOf(keys);
    }

    /**
     * Of a call; its own options count more than settings of the session.
     *
     * @param settings all settings of the session
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when one of them is not for queries
     */
    static CallOptions of(Map<String, String> settings, WrittenCall written) {
        Map<String, String> options = new TreeMap<>();
        settings.forEach((key, value) -> {
            if (key.startsWith(PREFIX)) {
                options.put(key.substring(PREFIX.length()), value);
            }
        });
        options.putAll(written.options());
        written.model().ifPresent(model -> options.put(MODEL, JobFile.quoted(model)));
        if (written.input() == InputKind.IMAGE) {
            options.put(InputKind.KEY, InputKind.IMAGE.toString());
        }
        Optional<TableRef> store = Optional.ofNullable(options.remove(STORE)).map(CallOptions::table);
        Optional<String> reducer = Optional.ofNullable(options.remove(REDUCER));
        Optional<String> column = Optional.ofNullable(options.remove(COLUMN));
        options.keySet().forEach(CallOptions::requireOfModel);
        if (store.isEmpty() && (reducer.isPresent() || column.isPresent())) {
            throw refused(
                    reducer.isPresent() ? REDUCER : COLUMN,
                    "it needs the option store, which names the store of the job that fitted it",
                    "Name the store.");
        }
        return new CallOptions(options, store, reducer, column);
    }

    private static TableRef table(String name) {
        try {
            return TableRef.parse(name).resolve(Path.of(""));
        } catch (IllegalArgumentException e) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot embed with the store: " + name + " " + e.getMessage()
                            + ". Write it as the job's target.store, such as shop.reviews_embeddings.",
                    e);
        }
    }

    private static void requireOfModel(String option) {
        JobFile.nearest(option, OF_STORES).ifPresent(meant -> {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot embed with these options: unknown key " + option + "; did you mean " + meant + "?");
        });
        String first = JobFile.first(option);
        boolean isOfCalls = JobFile.isOfJob(option) ? OF_JOBS.contains(first) : !NOT_OF_CALLS.contains(first);
        if (!isOfCalls) {
            throw refused(
                    option,
                    "a query writes no column: its options are the keys of a column that say what embeds, "
                            + String.join(", ", OF_STORES) + ", and " + String.join(", ", OF_JOBS),
                    "Remove it, or run a job.");
        }
    }

    private static EmbedlakeException refused(String option, String rule, String change) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot embed in a query with the option " + option + " (" + rule + "). " + change);
    }

    /** The platform, where the call says what embeds. */
    Optional<String> platform() {
        return keys.containsKey(MODEL) && !keys.containsKey(PLATFORM)
                ? Optional.of(JobFile.DEFAULT_PLATFORM)
                : Optional.ofNullable(keys.get(PLATFORM));
    }

    /** Of keys, what concerns the model. */
    static Map<String, String> ofModel(Map<String, String> keys) {
        Map<String, String> all = new TreeMap<>(keys);
        all.remove(COLUMN);
        return all;
    }

    /** The keys with those of a stored column below, unless they say themselves what embeds. */
    Map<String, String> keys(StoredColumn stored) {
        Map<String, String> all = new TreeMap<>();
        if (!keys.containsKey(MODEL)) {
            all.putAll(stored.options(Optional.ofNullable(keys.get(PLATFORM))));
        }
        all.putAll(keys);
        all.put(COLUMN, JobFile.quoted(stored.name()));
        return all;
    }
}
