package io.embedlake.spark;

import static org.apache.spark.sql.functions.bit_xor;
import static org.apache.spark.sql.functions.bool_or;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.embedlake.embed.EmbedderSpec;
import io.embedlake.embed.Platform;
import io.embedlake.embed.Platforms;
import io.embedlake.pipeline.WaveSizing;
import io.embedlake.pipeline.WorkPlan;
import io.embedlake.spark.store.RunLog;
import io.embedlake.spark.store.VectorStore;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/**
 * Finds out what is left to embed: the distinct texts of an attribute minus what the store already holds. Confined to the
 * driver, which gets numbers only, never rows.
 */
final class Planner {
    private static final String EMBEDDED = "embedded";
    private static final String REJECTED = "rejected";
    private static final String TEXT = "text";
    private static final String ROW_ID = "row_id";
    private static final String ROWS = "rows";
    private static final String CHARACTERS = "characters";
    private static final String DIGEST = "digest";
    private static final int TOKEN_SAMPLE = 10_000;

    /** English prose, for a first guess before anything is tokenised or measured. */
    static final double CHARACTERS_PER_TOKEN = 4.5;

    private final SourceRows source;
    private final VectorStore store;
    private final RunLog runs;

    Planner(SourceRows source, VectorStore store, RunLog runs) {
        this.source = source;
        this.store = store;
        this.runs = runs;
    }

    /** Counts the rows and texts of one embedding of the job. */
    WorkPlan.Counts counts(int embedding, EmbedderSpec spec) {
        Dataset<Row> rows = source.selected()
                .select(
                        col(SourceRows.hash(embedding)).as(VectorStore.CONTENT_HASH),
                        lit(1L).as(ROWS),
                        length(col(SourceRows.text(embedding))).as(CHARACTERS),
                        xxhash64(source.published(embedding)).as(DIGEST),
                        lit(false).as(EMBEDDED),
                        lit(false).as(REJECTED));
        // What is known of a text is counted with its rows: one shuffle, and no join of a small source with a large
        // store.
        Dataset<Row> texts = rows.union(known(store.embeddedHashes(spec), lit(true), lit(false)))
                .union(known(store.rejectedHashes(spec), lit(false), lit(true)))
                .groupBy(col(VectorStore.CONTENT_HASH))
                .agg(
                        sum(col(ROWS)).as(ROWS),
                        max(col(CHARACTERS)).as(CHARACTERS),
                        bit_xor(col(DIGEST)).as(DIGEST),
                        bool_or(col(EMBEDDED)).as(EMBEDDED),
                        bool_or(col(REJECTED)).as(REJECTED))
                .where(col(ROWS).gt(0));
        Column present = col(VectorStore.CONTENT_HASH).isNotNull();
        Column toEmbed = present.and(not(col(EMBEDDED))).and(not(col(REJECTED)));
        Row counted = texts.agg(
                        total(not(present), col(ROWS)),
                        total(present, col(ROWS)),
                        total(present, lit(1)),
                        total(col(EMBEDDED), lit(1)),
                        total(col(REJECTED).and(not(col(EMBEDDED))), lit(1)),
                        total(toEmbed, lit(1)),
                        total(toEmbed, col(CHARACTERS)),
                        total(present, col(ROWS).multiply(col(CHARACTERS))),
                        coalesce(bit_xor(col(DIGEST)), lit(0L)))
                .first();
        return new WorkPlan.Counts(
                counted.getLong(0),
                counted.getLong(1),
                counted.getLong(2),
                counted.getLong(3),
                counted.getLong(4),
                counted.getLong(5),
                counted.getLong(6),
                counted.getLong(7),
                counted.getLong(8));
    }

    /** Hashes in the columns of the source's rows, as no row of it. */
    private static Dataset<Row> known(Dataset<Row> hashes, Column embedded, Column rejected) {
        return hashes.select(col(VectorStore.CONTENT_HASH), lit(0L), lit(0), lit(0L), embedded, rejected);
    }

    private static Column total(Column condition, Column value) {
        return coalesce(sum(when(condition, value.cast("bigint"))), lit(0L));
    }

    /** The texts that are left to embed, each once: {@code content_hash, text, row_id}. */
    Dataset<Row> toEmbed(int embedding, EmbedderSpec spec) {
        return texts(embedding)
                .join(store.embeddedHashes(spec), new String[] {VectorStore.CONTENT_HASH}, "left_anti")
                .join(store.rejectedHashes(spec), new String[] {VectorStore.CONTENT_HASH}, "left_anti")
                .dropDuplicates(VectorStore.CONTENT_HASH);
    }

    /** All texts of an embedding, each once, in the same columns: what is left to embed when the store has none of them. */
    Dataset<Row> all(int embedding) {
        return texts(embedding).dropDuplicates(VectorStore.CONTENT_HASH);
    }

    private Dataset<Row> texts(int embedding) {
        return source.selected()
                .select(
                        col(SourceRows.hash(embedding)).as(VectorStore.CONTENT_HASH),
                        col(SourceRows.text(embedding)).as(TEXT),
                        source.readableId().as(ROW_ID))
                .where(col(VectorStore.CONTENT_HASH).isNotNull());
    }

    /** Counts tokens on a sample of the texts to embed; nothing when there are none. */
    Optional<WorkPlan.TokenEstimate> estimate(int embedding, EmbedderSpec spec, WorkPlan.Counts counts, int slots) {
        if (counts.toEmbed() == 0) {
            return Optional.empty();
        }
        Dataset<Row> sample = toEmbed(embedding, spec)
                .where(HashSample.of(TOKEN_SAMPLE, counts.toEmbed()))
                .select(TEXT);
        Row counted = sample.mapPartitions(new CountTokens(spec), Encoders.row(CountTokens.SCHEMA))
                .agg(sum("texts"), sum("tokens"), sum("truncated"), sum("split"), sum("refused"))
                .first();
        long sampled = counted.isNullAt(0) ? 0 : counted.getLong(0);
        if (sampled == 0) {
            return Optional.empty();
        }
        double scale = (double) counts.toEmbed() / sampled;
        long tokens = Math.round(counted.getLong(1) * scale);
        OptionalDouble measured = runs.tokensPerSecond(spec.fingerprint());
        double speed = measured.orElse(platform(spec).assumedTokensPerSecondPerCore() * slots);
        return Optional.of(new WorkPlan.TokenEstimate(
                sampled,
                tokens,
                Math.round(counted.getLong(2) * scale),
                Math.round(counted.getLong(3) * scale),
                Math.round(counted.getLong(4) * scale),
                Duration.ofMillis(Math.round(1000 * tokens / speed)),
                measured.isPresent()));
    }

    /** The waves that the texts to embed are cut into. */
    static WaveSizing sizing(EmbedderSpec spec, WorkPlan.Counts counts, int slots, long waveTexts, Duration waveTime) {
        double tokensPerText =
                Math.max(1, counts.toEmbedCharacters() / CHARACTERS_PER_TOKEN / Math.max(1, counts.toEmbed()));
        double textsPerSecond = platform(spec).assumedTokensPerSecondPerCore() * slots / tokensPerText;
        return new WaveSizing(counts.toEmbed(), slots, waveTexts, waveTime, textsPerSecond);
    }

    private static Platform platform(EmbedderSpec spec) {
        return Platforms.named(spec.platform());
    }
}
