package io.embedlake.spark.publish;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import io.embedlake.config.EmbeddingSpec;
import io.embedlake.config.JobSpec;
import io.embedlake.spark.source.Columns;
import io.embedlake.spark.source.SourceRows;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The columns that identify a row of a target: the source's ids and, where a long text has a row per chunk, the number
 * of the chunk. Immutable.
 *
 * @param ids the columns that name a row; part {@code i} of the source's id is derived as {@link SourceRows#id}{@code (i)}
 * @param chunks the vector column whose texts are split into chunks, if any
 * @param vectors all vector columns
 */
public record TargetShape(List<String> ids, Optional<String> chunks, List<String> vectors) {
    private static final String CHUNK = SourceRows.PREFIX + "chunk";
    private static final String SPAN = SourceRows.PREFIX + "span";

    public TargetShape {
        ids = List.copyOf(ids);
        vectors = List.copyOf(vectors);
    }

    /** The shape of a job's target. */
    public static TargetShape of(JobSpec job) {
        Optional<String> chunks = job.embeddings().stream()
                .filter(EmbeddingSpec::makesRows)
                .map(EmbeddingSpec::column)
                .findFirst();
        List<String> ids = new ArrayList<>(job.source().id());
        chunks.ifPresent(column -> ids.add(number(column)));
        return new TargetShape(ids, chunks, job.vectorColumns());
    }

    /** The column with the number of a chunk, from 0. */
    private static String number(String column) {
        return column + "_piece";
    }

    /** The column with the position of a chunk's first character, from 0. */
    private static String start(String column) {
        return column + "_start";
    }

    /** The column with the position after a chunk's last character. */
    private static String end(String column) {
        return column + "_end";
    }

    /** The columns of the target with the parts of the source's id. */
    List<String> sourceIds() {
        return chunks.isPresent() ? ids.subList(0, ids.size() - 1) : ids;
    }

    /** The derived columns that together name a row. */
    List<String> derivedIds() {
        return IntStream.range(0, ids.size()).mapToObj(SourceRows::id).toList();
    }

    /** The columns of a copy of the source, but for the vector columns. */
    StructType columns(StructType source) {
        if (chunks.isEmpty()) {
            return source;
        }
        return source.add(number(chunks.get()), DataTypes.IntegerType)
                .add(start(chunks.get()), DataTypes.IntegerType)
                .add(end(chunks.get()), DataTypes.IntegerType);
    }

    /** The columns of a copy of the source that a target has too, but for the vector columns. */
    List<String> shared(StructType source, StructType target) {
        return Arrays.stream(columns(source).fieldNames())
                .filter(name -> Columns.find(target, name).isPresent())
                .filter(name -> vectors.stream().noneMatch(name::equalsIgnoreCase))
                .toList();
    }

    /**
     * Makes sure that the source has no columns of the names that this shape adds.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} otherwise
     */
    public void requireFree(StructType source) {
        chunks.ifPresent(column -> Arrays.asList(number(column), start(column), end(column))
                .forEach(name -> {
                    if (Columns.find(source, name).isPresent()) {
                        throw new EmbedlakeException(
                                ErrorKind.CONFIGURATION,
                                "Cannot add the column " + name + ": the source has one of that name (with long-text"
                                        + " split-rows it tells the chunks of a text apart). Change the key column.");
                    }
                }));
    }

    /**
     * The rows of the target: those of the source, or one per chunk; a row without a vector stays one.
     *
     * @param vector the column with the vectors of all chunks, which becomes the column with one vector
     */
    Dataset<Row> rows(Dataset<Row> rows, String vector) {
        if (chunks.isEmpty()) {
            return rows;
        }
        String column = chunks.get();
        Column[] exploded = {col("*"), expr("posexplode_outer(" + vector + ") AS (" + CHUNK + ", " + SPAN + ")")};
        Column number = coalesce(col(CHUNK), lit(0));
        return rows.select(exploded)
                .withColumn(SourceRows.id(ids.size() - 1), number)
                .withColumn(number(column), number)
                .withColumn(start(column), col(SPAN).getField("start"))
                .withColumn(end(column), col(SPAN).getField("end"))
                .withColumn(vector, col(SPAN).getField("vector"))
                .drop(CHUNK, SPAN);
    }
}
