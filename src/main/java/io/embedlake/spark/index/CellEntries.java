package io.embedlake.spark.index;

import static org.apache.spark.sql.functions.col;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.embedlake.reduce.quantize.Quantizer;
import io.embedlake.spark.sql.VectorKernels;
import io.embedlake.spark.store.LiveFile;
import io.embedlake.spark.store.ParquetColumns;
import io.embedlake.spark.store.PlacedRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The entries of an index by their files: of cells that are asked for, single pages are read. A query of Spark over the same files would
 * look at each page's statistics too, but plans for as long as it reads. Immutable; confined to the driver.
 */
final class CellEntries {
    /** The cosine similarity of an entry to the query. */
    static final String SCORE = "score";

    /** Where an entry is: the number of its file among those of the index, and its number within that file. */
    static final String ENTRY_FILE = "entry_file";

    static final String ENTRY_ROW = "entry_row";

    private static final ParquetColumns FULL = ParquetColumns.of(
                    List.of(new StructField(IndexedColumn.FULL, DataTypes.BinaryType, true, Metadata.empty())))
            .orElseThrow();

    private static final ObjectMapper JSON = new ObjectMapper();

    /** So many tasks for each that runs at a time. */
    private static final int TASKS = 2;

    private final SparkSession spark;
    private final List<EntryFile> files;
    private final EntryScan scan;

    private CellEntries(SparkSession spark, List<EntryFile> files, ParquetColumns ids, String fit) {
        this.spark = spark;
        this.files = files;
        this.scan = new EntryScan(
                context()
                        .broadcast(new SerializableConfiguration(
                                spark.sessionState().newHadoopConf())),
                fit,
                ids);
    }

    private JavaSparkContext context() {
        return JavaSparkContext.fromSparkContext(spark.sparkContext());
    }

    /**
     * The entries in some files.
     *
     * @param ids the columns with the parts of an id
     * @param fit names the cells; entries of others are passed over
     * @return nothing where ids are of a type that is not read from files
     */
    static Optional<CellEntries> of(SparkSession spark, List<LiveFile> files, List<StructField> ids, String fit) {
        List<EntryFile> entries = new ArrayList<>();
        for (LiveFile file : files) {
            entries.add(entries(entries.size(), file));
        }
        return ParquetColumns.of(ids).map(columns -> new CellEntries(spark, entries, columns, fit));
    }

    private static EntryFile entries(int number, LiveFile file) {
        try {
            JsonNode statistics = JSON.readTree(file.statistics());
            return new EntryFile(
                    number,
                    file,
                    statistics.path("minValues").path(IndexTables.CELL).asInt(0),
                    statistics.path("maxValues").path(IndexTables.CELL).asInt(Integer.MAX_VALUE));
        } catch (JsonProcessingException e) {
            return new EntryFile(number, file, 0, Integer.MAX_VALUE);
        }
    }

    /**
     * The entries of some cells: {@code id_0, ..., score, file, entry_file, entry_row}.
     *
     * @param query the query, reduced like the vectors
     * @param code what the bytes of vectors mean
     * @param gone files of the table whose entries are passed over
     * @param most so many are of interest, the best ones; others may be left out
     */
    Dataset<Row> scored(int[] cells, float[] query, Quantizer code, Set<String> gone, int most) {
        int[] sorted = Arrays.stream(cells).sorted().toArray();
        List<EntryFile> read =
                files.stream().filter(file -> file.hasAny(sorted)).toList();
        JavaRDD<Row> entries = parallel(read)
                .flatMap(new CellScan(scan, sorted, new VectorKernels.Similarity(query, code), gone, most));
        StructType schema = scan.ids()
                .read()
                .add(SCORE, DataTypes.DoubleType)
                .add(IndexedColumn.FILE, DataTypes.StringType)
                .add(ENTRY_FILE, DataTypes.IntegerType)
                .add(ENTRY_ROW, DataTypes.LongType);
        Stream<Column> others =
                Stream.of(SCORE, IndexedColumn.FILE, ENTRY_FILE, ENTRY_ROW).map(name -> col(name));
        return spark.createDataFrame(entries, schema)
                .select(Stream.concat(scan.ids().own().stream(), others).toArray(Column[]::new));
    }

    /** For the queries of many rows, which tasks compare with the entries. */
    NearestIds nearest(IndexFit fit, Quantizer code) {
        return new NearestIds(scan, files, fit.cells(), fit.needed(), code);
    }

    /**
     * The full vectors of some entries.
     *
     * @param places the files of the entries, by their numbers, and their rows
     * @return the bytes by file and row; entries without a full vector are left out
     */
    Map<List<Number>, byte[]> full(Map<Integer, long[]> places) {
        Map<String, Integer> numbers = new HashMap<>();
        Map<String, long[]> rows = new HashMap<>();
        places.forEach((number, own) -> {
            String uri = files.get(number).file().uri();
            numbers.put(uri, number);
            rows.put(uri, own);
        });
        Map<List<Number>, byte[]> found = new HashMap<>();
        for (Row row : PlacedRows.numbered(spark, rows, FULL).orElseThrow()) {
            if (!row.isNullAt(2)) {
                found.put(List.of(numbers.get(row.getString(0)), row.getLong(1)), row.getAs(2));
            }
        }
        return found;
    }

    private <T> JavaRDD<T> parallel(List<T> parts) {
        return context()
                .parallelize(
                        parts,
                        Math.max(1, Math.min(parts.size(), TASKS * context().defaultParallelism())));
    }
}
