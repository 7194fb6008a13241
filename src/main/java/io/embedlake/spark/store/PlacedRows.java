package io.embedlake.spark.store;

import static org.apache.spark.sql.functions.col;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.internal.filter2.columnindex.RowRanges;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Reads single rows of Parquet files, by their numbers or by ids: of each column the pages that have them, where a query of Spark reads whole
 * files. Stateless; confined to the driver.
 */
public final class PlacedRows {
    /** The URI of a row's file. */
    public static final String FILE = "__embedlake_file";

    /** The number of the row within its file. */
    public static final String ROW = "__embedlake_row";

    private PlacedRows() {}

    /**
     * Reads rows by their numbers: {@link #FILE}, {@link #ROW}, and the columns.
     *
     * @param rows the numbers of the rows of each file, by its URI
     * @return nothing where a file lacks a column, or has times of a calendar that is Spark's alone
     */
    public static Optional<List<Row>> numbered(SparkSession spark, Map<String, long[]> rows, ParquetColumns columns) {
        return read(spark, files(rows, Numbered::new), columns);
    }

    /**
     * Reads rows by their ids: {@link #FILE}, {@link #ROW}, and the columns. Of the columns with the ids, pages are passed over where the first
     * one is a whole number.
     *
     * @param rows the ids of the rows of each file, by its URI; an id has a value for each of its columns
     * @param ids the columns with the ids
     * @return nothing where a file lacks a column, or has times of a calendar that is Spark's alone
     */
    static Optional<List<Row>> identified(
            SparkSession spark, Map<String, List<List<Object>>> rows, ParquetColumns ids, ParquetColumns columns) {
        return read(spark, files(rows, own -> new Identified(keys(own), ids)), columns);
    }

    private static <T> List<FileRows> files(Map<String, T> rows, Function<T, Wanted> wanted) {
        return rows.entrySet().stream()
                .map(file -> new FileRows(file.getKey(), wanted.apply(file.getValue())))
                .toList();
    }

    private static Set<List<Object>> keys(List<List<Object>> ids) {
        Set<List<Object>> keys = new HashSet<>();
        ids.forEach(id -> keys.add(id.stream().map(ParquetValue::key).toList()));
        return keys;
    }

    private static Optional<List<Row>> read(SparkSession spark, List<FileRows> files, ParquetColumns columns) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        StructType read = StructType.fromDDL(FILE + " STRING, " + ROW + " BIGINT");
        for (StructField field : columns.read().fields()) {
            read = read.add(field);
        }
        Reading reading =
                new Reading(new SerializableConfiguration(spark.sessionState().newHadoopConf()), columns);
        List<Row> found = spark.createDataFrame(
                        context.parallelize(files, Math.max(1, files.size())).flatMap(reading), read)
                .select(Stream.concat(Stream.of(col(FILE), col(ROW)), columns.own().stream())
                        .toArray(Column[]::new))
                .collectAsList();
        return found.stream().anyMatch(row -> row.isNullAt(1)) ? Optional.empty() : Optional.of(found);
    }

    private record FileRows(String uri, Wanted wanted) implements Serializable {}

    /** The rows that are wanted of a file. */
    private sealed interface Wanted extends Serializable {
        /** The columns that say which rows they are. */
        List<String> columns();

        /** Their numbers within a group, ascending. */
        long[] of(PagedFile file, int group) throws IOException;
    }

    private record Numbered(long[] numbers) implements Wanted {
        @Override
        public List<String> columns() {
            return List.of();
        }

        @Override
        public long[] of(PagedFile file, int group) {
            long first = file.firstRow(group);
            long count = file.rows(group);
            return Arrays.stream(numbers)
                    .map(row -> row - first)
                    .filter(row -> row >= 0 && row < count)
                    .sorted()
                    .toArray();
        }
    }

    private record Identified(Set<List<Object>> keys, ParquetColumns ids) implements Wanted {
        @Override
        public List<String> columns() {
            return ids.names();
        }

        @Override
        public long[] of(PagedFile file, int group) throws IOException {
            LongStream.Builder found = LongStream.builder();
            RowRanges pages = file.pages(group, columns().get(0), this::anyBetween);
            if (pages.rowCount() == 0) {
                return new long[0];
            }
            List<ColumnReader> readers = file.read(group, pages, columns());
            for (PrimitiveIterator.OfLong rows = pages.iterator(); rows.hasNext(); ) {
                long row = rows.nextLong();
                List<Object> id = new ArrayList<>();
                for (int i = 0; i < readers.size(); i++) {
                    id.add(ParquetValue.key(ids.value(i, readers.get(i))));
                    ParquetColumns.next(readers.get(i));
                }
                if (keys.contains(id)) {
                    found.add(row);
                }
            }
            return found.build().toArray();
        }

        /** Whether a page may have one of the ids; pages of other values than whole numbers may. */
        private boolean anyBetween(ByteBuffer least, ByteBuffer most) {
            OptionalLong from = ids.number(0, least);
            OptionalLong to = ids.number(0, most);
            return from.isEmpty()
                    || to.isEmpty()
                    || keys.stream()
                            .map(key -> (Long) key.get(0))
                            .anyMatch(key -> key >= from.getAsLong() && key <= to.getAsLong());
        }
    }

    /** Rows of a file; one without a number where they cannot be read so. Immutable; runs on executors. */
    private record Reading(SerializableConfiguration configuration, ParquetColumns columns)
            implements FlatMapFunction<FileRows, Row> {
        @Override
        public Iterator<Row> call(FileRows rows) {
            List<String> all = Stream.concat(rows.wanted().columns().stream(), columns.names().stream())
                    .toList();
            try (PagedFile file = new PagedFile(rows.uri(), configuration.value(), all)) {
                boolean isReadable = file.hasAll(columns.names())
                        && file.hasAll(rows.wanted().columns())
                        && !file.hasOtherCalendar();
                return isReadable
                        ? found(file, rows).iterator()
                        : List.of(RowFactory.create(values(rows.uri(), null))).iterator();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private List<Row> found(PagedFile file, FileRows rows) throws IOException {
            List<Row> found = new ArrayList<>();
            for (int group = 0; group < file.groups(); group++) {
                long[] own = rows.wanted().of(file, group);
                Object[][] values = new Object[own.length][];
                for (int i = 0; i < own.length; i++) {
                    values[i] = values(rows.uri(), file.firstRow(group) + own[i]);
                }
                for (int column = 0; column < columns.count() && own.length > 0; column++) {
                    fill(file, group, own, column, values);
                }
                Arrays.stream(values).map(RowFactory::create).forEach(found::add);
            }
            return found;
        }

        /** Each column has pages of its own. */
        private void fill(PagedFile file, int group, long[] own, int column, Object[][] values) throws IOException {
            String name = columns.names().get(column);
            RowRanges pages =
                    file.pagesOf(group, name, (first, last) -> PagedFile.anyBetween(own, own.length, first, last));
            ColumnReader reader = file.read(group, pages, List.of(name)).get(0);
            PrimitiveIterator.OfLong read = pages.iterator();
            for (int i = 0; i < own.length; ParquetColumns.next(reader)) {
                if (read.nextLong() == own[i]) {
                    values[i++][column + 2] = columns.value(column, reader);
                }
            }
        }

        private Object[] values(String uri, Long number) {
            Object[] values = new Object[columns.count() + 2];
            values[0] = uri;
            values[1] = number;
            return values;
        }
    }
}
