package io.embedlake.spark.store;

import io.embedlake.annotation.Stable;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.InputKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * What a run did for one vector column. Immutable.
 *
 * @param column the column
 * @param model what made its vectors, for a person
 * @param fingerprint what made its vectors, for the machine
 * @param inputs what it was made of
 * @param reduction what made them short
 * @param digest identifies the pairs of id and text that were published
 * @param blank rows without a text
 * @param distinct different texts
 * @param alreadyEmbedded texts that the store had
 * @param embedded texts that this run embedded
 * @param rejected texts that got no vector, in this run or an earlier one
 * @param rejectedByKind texts that this run rejected, by kind of error
 * @param vectors the vectors of the embedded texts: more than the texts where tokens or chunks have one each
 * @param truncated embedded texts that were cut to the model's limit
 * @param split embedded texts that exceeded the limit and were split into chunks
 * @param tokens tokens of the embedded texts
 * @param unknown the out-of-vocabulary ones of the tokens
 * @param callCaps what calls were limited to because the server refused larger ones: the most of a call, by unit ({@code texts},
 *     {@code tokens}, {@code bytes}, {@code text_tokens})
 * @param embedTime how long embedding took
 * @param cost what the provider was paid
 */
@Stable
public record ColumnRecord(
        String column,
        String model,
        String fingerprint,
        InputKind inputs,
        ReductionRecord reduction,
        long digest,
        long blank,
        long distinct,
        long alreadyEmbedded,
        long embedded,
        long rejected,
        Map<ErrorKind, Long> rejectedByKind,
        long vectors,
        long truncated,
        long split,
        long tokens,
        long unknown,
        Map<String, Long> callCaps,
        Duration embedTime,
        RunCost cost) {
    private static final String KINDS = "rejected_by_kind";
    private static final String CAPS = "call_caps";

    public ColumnRecord {
        rejectedByKind = new Rejections(rejectedByKind).byKind();
        callCaps = new CallCaps(callCaps).most();
    }

    /** What a later run reports that finds nothing to do. */
    public ColumnRecord repeated() {
        return new ColumnRecord(
                column,
                model,
                fingerprint,
                inputs,
                reduction.repeated(),
                digest,
                blank,
                distinct,
                alreadyEmbedded + embedded,
                0,
                rejected,
                Map.of(),
                0,
                0,
                0,
                0,
                0,
                Map.of(),
                Duration.ZERO,
                cost.repeated(tokens));
    }

    /** What is known of all texts, when only those of changed rows were counted, and the others are as an earlier run has left them. */
    public ColumnRecord after(ColumnRecord earlier) {
        long refused =
                rejectedByKind.values().stream().mapToLong(Long::longValue).sum();
        return new ColumnRecord(
                column,
                model,
                fingerprint,
                inputs,
                reduction,
                digest,
                blank,
                earlier.distinct + embedded + refused,
                earlier.alreadyEmbedded + earlier.embedded,
                embedded,
                earlier.rejected + refused,
                rejectedByKind,
                vectors,
                truncated,
                split,
                tokens,
                unknown,
                callCaps,
                embedTime,
                cost);
    }

    /** What identifies the published vectors; a rejected text that was replayed has one since. */
    List<Object> published() {
        return List.of(column, fingerprint, reduction.name(), digest, rejected);
    }

    static ColumnRecord of(Row row) {
        return new ColumnRecord(
                row.getAs("column"),
                row.getAs("model"),
                row.getAs("fingerprint"),
                ColumnRecord.<String>written(row, "inputs")
                        .map(InputKind::valueOf)
                        .orElse(InputKind.TEXT),
                ReductionRecord.of(row),
                row.<Long>getAs("digest"),
                row.<Long>getAs("blank"),
                row.<Long>getAs("distinct_texts"),
                row.<Long>getAs("already_embedded"),
                row.<Long>getAs("embedded"),
                row.<Long>getAs("rejected"),
                kinds(row),
                since(row, "vectors"),
                row.<Long>getAs("truncated"),
                since(row, "split"),
                row.<Long>getAs("tokens"),
                since(row, "unknown"),
                written(row, CAPS).isPresent() ? row.getJavaMap(row.fieldIndex(CAPS)) : Map.of(),
                Duration.ofMillis(Math.round(row.<Double>getAs("embed_seconds") * 1000)),
                new RunCost(price(row, "usd"), since(row, "saved_tokens"), price(row, "saved_usd")));
    }

    private static Map<ErrorKind, Long> kinds(Row row) {
        Map<ErrorKind, Long> kinds = new EnumMap<>(ErrorKind.class);
        if (written(row, KINDS).isPresent()) {
            row.<String, Long>getJavaMap(row.fieldIndex(KINDS))
                    .forEach((kind, texts) -> kinds.put(ErrorKind.valueOf(kind), texts));
        }
        return kinds;
    }

    private static long since(Row row, String name) {
        return ColumnRecord.<Long>written(row, name).orElse(0L);
    }

    private static OptionalDouble price(Row row, String name) {
        return ColumnRecord.<Double>written(row, name).map(OptionalDouble::of).orElseGet(OptionalDouble::empty);
    }

    /** Unknown, or not written by an older embedlake. */
    private static <T> Optional<T> written(Row row, String name) {
        boolean isThere = Arrays.asList(row.schema().fieldNames()).contains(name);
        return isThere ? Optional.ofNullable(row.<T>getAs(name)) : Optional.empty();
    }

    private static Double orNull(OptionalDouble usd) {
        return usd.isPresent() ? (Double) usd.getAsDouble() : null;
    }

    Row row() {
        List<Object> values = new ArrayList<>(Arrays.asList(
                column,
                model,
                fingerprint,
                reduction.name(),
                digest,
                blank,
                distinct,
                alreadyEmbedded,
                embedded,
                rejected,
                rejectedByKind.entrySet().stream()
                        .collect(Collectors.toMap(kind -> kind.getKey().name(), Map.Entry::getValue)),
                vectors,
                truncated,
                split,
                tokens,
                unknown,
                callCaps,
                embedTime.toMillis() / 1000.0,
                orNull(cost.usd()),
                cost.savedTokens(),
                orNull(cost.savedUsd()),
                inputs.name()));
        values.addAll(Arrays.asList(reduction.values()));
        return RowFactory.create(values.toArray());
    }
}
