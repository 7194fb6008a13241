package io.embedlake.spark.store;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.internal.column.columnindex.ColumnIndex;
import org.apache.parquet.internal.column.columnindex.OffsetIndex;
import org.apache.parquet.internal.filter2.columnindex.ColumnIndexStore;
import org.apache.parquet.internal.filter2.columnindex.RowRanges;
import org.apache.parquet.schema.MessageType;

/**
 * A Parquet file of which single pages are read, as the file's own index of pages says. Only columns at the top are read, and only those
 * without nulls are looked into for values. Confined to one thread; closed by its owner.
 */
public final class PagedFile implements AutoCloseable {
    private final ParquetFileReader reader;
    private final FileMetaData file;
    private final MessageType columns;

    /**
     * Opens a file.
     *
     * @param file its URI
     * @param columns all that may be asked for, where the file has them: of others the index of pages is not read
     */
    public PagedFile(String file, Configuration configuration, List<String> columns) throws IOException {
        // Without options of its own the reader parses all configuration files of Hadoop again.
        this.reader = ParquetFileReader.open(
                new TailedFile(HadoopInputFile.fromPath(new Path(URI.create(file)), configuration)),
                HadoopReadOptions.builder(configuration).build());
        this.file = reader.getFileMetaData();
        this.columns = schema(columns.stream()
                .filter(column -> this.file.getSchema().containsField(column))
                .distinct()
                .toList());
    }

    private MessageType schema(List<String> names) {
        MessageType all = file.getSchema();
        return new MessageType(all.getName(), names.stream().map(all::getType).toList());
    }

    /** The index of a group's pages, which the reader remembers for the columns that are requested when it is first asked. */
    private ColumnIndexStore index(int group) {
        reader.setRequestedSchema(columns);
        return reader.getColumnIndexStore(group);
    }

    /** Where the pages of a column begin; nothing where the file does not say. */
    private Optional<OffsetIndex> offsets(int group, String column) {
        try {
            return Optional.of(index(group).getOffsetIndex(path(column)));
        } catch (ColumnIndexStore.MissingOffsetIndexException e) {
            return Optional.empty();
        }
    }

    /** Whether one of the first {@code count} of some numbers, which are sorted, is in a range, bounds included. */
    static boolean anyBetween(long[] sorted, int count, long first, long last) {
        int at = Arrays.binarySearch(sorted, 0, count, first);
        int next = at < 0 ? -at - 1 : at;
        return next < count && sorted[next] <= last;
    }

    /** How many groups of rows it has. */
    public int groups() {
        return reader.getRowGroups().size();
    }

    /** The number of the first row of a group within the file. */
    public long firstRow(int group) {
        return reader.getRowGroups().subList(0, group).stream()
                .mapToLong(BlockMetaData::getRowCount)
                .sum();
    }

    /** What a group's values of a column are like as a whole. */
    Statistics<?> statistics(int group, String column) {
        return chunk(group, column).getStatistics();
    }

    /**
     * The rows of the pages of a group that may have certain values; all rows where the file has no index.
     *
     * @param mayHave whether values from the first to the second one are of interest, in Parquet's plain encoding
     */
    public RowRanges pages(int group, String column, BiPredicate<ByteBuffer, ByteBuffer> mayHave) throws IOException {
        Optional<OffsetIndex> offsets = offsets(group, column);
        ColumnIndex values = index(group).getColumnIndex(path(column));
        if (offsets.isEmpty() || values == null) {
            return RowRanges.createSingle(rows(group));
        }
        List<ByteBuffer> least = values.getMinValues();
        List<ByteBuffer> most = values.getMaxValues();
        return pages(group, offsets.get(), page -> mayHave.test(least.get(page), most.get(page)));
    }

    /**
     * The rows of the pages of a group that some rows are in; all rows where the file has no index.
     *
     * @param hasAny whether any of the rows is from the first to the second one, counted from 0 within the group
     */
    public RowRanges pagesOf(int group, String column, BiPredicate<Long, Long> hasAny) {
        return offsets(group, column)
                .map(pages -> pages(
                        group,
                        pages,
                        page -> hasAny.test(pages.getFirstRowIndex(page), pages.getLastRowIndex(page, rows(group)))))
                .orElseGet(() -> RowRanges.createSingle(rows(group)));
    }

    private RowRanges pages(int group, OffsetIndex index, IntPredicate isRead) {
        long rows = rows(group);
        TreeSet<Integer> read = IntStream.range(0, index.getPageCount())
                .filter(isRead)
                .boxed()
                .collect(Collectors.toCollection(TreeSet::new));
        // The readers of Parquet 1.16 take a group for read when the last range begins, if that is a single row.
        if (!read.isEmpty()
                && read.last() > 0
                && index.getFirstRowIndex(read.last()) == index.getLastRowIndex(read.last(), rows)) {
            read.add(read.last() - 1);
        }
        return RowRanges.create(rows, read.stream().mapToInt(page -> page).iterator(), index);
    }

    /** How many rows a group has. */
    long rows(int group) {
        return reader.getRowGroups().get(group).getRowCount();
    }

    /** Whether the file has columns of these names. */
    boolean hasAll(List<String> columns) {
        return columns.stream()
                .allMatch(column -> file.getSchema().containsField(column)
                        && file.getSchema().getType(column).isPrimitive());
    }

    /** Whether an old Spark has written dates and times in the calendar of before 1582. */
    boolean hasOtherCalendar() {
        return file.getKeyValueMetaData().keySet().stream().anyMatch(key -> key.startsWith("org.apache.spark.legacy"));
    }

    /** Reads columns of some rows of a group; the readers stand at the first of these rows. */
    public List<ColumnReader> read(int group, RowRanges rows, List<String> columns) throws IOException {
        index(group);
        MessageType schema = schema(columns);
        reader.setRequestedSchema(schema);
        ColumnReadStoreImpl store = new ColumnReadStoreImpl(
                reader.readFilteredRowGroup(group, rows),
                new GroupRecordConverter(schema).getRootConverter(),
                schema,
                file.getCreatedBy());
        return columns.stream().map(this::column).map(store::getColumnReader).toList();
    }

    private ColumnDescriptor column(String name) {
        return file.getSchema().getColumns().stream()
                .filter(column -> column.getPath()[0].equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no column " + name));
    }

    private ColumnPath path(String column) {
        return ColumnPath.get(column(column).getPath());
    }

    private ColumnChunkMetaData chunk(int group, String column) {
        ColumnPath path = path(column);
        Stream<ColumnChunkMetaData> chunks = reader.getRowGroups().get(group).getColumns().stream();
        return chunks.filter(chunk -> chunk.getPath().equals(path)).findFirst().orElseThrow();
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
