package io.embedlake.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.embedlake.config.JobSpec;
import io.embedlake.pipeline.WorkPlan;
import io.embedlake.spark.source.AttributeSql;
import io.embedlake.spark.store.HashSample;
import io.embedlake.text.AttributeTemplate;
import io.embedlake.text.Texts;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlannerTest {
    @TempDir
    private Path folder;

    private Lake lake;

    @BeforeEach
    void openLake() {
        lake = new Lake(folder);
    }

    private static WorkPlan.ColumnPlan only(WorkPlan plan) {
        assertEquals(1, plan.columns().size());
        return plan.columns().get(0);
    }

    @Test
    void countsEveryRowAndTextOnceAndWritesNothing() {
        lake.items("one two", "one two", "three", null, "", " \t", "four five six");
        JobSpec job = lake.job(Lake.PLAIN);
        WorkPlan.ColumnPlan plan = only(lake.plan(job));
        WorkPlan.Counts counts = plan.counts();
        assertEquals(3, counts.blank());
        assertEquals(4, counts.withText());
        assertEquals(3, counts.distinct());
        assertEquals(0, counts.embedded());
        assertEquals(3, counts.toEmbed());
        assertEquals(6, plan.tokens().orElseThrow().tokens());
        assertEquals(3, plan.tokens().orElseThrow().sampled());
        assertFalse(lake.exists("items_embeddings"));
        lake.run(job);
        lake.sql("INSERT INTO {items} (id, text) VALUES (8, 'seven')");
        WorkPlan.Counts later = only(lake.plan(job)).counts();
        assertEquals(1, later.withText(), "rows that have not changed are not looked at");
        assertEquals(0, later.embedded());
        assertEquals(1, later.toEmbed());
        assertNotEquals(counts.digest(), later.digest());
    }

    @Tag("heavy")
    @Test
    void digestSeesTextsThatSwapTheirRows() {
        lake.items("one", "two");
        JobSpec job = lake.job(Lake.PLAIN);
        long before = only(lake.plan(job)).counts().digest();
        lake.sql("UPDATE {items} SET text = CASE id WHEN 1 THEN 'two' ELSE 'one' END");
        assertNotEquals(before, only(lake.plan(job)).counts().digest());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{title}: {text}|Tea: hot",
                "{{x}} {n}|{x} 7",
                "{text}'s \"quote\" \\n|hot's \"quote\" \\n",
                "{inner.deep}/{odd name}/{dotted.name}|deep/odd/dotted",
                "{missing}{text}|hot",
                "${{env:HOME}} {text}|${env:HOME} hot"
            })
    void templatesJoinColumns(String template, String expected) {
        Dataset<Row> table = Lake.spark()
                .sql("SELECT 'hot' AS text, 'Tea' AS TITLE, 7 AS n, named_struct('deep', 'deep') AS inner,"
                        + " 'odd' AS `odd name`, 'dotted' AS `dotted.name`, CAST(NULL AS STRING) AS missing");
        AttributeSql sql = AttributeSql.of(AttributeTemplate.parse(template), table.schema(), "attribute");
        assertEquals(expected, table.selectExpr(sql.content()).first().getString(0));
        assertEquals(
                Texts.contentHash(expected),
                table.selectExpr(sql.hash()).first().getString(0));
    }

    @Test
    void sparksExpressionsAreTheTwinsOfTexts() {
        List<String> texts = List.of(
                "plain",
                " ",
                "\u00A0",
                "\u3000\u2028\t",
                "\u200B",
                "\u0000",
                "\u001F",
                "emoji \uD83D\uDE00",
                "שלום",
                "x ");
        lake.items(texts.toArray(String[]::new));
        Dataset<Row> rows = lake.rows("items");
        AttributeSql sql = AttributeSql.of(AttributeTemplate.parse("text"), rows.schema(), "attribute");
        List<Row> made =
                rows.orderBy("id").selectExpr(sql.content(), sql.hash()).collectAsList();
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i);
            boolean blank = Texts.isBlank(text);
            assertEquals(blank, made.get(i).isNullAt(0), "blank: " + i);
            if (!blank) {
                assertEquals(Texts.wellFormed(text), made.get(i).getString(0));
                assertEquals(Texts.contentHash(text), made.get(i).getString(1));
            }
        }
    }

    @Test
    void hashSamplesHoldAboutAsManyAsWanted() {
        Dataset<Row> hashes = Lake.spark().range(20_000).selectExpr("sha2(CAST(id AS STRING), 256) AS content_hash");
        assertEquals(2_000, hashes.where(HashSample.of(2_000, 20_000)).count(), 200);
        assertEquals(20_000, hashes.where(HashSample.of(20_000, 20_000)).count());
        Row ranges = hashes.selectExpr(HashSample.rangeExpression(7) + " AS part")
                .groupBy("part")
                .count()
                .selectExpr("count(*)", "min(part)", "max(part)", "min(count)")
                .first();
        assertEquals("[7,0,6", ranges.mkString("[", ",", "]").substring(0, 6));
        assertEquals(20_000 / 7, ranges.getLong(3), 250);
    }
}
