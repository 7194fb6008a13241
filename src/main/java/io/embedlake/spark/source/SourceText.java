package io.embedlake.spark.source;

import static org.apache.spark.sql.functions.col;

import io.embedlake.spark.store.VectorStore;
import io.embedlake.spi.InputKind;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What one embedding embeds in each row of a source: a text, or an image. Immutable; lazy.
 *
 * @param number which of the job's embeddings
 * @param attribute the same over the source's own columns, in SQL
 * @param form how it is read
 */
public record SourceText(SourceRows source, int number, AttributeSql attribute, InputForm form) {
    /** The columns of {@link #texts()} beside the content hash. */
    public static final String TEXT = "text";

    public static final String ROW_ID = "row_id";

    /** The length of a text in characters, of an image's file in bytes. */
    public static final String SIZE = "size";

    /** Where the columns of {@link #texts()} are. */
    public static final int HASH_AT = 0;

    public static final int TEXT_AT = 1;
    public static final int ROW_ID_AT = 2;
    public static final int SIZE_AT = 3;

    public static String text(int number) {
        return SourceRows.PREFIX + "text_" + number;
    }

    public static String hash(int number) {
        return SourceRows.PREFIX + "hash_" + number;
    }

    public static String size(int number) {
        return SourceRows.PREFIX + "size_" + number;
    }

    /** The derived column with the text, the image or its path; null where a row has none. */
    public String text() {
        return text(number);
    }

    /** The derived column with its hash; null where a row has no text. */
    public String hash() {
        return hash(number);
    }

    /** The derived column with its size. */
    public String size() {
        return size(number);
    }

    /** What it is. */
    public InputKind kind() {
        return attribute.form() == AttributeSql.Form.TEXT ? InputKind.TEXT : InputKind.IMAGE;
    }

    /** Whether it is named by paths, so that it may change without a change of the source. */
    public boolean isOfFiles() {
        return attribute.form() == AttributeSql.Form.PATH;
    }

    /** Whether it takes much room, so that it is moved as seldom as possible. */
    public boolean isLarge() {
        return attribute.form() == AttributeSql.Form.IMAGE;
    }

    /** The derived column that changes with the row's own content: the hash, or the path of a file. */
    public String origin() {
        return isOfFiles() ? text() : hash();
    }

    /** The same over the source's own columns, in SQL. */
    public String originExpression() {
        return isOfFiles() ? attribute.content() : attribute.hash();
    }

    /** The texts, as often as they come: {@code content_hash, text, row_id, size}. */
    public Dataset<Row> texts() {
        return source.selected()
                .select(
                        col(hash()).as(VectorStore.CONTENT_HASH),
                        col(text()).as(TEXT),
                        source.readableId().as(ROW_ID),
                        col(size()).as(SIZE))
                .where(col(VectorStore.CONTENT_HASH).isNotNull());
    }

    /** The hashes of the texts: {@code content_hash}; each once where there are many rows. */
    public Dataset<Row> hashes() {
        Dataset<Row> hashes = source.selected()
                .select(col(hash()).as(VectorStore.CONTENT_HASH))
                .where(col(VectorStore.CONTENT_HASH).isNotNull());
        return source.areFew() ? hashes : hashes.distinct();
    }

    /** All that a row's published vector and the row itself depend on. */
    public Column[] published() {
        List<Column> published = new ArrayList<>(source.published());
        published.add(source.ids().size(), col(hash()));
        return published.toArray(Column[]::new);
    }
}
