package io.embedlake.spark.job;

import static org.apache.spark.sql.functions.bit_xor;
import static org.apache.spark.sql.functions.bool_or;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.embedlake.config.WaveLimits;
import io.embedlake.pipeline.WaveSizing;
import io.embedlake.pipeline.WorkPlan;
import io.embedlake.spark.executor.CountTokens;
import io.embedlake.spark.run.Slots;
import io.embedlake.spark.source.SourceText;
import io.embedlake.spark.store.HashSample;
import io.embedlake.spark.store.VectorStore;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.InputKind;
import io.embedlake.spi.Platform;
import io.embedlake.spi.Platforms;
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
public record Planner(VectorStore store) {
    private static final String EMBEDDED = "embedded";
    private static final String REJECTED = "rejected";
    private static final String ROWS = "rows";
    private static final String CHARACTERS = "characters";
    private static final String DIGEST = "digest";
    private static final int TOKEN_SAMPLE = 10_000;
    private static final int IMAGE_SAMPLE = 500;
    private static final int REMEMBERED = 100_000;

    /** English prose, for a first guess before anything is tokenised or measured. */
    static final double CHARACTERS_PER_TOKEN = 4.5;

    /** Of 224 pixels in patches of 16, as most vision transformers read images. */
    private static final double PATCHES_PER_IMAGE = 197;

    /** Counts the rows and texts of a column. */
    PlannedColumn planned(JobColumn column) {
        return new PlannedColumn(column, counts(column));
    }

    /** The same without the column. */
    public WorkPlan.Counts counts(JobColumn column) {
        SourceText text = column.text();
        Dataset<Row> rows = text.source()
                .selected()
                .select(
                        col(text.hash()).as(VectorStore.CONTENT_HASH),
                        lit(1L).as(ROWS),
                        col(text.size()).as(CHARACTERS),
                        xxhash64(text.published()).as(DIGEST),
                        lit(false).as(EMBEDDED),
                        lit(false).as(REJECTED));
        // The store's entries of a text are counted with its rows: one shuffle, and no join with a large store.
        Dataset<Row> texts = text.source()
                .together(rows.union(known(embedded(column), lit(true), lit(false)))
                        .union(known(rejected(column), lit(false), lit(true))))
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

    /** The hashes that have their vectors; of few changed rows those alone are looked up. */
    private Dataset<Row> embedded(JobColumn column) {
        SourceText text = column.text();
        return text.source().areChanges()
                ? store.embeddedAmong(column.spec(), text.hashes())
                : store.embeddedHashes(column.spec());
    }

    private Dataset<Row> rejected(JobColumn column) {
        SourceText text = column.text();
        return text.source().areChanges()
                ? store.rejectedAmong(column.spec(), text.hashes())
                : store.rejectedHashes(column.spec());
    }

    /** Hashes in the columns of the source's rows, as no row of it. */
    private static Dataset<Row> known(Dataset<Row> hashes, Column embedded, Column rejected) {
        return hashes.select(col(VectorStore.CONTENT_HASH), lit(0L), lit(0L), lit(0L), embedded, rejected);
    }

    private static Column total(Column condition, Column value) {
        return coalesce(sum(when(condition, value.cast("bigint"))), lit(0L));
    }

    /** The texts of a column that are left to embed, each once: {@code content_hash, text, row_id, size}. */
    Dataset<Row> toEmbed(JobColumn column) {
        return distinct(column, left(column));
    }

    private Dataset<Row> left(JobColumn column) {
        return column.text()
                .texts()
                .join(embedded(column), new String[] {VectorStore.CONTENT_HASH}, "left_anti")
                .join(rejected(column), new String[] {VectorStore.CONTENT_HASH}, "left_anti");
    }

    /** Large inputs are not moved to find those that are the same: {@link WaveRunner} brings them together anyway. */
    private static Dataset<Row> distinct(JobColumn column, Dataset<Row> texts) {
        return column.text().isLarge()
                ? texts.mapPartitions(new DropRepeats(REMEMBERED), texts.encoder())
                : texts.dropDuplicates(VectorStore.CONTENT_HASH);
    }

    /** All texts of a column, each once, in the same columns: what is left to embed when the store has none of them. */
    Dataset<Row> all(JobColumn column) {
        return distinct(column, column.text().texts());
    }

    /**
     * Counts tokens on a sample of the texts to embed; nothing when there are none.
     *
     * @param speed tokens a second, as an earlier run measured it
     */
    Optional<WorkPlan.TokenEstimate> estimate(PlannedColumn planned, OptionalDouble speed, int slots) {
        EmbedderSpec spec = planned.column().spec();
        long toEmbed = planned.counts().toEmbed();
        if (toEmbed == 0) {
            return Optional.empty();
        }
        SourceText text = planned.column().text();
        Dataset<Row> sample = toEmbed(planned.column()).where(HashSample.of(sample(spec), toEmbed));
        Row counted = sample.mapPartitions(new CountTokens(spec, text.form()), Encoders.row(CountTokens.SCHEMA))
                .agg(sum("texts"), sum("tokens"), sum("truncated"), sum("split"), sum("refused"))
                .first();
        long sampled = counted.isNullAt(0) ? 0 : counted.getLong(0);
        if (sampled == 0) {
            return Optional.empty();
        }
        double scale = (double) toEmbed / sampled;
        long tokens = Math.round(counted.getLong(1) * scale);
        double tokensPerSecond = speed.orElse(platform(spec).assumedTokensPerSecondPerCore() * slots);
        return Optional.of(new WorkPlan.TokenEstimate(
                sampled,
                tokens,
                Math.round(counted.getLong(2) * scale),
                Math.round(counted.getLong(3) * scale),
                Math.round(counted.getLong(4) * scale),
                Duration.ofMillis(Math.round(1000 * tokens / tokensPerSecond)),
                speed.isPresent()));
    }

    /** An image takes as long to look at as many texts. */
    private static int sample(EmbedderSpec spec) {
        return spec.inputs() == InputKind.IMAGE ? IMAGE_SAMPLE : TOKEN_SAMPLE;
    }

    /** The waves that the texts to embed are cut into: as long as the executors of now need, in partitions for all that may come. */
    static WaveSizing sizing(EmbedderSpec spec, WorkPlan.Counts counts, WaveLimits limits, Slots slots) {
        double tokensPerText = spec.inputs() == InputKind.IMAGE
                ? PATCHES_PER_IMAGE
                : Math.max(1, counts.toEmbedCharacters() / CHARACTERS_PER_TOKEN / Math.max(1, counts.toEmbed()));
        double textsPerSecond = platform(spec).assumedTokensPerSecondPerCore() * slots.now() / tokensPerText;
        return new WaveSizing(counts.toEmbed(), slots.most(), limits.rows(), limits.duration(), textsPerSecond);
    }

    private static Platform platform(EmbedderSpec spec) {
        return Platforms.named(spec.platform());
    }
}
