package io.embedlake.spark.index;

import io.embedlake.spark.sql.VectorKernels;
import io.embedlake.spark.store.PagedFile;
import io.embedlake.spark.store.ParquetColumns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.function.LongPredicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.internal.filter2.columnindex.RowRanges;
import org.apache.parquet.io.api.Binary;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Compares the entries of some cells of a file with a query: {@code id_0, ..., score, file, entry_file, entry_row}. Immutable; runs on executors.
 *
 * @param fit names the cells; entries of others are passed over
 * @param cells the cells, sorted
 * @param ids how the parts of an id are read
 * @param gone files of the table whose entries are passed over
 * @param most so many entries of a file are of interest: the best ones, and those that are as good as the last of them
 */
record CellScan(
        Broadcast<SerializableConfiguration> configuration,
        String fit,
        int[] cells,
        ParquetColumns ids,
        VectorKernels.Similarity query,
        Set<String> gone,
        int most)
        implements FlatMapFunction<EntryFile, Row> {
    private static final int FIRST_ID = 4;

    @Override
    public Iterator<Row> call(EntryFile entries) {
        Configuration hadoop = configuration.value().value();
        List<Row> rows = new ArrayList<>();
        try (PagedFile file = new PagedFile(entries.file().uri(), hadoop, columns())) {
            LongPredicate isDeleted = entries.file().deleted().read(hadoop);
            for (int group = 0; group < file.groups(); group++) {
                RowRanges pages = file.pages(group, IndexTables.CELL, this::hasAny);
                if (pages.rowCount() > 0) {
                    read(entries.number(), file, group, pages, isDeleted, rows);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return best(rows).iterator();
    }

    private List<String> columns() {
        List<String> columns =
                new ArrayList<>(List.of(IndexTables.CELL, IndexTables.FIT, IndexedColumn.FILE, IndexedColumn.VECTOR));
        columns.addAll(ids.names());
        return columns;
    }

    private List<Row> best(List<Row> rows) {
        if (rows.size() <= most) {
            return rows;
        }
        double[] scores = rows.stream().mapToDouble(this::score).sorted().toArray();
        double last = scores[scores.length - most];
        return rows.stream().filter(row -> score(row) >= last).toList();
    }

    private double score(Row row) {
        return row.getDouble(ids.count());
    }

    private boolean hasAny(ByteBuffer least, ByteBuffer most) {
        return EntryFile.anyBetween(cells, number(least), number(most));
    }

    private static int number(ByteBuffer value) {
        return value.order(ByteOrder.LITTLE_ENDIAN).getInt(value.position());
    }

    private void read(int number, PagedFile file, int group, RowRanges pages, LongPredicate isDeleted, List<Row> rows)
            throws IOException {
        Binary wanted = Binary.fromString(fit);
        long first = file.firstRow(group);
        List<ColumnReader> readers = file.read(group, pages, columns());
        for (PrimitiveIterator.OfLong read = pages.iterator(); read.hasNext(); ) {
            long row = first + read.nextLong();
            if (Arrays.binarySearch(cells, readers.get(0).getInteger()) >= 0
                    && readers.get(1).getBinary().equals(wanted)
                    && !isDeleted.test(row)) {
                String own = readers.get(2).getBinary().toStringUsingUTF8();
                if (!gone.contains(own)) {
                    rows.add(row(number, row, own, readers));
                }
            }
            readers.forEach(ParquetColumns::next);
        }
    }

    private Row row(int number, long row, String own, List<ColumnReader> readers) {
        int count = ids.count();
        Object[] values = new Object[count + FIRST_ID];
        for (int i = 0; i < count; i++) {
            values[i] = ids.value(i, readers.get(FIRST_ID + i));
        }
        values[count] = query.ofBinary(readers.get(FIRST_ID - 1).getBinary().getBytes());
        values[count + 1] = own;
        values[count + 2] = number;
        values[count + 3] = row;
        return RowFactory.create(values);
    }
}
