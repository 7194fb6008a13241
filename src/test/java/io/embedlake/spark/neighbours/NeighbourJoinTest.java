package io.embedlake.spark.neighbours;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.config.TableRef;
import io.embedlake.spark.job.Lake;
import io.embedlake.spark.run.JobObserver;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Vectors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NeighbourJoinTest {
    private static final StructType TABLE = StructType.fromDDL("shop STRING, id INT, vector ARRAY<FLOAT>");
    private static final JobObserver SILENT = new JobObserver() {};

    /** Cells for a few rows, and so small tasks that cells are divided and have several tasks. */
    private static final JoinSizes SMALL = new JoinSizes(1, 50, 1 << 20, 64, 20 * 4 * 12, 16);

    @TempDir
    private Path folder;

    private Lake lake;

    @BeforeEach
    void openLake() {
        lake = new Lake(folder);
    }

    private TableRef table(String name) {
        return TableRef.parse("delta.`" + lake.path(name) + "`");
    }

    private JoinSide side(String name, String where) {
        return new JoinSide(table(name), "vector", List.of("shop", "id"), Optional.ofNullable(where));
    }

    private record Vector(String shop, int id, float[] values) {
        String name() {
            return shop + id;
        }
    }

    private List<Vector> write(String name, List<Vector> vectors) {
        List<Row> rows = vectors.stream()
                .map(vector -> RowFactory.create(vector.shop(), vector.id(), vector.values()))
                .toList();
        lake.write(name, Lake.spark().createDataFrame(rows, TABLE));
        return vectors;
    }

    private NeighbourReport join(JoinSpec spec, JoinSizes sizes) {
        return new NeighbourJoin(Lake.spark(), spec, SILENT, sizes).run(table("result"));
    }

    /** The neighbours of each query in their order, with ranks from 1. */
    private Map<String, List<String>> found() {
        Map<String, List<String>> found = new HashMap<>();
        lake.rows("result")
                .orderBy("query_shop", "query_id", "rank")
                .collectAsList()
                .forEach(row -> {
                    List<String> own =
                            found.computeIfAbsent(row.getString(0) + row.getInt(1), query -> new ArrayList<>());
                    own.add(row.getString(3) + row.getInt(4));
                    assertEquals(own.size(), row.getInt(2));
                });
        return found;
    }

    private static Map<String, List<String>> naive(List<Vector> of, List<Vector> in, int k, boolean isSelf) {
        return of.stream().collect(Collectors.toMap(Vector::name, query -> in.stream()
                .filter(row -> !isSelf || !row.name().equals(query.name()))
                .sorted(Comparator.comparing((Vector row) -> -(float) Vectors.cosine(query.values(), row.values()))
                        .thenComparing(Vector::shop)
                        .thenComparing(Vector::id))
                .limit(k)
                .map(Vector::name)
                .toList()));
    }

    private static List<Vector> random(Random random, int count, int clusters) {
        float[][] centres = new float[clusters][12];
        for (float[] centre : centres) {
            for (int i = 0; i < centre.length; i++) {
                centre[i] = (float) random.nextGaussian();
            }
        }
        List<Vector> vectors = new ArrayList<>();
        for (int row = 0; row < count; row++) {
            float[] values = centres[random.nextInt(clusters)].clone();
            for (int i = 0; i < values.length; i++) {
                values[i] += (float) (0.3 * random.nextGaussian());
            }
            vectors.add(new Vector("shop" + row % 3, row, values));
        }
        return vectors;
    }

    @Test
    void exactNeighboursAreThoseOfANaiveComparison() {
        Random random = new Random(8);
        List<Vector> of = write("of", random(random, 70, 5));
        List<Vector> in = write("in", random(random, 150, 5));
        JoinSpec spec = new JoinSpec(side("of", null), side("in", null), 4, 1, OptionalDouble.empty());
        NeighbourReport report = join(spec, SMALL);
        assertEquals(naive(of, in, 4, false), found());
        assertEquals(List.of(1, 1, 1.0), List.of(report.cells(), report.visited(), report.recall()));
        assertTrue(report.tasks() > 5, report.toString());
        assertEquals(List.of(70L, 0L, 0L, 150L, 0L, 280L), counts(report));
    }

    @Test
    void cellsReachTheRecallThatIsAskedFor() {
        List<Vector> all = write("items", random(new Random(9), 600, 12));
        JoinSpec spec = new JoinSpec(side("items", null), side("items", null), 3, 0.9, OptionalDouble.empty());
        NeighbourReport report = join(spec, SMALL);
        Map<String, List<String>> exact = naive(all, all, 3, true);
        Map<String, List<String>> found = found();
        double recall = exact.entrySet().stream()
                .mapToDouble(query -> {
                    Set<String> shared = new HashSet<>(query.getValue());
                    shared.retainAll(found.get(query.getKey()));
                    return shared.size() / 3.0;
                })
                .average()
                .orElseThrow();
        assertTrue(report.cells() > 5 && report.visited() < report.cells() / 2, report.toString());
        assertTrue(recall >= 0.9, recall + " " + report);
        assertEquals(600 * 3, report.neighbours());
        assertTrue(report.recall() >= 0.9 && !report.curve().isEmpty() && report.measured() >= 30, report.toString());
    }

    @Test
    void rowsWithoutDirectionAndEqualRowsAreCounted() {
        List<Vector> vectors = new ArrayList<>();
        for (int row = 0; row < 300; row++) {
            vectors.add(new Vector("s", row, new float[] {1, 2, 2}));
        }
        vectors.add(new Vector("s", 300, null));
        vectors.add(new Vector("s", 301, new float[3]));
        vectors.add(new Vector("s", 302, new float[] {1, Float.NaN, 0}));
        vectors.add(new Vector("s", 303, new float[] {1, Float.POSITIVE_INFINITY, 0}));
        vectors.add(new Vector("s", 304, new float[] {-1, 0, 0}));
        write("items", vectors);
        JoinSpec near = new JoinSpec(side("items", null), side("items", null), 2, 0.9, OptionalDouble.of(0.99));
        assertEquals(List.of(305L, 4L, 1L, 305L, 4L, 600L), counts(join(near, SMALL)));
        Map<String, List<String>> found = found();
        assertEquals(List.of("s1", "s2"), found.get("s0"));
        assertEquals(List.of("s0", "s1"), found.get("s299"));
        // More neighbours than there are rows; an earlier result gives way.
        JoinSpec all = new JoinSpec(
                side("items", "id < 2"), side("items", "id < 9 OR id > 299"), 100, 1, OptionalDouble.empty());
        assertEquals(List.of(2L, 0L, 0L, 14L, 4L, 18L), counts(join(all, SMALL)));
        JoinSpec none = new JoinSpec(side("items", null), side("items", "id = 301"), 5, 0.9, OptionalDouble.empty());
        assertEquals(List.of(305L, 4L, 301L, 1L, 1L, 0L), counts(join(none, SMALL)));
        assertEquals(0, lake.rows("result").count());
    }

    private static List<Long> counts(NeighbourReport report) {
        return List.of(
                report.queries(),
                report.queriesWithoutVector(),
                report.queriesWithoutNeighbours(),
                report.rows(),
                report.rowsWithoutVector(),
                report.neighbours());
    }

    @Test
    void vectorsThatMeanSomethingElseAreRefused() {
        vectors("items", "array(1F, 2F)", "abc", "none");
        vectors("other", "array(1F, 2F)", "def", "none");
        vectors("short", "array(1F, 2F)", "abc", "pca-2 v1");
        vectors("shorter", "array(1F, 2F)", "abc", "pca-2 v1");
        vectors("foreign", "array(1F, 2F)", null, null);
        vectors("longer", "array(1F, 2F, 3F)", null, null);
        vectors("mixed", "IF(id = 7, array(1F), array(1F, 2F))", null, null);
        vectors("text", "'no vector'", null, null);
        refused("items", "other", "vectors of two models are never compared");
        refused("items", "foreign", "embedlake made the vectors of one table and not the column vector of");
        refused("items", "short", "vectors of two reductions are never compared");
        refused("short", "shorter", "each fitted to its own column");
        refused("text", "text", "a row has one vector");
        refused("foreign", "longer", "holds vectors of 2 values");
        refused("foreign", "mixed", "it has vectors of 1 values beside those of 2");
        refused("foreign", "missing", "there is no table");
        Lake.refused(
                ErrorKind.CONFIGURATION,
                () -> join(new JoinSpec(made("foreign"), made("foreign"), 1, 1, OptionalDouble.empty()), SMALL),
                "the columns that name a row of");
        Lake.refused(
                ErrorKind.CONFIGURATION,
                () -> new NeighbourJoin(Lake.spark(), spec("items", "items"), SILENT).run(table("items")),
                "is there and holds no neighbours");
        lake.sql("INSERT INTO {foreign} VALUES (7, array(3F, 4F))");
        refused("foreign", "foreign", "several rows of");
    }

    /** Makes a table as if embedlake had made its vectors, unless the fingerprint is null. */
    private void vectors(String name, String vector, String fingerprint, String reducer) {
        String properties = fingerprint == null
                ? ""
                : " TBLPROPERTIES (embedlake.vector.platform = 'hashing', embedlake.vector.model = 'hashing',"
                        + " embedlake.vector.revision = '1', embedlake.vector.fingerprint = '" + fingerprint
                        + "', embedlake.vector.reducer = '" + reducer + "')";
        lake.sql("CREATE TABLE {" + name + "} USING delta" + properties + " AS SELECT id, " + vector
                + " AS vector FROM range(10)");
    }

    @Tag("heavy")
    @Test
    void codesAreDecodedAndTheIdsAreThoseOfTheJob() {
        lake.manyItems(60);
        lake.run(lake.job(Lake.PLAIN.replace("{method: none}", "{dimensions: 8, quantize: int8}")));
        assertEquals(
                300,
                join(new JoinSpec(made("items"), made("items"), 5, 1, OptionalDouble.empty()), SMALL)
                        .neighbours());
        assertEquals(
                List.of("query_id", "rank", "neighbour_id", "score"),
                List.of(lake.rows("result").columns()));
        assertEquals(60, lake.number("SELECT count(*) FROM {result} WHERE rank = 1 AND score > 0.5"));
    }

    private JoinSide made(String name) {
        return new JoinSide(table(name), "vector", List.of(), Optional.empty());
    }

    private JoinSpec spec(String of, String in) {
        JoinSide one = new JoinSide(table(of), "vector", List.of("id"), Optional.empty());
        JoinSide other = new JoinSide(table(in), "vector", List.of("id"), Optional.empty());
        return new JoinSpec(one, other, 1, 1, OptionalDouble.empty());
    }

    private void refused(String of, String in, String part) {
        Lake.refused(ErrorKind.CONFIGURATION, () -> join(spec(of, in), SMALL), part);
    }
}
