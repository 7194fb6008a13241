package io.embedlake.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.config.JobSpec;
import io.embedlake.local.files.ModelLocator;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that do not fit their tables stop before any work; texts of every kind either work or have a rule. */
class BadInputTest {
    @TempDir
    private Path folder;

    private Lake lake;

    @BeforeEach
    void openLake() {
        lake = new Lake(folder);
    }

    private void refuses(String... parts) {
        lake.refuses(lake.job(Lake.PLAIN), ErrorKind.CONFIGURATION, parts);
    }

    @Test
    void refusesANullId() {
        lake.items("a", "b");
        lake.sql("INSERT INTO {items} VALUES (NULL, 'c')");
        refuses("1 rows have a null in source.id = id", "an id is never null");
    }

    @Test
    void refusesDuplicateIds() {
        lake.items("a", "b");
        lake.sql("INSERT INTO {items} VALUES (2, 'c')");
        refuses("the id 2 appears 2 times in source.id = id");
    }

    @Test
    void refusesDuplicateIdsOutsideOfWhereWhenTheSourceIsTheTarget() {
        lake.items("a", "b");
        lake.sql("INSERT INTO {items} VALUES (2, 'c')");
        lake.refuses(
                lake.job(Lake.PLAIN, "source.where=text <> 'c'"), ErrorKind.CONFIGURATION, "the id 2 appears 2 times");
    }

    @Test
    void refusesAColumnThatIsNoText() {
        lake.sql("CREATE TABLE {items} USING delta AS SELECT id, id * 2 AS text FROM range(3)");
        refuses("text is of type BIGINT", "a column must be a string", "\"{text}\" takes numbers");
    }

    @Test
    void refusesAMissingAttributeAndNamesTheNearestColumn() {
        lake.items("a");
        lake.refuses(
                lake.job(Lake.PLAIN, "embeddings[0].attribute=txt"),
                ErrorKind.CONFIGURATION,
                "embeddings[0].attribute: txt (the source has no such column)",
                "Did you mean text?");
    }

    @Test
    void refusesATemplateWithAnUnknownField() {
        lake.items("a");
        lake.refuses(
                lake.job(Lake.PLAIN, "embeddings[0].attribute={text} of {shop}"),
                ErrorKind.CONFIGURATION,
                "shop (the source has no such column)");
    }

    @Test
    void refusesAMissingIdColumn() {
        lake.items("a");
        lake.refuses(
                lake.job(Lake.PLAIN, "source.id=ids"), ErrorKind.CONFIGURATION, "source.id: ids", "Did you mean id?");
    }

    @Test
    void refusesAMissingSource() {
        lake.refuses(lake.job(Lake.PLAIN), ErrorKind.STORAGE, "Cannot read the table delta.`items`");
    }

    @Test
    void refusesAWhereThatIsNoCondition() {
        lake.items("a");
        lake.refuses(
                lake.job(Lake.PLAIN, "source.where=lang = 'en'"),
                ErrorKind.CONFIGURATION,
                "Cannot use source.where: lang = 'en'");
    }

    @Test
    void refusesAWhereThatIsNoBooleanOrFailsOnARow() {
        lake.items("a");
        lake.refuses(
                lake.job(Lake.PLAIN, "source.where=text"),
                ErrorKind.CONFIGURATION,
                "source.where: text",
                "not BOOLEAN");
        lake.refuses(
                lake.job(Lake.PLAIN, "source.where=cast(text as int) > 3"),
                ErrorKind.CONFIGURATION,
                "Cannot read the rows of delta.`items`",
                "Correct source.where");
    }

    @Test
    void refusesACopyWithNamesThatDeltaCannotTake() throws IOException {
        Files.writeString(folder.resolve("items.csv"), "id,the text\n1,a\n");
        lake.refuses(
                lake.job(
                        Lake.PLAIN.replace("table: delta.`items`", "path: items.csv, format: csv"),
                        "target.table=delta.`copy`",
                        "embeddings[0].attribute=the text"),
                ErrorKind.CONFIGURATION,
                "the column the text");
    }

    @Test
    void refusesAnUnknownModel() {
        lake.items("a");
        lake.refuses(
                lake.job(huggingface("no/such-model")),
                ErrorKind.CONFIGURATION,
                "Cannot find the model: no/such-model",
                "HF_HUB_OFFLINE");
    }

    @Test
    void refusesADamagedTokenizer() throws IOException {
        lake.items("a");
        Path model = Files.createDirectory(folder.resolve("model"));
        Files.writeString(model.resolve("model.onnx"), "no network");
        Files.writeString(model.resolve("tokenizer.json"), "{");
        lake.refuses(lake.job(huggingface(model.toString())), ErrorKind.CONFIGURATION, "tokenizer.json (it is damaged");
    }

    @Test
    void refusesATargetColumnOfAnotherType() {
        lake.items("a");
        lake.sql("ALTER TABLE {items} ADD COLUMN vector STRING");
        refuses("Cannot write the column vector", "of type STRING", "Change the key column");
    }

    @Test
    void refusesAVectorColumnThatItDidNotMake() {
        lake.items("a");
        lake.sql("ALTER TABLE {items} ADD COLUMN vector ARRAY<FLOAT>");
        refuses("it holds vectors that embedlake did not make");
    }

    @Tag("heavy")
    @Test
    void refusesAColumnOfAnotherFingerprint() {
        lake.items("a");
        lake.run(Lake.PLAIN);
        lake.refuses(
                lake.job(Lake.PLAIN, "embeddings[0].dimensions=128"),
                ErrorKind.CONFIGURATION,
                "it holds vectors of hashing to 64",
                "vectors of two fingerprints are never mixed");
    }

    @Tag("heavy")
    @Test
    void refusesAColumnOfAnotherReduction() {
        lake.items("a", "b", "c", "d", "e", "f");
        lake.run(Lake.REDUCED);
        lake.refuses(
                lake.job(Lake.REDUCED, "embeddings[0].reduce.dimensions=3"),
                ErrorKind.CONFIGURATION,
                "made short with pca-4 v1",
                "asks for pca-3");
    }

    @Tag("heavy")
    @Test
    void anEmptyTableGetsItsColumnAndLaterRunsFitTheReducer() {
        lake.items();
        JobSpec job = lake.job(Lake.REDUCED);
        lake.runs(job, 0, 0);
        assertTrue(Lake.columns(lake.rows("items")).contains("vector"));
        lake.sql("INSERT INTO {items} (id, text) SELECT id, " + Lake.text("id") + " FROM range(9)");
        lake.runs(job, 9, 9);
        lake.runs(job, 0, 0);
        assertEquals(4, lake.number("SELECT max(size(vector)) FROM {items}"));
        assertEquals("pca-4 v1", lake.properties("items").get("embedlake.vector.reducer"));
    }

    @Tag("heavy")
    @Test
    void aTableWithoutAnyTextGetsNullVectors() {
        lake.items(null, "", "  \u00A0\u3000\n");
        lake.runs(lake.job(Lake.REDUCED), 0, 0);
        assertEquals(3, lake.number("SELECT count(*) FROM {items} WHERE vector IS NULL"));
    }

    @Test
    void saysHowManyTextsPcaNeeds() {
        lake.manyItems(64);
        lake.refuses(
                lake.job(Lake.PLAIN, "embeddings[0].reduce={dimensions: 64}", "embeddings[0].dimensions=128"),
                ErrorKind.CONFIGURATION,
                "Cannot fit pca-64 to the column vector",
                "there are 64 distinct texts (at least 65 are needed)",
                "reduce.dimensions to at most 63");
    }

    @Test
    void fitsPcaOnOneTextMoreThanDimensions() {
        lake.manyItems(65);
        lake.runs(
                lake.job(Lake.PLAIN, "embeddings[0].reduce={dimensions: 64}", "embeddings[0].dimensions=128"), 65, 65);
        assertEquals(64, lake.number("SELECT min(size(vector)) FROM {items}"));
        assertEquals(0, lake.number("SELECT count(*) FROM {items} WHERE exists(vector, x -> isnan(x))"));
    }

    @Test
    void refusesMoreDimensionsThanTheModelHas() {
        lake.manyItems(80);
        lake.refuses(
                lake.job(Lake.PLAIN, "embeddings[0].reduce={dimensions: 65}"),
                ErrorKind.CONFIGURATION,
                "makes vectors of 64",
                "reduce.dimensions to at most 64");
    }

    @Test
    void refusesATargetBelowAFile() throws IOException {
        lake.items("a");
        Path file = Files.createFile(folder.resolve("file"));
        lake.refuses(
                lake.job(Lake.PLAIN, "target.table=delta.`" + file + "/target`"),
                ErrorKind.STORAGE,
                "Cannot ",
                file.toString());
    }

    @Test
    void refusesAStoreBelowAFile() throws IOException {
        lake.items("a");
        Path file = Files.createFile(folder.resolve("file"));
        lake.refuses(
                lake.job(Lake.PLAIN, "target.store=delta.`" + file + "/store`"),
                ErrorKind.STORAGE,
                "Cannot ",
                file.toString());
    }

    @Test
    void refusesAGpuWhereThereIsNone() {
        lake.items("a");
        lake.refuses(
                lake.job(Lake.PLAIN, "embeddings[0].device=gpu"),
                ErrorKind.CONFIGURATION,
                "Cannot embed on a GPU: there is none");
    }

    @Test
    void embedsTextsOfEveryKind() {
        String[] texts = {
            "",
            "x",
            "\u0000",
            "\u0001\u0002",
            "שלום עולם",
            "\uD83D\uDE00 \uD83D\uDC69\u200D\uD83D\uDCBB",
            "e\u0301",
            "a'b\"c\\d`e",
            "long ".repeat(2_000_000)
        };
        lake.items(texts);
        lake.runs(lake.job(Lake.PLAIN), 8, 8);
        List<String> made = IntStream.range(0, texts.length)
                .mapToObj(i -> texts[i].isEmpty() ? null : texts[i])
                .toList();
        assertEquals(Lake.expected(made.toArray(String[]::new)), lake.vectors());
    }

    @Test
    void invalidUtf8IsReplacedAndEmbedded() {
        lake.sql("CREATE TABLE {items} USING delta AS SELECT 1L AS id, CAST(X'61EDA08062' AS STRING) AS text");
        lake.runs(lake.job(Lake.PLAIN), 1, 1);
        Map<Object, List<Float>> vectors = lake.vectors();
        assertNotNull(vectors.get(1L));
    }

    @Test
    void refusesADamagedNetworkBeforeAnyWork() throws IOException {
        lake.items("a");
        Path model = Files.createDirectory(folder.resolve("model"));
        Path tokenizer = ModelLocator.of(System.getenv())
                .locate(ModelLocator.defaultModel())
                .tokenizer();
        Files.copy(tokenizer, model.resolve("tokenizer.json"));
        Files.writeString(model.resolve("model.onnx"), "no network");
        lake.refuses(
                lake.job(huggingface(model.toString())),
                ErrorKind.CONFIGURATION,
                "model.onnx (it is damaged or not an ONNX network)");
    }

    private static String huggingface(String model) {
        return Lake.PLAIN.replace("platform: hashing, dimensions: 64", "model: \"" + model + "\"");
    }
}
