package io.embedlake.spark.source;

import static org.apache.spark.sql.functions.col;

import io.embedlake.spark.store.VectorStore;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The text of one embedding in each row of a source. Immutable; lazy.
 *
 * @param number which of the job's embeddings
 * @param hashExpression its hash over the source's own columns, in SQL
 */
public record SourceText(SourceRows source, int number, String hashExpression) {
    /** The columns of {@link #texts()} beside the content hash. */
    public static final String TEXT = "text";

    public static final String ROW_ID = "row_id";

    public static String text(int number) {
        return SourceRows.PREFIX + "text_" + number;
    }

    public static String hash(int number) {
        return SourceRows.PREFIX + "hash_" + number;
    }

    /** The derived column with the text; null where a row has none. */
    public String text() {
        return text(number);
    }

    /** The derived column with its hash; null where a row has no text. */
    public String hash() {
        return hash(number);
    }

    /** The texts, as often as they come: {@code content_hash, text, row_id}. */
    public Dataset<Row> texts() {
        return source.selected()
                .select(
                        col(hash()).as(VectorStore.CONTENT_HASH),
                        col(text()).as(TEXT),
                        source.readableId().as(ROW_ID))
                .where(col(VectorStore.CONTENT_HASH).isNotNull());
    }

    /** All that a row's published vector and the row itself depend on. */
    public Column[] published() {
        List<Column> published = new ArrayList<>(source.published());
        published.add(source.ids().size(), col(hash()));
        return published.toArray(Column[]::new);
    }
}
