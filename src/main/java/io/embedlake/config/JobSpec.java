package io.embedlake.config;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A whole job: valid, complete, and free of anything that has to be looked up. Immutable.
 *
 * @param job the job's name
 * @param source the rows to embed
 * @param target where vectors go
 * @param embeddings the vector columns, at least one
 * @param maxErrorRate the share of rows that may be rejected before the job counts as failed, 0 to 1
 * @param terms whose terms were accepted, if any were
 * @param waves how much is embedded before it is saved
 * @param searches queries to show the nearest rows of when the job is done
 * @param spark settings for the Spark session, by name
 */
public record JobSpec(
        String job,
        SourceSpec source,
        TargetSpec target,
        List<EmbeddingSpec> embeddings,
        double maxErrorRate,
        Optional<TermsAccepted> terms,
        WaveLimits waves,
        List<String> searches,
        Map<String, Setting> spark) {

    public JobSpec {
        embeddings = List.copyOf(embeddings);
        searches = List.copyOf(searches);
        spark = Collections.unmodifiableSortedMap(new TreeMap<>(spark));
        if (embeddings.isEmpty()) {
            throw new IllegalArgumentException("a job has at least one embedding");
        }
        if (!(maxErrorRate >= 0 && maxErrorRate <= 1)) {
            throw new IllegalArgumentException("not a rate from 0 to 1: " + maxErrorRate);
        }
    }

    /** The names of all columns that the job writes vectors to. */
    public List<String> vectorColumns() {
        return embeddings.stream()
                .flatMap(embedding -> Stream.concat(Stream.of(embedding.column()), embedding.fullColumn().stream()))
                .toList();
    }

    /** Whether the source is the target: its own rows get the vectors. */
    public boolean isInPlace() {
        return source.table().equals(target.table());
    }

    /**
     * The job as text, by key, defaults included and paths resolved: two jobs that do the same read the same. Secrets appear
     * as their references.
     */
    public SortedMap<String, String> describe() {
        SortedMap<String, String> text = new TreeMap<>();
        text.put(Keys.JOB.path(), job);
        text.put(Keys.SOURCE_TABLE.path(), source.table().sql());
        text.put(Keys.SOURCE_ID.path(), String.join(", ", source.id()));
        source.where().ifPresent(where -> text.put(Keys.SOURCE_WHERE.path(), where));
        text.put(Keys.TARGET_TABLE.path(), target.table().sql());
        text.put(Keys.TARGET_STORE.path(), target.store().sql());
        if (target.compact() == Compact.NEVER) {
            text.put(Keys.TARGET_COMPACT.path(), target.compact().toString());
        }
        for (int i = 0; i < embeddings.size(); i++) {
            String item = "embeddings[" + i + "].";
            embeddings.get(i).describe().forEach((key, value) -> text.put(item + key, value));
        }
        text.put(Keys.WAVES_ROWS.path(), Long.toString(waves.rows()));
        text.put(Keys.WAVES_MINUTES.path(), Long.toString(waves.duration().toMinutes()));
        text.put(Keys.ERRORS_MAX_RATE.path(), Double.toString(maxErrorRate));
        terms.ifPresent(accepted -> {
            text.put(Keys.TERMS_BY.path(), accepted.by());
            text.put(Keys.TERMS_AT.path(), accepted.at().toString());
            text.put(Keys.TERMS_PROVIDER.path(), String.join(", ", accepted.providers()));
        });
        if (!searches.isEmpty()) {
            text.put(Keys.SEARCHES.path(), String.join(", ", searches));
        }
        spark.forEach((name, setting) -> text.put(Keys.SPARK.path() + "." + name, setting.toString()));
        return Collections.unmodifiableSortedMap(text);
    }
}
