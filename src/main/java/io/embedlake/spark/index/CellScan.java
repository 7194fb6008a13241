package io.embedlake.spark.index;

import io.embedlake.spark.sql.VectorKernels;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Compares the entries of some cells of a file with a query: {@code id_0, ..., score, file, entry_file, entry_row}. Immutable; runs on executors.
 *
 * @param cells the cells, sorted
 * @param gone files of the table whose entries are passed over
 * @param most so many entries of a file are of interest: the best ones, and those that are as good as the last of them
 */
record CellScan(EntryScan scan, int[] cells, VectorKernels.Similarity query, Set<String> gone, int most)
        implements FlatMapFunction<EntryFile, Row> {
    /** So many columns are beside those of the id. */
    private static final int OTHERS = 4;

    @Override
    public Iterator<Row> call(EntryFile file) {
        List<Row> rows = new ArrayList<>();
        scan.read(file, cells, entry -> {
            String own = entry.file();
            if (!gone.contains(own)) {
                rows.add(row(file.number(), own, entry));
            }
        });
        return best(rows).iterator();
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
        return row.getDouble(scan.ids().count());
    }

    private Row row(int number, String own, EntryScan.Entry entry) {
        int count = scan.ids().count();
        Object[] values = new Object[count + OTHERS];
        for (int i = 0; i < count; i++) {
            values[i] = entry.id(i);
        }
        values[count] = query.ofBinary(entry.vector());
        values[count + 1] = own;
        values[count + 2] = number;
        values[count + 3] = entry.row();
        return RowFactory.create(values);
    }
}
