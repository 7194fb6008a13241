package io.embedlake.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.config.JobSpec;
import io.embedlake.pipeline.WorkPlan;
import io.embedlake.spark.search.ColumnSearch;
import io.embedlake.spark.store.ColumnRecord;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Input;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Long texts that get a row for each of their pieces. */
class SplitRowsTest {
    private static final String JOB =
            """
            job: pieces
            source: {table: delta.`items`, id: id}
            target: {table: delta.`pieces`}
            embeddings:
              - {column: vector, attribute: text, model: %s, precision: fp32, max-tokens: 16, long-text: split-rows,
                 long-text-overlap: 4, reduce: {method: none}}
            """
                    .formatted(Path.of("src/test/resources/golden/tiny/bert").toAbsolutePath());
    private static final String LONG =
            IntStream.range(0, 40).mapToObj(i -> "word" + i).collect(Collectors.joining(" "));

    @TempDir
    Path folder;

    private Lake lake;

    @BeforeEach
    void makeLake() {
        lake = new Lake(folder);
        lake.items("a red apple", LONG, null, "\ud83d\ude42 " + LONG);
        lake.sql("ALTER TABLE {items} ADD COLUMN stars INT");
        lake.sql("UPDATE {items} SET stars = id");
    }

    private List<String> pieces(long id) {
        return lake
                .rows("pieces")
                .where("id = " + id)
                .orderBy("vector_piece")
                .selectExpr("substring(text, vector_start + 1, vector_end - vector_start)")
                .collectAsList()
                .stream()
                .map(row -> row.getString(0))
                .toList();
    }

    @Test
    void everyPieceOfALongTextIsARow() {
        ColumnRecord column = Lake.only(lake.run(JOB));

        assertEquals(3, column.embedded());
        assertEquals(2, column.split());
        assertEquals(0, column.truncated());
        assertEquals(
                List.of("id", "text", "stars", "vector_piece", "vector_start", "vector_end", "vector"),
                Lake.columns(lake.rows("pieces")));
        assertEquals(List.of("a red apple"), pieces(1));
        List<String> pieces = pieces(2);
        assertTrue(pieces.size() > 3, pieces.toString());
        assertTrue(LONG.startsWith(pieces.get(0)) && LONG.endsWith(pieces.get(pieces.size() - 1)));
        for (int i = 1; i < pieces.size(); i++) {
            assertTrue(
                    LONG.indexOf(pieces.get(i))
                            < LONG.indexOf(pieces.get(i - 1))
                                    + pieces.get(i - 1).length(),
                    "a gap between " + pieces.get(i - 1) + " and " + pieces.get(i));
        }
        assertTrue(pieces(4).get(0).startsWith("\ud83d\ude42 word0"));
        assertEquals(column.vectors() + 1, lake.number("SELECT count(*) FROM {pieces}"));
        assertEquals(column.vectors(), lake.number("SELECT count(vector) FROM {pieces} WHERE size(vector) = 32"));
        Row empty = lake.row("SELECT vector_piece, vector_start, vector, stars FROM {pieces} WHERE id = 3");
        assertEquals(0, empty.getInt(0));
        assertTrue(empty.isNullAt(1) && empty.isNullAt(2));
        assertEquals(3, empty.getInt(3));
    }

    @Tag("heavy")
    @Test
    void aPieceIsEmbeddedLikeATextOfItsOwn() {
        // Of letters, so that no piece begins within a word.
        lake.sql("UPDATE {items} SET text = '" + "a b c d e f g h i j ".repeat(4) + "' WHERE id = 2");
        lake.run(JOB);
        String second = pieces(2).get(1);
        lake.sql("INSERT INTO {items} VALUES (9, '" + second + "', 9)");
        lake.run(JOB);
        List<Float> piece = lake.row("SELECT vector FROM {pieces} WHERE id = 2 AND vector_piece = 1")
                .getList(0);
        List<Float> whole = lake.row("SELECT vector FROM {pieces} WHERE id = 9").getList(0);
        for (int i = 0; i < whole.size(); i++) {
            assertEquals(whole.get(i), piece.get(i), 1e-4);
        }
    }

    @Tag("heavy")
    @Test
    void rowsFollowTheirTexts() {
        JobSpec job = lake.job(JOB);
        lake.run(job);
        int before = pieces(2).size();
        lake.runs(job, 0, 0);

        lake.sql("UPDATE {items} SET text = 'short now' WHERE id = 2");
        lake.runs(job, 1, before);
        assertEquals(List.of("short now"), pieces(2));

        lake.sql("UPDATE {items} SET stars = 77 WHERE id = 4");
        lake.runs(job, 0, pieces(4).size());
        lake.sql("DELETE FROM {items} WHERE id = 4");
        lake.run(job);
        assertEquals(3, lake.number("SELECT count(*) FROM {pieces}"));
        lake.sql("UPDATE {items} SET text = '" + LONG + "' WHERE id = 1");
        lake.run(job);
        assertEquals(before, pieces(1).size());
        lake.runs(job, 0, 0);
    }

    @Tag("heavy")
    @Test
    void piecesAreReducedAndSearched() {
        lake.sql("INSERT INTO {items} SELECT id + 200, " + Lake.text("id") + ", 1 FROM range(30)");
        lake.sql("INSERT INTO {items} VALUES (100, '" + LONG + "', 1)");
        JobSpec job = lake.job(JOB.replace("{method: none}", "{dimensions: 4}"));
        lake.run(job);
        String piece = pieces(100).get(2);
        List<Row> found = new ColumnSearch(Lake.spark(), job)
                .nearest(Input.of(piece), 1, Optional.empty(), Optional.empty())
                .select("id", "vector_piece")
                .collectAsList();
        assertEquals(2L, found.get(0).getLong(0), "of equal scores the smallest id");
        assertEquals(2, found.get(0).getInt(1));
    }

    @Test
    void thePlanCountsTextsThatAreReadInPieces() {
        WorkPlan.TokenEstimate estimate =
                lake.plan(lake.job(JOB)).columns().get(0).tokens().orElseThrow();
        assertEquals(2, estimate.split());
        assertEquals(0, estimate.truncated());
    }

    @Test
    void thePlanCountsTextsThatWillBeRejectedForTheirLength() {
        String job = JOB.replace("split-rows,\n     long-text-overlap: 4", "error");
        assertEquals(
                2,
                lake.plan(lake.job(job)).columns().get(0).tokens().orElseThrow().refused());
    }

    @Test
    void aTargetThatWasNotMadeForPiecesIsRefused() {
        lake.sql("CREATE TABLE {pieces} (id BIGINT, text STRING) USING delta");
        lake.refuses(lake.job(JOB), ErrorKind.CONFIGURATION, "it was not made for them", "target.table");
    }

    @Test
    void aSourceThatHasColumnsOfTheseNamesIsRefused() {
        lake.sql("ALTER TABLE {items} ADD COLUMN vector_start INT");
        lake.refuses(lake.job(JOB), ErrorKind.CONFIGURATION, "Cannot add the column vector_start");
    }
}
