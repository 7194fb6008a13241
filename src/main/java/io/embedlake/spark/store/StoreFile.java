package io.embedlake.spark.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.internal.filter2.columnindex.RowRanges;
import org.apache.parquet.io.api.Binary;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import scala.collection.immutable.ArraySeq;

/**
 * A Parquet file of whole vectors, of which only those pages are read that may have to do with an asked text: first those of the hashes,
 * then those of the vectors of the rows that were found. Confined to one thread; closed by its owner.
 */
final class StoreFile implements AutoCloseable {
    private static final List<String> COLUMNS =
            List.of(VectorTable.CONTENT_HASH, VectorTable.FINGERPRINT, VectorStore.VECTOR, VectorTable.CREATED_AT);
    private static final int JULIAN_DAY_OF_EPOCH = 2_440_588;
    private static final long MICROS_OF_DAY = 86_400_000_000L;

    private final PagedFile file;
    private final Binary fingerprint;
    private final AskedHashes asked;

    /**
     * Opens a file.
     *
     * @param file its URI
     * @param fingerprint what made the vectors
     */
    StoreFile(String file, Configuration configuration, String fingerprint, AskedHashes asked) throws IOException {
        this.file = new PagedFile(file, configuration, COLUMNS);
        this.fingerprint = Binary.fromString(fingerprint);
        this.asked = asked;
    }

    /** How many groups of rows it has. */
    int groups() {
        return file.groups();
    }

    /** The asked hashes in a group: {@code content_hash}. */
    List<Row> hashes(int group) throws IOException {
        FoundRows found = find(group);
        return IntStream.range(0, found.count())
                .mapToObj(i -> RowFactory.create(found.hash(i)))
                .toList();
    }

    /** The asked vectors in a group: {@code content_hash, vector, created_at}, the time in microseconds. */
    List<Row> vectors(int group) throws IOException {
        List<Row> rows = new ArrayList<>();
        FoundRows found = find(group);
        if (found.count() == 0) {
            return rows;
        }
        RowRanges pages = file.pagesOf(group, VectorStore.VECTOR, found::anyBetween);
        List<ColumnReader> columns = file.read(group, pages, List.of(VectorStore.VECTOR, VectorTable.CREATED_AT));
        PrimitiveIterator.OfLong read = pages.iterator();
        for (int i = 0; i < found.count(); ) {
            boolean isFound = read.nextLong() == found.row(i);
            ArraySeq<Object> values = values(columns.get(0), isFound);
            if (isFound) {
                rows.add(RowFactory.create(found.hash(i++), values, ParquetValue.micros(columns.get(1))));
            } else {
                columns.get(1).skip();
            }
            columns.get(1).consume();
        }
        return rows;
    }

    /** The rows of a group that have an asked hash. */
    private FoundRows find(int group) throws IOException {
        FoundRows found = new FoundRows();
        RowRanges pages = file.pages(group, VectorTable.CONTENT_HASH, asked::anyBetween);
        if (pages.rowCount() == 0) {
            return found;
        }
        boolean isOnly = hasOnlyFingerprint(file.statistics(group, VectorTable.FINGERPRINT));
        List<ColumnReader> columns = file.read(
                group,
                pages,
                isOnly
                        ? List.of(VectorTable.CONTENT_HASH)
                        : List.of(VectorTable.CONTENT_HASH, VectorTable.FINGERPRINT));
        for (PrimitiveIterator.OfLong rows = pages.iterator(); rows.hasNext(); ) {
            long row = rows.nextLong();
            Binary value = columns.get(0).getBinary();
            if ((isOnly || columns.get(1).getBinary().equals(fingerprint)) && asked.contains(value.toByteBuffer())) {
                found.add(row, value);
            }
            columns.forEach(ColumnReader::consume);
        }
        return found;
    }

    private boolean hasOnlyFingerprint(Statistics<?> makers) {
        return makers.hasNonNullValue()
                && Arrays.equals(makers.getMinBytes(), fingerprint.getBytes())
                && Arrays.equals(makers.getMaxBytes(), fingerprint.getBytes());
    }

    private static ArraySeq<Object> values(ColumnReader column, boolean isRead) {
        float[] values = new float[isRead ? 256 : 0];
        int count = 0;
        int defined = column.getDescriptor().getMaxDefinitionLevel();
        do {
            if (isRead && column.getCurrentDefinitionLevel() == defined) {
                values = count == values.length ? Arrays.copyOf(values, 2 * count) : values;
                values[count++] = column.getFloat();
            } else {
                column.skip();
            }
            column.consume();
        } while (column.getCurrentRepetitionLevel() > 0);
        return new ArraySeq.ofFloat(Arrays.copyOf(values, count));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
