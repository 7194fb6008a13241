package io.embedlake;

import io.embedlake.spark.search.ColumnSearch;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Input;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A search for the rows that are most similar to a query. Immutable: each method returns a new search; thread-safe. */
public final class VectorSearch {
    private static final int DEFAULT_K = 10;

    private record Asked(
            Input query,
            int k,
            Optional<String> column,
            Optional<String> where,
            double recall,
            List<String> allowedHosts) {}

    private final Function<List<String>, ColumnSearch> opened;
    private final Asked asked;

    VectorSearch(Function<List<String>, ColumnSearch> opened) {
        this(
                opened,
                new Asked(
                        Input.of(""),
                        DEFAULT_K,
                        Optional.empty(),
                        Optional.empty(),
                        ColumnSearch.DEFAULT_RECALL,
                        List.of()));
    }

    private VectorSearch(Function<List<String>, ColumnSearch> opened, Asked asked) {
        this.opened = opened;
        this.asked = asked;
    }

    /** What to search for; rows of images are found by a text where one model embeds both. */
    public VectorSearch query(String text) {
        return query(Input.of(text));
    }

    /** An image to search for: the content of its file. */
    public VectorSearch query(byte[] image) {
        return query(Input.of(image));
    }

    private VectorSearch query(Input input) {
        return with(new Asked(input, asked.k(), asked.column(), asked.where(), asked.recall(), asked.allowedHosts()));
    }

    /** How many rows, at least 1; 10 when not set. */
    public VectorSearch k(int rows) {
        return with(
                new Asked(asked.query(), rows, asked.column(), asked.where(), asked.recall(), asked.allowedHosts()));
    }

    /** A SQL condition that rows must meet. */
    public VectorSearch where(String condition) {
        return with(new Asked(
                asked.query(),
                asked.k(),
                asked.column(),
                Optional.of(condition),
                asked.recall(),
                asked.allowedHosts()));
    }

    /**
     * The share of the nearest rows that must be found on average, above 0 and at most 1; 0.95 when not set. It decides how much of a
     * column's index is read; with 1, and where the column has no index, the whole column is read.
     */
    public VectorSearch recall(double share) {
        return with(new Asked(asked.query(), asked.k(), asked.column(), asked.where(), share, asked.allowedHosts()));
    }

    /**
     * The hosts that the query may be sent to. A search by table and column needs them where a provider made the column, because it is
     * the table that names the host; a search by job uses the job's hosts.
     */
    public VectorSearch allowedHosts(String... hosts) {
        return with(new Asked(asked.query(), asked.k(), asked.column(), asked.where(), asked.recall(), List.of(hosts)));
    }

    VectorSearch column(String name) {
        return with(new Asked(
                asked.query(), asked.k(), Optional.of(name), asked.where(), asked.recall(), asked.allowedHosts()));
    }

    private VectorSearch with(Asked other) {
        return new VectorSearch(opened, other);
    }

    /**
     * Embeds the query as the column was embedded and finds the nearest rows.
     *
     * @return the rows, best first: the cosine similarity as {@code score}, then the table's columns but for its vectors
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the column cannot be searched, or the query is blank
     */
    public Dataset<Row> rows() {
        return found().rows();
    }

    /** As {@link #rows}, with what was read of the column's index. */
    public Found found() {
        ColumnSearch.Found found = opened.apply(asked.allowedHosts())
                .nearest(asked.query(), asked.k(), asked.column(), asked.where(), asked.recall());
        return new Found(found.rows(), found.how());
    }

    /**
     * Rows that a search has found.
     *
     * @param rows as {@link #rows()} gives them
     * @param how what was read of the column's index, or why it was not used, in a sentence; empty where the column has none
     */
    public record Found(Dataset<Row> rows, String how) {}
}
