package io.embedlake.sql.nearest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.spark.job.Lake;
import io.embedlake.spark.search.ColumnSearch;
import io.embedlake.spi.EmbedlakeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.plans.Inner$;
import org.apache.spark.sql.catalyst.plans.JoinType;
import org.apache.spark.sql.catalyst.plans.LeftOuter$;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.execution.SparkStrategy;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;
import scala.jdk.javaapi.CollectionConverters;

/** What becomes of a join that asks for nearest rows. That Spark's own joins are understood is tried by the matrix, in Spark 4.2. */
class IndexedJoinTest {
    private static final int ROWS = 500;
    private static final String INDEXED = Lake.PLAIN.replace("{method: none}}", "{method: none}, index: {lists: 20}}");

    @TempDir
    private static Path ofAll;

    private static SparkSession spark;

    /** With an indexed table that no test changes. */
    private static Lake lake;

    @TempDir
    private Path folder;

    /** With what the extension gives to sessions of Spark 4.2. */
    @BeforeAll
    static void openSession() {
        spark = (SparkSession) Lake.spark().newSession();
        spark.experimental()
                .extraStrategies_$eq(CollectionConverters.asScala(List.<SparkStrategy>of(new NearestRowsStrategy()))
                        .toSeq());
        lake = new Lake(ofAll);
        lake.manyItems(ROWS);
        lake.run(lake.job(INDEXED));
    }

    private static Dataset<Row> queries(Lake lake, String condition) {
        return lake.rows("items").where(condition).selectExpr("id AS query", "vector AS looked_for");
    }

    @Test
    void findsWhatAComparisonOfAllRowsFinds() throws Exception {
        Dataset<Row> queries = queries(lake, "id % 10 = 1");
        Dataset<Row> found = join(queries, lake.rows("items"), Inner$.MODULE$, 3);
        assertEquals(
                List.of("query", "looked_for", "id", "text", "vector"),
                List.of(found.schema().fieldNames()));
        Set<Row> pairs = new HashSet<>(found.select("query", "id").collectAsList());
        assertEquals(150, pairs.size());
        Dataset<Row> exact = queries.crossJoin(lake.rows("items"))
                .selectExpr(
                        "query",
                        "id",
                        "row_number() OVER (PARTITION BY query ORDER BY embedlake_cosine(looked_for, vector) DESC, id) AS place")
                .where("place <= 3")
                .select("query", "id");
        pairs.retainAll(exact.collectAsList());
        assertTrue(pairs.size() >= 0.9 * 150, pairs.size() + " of 150");
        assertEquals(
                150,
                found.where("array_size(vector) = 64 AND text LIKE concat('word', id, ' %')")
                        .count());
    }

    @Test
    void aRowWithoutDirectionGetsNoneAndStaysInAnOuterJoin() throws Exception {
        Dataset<Row> odd = queries(lake, "id <= 5")
                .selectExpr(
                        "query",
                        "CASE query WHEN 2 THEN NULL WHEN 3 THEN array_repeat(0f, 64)"
                                + " WHEN 4 THEN transform(looked_for, (x, i) -> if(i = 7, NULL, x)) ELSE looked_for END AS looked_for");
        assertEquals(
                List.of(1L, 1L, 5L, 5L),
                longs(join(odd, lake.rows("items"), Inner$.MODULE$, 2).select("query")));
        Dataset<Row> outer = join(odd, lake.rows("items"), LeftOuter$.MODULE$, 2);
        assertEquals(List.of(1L, 1L, 2L, 3L, 4L, 5L, 5L), longs(outer.select("query")));
        assertEquals(
                List.of(2L, 3L, 4L),
                longs(outer.where("id IS NULL AND text IS NULL").select("query")));
    }

    @Test
    void asManyRowsAreFoundAsThereAre() throws Exception {
        Dataset<Row> found = join(queries(lake, "id IN (3, 4)"), lake.rows("items"), Inner$.MODULE$, 5000);
        assertEquals(2 * ROWS, found.select("query", "id").distinct().count());
    }

    @Test
    void theRightSideMayChooseAndComputeColumns() throws Exception {
        Dataset<Row> right = lake.rows("items")
                .selectExpr("upper(text) AS shouted", "vector AS theirs")
                .alias("shouting");
        Dataset<Row> found = join(queries(lake, "id = 7"), right, Inner$.MODULE$, 1);
        assertEquals(
                List.of("query", "looked_for", "shouted", "theirs"),
                List.of(found.schema().fieldNames()));
        assertEquals("WORD7 STANDS NEAR NUMBER18", found.first().getString(2));
    }

    @Test
    void idsAreOfAnyTypeThatFilesHave() throws Exception {
        Lake own = new Lake(folder);
        Dataset<Row> rows = Lake.spark()
                .range(1, 61)
                .selectExpr(
                        "tinyint(id % 100) AS b",
                        "smallint(id) AS s",
                        "int(id) AS i",
                        "string(id) AS t",
                        "date_add(DATE'2020-01-01', int(id)) AS d",
                        "timestamp_seconds(id * 1000 + 1) AS ts",
                        "CAST(id AS DECIMAL(12, 3)) AS n",
                        "binary(string(id)) AS bin",
                        "id % 2 = 0 AS bo",
                        "id / 3D AS db",
                        Lake.text("id") + " AS text");
        own.write("items", rows);
        own.run(own.job(INDEXED.replace("id: id", "id: [b, s, i, t, d, ts, n, bin, bo, db]")));
        Dataset<Row> queries = own.rows("items").selectExpr("i AS query", "vector AS looked_for");
        Dataset<Row> found = join(queries, own.rows("items"), Inner$.MODULE$, 1);
        assertEquals(60, found.where("query = i").count());
    }

    @Test
    void anIndexOfAnotherVersionIsNotUsed() throws Exception {
        Lake own = new Lake(folder);
        own.manyItems(40);
        own.run(own.job(Lake.PLAIN));
        assertWhy("it has no index", own.rows("items"));
        own.run(own.job(INDEXED));
        own.sql("UPDATE {items} SET text = 'quite another thing' WHERE id = 5");
        IndexedJoin.Impossible stale = impossible(own.rows("items"));
        assertEquals(Level.WARN, stale.level());
        assertEquals(
                "the table has changed since its index was built; the next run brings it up to date",
                stale.getMessage());
        own.run(own.job(INDEXED));
        assertEquals(
                3,
                join(queries(own, "id = 5"), own.rows("items"), Inner$.MODULE$, 3)
                        .count());
        own.sql("ALTER TABLE {items} SET TBLPROPERTIES ('embedlake.vector.fingerprint' = 'another')");
        assertEquals(
                "its index is of vectors of another model or reduction",
                impossible(own.rows("items")).getMessage());
    }

    @Test
    void whatNoIndexAnswersIsLeftToSpark() {
        assertWhy(
                "the right side is not a table, or it has conditions or more",
                lake.rows("items").where("id > 3"));
        assertWhy(
                "the right side is not a table, or it has conditions or more",
                lake.rows("items").limit(3));
        assertWhy(
                "the right side is not the newest version of a Delta table",
                Lake.spark()
                        .read()
                        .format("delta")
                        .option("versionAsOf", 1)
                        .load(lake.path("items").toString()));
        assertWhy(
                "it is computed from the columns of the table",
                lake.rows("items").selectExpr("id", "transform(vector, x -> -x) AS vector"));
        lake.write("others", lake.rows("items").selectExpr("id", "vector"));
        assertWhy("it is not a vector column of a job whose log of runs is found", lake.rows("others"));
    }

    @Test
    void vectorsOfAnotherLengthAreRefused() throws Exception {
        Dataset<Row> other = Lake.spark().sql("SELECT 1 AS query, array(1f, 2f) AS looked_for");
        Dataset<Row> found = join(other, lake.rows("items"), Inner$.MODULE$, 1);
        Throwable cause = assertThrows(Exception.class, found::collectAsList);
        while (!(cause instanceof EmbedlakeException)) {
            cause = cause.getCause();
        }
        assertTrue(
                cause.getMessage()
                        .endsWith("nearest to a vector of 2 values (the column's vectors have 64). Compare vectors of"
                                + " the same model and reduction."),
                cause.getMessage());
    }

    @Test
    void sessionsOfAnOlderSparkGetNothing() {
        SparkSessionExtensions extensions = new SparkSessionExtensions();
        new NearestExtension().apply(extensions);
        assertTrue(extensions.buildPlanNormalizationRules(spark).isEmpty());
        assertTrue(extensions.buildPlannerStrategies(spark).isEmpty());
    }

    @Test
    void otherJoinsStayAsTheyAre() {
        LogicalPlan plan =
                plan(lake.rows("items").alias("a").crossJoin(lake.rows("items").alias("b")));
        assertSame(plan, new NearestJoins(Lake.spark()).apply(plan));
    }

    private void assertWhy(String why, Dataset<Row> right) {
        IndexedJoin.Impossible impossible = impossible(right);
        assertEquals(why, impossible.getMessage());
        assertEquals(Level.INFO, impossible.level());
    }

    private static IndexedJoin.Impossible impossible(Dataset<Row> right) {
        Dataset<Row> left = Lake.spark().sql("SELECT array(1f) AS looked_for");
        return assertThrows(IndexedJoin.Impossible.class, () -> join(left, right, Inner$.MODULE$, 1));
    }

    /** By the last column of each side. */
    private static Dataset<Row> join(Dataset<Row> left, Dataset<Row> right, JoinType type, int k)
            throws IndexedJoin.Impossible {
        LogicalPlan one = plan(left);
        LogicalPlan other = plan(right);
        List<Attribute> output = new ArrayList<>(CollectionConverters.asJava(one.output()));
        output.addAll(CollectionConverters.asJava(other.output()));
        AskedJoin asked = new AskedJoin(
                one, other, type, k, one.output().last(), other.output().last(), output);
        return org.apache.spark.sql.classic.Dataset.ofRows(
                spark, new IndexedJoin(spark, asked, ColumnSearch.DEFAULT_RECALL).plan());
    }

    private static LogicalPlan plan(Dataset<Row> rows) {
        return ((org.apache.spark.sql.classic.Dataset<Row>) rows)
                .queryExecution()
                .analyzed();
    }

    private static List<Long> longs(Dataset<Row> column) {
        return column.collectAsList().stream()
                .map(row -> row.getLong(0))
                .sorted()
                .toList();
    }
}
