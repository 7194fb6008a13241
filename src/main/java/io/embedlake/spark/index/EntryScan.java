package io.embedlake.spark.index;

import io.embedlake.spark.store.PagedFile;
import io.embedlake.spark.store.ParquetColumns;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.internal.filter2.columnindex.RowRanges;
import org.apache.parquet.io.api.Binary;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Reads the entries of some cells, by single pages. Immutable; runs on executors.
 *
 * @param fit names the cells; entries of others are passed over
 * @param ids how the parts of an id are read
 */
record EntryScan(Broadcast<SerializableConfiguration> configuration, String fit, ParquetColumns ids)
        implements Serializable {
    private static final int FIRST_ID = 4;

    /** An entry, while it is read. Confined to one thread. */
    interface Entry {
        int cell();

        /** Its number within its file. */
        long row();

        /** The file of the table that has the row, as the table's log names it. */
        String file();

        byte[] vector();

        /** A part of the row's id, of the type in which it is read. */
        Object id(int part);
    }

    /**
     * Reads a file's entries, in their order.
     *
     * @param cells the cells, sorted
     */
    void read(EntryFile entries, int[] cells, Consumer<Entry> taker) {
        Configuration hadoop = configuration.value().value();
        try (PagedFile file = new PagedFile(entries.file().uri(), hadoop, columns())) {
            LongPredicate isDeleted = entries.file().deleted().read(hadoop);
            for (int group = 0; group < file.groups(); group++) {
                RowRanges pages = file.pages(
                        group,
                        IndexTables.CELL,
                        (least, most) -> EntryFile.anyBetween(cells, number(least), number(most)));
                if (pages.rowCount() > 0) {
                    read(file, group, pages, cells, isDeleted, taker);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> columns() {
        List<String> columns =
                new ArrayList<>(List.of(IndexTables.CELL, IndexTables.FIT, IndexedColumn.FILE, IndexedColumn.VECTOR));
        columns.addAll(ids.names());
        return columns;
    }

    private static int number(ByteBuffer value) {
        return value.order(ByteOrder.LITTLE_ENDIAN).getInt(value.position());
    }

    private void read(
            PagedFile file, int group, RowRanges pages, int[] cells, LongPredicate isDeleted, Consumer<Entry> taker)
            throws IOException {
        Binary wanted = Binary.fromString(fit);
        long first = file.firstRow(group);
        List<ColumnReader> readers = file.read(group, pages, columns());
        for (PrimitiveIterator.OfLong read = pages.iterator(); read.hasNext(); ) {
            long row = first + read.nextLong();
            int cell = readers.get(0).getInteger();
            if (Arrays.binarySearch(cells, cell) >= 0
                    && readers.get(1).getBinary().equals(wanted)
                    && !isDeleted.test(row)) {
                taker.accept(new Read(cell, row, readers, ids));
            }
            readers.forEach(ParquetColumns::next);
        }
    }

    private record Read(int cell, long row, List<ColumnReader> readers, ParquetColumns ids) implements Entry {
        @Override
        public String file() {
            return readers.get(2).getBinary().toStringUsingUTF8();
        }

        @Override
        public byte[] vector() {
            return readers.get(FIRST_ID - 1).getBinary().getBytes();
        }

        @Override
        public Object id(int part) {
            return ids.value(part, readers.get(FIRST_ID + part));
        }
    }
}
