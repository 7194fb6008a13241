package io.embedlake.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableRefTest {
    private static final Path BASE = Path.of("/base");

    private static TableRef table(String text) {
        return TableRef.parse(text).resolve(BASE);
    }

    @ParameterizedTest
    @CsvSource({
        "reviews, reviews",
        "sales.reviews, sales.reviews",
        "main.sales.reviews_2, main.sales.reviews_2",
        "`main`.sales.`reviews`, main.sales.reviews",
        "`my-catalog`.sales.`2024`, `my-catalog`.sales.`2024`",
        "2024_reviews, `2024_reviews`",
        "`a``b.c`, `a``b.c`",
        "delta.reviews, delta.reviews",
        "delta.`warehouse/reviews`, delta.`/base/warehouse/reviews`",
        "DELTA.`/data/./x/../reviews//`, delta.`/data/reviews`",
        "delta.`s3a://bucket/reviews/`, delta.`s3a://bucket/reviews`",
        "delta.`dbfs:/reviews`, delta.`dbfs:/reviews`",
        "delta.`file:///tmp/reviews`, delta.`file:/tmp/reviews`",
        "delta.`it``s`, delta.`/base/it``s`",
        "`delta`.`reviews`, delta.`/base/reviews`"
    })
    void speaksSql(String written, String sql) {
        assertEquals(sql, table(written).sql());
        assertEquals(
                written.replaceFirst("(?i)^`?delta`?\\.`", "delta.`"),
                table(written).toString());
        assertTrue(Pattern.matches(TableSyntax.PATTERN, written), written);
        assertEquals(table(written), TableRef.parse(sql), "what it says is what it is");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.b.c.d | has 4 parts (at most three: catalog.schema.table). Put a part that holds dots in back quotes.",
                "a..b | has a part without a name (up to three, joined by dots)",
                "a. | has a part without a name (up to three, joined by dots)",
                "my-table | has characters that need quotes (plain: letters, digits, _). Write `my-table` for my-table.",
                "`a | opens a back quote that it never closes",
                "`a`b | goes on after a closing back quote (parts are joined by dots)",
                "warehouse/x | is a path (a table is named catalog.schema.table or delta.`path`). Write delta.`warehouse/x`.",
                "delta./x/y | is a path (a table is named catalog.schema.table or delta.`path`). Write delta.`/x/y`.",
                "parquet.`x` | names files (a table here is one of a catalog, or delta.`path`). Read files through source.path and source.format.",
                "delta.`/` | is the root of a file system (a folder below it). Name a folder.",
                "delta.`s3a://bucket/` | is the root of a file system (a folder below it). Name a folder.",
                "delta.`dbfs:/` | is the root of a file system (a folder below it). Name a folder.",
                "delta.` ` | has a part without a name (up to three, joined by dots)"
            })
    void refusesWhatIsNoTable(String written, String phrase) {
        assertEquals(
                phrase,
                assertThrows(IllegalArgumentException.class, () -> TableRef.parse(written))
                        .getMessage());
    }

    @Test
    void refusesAPathThatNoFileSystemTakes() {
        assertEquals(
                "is not a path (Nul character not allowed)",
                assertThrows(IllegalArgumentException.class, () -> TableRef.parse("delta.`a\0b`"))
                        .getMessage());
    }

    @Test
    void isEqualWhereThePlaceIsTheSame() {
        assertEquals(table("delta.`x/../reviews`"), table("delta.`/base/reviews/`"));
        assertEquals(
                table("delta.`x/../reviews`").hashCode(),
                table("delta.`/base/reviews/`").hashCode());
        assertEquals(table("Main.`Sales`.reviews"), table("main.sales.REVIEWS"));
        assertEquals(
                table("Main.`Sales`.reviews").hashCode(),
                table("main.sales.REVIEWS").hashCode());
        assertEquals(table("delta.`/a`"), new TableRef.FilePath(TableRef.Format.PARQUET, "/a"));
        assertNotEquals(table("a.b"), table("b"));
        assertNotEquals(table("delta.`/a`"), table("a"));
    }

    @Test
    void hasSiblings() {
        assertEquals(
                "main.sales.reviews_kept",
                table("main.`sales`.reviews").sibling("_kept").sql());
        assertEquals("`my-table_kept`", table("`my-table`").sibling("_kept").toString());
        TableRef beside = table("delta.`warehouse/reviews/`").sibling("_kept");
        assertEquals("delta.`/base/warehouse/reviews_kept`", beside.sql());
        assertEquals("delta.`warehouse/reviews_kept`", beside.toString());
        assertEquals("delta.`/base_kept`", table("delta.`.`").sibling("_kept").toString());
        assertEquals(
                "delta.`s3a://bucket/x_kept`",
                table("delta.`s3a://bucket/x/`").sibling("_kept").sql());
    }

    @Test
    void tellsFilesFromTables() {
        assertFalse(table("a.b").isFiles());
        assertEquals(Optional.empty(), table("a.b").fileFormat());
        assertFalse(table("delta.`a`").isFiles());
        assertEquals(Optional.of(TableRef.Format.DELTA), table("delta.`a`").fileFormat());
        TableRef csv = new TableRef.FilePath(TableRef.Format.CSV, "landing").resolve(BASE);
        assertTrue(csv.isFiles());
        assertEquals("csv.`/base/landing`", csv.sql());
        assertEquals("csv.`landing`", csv.toString());
    }
}
