package io.embedlake;

import io.embedlake.config.JobSpec;
import io.embedlake.config.TableRef;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.SecretReference;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * Builds a job: a source, one vector column or more, and what else differs from the defaults. Each method stands for keys of the job file;
 * setting a thing again replaces it, but {@link #column} and {@link #spark} add. Confined to one thread.
 */
public final class JobBuilder {
    private final Function<JobSpec, EmbedJob> made;
    private Settings keys;

    JobBuilder(String name, Function<JobSpec, EmbedJob> made) {
        this.made = made;
        this.keys = Settings.NONE.with("job", name);
    }

    /**
     * The table to read.
     *
     * @param table a table identifier, such as {@code catalog.schema.reviews} or <code>delta.`/lake/reviews`</code>
     * @param id the columns that name a row: together unique, none of them null
     */
    public JobBuilder source(String table, String... id) {
        return rows(keys.group("source").with("table", table), List.of(id));
    }

    /**
     * The folder to read, when the source is no table.
     *
     * @param format the format of its files
     * @param path a folder; a relative one starts in the working directory
     * @param id the columns that name a row: together unique, none of them null
     */
    public JobBuilder source(TableRef.Format format, String path, String... id) {
        return rows(keys.group("source").with("path", path).with("format", format), List.of(id));
    }

    private JobBuilder rows(Settings source, List<String> id) {
        return with("source", source.with("id", id));
    }

    /** Only the rows that meet this SQL condition are embedded. */
    public JobBuilder where(String condition) {
        return with("source", keys.group("source").with("where", condition));
    }

    /** The Delta table that gets the vector columns; without it the source, when it is Delta. */
    public JobBuilder target(String table) {
        return with("target", keys.group("target").with("table", table));
    }

    /** The Delta table that keeps every vector ever made; without it the target with {@code _embeddings} at the end of its name. */
    public JobBuilder store(String table) {
        return with("target", keys.group("target").with("store", table));
    }

    /** When small files of the store become large ones: {@code auto}, after a run when many have piled up, or {@code never}. */
    public JobBuilder compact(String when) {
        return with("target", keys.group("target").with("compact", when));
    }

    /** A vector column, reduced to 64 principal components. */
    public JobBuilder column(String name, Attribute attribute, Model model) {
        return column(name, attribute, model, Reduction.defaults());
    }

    /**
     * A vector column.
     *
     * @param name a name that is free in the target, or that of a column that embedlake made in the same way
     * @param attribute the text to embed
     * @param model what makes vectors
     * @param reduction how they are shortened
     */
    public JobBuilder column(String name, Attribute attribute, Model model, Reduction reduction) {
        Settings column = Settings.NONE
                .with("column", name)
                .with("attribute", attribute.value())
                .and(model.value());
        keys = keys.withItem(
                "embeddings", reduction.value().keys().isEmpty() ? column : column.with("reduce", reduction.value()));
        return this;
    }

    /** A search index for a vector column that was added before: every run builds it or brings it up to date. */
    public JobBuilder index(String column) {
        keys = keys.withItems(
                "embeddings",
                item -> column.equals(item.keys().get("column")) ? item.in("index", "lists", "auto") : item);
        return this;
    }

    /** The most rows that are embedded between saves. */
    public JobBuilder waveRows(int rows) {
        return with("waves", keys.group("waves").with("rows", rows));
    }

    /** The time that should pass between saves, in whole minutes. */
    public JobBuilder waveTime(Duration time) {
        return with("waves", keys.group("waves").with("minutes", time, Duration.ofMinutes(1)));
    }

    /** The share of rows that may be rejected before {@link RunReport#tooManyRejected}, 0 to 1. */
    public JobBuilder maxErrorRate(double share) {
        return with("errors", Settings.NONE.with("max-rate", share));
    }

    /** Limits on calls to providers. */
    public JobBuilder limits(Limits limits) {
        return with("limits", limits.value());
    }

    /**
     * The proxy of calls to providers and of downloads from the model hub; by default that of the environment.
     *
     * @param address {@code http://host:port} or {@code socks5://host:port}
     */
    public JobBuilder proxy(String address) {
        return with("proxy", Settings.NONE.with("address", address));
    }

    /** As {@link #proxy(String)}, with a user and a reference to the user's password. */
    public JobBuilder proxy(String address, String user, SecretReference password) {
        return with(
                "proxy",
                Settings.NONE.with("address", address).with("user", user).with("password", password));
    }

    /** That texts may be sent to providers. */
    public JobBuilder consent(Consent consent) {
        return with("terms-accepted", consent.keys());
    }

    /** The only hosts that texts may be sent to; by default those of the job's platforms and endpoints. */
    public JobBuilder allowedHosts(String... hosts) {
        keys = keys.with("allowed-hosts", List.of(hosts));
        return this;
    }

    /** Queries to try when the job is done, for {@link EmbedJob#searches}. */
    public JobBuilder searches(String... queries) {
        keys = keys.with("searches", List.of(queries));
        return this;
    }

    /** A setting for Spark while the job runs, such as {@code spark.sql.shuffle.partitions}; other queries of the session keep theirs. */
    public JobBuilder spark(String name, String value) {
        keys = keys.in("spark", name, value);
        return this;
    }

    /** A setting for Spark whose value is a secret. */
    public JobBuilder spark(String name, SecretReference value) {
        return spark(name, value.toString());
    }

    private JobBuilder with(String group, Settings values) {
        keys = keys.with(group, Objects.requireNonNull(values));
        return this;
    }

    /**
     * The job; the builder may go on to another.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} listing every problem, one per line, by the keys that the job file
     *     has for what was set
     */
    public EmbedJob build() {
        return made.apply(io.embedlake.config.JobFile.of(keys.keys(), JobFile.here()));
    }

    Settings keys() {
        return keys;
    }
}
