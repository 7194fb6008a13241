package io.embedlake.spark.index;

import io.embedlake.spark.sql.VectorKernels;
import io.embedlake.spark.store.PagedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PrimitiveIterator;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.internal.filter2.columnindex.RowRanges;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Compares the full vectors of some entries of a file with a query: {@code file, row, score}. Immutable; runs on executors.
 *
 * @param rows the numbers of the rows, sorted, by the number of their file
 */
record FullVectors(
        Broadcast<SerializableConfiguration> configuration, Map<Integer, long[]> rows, VectorKernels.Similarity query)
        implements FlatMapFunction<EntryFile, Row> {
    @Override
    public Iterator<Row> call(EntryFile entries) {
        List<Row> found = new ArrayList<>();
        long[] wanted = rows.get(entries.number());
        try (PagedFile file =
                new PagedFile(entries.file().uri(), configuration.value().value())) {
            for (int group = 0; group < file.groups(); group++) {
                long first = file.firstRow(group);
                RowRanges pages = file.pagesOf(
                        group, IndexedColumn.FULL, (from, to) -> anyBetween(wanted, first + from, first + to));
                if (pages.rowCount() > 0) {
                    read(entries.number(), file, group, pages, found);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found.iterator();
    }

    private void read(int number, PagedFile file, int group, RowRanges pages, List<Row> found) throws IOException {
        long first = file.firstRow(group);
        ColumnReader vectors =
                file.read(group, pages, List.of(IndexedColumn.FULL)).get(0);
        int defined = vectors.getDescriptor().getMaxDefinitionLevel();
        for (PrimitiveIterator.OfLong read = pages.iterator(); read.hasNext(); vectors.consume()) {
            long row = first + read.nextLong();
            if (vectors.getCurrentDefinitionLevel() < defined) {
                continue;
            }
            if (Arrays.binarySearch(rows.get(number), row) >= 0) {
                found.add(RowFactory.create(
                        number, row, query.ofBinary(vectors.getBinary().getBytes())));
            } else {
                vectors.skip();
            }
        }
    }

    private static boolean anyBetween(long[] sorted, long first, long last) {
        int at = Arrays.binarySearch(sorted, first);
        int next = at < 0 ? -at - 1 : at;
        return next < sorted.length && sorted[next] <= last;
    }
}
