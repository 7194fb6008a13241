package io.embedlake.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.delta.tables.DeltaTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;

/**
 * All of a target table that readers can see, in a form that is equal exactly when every bit is. Immutable.
 *
 * @param schema the columns with their metadata
 * @param properties the table's properties, but for the names of runs; paths of stores are relative to the table's parent
 * @param rows the cells of each row but for the vectors, by id
 * @param vectors each row's vector, by id, as the bits of its values
 */
record PublishedTable(
        String schema, Map<String, String> properties, Map<String, String> rows, Map<String, List<Integer>> vectors) {

    /** Reads a table with one vector column. */
    static PublishedTable read(Path folder, String id, String vectorColumn) {
        return read(folder.toString(), id, vectorColumn);
    }

    /** As {@link #read(Path, String, String)}, a table on any file system of Spark's. */
    static PublishedTable read(String folder, String id, String vectorColumn) {
        var spark = LocalRun.spark();
        Map<String, String> properties = new TreeMap<>(DeltaTable.forPath(spark, folder)
                .detail()
                .select("properties")
                .first()
                .<String, String>getJavaMap(0));
        properties.keySet().removeIf(name -> name.endsWith(".run"));
        String parent = folder.substring(0, folder.lastIndexOf('/'));
        properties.replaceAll((name, value) -> name.endsWith(".store") ? value.replace(parent, "") : value);
        var table = spark.read().format("delta").load(folder);
        Map<String, String> rows = new LinkedHashMap<>();
        Map<String, List<Integer>> vectors = new LinkedHashMap<>();
        for (Row row : table.orderBy(id).collectAsList()) {
            String key = row.getAs(id);
            Object before = vectors.put(key, bits(row, row.fieldIndex(vectorColumn)));
            assertEquals(null, before, "the id " + key + " is there twice");
            StringBuilder cells = new StringBuilder();
            for (String name : table.columns()) {
                if (!name.equals(vectorColumn)) {
                    cells.append(name)
                            .append('=')
                            .append(row.<Object>getAs(name))
                            .append('\n');
                }
            }
            rows.put(key, cells.toString());
        }
        return new PublishedTable(table.schema().json(), properties, rows, vectors);
    }

    /** The vectors of a table by a column, as the bits of their values. */
    static List<Integer> bits(Row row, int field) {
        if (row.isNullAt(field)) {
            return List.of();
        }
        List<Float> values = row.getList(field);
        List<Integer> bits = new ArrayList<>(values.size());
        values.forEach(value -> bits.add(Float.floatToRawIntBits(value)));
        return bits;
    }

    /** Fails at the first row that differs. */
    void requireSame(PublishedTable other) {
        requireSameButForVectors(other);
        rows.keySet().forEach(id -> assertEquals(vectors.get(id), other.vectors.get(id), "the vector of " + id));
    }

    void requireSameButForVectors(PublishedTable other) {
        assertEquals(schema, other.schema);
        assertEquals(properties, other.properties);
        assertEquals(rows.keySet(), other.rows.keySet());
        rows.keySet().forEach(id -> assertEquals(rows.get(id), other.rows.get(id), "the row " + id));
    }

    /** The least cosine between a row's vector here and there. */
    double leastCosine(PublishedTable other) {
        return vectors.keySet().stream()
                .mapToDouble(id -> cosine(vectors.get(id), other.vectors.get(id)))
                .min()
                .orElseThrow();
    }

    static double cosine(List<Integer> one, List<Integer> other) {
        assertEquals(one.size(), other.size());
        double product = 0;
        double oneLength = 0;
        double otherLength = 0;
        for (int i = 0; i < one.size(); i++) {
            double a = Float.intBitsToFloat(one.get(i));
            double b = Float.intBitsToFloat(other.get(i));
            product += a * b;
            oneLength += a * a;
            otherLength += b * b;
        }
        return product / Math.sqrt(oneLength * otherLength);
    }
}
