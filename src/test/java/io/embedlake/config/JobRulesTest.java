package io.embedlake.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobRulesTest {
    @TempDir
    Path folder;

    private JobFiles files;

    @BeforeEach
    void prepare() {
        files = new JobFiles(folder);
    }

    private void refuses(String yaml, String... problems) {
        assertEquals(List.of(problems), files.problems(yaml));
    }

    private static String minimalWithSource(String... lines) {
        return JobFiles.MINIMAL.replace(
                "  table: delta.`warehouse/reviews`\n",
                String.join(
                        "",
                        java.util.Arrays.stream(lines)
                                .map(line -> "  " + line + "\n")
                                .toList()));
    }

    // Where the rows are

    @Test
    void sourceIsATableOrAPathWithItsFormat() {
        refuses(
                minimalWithSource(),
                "job.yaml:2: source.table: is missing (or path and format). Say where the rows are.");
        refuses(
                minimalWithSource("path: x"),
                "job.yaml:2: source.format: is missing (source.path needs it: one of delta, parquet, json, csv, images)");
        refuses(
                minimalWithSource("format: csv"),
                "job.yaml:2: source.path: is missing (source.format says what lies there)");
        refuses(
                minimalWithSource("table: a.b", "path: x", "format: csv"),
                "job.yaml:4: source.path: stands beside source.table (either a table, or path and format)."
                        + " Remove one of them.");
        refuses(
                minimalWithSource("table: a.b", "format: csv"),
                "job.yaml:4: source.format: stands beside source.table (either a table, or path and format)."
                        + " Remove one of them.");
    }

    @Test
    void filesCannotGetAColumn() {
        refuses(
                minimalWithSource("path: landing", "format: parquet"),
                "job.yaml:1: target.table: is missing (parquet.`landing` cannot get a column)."
                        + " Name the Delta table that gets the vectors.");
    }

    @Test
    void aFolderOfFormatDeltaIsItsOwnTarget() {
        JobSpec job = files.load(minimalWithSource("path: ./warehouse//reviews/", "format: delta"));
        assertEquals(files.load(JobFiles.MINIMAL).target(), job.target());
    }

    @Test
    void storeLiesBesideAnyTarget() {
        assertEquals(
                "main.search.`my vectors_embeddings`",
                files.load(JobFiles.MINIMAL + "target: {table: main.search.`my vectors`}\n")
                        .target()
                        .store()
                        .sql());
    }

    @Test
    void aStoreIsCompactedByItselfOrNever() {
        refuses(
                JobFiles.MINIMAL + "target: {compact: always}\n",
                "job.yaml:8: target.compact: always is not a choice (one of auto, never)");
    }

    @Test
    void storeIsATableOfItsOwn() {
        refuses(
                JobFiles.MINIMAL + "target: {store: delta.`warehouse/./reviews`}\n",
                "job.yaml:8: target.store: delta.`warehouse/./reviews` is the target itself (a table of its own)");
        refuses(
                JobFiles.MINIMAL + "target: {table: a.b, store: delta.`warehouse/reviews`}\n",
                "job.yaml:8: target.store: delta.`warehouse/reviews` is the source itself (a table of its own)");
    }

    @Test
    void storeByDefaultIsNotTheSourceEither() {
        refuses(
                JobFiles.MINIMAL.replace("delta.`warehouse/reviews`", "reviews_embeddings")
                        + "target: {table: reviews}\n",
                "job.yaml:8: target.store: reviews_embeddings is the source itself (a table of its own)");
    }

    @Test
    void filesAreNotOverwrittenByATable() {
        refuses(
                minimalWithSource("path: landing", "format: parquet") + "target: {table: delta.`landing/`}\n",
                "job.yaml:9: target.table: delta.`landing/` is where the source's files are (a table of its own)");
    }

    @Test
    void idsAreOneColumnOrAListOfDifferentOnes() {
        assertEquals(
                List.of("a", "b"),
                files.load(JobFiles.MINIMAL.replace("id: review_id", "id: [a, b]"))
                        .source()
                        .id());
        refuses(
                JobFiles.MINIMAL.replace("id: review_id", "id: []"),
                "job.yaml:4: source.id: is an empty list (at least one column)");
        refuses(
                JobFiles.MINIMAL.replace("id: review_id", "id: [a, A, {b: c}, \" \"]"),
                "job.yaml:4: source.id[1]: A is named twice (each column once)",
                "job.yaml:4: source.id[2]: is a group of keys (a column is expected)",
                "job.yaml:4: source.id[3]: \" \" is blank (a column is expected)");
        refuses(
                JobFiles.MINIMAL.replace("id: review_id", "id: [[a]]"),
                "job.yaml:4: source.id[0]: is a list (a column is expected)");
        refuses(
                JobFiles.MINIMAL.replace("id: review_id", "id: {a: b}"),
                "job.yaml:4: source.id: is a group of keys (a column or a list of columns is expected)");
    }

    @Test
    void pathsDoNotLeadToTheRoot() {
        refuses(
                minimalWithSource("table: delta.`/a/..`")
                        + "target: {table: delta.`/../`, store: delta.`%s`}\n".formatted("../".repeat(50)),
                "job.yaml:3: source.table: delta.`/a/..` is the root of a file system (a folder below it)."
                        + " Name a folder.",
                "job.yaml:8: target.table: delta.`/../` is the root of a file system (a folder below it)."
                        + " Name a folder.",
                "job.yaml:8: target.store: delta.`%s` is the root of a file system (a folder below it). Name a folder."
                        .formatted("../".repeat(50)));
    }

    // Vector columns

    @Test
    void aJobHasEmbeddings() {
        String head = JobFiles.MINIMAL.substring(0, JobFiles.MINIMAL.indexOf("embeddings"));
        refuses(head, "job.yaml:1: embeddings: is missing (a list of at least one)");
        refuses(head + "embeddings: []\n", "job.yaml:5: embeddings: is an empty list (at least one)");
        refuses(
                head + "embeddings:\n",
                "job.yaml:5: embeddings: is empty (a list is expected)." + " Give it a value or remove the key.");
        refuses(
                head + "embeddings: [text]\n",
                "job.yaml:5: embeddings[0]: is a single value" + " (a group of keys is expected)");
    }

    @Test
    void vectorColumnsHaveNamesOfTheirOwn() {
        refuses(
                JobFiles.MINIMAL + "  - {column: Text_Embedding, attribute: title}\n",
                "job.yaml:8: embeddings[1].column: Text_Embedding is the column of another embedding"
                        + " (unique, whatever the case)");
        refuses(
                JobFiles.MINIMAL.replace("text_embedding", "Review_ID"),
                "job.yaml:6: embeddings[0].column: Review_ID is an id column (a column of its own)");
        refuses(
                JobFiles.MINIMAL
                        .replace("text_embedding", "body")
                        .replace("attribute: text", "attribute: '{title} {Body}'"),
                "job.yaml:6: embeddings[0].column: body is what is embedded (a column of its own)");
        refuses(
                JobFiles.MINIMAL.replace("text_embedding", "text-embedding"),
                "job.yaml:6: embeddings[0].column: text-embedding has other characters than allowed"
                        + " (letters, digits, _)");
    }

    @Test
    void attributesAreColumnsOrWellFormedTemplates() {
        refuses(
                JobFiles.MINIMAL.replace("attribute: text", "attribute: 'x {title'"),
                "job.yaml:7: embeddings[0].attribute: x {title opens a brace at character 3 and never closes it");
        refuses(
                JobFiles.MINIMAL.replace("attribute: text", "attribute: ''"),
                "job.yaml:7: embeddings[0].attribute: \"\" is blank (a column or template is expected)");
        refuses(
                JobFiles.MINIMAL.replace("attribute: text", "attribute: {title}"),
                "job.yaml:7: embeddings[0].attribute: is a group of keys (a column or template is expected)");
    }

    @Test
    void tokensNeedAPlatformThatHasThem() {
        refuses(
                JobFiles.withEmbeddingKeys("granularity: token", "platform: hashing"),
                "job.yaml:8: embeddings[0].granularity: is token, and the platform hashing makes one vector of a whole attribute"
                        + " (tokens need the platform huggingface or tei)");
        files.load(JobFiles.withEmbeddingKeys("granularity: attribute", "platform: hashing"));
    }

    @Test
    void wordsAreMergedOfTokensOnly() {
        refuses(
                JobFiles.withEmbeddingKeys("merge-words: true"),
                "job.yaml:8: embeddings[0].merge-words: is not supported by granularity attribute. Remove it or change"
                        + " embeddings[0].granularity.");
    }

    @Test
    void piecesOfLongTextsNeedATargetOfTheirOwn() {
        refuses(
                JobFiles.withEmbeddingKeys("long-text: split-rows"),
                "job.yaml:8: embeddings[0].long-text: is split-rows, and the target is the source (a long text gets several"
                        + " rows). Name a table of its own in target.table.");
    }

    @Test
    void piecesOfLongTextsNeedAJobOfTheirOwn() {
        String second = "  - {column: second, attribute: text}\n";
        refuses(
                JobFiles.withEmbeddingKeys("long-text: split-rows") + second + "target: {table: delta.`pieces`}\n",
                "job.yaml:8: embeddings[0].long-text: is split-rows in a job of 2 vector columns (the rows of the target are the"
                        + " chunks of one column). Give it a job of its own.");
    }

    @Test
    void tokensOfTheHubAreNamedAndNeverRepeated() {
        refuses(
                JobFiles.withEmbeddingKeys("model-token: hf_abcdefgh"),
                "job.yaml:8: embeddings[0].model-token: is not a reference to a secret (env:NAME, file:/absolute/path, databricks:scope/key or hadoop:alias)");
        assertEquals(
                "env:TEAM_TOKEN",
                files.load(JobFiles.withEmbeddingKeys("model-token: env:TEAM_TOKEN"))
                        .embeddings()
                        .get(0)
                        .request()
                        .option("model-token")
                        .orElseThrow());
    }

    @Test
    void choicesAreSpelledExactly() {
        refuses(
                JobFiles.withEmbeddingKeys("platform: openay", "precision: half", "device: GPU"),
                "job.yaml:8: embeddings[0].platform: openay is not a choice (one of huggingface, hashing, word-vectors, tf-idf,"
                        + " bag-of-words, bag-of-characters, word2vec, autoencoder, gan, openai, azure-openai, cohere, huggingface-api, tei, voyage, gemini, vertex,"
                        + " mistral, jina, bedrock, databricks, ollama, openai-compatible, http)",
                "job.yaml:9: embeddings[0].precision: half is not a choice (one of auto, fp32, bf16, fp16)",
                "job.yaml:10: embeddings[0].device: GPU is not a choice (one of auto, cpu, gpu)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"model: x", "pooling: cls", "normalize: true", "max-tokens: 128"})
    void hashingTakesNoKeysOfAModel(String line) {
        refuses(
                JobFiles.withEmbeddingKeys("platform: hashing", line),
                "job.yaml:9: embeddings[0]." + line.substring(0, line.indexOf(':'))
                        + ": is not supported by platform hashing. Remove it or change embeddings[0].platform.");
    }

    @Test
    void vectorsOfWordsComeFromAFileThatTheJobNames() {
        refuses(
                JobFiles.withEmbeddingKeys("platform: word-vectors"),
                "job.yaml:6: embeddings[0].model: is missing (the platform word-vectors has no model of its own). Name a file of"
                        + " GloVe, word2vec or fastText.");
        files.load(JobFiles.withEmbeddingKeys(
                "platform: word-vectors", "model: glove.txt", "pooling: sif", "normalize: true"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"precision: fp32", "max-tokens: 128", "prompt: x", "long-text: error", "dimensions: 512"})
    void vectorsOfWordsTakeNoKeysOfOtherPlatforms(String line) {
        refuses(
                JobFiles.withEmbeddingKeys("platform: word-vectors", "model: glove.txt", line),
                "job.yaml:10: embeddings[0]." + line.substring(0, line.indexOf(':'))
                        + ": is not supported by platform word-vectors. Remove it or change embeddings[0].platform.");
    }

    @Test
    void modelsHaveTheirOwnDimensions() {
        refuses(
                JobFiles.withEmbeddingKeys("dimensions: 512"),
                "job.yaml:8: embeddings[0].dimensions: is not supported by platform huggingface."
                        + " Remove it or change embeddings[0].platform.");
    }

    @Test
    void noReductionTakesNoDimensionsAndNoCenter() {
        refuses(
                JobFiles.withEmbeddingKeys("reduce: {method: none, dimensions: 8, center: true}"),
                "job.yaml:8: embeddings[0].reduce.dimensions: is not supported by method none."
                        + " Remove it or change embeddings[0].reduce.method.",
                "job.yaml:8: embeddings[0].reduce.center: is not supported by method none."
                        + " Remove it or change embeddings[0].reduce.method.");
    }

    @Test
    void packedComponentsTakeNoDimensionsAndOthersNoBytes() {
        refuses(
                JobFiles.withEmbeddingKeys("reduce: {quantize: packed, dimensions: 64}"),
                "job.yaml:8: embeddings[0].reduce.dimensions: stands beside quantize packed (as many components share the bits"
                        + " of reduce.bytes as are of use). Remove it.");
        refuses(
                JobFiles.withEmbeddingKeys("reduce: {quantize: int8, bytes: 64}"),
                "job.yaml:8: embeddings[0].reduce.bytes: is not supported by quantize int8."
                        + " Remove it or change embeddings[0].reduce.quantize.");
    }

    @Test
    void theVectorsOfTokensHaveNoIndex() {
        refuses(
                JobFiles.withEmbeddingKeys("granularity: token", "index: {lists: auto}"),
                "job.yaml:9: embeddings[0].index.lists: is for vectors of whole attributes or chunks (the vectors of tokens are"
                        + " not searched). Remove it.");
        refuses(
                JobFiles.withEmbeddingKeys("index: {lists: many}"),
                "job.yaml:8: embeddings[0].index.lists: many is not a whole number (digits only, no separators, no leading"
                        + " zeros; 1 to 65536, or auto)");
    }

    @Test
    void fullVectorsStandBesideWholeTextsOnlyAndInAColumnOfTheirOwn() {
        refuses(
                JobFiles.withEmbeddingKeys("granularity: token", "reduce: {keep-full: true}"),
                "job.yaml:9: embeddings[0].reduce.keep-full: is true for vectors of tokens or chunks (a full vector stands beside"
                        + " the one short vector of a row). Remove it.");
        refuses(
                JobFiles.withEmbeddingKeys("reduce: {keep-full: true}")
                        .replace("attribute: text", "attribute: text_embedding_full"),
                "job.yaml:6: embeddings[0].column: text_embedding_full is what is embedded (a column of its own)");
    }

    // Values

    @ParameterizedTest
    @CsvSource({
        "embeddings[0].max-tokens, 8, 8192",
        "embeddings[0].reduce.dimensions, 1, 4096",
        "embeddings[0].reduce.sample-rows, 100, 1000000",
        "waves.rows, 1, 100000000",
        "waves.minutes, 1, 1440"
    })
    void wholeNumbersHaveRangesWithBothEndsIncluded(String key, int min, int max) {
        files.load(JobFiles.MINIMAL, key + "=" + min);
        files.load(JobFiles.MINIMAL, key + "=" + max);
        for (long beyond : List.of(min - 1L, max + 1L, 99_999_999_999_999L)) {
            assertEquals(
                    List.of("--set: " + key + ": " + beyond + " is out of range (" + min + " to " + max + ")"),
                    files.problems(JobFiles.MINIMAL, key + "=" + beyond));
        }
    }

    @Test
    void batchTokensAreAutoOrAWholeNumberInARange() {
        assertEquals(new BatchTokens(64), batchTokens("64"));
        assertEquals(new BatchTokens(1_000_000), batchTokens("1000000"));
        assertEquals(BatchTokens.AUTO, batchTokens("auto"));
        for (String beyond : List.of("0", "63", "1000001")) {
            assertEquals(
                    List.of("--set: embeddings[0].batch-tokens: " + beyond
                            + " is out of range (64 to 1000000, or auto)"),
                    files.problems(JobFiles.MINIMAL, "embeddings[0].batch-tokens=" + beyond));
        }
    }

    private BatchTokens batchTokens(String text) {
        return files.load(JobFiles.MINIMAL, "embeddings[0].batch-tokens=" + text)
                .embeddings()
                .get(0)
                .compute()
                .batchTokens();
    }

    @Test
    void hashingHasARangeOfDimensions() {
        files.load(JobFiles.withEmbeddingKeys("platform: hashing", "dimensions: 1"));
        files.load(JobFiles.withEmbeddingKeys("platform: hashing", "dimensions: 65536"));
        refuses(
                JobFiles.withEmbeddingKeys("platform: hashing", "dimensions: 0"),
                "job.yaml:9: embeddings[0].dimensions: 0 is out of range (1 to 65536, or vocabulary)");
        refuses(
                JobFiles.withEmbeddingKeys("platform: hashing", "dimensions: vocabulary"),
                "job.yaml:9: embeddings[0].dimensions: is vocabulary, and the platform hashing makes no vectors with a number"
                        + " for each term (tf-idf, bag-of-words, bag-of-characters do)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"4-2", "0-3", "3", "1-10", "2 - 3"})
    void ngramsAreARangeOfOneToNine(String range) {
        files.load(JobFiles.withEmbeddingKeys("platform: bag-of-characters", "ngrams: 1-9"));
        refuses(
                JobFiles.withEmbeddingKeys("platform: bag-of-characters", "ngrams: " + range),
                "job.yaml:9: embeddings[0].ngrams: " + range
                        + " is not a range of lengths (shortest-longest, from 1-1 to 9-9)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1_000", "64.0", "1e3", "0x10", "007", "+1", "many", "Auto", "true"})
    void wholeNumbersAreDigits(String text) {
        assertEquals(
                List.of("job.yaml:8: embeddings[0].batch-tokens: " + text + " is not a whole number"
                        + " (digits only, no separators, no leading zeros; 64 to 1000000, or auto)"),
                files.problems(JobFiles.withEmbeddingKeys("batch-tokens: " + text)));
    }

    @Test
    void ratesGoFromZeroToOne() {
        for (String rate : List.of("0", "1", "0.5", ".5", "1e-3")) {
            assertEquals(
                    Double.parseDouble(rate),
                    files.load(JobFiles.MINIMAL, "errors.max-rate=" + rate).maxErrorRate());
        }
        for (String rate : List.of("-0.1", "1.01", "1e300")) {
            assertEquals(
                    List.of("--set: errors.max-rate: " + rate + " is out of range (0 to 1)"),
                    files.problems(JobFiles.MINIMAL, "errors.max-rate=" + rate));
        }
        for (String rate : List.of("5%", ".nan", ".inf", "1,5")) {
            assertEquals(
                    List.of("--set: errors.max-rate: " + rate + " is not a number (0 to 1)"),
                    files.problems(JobFiles.MINIMAL, "errors.max-rate=" + rate));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "no", "on", "off", "True", "1"})
    void flagsAreTrueOrFalse(String text) {
        refuses(
                JobFiles.withEmbeddingKeys("normalize: " + text),
                "job.yaml:8: embeddings[0].normalize: " + text + " is not a flag (true or false)");
    }

    @Test
    void aNumberIsATextWhereATextIsExpected() {
        JobSpec job = files.load(JobFiles.withEmbeddingKeys("model: 1.10").replace("job: reviews", "job: 2024"));
        assertEquals("2024", job.job());
        assertEquals("1.10", job.embeddings().get(0).request().model().orElseThrow());
    }

    @Test
    void aQuotedNumberIsANumber() {
        assertEquals(
                new BatchTokens(128),
                files.load(JobFiles.withEmbeddingKeys("batch-tokens: \"128\""))
                        .embeddings()
                        .get(0)
                        .compute()
                        .batchTokens());
    }

    @Test
    void valuesAreOfTheirKind() {
        refuses(
                JobFiles.withEmbeddingKeys(
                        "model: [a]", "reduce: pca", "batch-tokens: {a: b}", "device:", "pooling: ~"),
                "job.yaml:8: embeddings[0].model: is a list (a model is expected)",
                "job.yaml:9: embeddings[0].reduce: is a single value (a group of keys is expected)",
                "job.yaml:10: embeddings[0].batch-tokens: is a group of keys (a whole number is expected)",
                "job.yaml:11: embeddings[0].device: is empty (a choice is expected)."
                        + " Give it a value or remove the key.",
                "job.yaml:12: embeddings[0].pooling: is empty (a pooling is expected)."
                        + " Give it a value or remove the key.");
    }

    @Test
    void longValuesAreCutInMessages() {
        String problem = files.problems(JobFiles.withEmbeddingKeys("device: " + "x".repeat(500)))
                .get(0);
        assertTrue(problem.contains("x".repeat(80) + "… is not a choice"), problem);
    }

    // Spark

    @Test
    void sparkSettingsAreNamedAsSparkNamesThem() {
        refuses(
                JobFiles.MINIMAL + "spark: {sql.shuffle.partitions: 8, spark.: 1, spark.a: [1], spark.b: {c: d}}\n",
                "job.yaml:8: spark.sql.shuffle.partitions: sql.shuffle.partitions is not the name of a Spark setting"
                        + " (names start with spark.). Name it spark.sql.shuffle.partitions below the key spark.",
                "job.yaml:8: spark.spark.: spark. is not the name of a Spark setting (names start with spark.)."
                        + " Name it spark.spark. below the key spark.",
                "job.yaml:8: spark.spark.a: is a list (a single value is expected)",
                "job.yaml:8: spark.spark.b: is a group of keys (a single value is expected)");
        refuses(
                JobFiles.MINIMAL + "spark: [a]\n",
                "job.yaml:8: spark: is a list (a group of Spark settings is expected)");
    }

    @Test
    void badReferencesToSecretsAreNotRepeated() {
        refuses(
                JobFiles.MINIMAL + "spark: {spark.a: \"env:my secret!\", spark.b: \"file:relative\"}\n",
                "job.yaml:8: spark.spark.a: is not a reference to a secret (env:NAME, file:/absolute/path, databricks:scope/key or hadoop:alias)",
                "job.yaml:8: spark.spark.b: is not a reference to a secret (env:NAME, file:/absolute/path, databricks:scope/key or hadoop:alias)");
    }

    // Who gets the texts

    private void accepts(String yaml) {
        assertEquals(Optional.empty(), files.load(yaml).terms());
    }

    private static String openAi(String... more) {
        return JobFiles.withEmbeddingKeys("platform: openai", "model: text-embedding-3-small")
                + Stream.of(more).map(line -> line + "\n").collect(Collectors.joining());
    }

    @Test
    void noTextGoesToAProviderWithoutConsent() {
        refuses(
                openAi(),
                "job.yaml:1: terms-accepted.provider: does not name openai, which texts would be sent to at api.openai.com."
                        + " Read its terms, then say who accepted them in terms-accepted: {by, at, provider}.");
        refuses(
                openAi("terms-accepted: {by: me, at: 2026-11-23, provider: cohere}"),
                "job.yaml:10: terms-accepted.provider: does not name openai, which texts would be sent to at api.openai.com."
                        + " Read its terms, then say who accepted them in terms-accepted: {by, at, provider}.");
        assertEquals(
                Optional.of(new TermsAccepted("me", LocalDate.of(2026, 11, 23), List.of("openai"))),
                files.load(openAi("terms-accepted: {by: me, at: 2026-11-23, provider: openai}"))
                        .terms());
    }

    @Test
    void serversOnThisMachineAndOnesOwnNeedNoConsent() {
        accepts(JobFiles.withEmbeddingKeys("platform: openai", "model: m", "endpoint: http://127.0.0.1:8080/v1"));
        accepts(JobFiles.withEmbeddingKeys("platform: ollama", "model: m"));
        accepts(JobFiles.withEmbeddingKeys("platform: tei", "model: m", "endpoint: https://models.internal"));
    }

    @Test
    void onlyPlatformsWithABatchApiTakeBatches() {
        accepts(JobFiles.withEmbeddingKeys(
                "platform: openai",
                "model: m",
                "endpoint: http://127.0.0.1:8080/v1",
                "mode: batch",
                "batch: {texts: 5}"));
        refuses(
                JobFiles.withEmbeddingKeys(
                        "platform: tei", "model: m", "endpoint: https://models.internal", "mode: batch"),
                "job.yaml:11: embeddings[0].mode: is batch, and the platform tei has no batch API for embeddings (openai,"
                        + " cohere, voyage, gemini, mistral have). Remove it.");
        refuses(
                JobFiles.withEmbeddingKeys("mode: batch"),
                "job.yaml:8: embeddings[0].mode: is not supported by platform huggingface. Remove it or change"
                        + " embeddings[0].platform.");
        refuses(
                JobFiles.withEmbeddingKeys("platform: ollama", "model: m", "batch: {texts: 5}"),
                "job.yaml:10: embeddings[0].batch.texts: applies to mode batch only. Remove it, or set mode to batch.");
    }

    @Test
    void aUserOfAProxyNeedsItsAddress() {
        refuses(
                JobFiles.MINIMAL + "proxy: {user: me}\n",
                "job.yaml:8: proxy.user: is set without proxy.address (it logs in to that proxy). Set proxy.address, or"
                        + " remove this key.");
    }

    @Test
    void consentIsComplete() {
        refuses(
                JobFiles.MINIMAL + "terms-accepted: {by: me, at: 2026-13-45}\n",
                "job.yaml:8: terms-accepted.provider: is missing (consent says by whom, when and for which providers)",
                "job.yaml:8: terms-accepted.at: 2026-13-45 is no date (such as 2026-11-23)");
    }

    @Test
    void unencryptedEndpointsAreChosenKnowingly() {
        String[] keys = {"platform: tei", "model: m", "endpoint: http://models.internal"};
        refuses(
                JobFiles.withEmbeddingKeys(keys),
                "job.yaml:10: embeddings[0].endpoint: is not encrypted (everybody on the way to models.internal could read"
                        + " texts and key). Use https, or set allow-http to true.");
        accepts(JobFiles.withEmbeddingKeys(keys[0], keys[1], keys[2], "allow-http: true"));
    }

    @Test
    void hostsThatAreNotAllowedGetNothing() {
        refuses(
                JobFiles.withEmbeddingKeys("platform: tei", "model: m", "endpoint: https://elsewhere.example")
                        + "allowed-hosts: [models.internal]\n",
                "job.yaml:11: allowed-hosts: does not name elsewhere.example, which the platform tei would send texts to."
                        + " Add it, or change endpoint.");
    }

    @Test
    void keysOfProvidersAreNamedNeverWritten() {
        refuses(
                JobFiles.withEmbeddingKeys("platform: tei", "model: m", "endpoint: https://a.b", "api-key: sk-oops"),
                "job.yaml:11: embeddings[0].api-key: is not a reference to a secret (env:NAME, file:/absolute/path, databricks:scope/key or hadoop:alias)");
        refuses(
                JobFiles.withEmbeddingKeys("platform: tei", "model: m", "endpoint: https://user:sk-oops@a.b"),
                "job.yaml:10: embeddings[0].endpoint: is no base URL (https://host/path, without user, password or query)");
    }

    @Test
    void providersHaveNoModelOfTheirOwn() {
        refuses(
                JobFiles.withEmbeddingKeys("platform: ollama"),
                "job.yaml:6: embeddings[0].model: is missing (the platform ollama has no model of its own). Name one of the provider's.");
    }

    @Test
    void headersAreNoPlaceForSecretsNorForWhatEveryCallSets() {
        refuses(
                openAi("terms-accepted: {by: me, at: 2026-11-23, provider: openai}")
                        .replace(
                                "    platform: openai\n",
                                "    platform: openai\n    headers: {X-Api-Key: sk-1, Host: other, Käse: a}\n"),
                "job.yaml:9: embeddings[0].headers.X-Api-Key: may be a secret by its name (a secret is named, never written)."
                        + " Refer to it with api-key.",
                "job.yaml:9: embeddings[0].headers.Host: is set for every call as it needs it (its name stands for what is sent)."
                        + " Remove it.",
                "job.yaml:9: embeddings[0].headers.Käse: has another name than headers have (letters, digits, -).");
    }
}
