package io.embedlake.spark.store;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.current_timestamp;
import static org.apache.spark.sql.functions.lit;

import io.embedlake.config.TableRef;
import io.embedlake.reduce.Reduction;
import io.embedlake.spark.sql.AtOnce;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Fingerprint;
import io.embedlake.spi.Granularity;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Every vector ever made, in full length, by fingerprint and content hash: append-only, in one idempotent commit a wave.
 * Vectors of tokens and of chunks have their own table, and so do the texts that can never be embedded. Confined to the
 * driver; jobs may share a store.
 *
 * <p>Two jobs that embed the same text at the same time both append it; readers take the older one.
 */
public final class VectorStore {
    /** Columns of all tables. */
    public static final String FINGERPRINT = VectorTable.FINGERPRINT;

    public static final String CONTENT_HASH = VectorTable.CONTENT_HASH;

    /** Columns of a look-up in the store. */
    public static final String VECTOR = "vector";

    public static final String KEY = "key";

    /** The type of the vectors of a text's spans; positions count characters (code points) from 0. */
    public static final String SPANS_TYPE = "ARRAY<STRUCT<start: INT, end: INT, vector: ARRAY<FLOAT>>>";

    private final Tables tables;
    private final VectorTable whole;
    private final VectorTable spans;
    private final TableRef rejected;

    public VectorStore(Tables tables, TableRef store) {
        this.tables = tables;
        this.whole = new WholeVectors(tables, store);
        this.spans = new SpanVectors(tables, store.sibling("_spans"));
        this.rejected = store.sibling("_rejected");
    }

    private VectorTable of(EmbedderSpec spec) {
        return spec.granularity().hasSpans() ? spans : whole;
    }

    /** The table of rejected texts. */
    public TableRef rejected() {
        return rejected;
    }

    /** The folder of its vectors' files; the tables have to be there. */
    public String location() {
        return tables.location(whole.ref());
    }

    /** The table of the vectors of tokens and chunks. */
    public TableRef spans() {
        return spans.ref();
    }

    /** Makes the tables that are missing and needed. */
    public void create(List<EmbedderSpec> specs) {
        AtOnce.both(whole::create, this::createRejected);
        if (specs.stream().map(EmbedderSpec::granularity).anyMatch(Granularity::hasSpans)) {
            spans.create();
        }
    }

    private void createRejected() {
        StoreTable.createClustered(
                tables,
                rejected,
                "row_id STRING NOT NULL, characters INT NOT NULL, kind STRING NOT NULL, reason STRING NOT NULL",
                "embedlake: texts that got no vector, with the reason",
                "");
    }

    /** The content hashes that have their vectors; a hash may come more than once. */
    public Dataset<Row> embeddedHashes(EmbedderSpec spec) {
        return of(spec).hashes(spec.fingerprint());
    }

    /** The content hashes that were rejected; a hash may come more than once. */
    public Dataset<Row> rejectedHashes(EmbedderSpec spec) {
        return StoreTable.hashes(tables, rejected, spec.fingerprint());
    }

    /**
     * Those of some texts that have their vectors.
     *
     * @param hashes the texts: {@code content_hash}; few beside the store
     * @return {@code content_hash}; a hash may come more than once
     */
    public Dataset<Row> embeddedAmong(EmbedderSpec spec, Dataset<Row> hashes) {
        return of(spec).hashes(spec.fingerprint(), hashes);
    }

    /** Those of some texts that were rejected, as {@link #embeddedAmong}. */
    public Dataset<Row> rejectedAmong(EmbedderSpec spec, Dataset<Row> hashes) {
        return StoreTable.among(rejectedHashes(spec), hashes);
    }

    /** Forgets that texts were rejected for one of these kinds: they count as never tried. */
    public void forgetRejected(EmbedderSpec spec, Set<ErrorKind> kinds) {
        if (tables.exists(rejected)) {
            Failures.on("write the table " + rejected, "Check that it can be written.", () -> tables.delta(rejected)
                    .delete(col(FINGERPRINT)
                            .equalTo(spec.fingerprint().hash())
                            .and(col("kind")
                                    .isInCollection(
                                            kinds.stream().map(ErrorKind::name).toList()))));
        }
    }

    /** Whether there are vectors of a spec. */
    public boolean has(EmbedderSpec spec) {
        return of(spec).has(spec.fingerprint());
    }

    /** How long the vectors of a spec are, if there are some. */
    public OptionalInt dimension(EmbedderSpec spec) {
        return of(spec).dimension(spec.fingerprint());
    }

    /**
     * Single vectors of some texts: of the texts themselves, their tokens or their chunks.
     *
     * @param hashes the texts: {@code content_hash}, each once
     * @param wanted about how many vectors, where the texts have more
     * @return {@code key, vector}, each key once
     */
    public Dataset<Row> sample(EmbedderSpec spec, Dataset<Row> hashes, long wanted) {
        VectorTable table = of(spec);
        Dataset<Row> rows = table.rows(spec.fingerprint());
        return table.sample(rows.join(hashes, new String[] {CONTENT_HASH}, "left_semi"), wanted);
    }

    /** Single vectors of some of the texts that a run embedded, as {@link #sample}: files of other runs are not read. */
    public Dataset<Row> sampleOf(BegunRun run, EmbedderSpec spec, Column some, long wanted) {
        return of(spec).sample(by(run, spec).where(some), wanted);
    }

    /** The vectors that a run embedded made shorter, as {@link #reduced(EmbedderSpec, Reduction)}: files of other runs are not read. */
    public Dataset<Row> reducedOf(BegunRun run, EmbedderSpec spec, Reduction reduction) {
        return of(spec).reduced(by(run, spec), reduction);
    }

    private Dataset<Row> by(BegunRun run, EmbedderSpec spec) {
        boolean hasSpans = spec.granularity().hasSpans();
        return of(spec).rows(
                        spec.fingerprint(),
                        run.run(),
                        hasSpans ? run.found().spans() : run.found().store());
    }

    /**
     * The vectors of a spec made shorter: {@code content_hash, vector}, each hash once; of type {@link #SPANS_TYPE} where each span of
     * a text has a vector.
     */
    public Dataset<Row> reduced(EmbedderSpec spec, Reduction reduction) {
        VectorTable table = of(spec);
        return table.reduced(table.rows(spec.fingerprint()), reduction);
    }

    /**
     * The vectors of some texts made shorter, as {@link #reduced(EmbedderSpec, Reduction)}: no other vector is reduced.
     *
     * @param hashes the texts: {@code content_hash}; few beside the store
     */
    public Dataset<Row> reduced(EmbedderSpec spec, Reduction reduction, Dataset<Row> hashes) {
        VectorTable table = of(spec);
        return table.reduced(table.rows(spec.fingerprint(), hashes), reduction);
    }

    /**
     * Appends the vectors of a wave, in one commit; a repetition of the same wave of the same run does nothing.
     *
     * @param wave rows of {@code content_hash, dimension, tokens, truncated} and {@code vector}, or {@code spans} where each span of a
     *     text has a vector
     */
    public void append(Dataset<Row> wave, EmbedderSpec spec, RunId run, long waveNumber) {
        append(wave, spec, run, run.text(), waveNumber);
    }

    /** Appends the vectors of a batch as {@link #append} does those of a wave: once, whichever runs append it. */
    public void appendBatch(Dataset<Row> outcomes, EmbedderSpec spec, RunId run, String batch) {
        append(outcomes, spec, run, batch, 1);
    }

    private void append(Dataset<Row> rows, EmbedderSpec spec, RunId run, String application, long version) {
        VectorTable table = of(spec);
        StoreTable.append(
                table.ref(),
                table.inOrder(rows.select(stamped(
                        spec.fingerprint(),
                        run,
                        List.of(CONTENT_HASH, table.value(), "dimension", "tokens", "truncated")))),
                application,
                version);
    }

    /**
     * Appends the rejected texts of a wave, as {@link #append} does.
     *
     * @param wave rows of {@code content_hash, row_id, characters, kind, reason}
     */
    public void reject(Dataset<Row> wave, EmbedderSpec spec, RunId run, long waveNumber) {
        reject(wave, spec, run, run.text(), waveNumber);
    }

    /** Appends the rejected texts of a batch, as {@link #appendBatch} does. */
    public void rejectBatch(Dataset<Row> outcomes, EmbedderSpec spec, RunId run, String batch) {
        reject(outcomes, spec, run, batch, 1);
    }

    private void reject(Dataset<Row> rows, EmbedderSpec spec, RunId run, String application, long version) {
        StoreTable.append(
                rejected,
                rows.select(stamped(
                        spec.fingerprint(), run, List.of(CONTENT_HASH, "row_id", "characters", "kind", "reason"))),
                application,
                version);
    }

    private static Column[] stamped(Fingerprint fingerprint, RunId run, List<String> columns) {
        List<Column> all = new ArrayList<>();
        all.add(lit(fingerprint.hash()).as(FINGERPRINT));
        columns.forEach(column -> all.add(col(column)));
        all.add(lit(run.text()).as("run_id"));
        all.add(current_timestamp().as(VectorTable.CREATED_AT));
        return all.toArray(Column[]::new);
    }
}
