package io.embedlake.spark.store;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.internal.column.columnindex.ColumnIndex;
import org.apache.parquet.internal.column.columnindex.OffsetIndex;
import org.apache.parquet.internal.filter2.columnindex.RowRanges;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import scala.collection.immutable.ArraySeq;

/**
 * A Parquet file of whole vectors, of which only those pages are read that may have to do with an asked text: first those of the hashes,
 * then those of the vectors of the rows that were found. Confined to one thread; closed by its owner.
 */
final class StoreFile implements AutoCloseable {
    private static final int JULIAN_DAY_OF_EPOCH = 2_440_588;
    private static final long MICROS_OF_DAY = 86_400_000_000L;

    private final ParquetFileReader reader;
    private final FileMetaData file;
    private final Binary fingerprint;
    private final AskedHashes asked;

    /**
     * Opens a file.
     *
     * @param file its URI
     * @param fingerprint what made the vectors
     */
    StoreFile(String file, Configuration configuration, String fingerprint, AskedHashes asked) throws IOException {
        this.reader = ParquetFileReader.open(HadoopInputFile.fromPath(new Path(URI.create(file)), configuration));
        this.file = reader.getFileMetaData();
        this.fingerprint = Binary.fromString(fingerprint);
        this.asked = asked;
    }

    /** How many groups of rows it has. */
    int groups() {
        return reader.getRowGroups().size();
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
        ColumnDescriptor vector = column(VectorStore.VECTOR);
        OffsetIndex index = reader.readOffsetIndex(chunk(group, vector));
        long count = reader.getRowGroups().get(group).getRowCount();
        RowRanges pages = pages(
                group,
                index,
                page -> found.anyBetween(index.getFirstRowIndex(page), index.getLastRowIndex(page, count)));
        List<ColumnReader> columns = open(group, pages, vector, column(VectorTable.CREATED_AT));
        PrimitiveIterator.OfLong read = pages.iterator();
        for (int i = 0; i < found.count(); ) {
            boolean isFound = read.nextLong() == found.row(i);
            ArraySeq<Object> values = values(columns.get(0), isFound);
            if (isFound) {
                rows.add(RowFactory.create(found.hash(i++), values, micros(columns.get(1))));
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
        ColumnDescriptor hash = column(VectorTable.CONTENT_HASH);
        ColumnDescriptor maker = column(VectorTable.FINGERPRINT);
        RowRanges pages = pages(group, hash);
        if (pages.rowCount() == 0) {
            return found;
        }
        boolean isOnly = hasOnlyFingerprint(chunk(group, maker).getStatistics());
        List<ColumnReader> columns = isOnly ? open(group, pages, hash) : open(group, pages, hash, maker);
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

    /** The rows of the pages that may have an asked hash. */
    private RowRanges pages(int group, ColumnDescriptor hash) throws IOException {
        ColumnIndex index = reader.readColumnIndex(chunk(group, hash));
        if (index == null) {
            return pages(group, null, page -> true);
        }
        List<ByteBuffer> least = index.getMinValues();
        List<ByteBuffer> most = index.getMaxValues();
        return pages(
                group,
                reader.readOffsetIndex(chunk(group, hash)),
                page -> asked.anyBetween(least.get(page), most.get(page)));
    }

    private boolean hasOnlyFingerprint(Statistics<?> makers) {
        return makers.hasNonNullValue()
                && Arrays.equals(makers.getMinBytes(), fingerprint.getBytes())
                && Arrays.equals(makers.getMaxBytes(), fingerprint.getBytes());
    }

    /** The rows of some pages of a column; of all where the file has no index. */
    private RowRanges pages(int group, OffsetIndex index, IntPredicate isRead) {
        long rows = reader.getRowGroups().get(group).getRowCount();
        return index == null
                ? RowRanges.createSingle(rows)
                : RowRanges.create(
                        rows,
                        IntStream.range(0, index.getPageCount()).filter(isRead).iterator(),
                        index);
    }

    /** Reads columns of some rows. */
    private List<ColumnReader> open(int group, RowRanges rows, ColumnDescriptor... columns) throws IOException {
        // The reader remembers the index of the columns that it has first read of a group, and of no others.
        reader.setRequestedSchema(file.getSchema());
        reader.getColumnIndexStore(group);
        MessageType schema = new MessageType(
                file.getSchema().getName(),
                Stream.of(columns)
                        .map(column -> file.getSchema().getType(column.getPath()[0]))
                        .toList());
        reader.setRequestedSchema(schema);
        ColumnReadStoreImpl store = new ColumnReadStoreImpl(
                reader.readFilteredRowGroup(group, rows),
                new GroupRecordConverter(schema).getRootConverter(),
                schema,
                file.getCreatedBy());
        return Stream.of(columns).map(store::getColumnReader).toList();
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

    /** Spark writes times as nanoseconds of a Julian day, or as it is told to. */
    private static long micros(ColumnReader times) {
        if (times.getDescriptor().getPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.INT64) {
            return times.getLong();
        }
        ByteBuffer parts = times.getBinary().toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        long nanos = parts.getLong();
        return (parts.getInt() - JULIAN_DAY_OF_EPOCH) * MICROS_OF_DAY + nanos / 1000;
    }

    private ColumnDescriptor column(String name) {
        return file.getSchema().getColumns().stream()
                .filter(column -> column.getPath()[0].equals(name))
                .findFirst()
                .orElseThrow();
    }

    private ColumnChunkMetaData chunk(int group, ColumnDescriptor column) {
        ColumnPath path = ColumnPath.get(column.getPath());
        return reader.getRowGroups().get(group).getColumns().stream()
                .filter(chunk -> chunk.getPath().equals(path))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
