package io.embedlake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.embedlake.config.AllKeys;
import io.embedlake.config.DeviceChoice;
import io.embedlake.config.JobSpec;
import io.embedlake.config.ReduceSpec;
import io.embedlake.config.TableRef;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.SecretReference;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class JobBuilderTest {
    private static final SecretReference KEY = SecretReference.parse("env:OPENAI_API_KEY");
    private static final Attribute TEXT = Attribute.of("text");
    private static final Consent CONSENT =
            Consent.of("someone@example.com", LocalDate.of(2026, 11, 23), "openai", "cohere");

    private static final List<Model> PLATFORMS = List.of(
            Model.huggingFace("org/name"),
            Model.hashing(),
            Model.wordVectors(Path.of("glove.txt")),
            Model.tfIdf(),
            Model.bagOfWords(),
            Model.bagOfCharacters(2, 4),
            Model.word2vec(),
            Model.autoencoder(),
            Model.gan(),
            Model.openai("m"),
            Model.azureOpenai("m"),
            Model.cohere("m"),
            Model.huggingFaceApi("m"),
            Model.tei("m"),
            Model.voyage("m"),
            Model.gemini("m"),
            Model.vertex("m"),
            Model.mistral("m"),
            Model.jina("m"),
            Model.bedrock("m"),
            Model.databricks("m"),
            Model.ollama("m"),
            Model.openaiCompatible("m"),
            Model.http("m"));

    private static JobBuilder builder() {
        return new JobBuilder("reviews", spec -> new EmbedJob(null, Map.of(), spec));
    }

    private static JobSpec built(UnaryOperator<JobBuilder> job) {
        JobSpec[] made = new JobSpec[1];
        JobBuilder builder = new JobBuilder("reviews", spec -> {
            made[0] = spec;
            return new EmbedJob(null, Map.of(), spec);
        });
        job.apply(builder).build();
        return made[0];
    }

    private static void assertSame(String yaml, UnaryOperator<JobBuilder> job) {
        JobSpec read = JobFile.parse(yaml).value();
        JobSpec built = built(job);
        assertEquals(read.describe(), built.describe());
        assertEquals(read, built);
    }

    // ---- every key

    @Test
    void everyKeyOfTheJobFileHasAMethod() {
        Model everything = Model.huggingFace("m")
                .modelToken(KEY)
                .imagesInBase64()
                .imageBase("photos")
                .maxImageBytes(20_000_000)
                .maxImagePixels(50_000_000)
                .words()
                .pooling("mean")
                .normalized()
                .maxTokens(256)
                .promptName("passage")
                .prompt("passage: ")
                .queryPromptName("query")
                .queryPrompt("query: ")
                .layers("last")
                .precision(Model.Precision.FP32)
                .longText(Model.LongText.SPLIT_MEAN)
                .longTextOverlap(32)
                .dimensions(512)
                .vocabulary(1000)
                .minDocuments(2)
                .fitRows(1000)
                .apiKey(KEY)
                .clientId("id")
                .clientSecret(KEY)
                .signIn(Model.SignIn.MANAGED_IDENTITY)
                .tenant("tenant")
                .tokenScope("scope")
                .tokenEndpoint("https://example.com")
                .endpoint("https://example.com")
                .allowHttp()
                .apiVersion("2024-10-21")
                .project("project")
                .location("europe-west4")
                .inputType(Model.InputType.DOCUMENT)
                .queryInputType(Model.InputType.QUERY)
                .request("{}")
                .queryRequest("{}")
                .vectors("data")
                .indices("data")
                .usage("usage")
                .textsPerCall(8)
                .keyHeader("X-Key")
                .serverLabel("house-2")
                .header("OpenAI-Project", "proj_1")
                .user("team")
                .encoding(Model.Encoding.FLOAT)
                .batches()
                .batchTexts(100)
                .batchesAtOnce(2)
                .batchQueueTokens(10_000)
                .batchPoll(Duration.ofSeconds(10))
                .device(DeviceChoice.CPU)
                .batchTokens(4096)
                .checkExecutors();
        Reduction reduction = Reduction.pca(8)
                .centered()
                .packed(16)
                .sampleRows(1000)
                .padFewRows()
                .minRecall(0.5)
                .keepFull();
        Limits limits = Limits.none()
                .requestsPerMinute(1)
                .tokensPerMinute(1)
                .inputsPerMinute(1)
                .inFlight(1)
                .maxWait(Duration.ofSeconds(1))
                .timeout(Duration.ofSeconds(1))
                .pricePerMillionTokens(1)
                .maxTokens(1)
                .maxCost(1);
        JobBuilder job = builder()
                .source("table", "id")
                .source(TableRef.Format.CSV, "folder", "id")
                .where("true")
                .target("target")
                .store("store")
                .compact("never")
                .column("vector", TEXT, everything, reduction)
                .column("other", TEXT, Model.bagOfCharacters(1, 2))
                .index("vector")
                .waveRows(1)
                .waveTime(Duration.ofMinutes(1))
                .maxErrorRate(0)
                .limits(limits)
                .proxy("http://proxy.example.com:3128", "embedlake", SecretReference.parse("env:PROXY_PASSWORD"))
                .consent(CONSENT)
                .allowedHosts("example.com")
                .searches("query")
                .spark("spark.sql.shuffle.partitions", "2");
        assertEquals(AllKeys.paths(), paths(job.keys().keys(), ""));
    }

    /** The paths of keys that are set, items of lists without their numbers. */
    private static Set<String> paths(Map<?, ?> group, String prefix) {
        Set<String> paths = new TreeSet<>();
        group.forEach((name, value) -> {
            String path = prefix + name;
            if (value instanceof Map<?, ?> inner && !AllKeys.paths().contains(path)) {
                paths.addAll(paths(inner, path + "."));
            } else if (value instanceof List<?> items && items.get(0) instanceof Map<?, ?>) {
                items.forEach(item -> paths.addAll(paths((Map<?, ?>) item, path + "[].")));
            } else {
                paths.add(path);
            }
        });
        return paths;
    }

    @Test
    void everyPlatformHasAMethod() {
        assertEquals(
                AllKeys.platforms(),
                new TreeSet<>(PLATFORMS.stream().map(Model::platform).toList()));
    }

    @Test
    void choicesAreWrittenAsTheJobFileWritesThem() {
        for (Model.Precision precision : Model.Precision.values()) {
            built(job -> job.source("a", "id")
                    .column("v", TEXT, Model.huggingFace("m").precision(precision)));
        }
        for (Model.LongText treatment : Model.LongText.values()) {
            built(job -> job.source("a", "id")
                    .target("b")
                    .column("v", TEXT, Model.huggingFace("m").longText(treatment)));
        }
        for (Model.Encoding encoding : Model.Encoding.values()) {
            built(job -> job.source("a", "id")
                    .consent(CONSENT)
                    .column("v", TEXT, Model.openai("m").encoding(encoding)));
        }
        for (Model.InputType type : Model.InputType.values()) {
            built(job -> job.source("a", "id")
                    .consent(CONSENT)
                    .column("v", TEXT, Model.cohere("m").inputType(type)));
        }
        Stream.of(
                        Model.huggingFace("m").notNormalized(),
                        Model.huggingFace("m").tokens(),
                        Model.tfIdf().dimensionForEachTerm())
                .forEach(model -> built(job -> job.source("a", "id").column("v", TEXT, model)));
    }

    // ---- the same as a file

    @Test
    void aJobReadsTheSameAsItsFile() {
        assertSame(
                """
                job: reviews
                source: {table: delta.`lake/reviews`, id: [shop, review_id], where: "lang = 'en'"}
                target: {table: delta.`lake/out`, store: delta.`lake/store`, compact: never}
                embeddings:
                  - column: text_embedding
                    attribute: "{title}\\n\\n{body}"
                    model: BAAI/bge-small-en-v1.5
                    max-tokens: 256
                    long-text: split-mean
                    batch-tokens: 2048
                    reduce: {method: pca, dimensions: 128, quantize: int8, min-recall: 0.5, keep-full: true}
                    index: {lists: auto}
                waves: {rows: 5000, minutes: 3}
                errors: {max-rate: 0.05}
                searches: [late delivery]
                spark: {spark.sql.shuffle.partitions: 4, spark.hadoop.secret: "env:SECRET"}
                """,
                job -> job.source("delta.`lake/reviews`", "shop", "review_id")
                        .where("lang = 'en'")
                        .target("delta.`lake/out`")
                        .store("delta.`lake/store`")
                        .compact("never")
                        .column(
                                "text_embedding",
                                Attribute.of("{title}\n\n{body}"),
                                Model.huggingFace("BAAI/bge-small-en-v1.5")
                                        .maxTokens(256)
                                        .longText(Model.LongText.SPLIT_MEAN)
                                        .batchTokens(2048),
                                Reduction.pca(128).int8().minRecall(0.5).keepFull())
                        .index("text_embedding")
                        .waveRows(5000)
                        .waveTime(Duration.ofMinutes(3))
                        .maxErrorRate(0.05)
                        .searches("late delivery")
                        .spark("spark.sql.shuffle.partitions", "4")
                        .spark("spark.hadoop.secret", SecretReference.parse("env:SECRET")));
    }

    @Test
    void aJobWithProvidersReadsTheSameAsItsFile() {
        assertSame(
                """
                job: reviews
                source: {path: landing, format: parquet, id: id}
                target: {table: a.b.c}
                embeddings:
                  - column: one
                    attribute: text
                    platform: openai
                    model: text-embedding-3-small
                    dimensions: 512
                    api-key: env:OPENAI_API_KEY
                    headers: {OpenAI-Project: proj_1}
                    mode: batch
                    batch: {texts: 1000, poll-s: 60}
                  - column: two
                    attribute: text
                    platform: cohere
                    model: embed-v4.0
                    input-type: clustering
                    reduce: {method: none}
                limits: {requests-per-minute: 100, timeout-s: 30, max-cost: 2.5}
                terms-accepted: {by: someone@example.com, at: 2026-11-23, provider: [openai, cohere]}
                allowed-hosts: [api.openai.com, api.cohere.com]
                """,
                job -> job.source(TableRef.Format.PARQUET, "landing", "id")
                        .target("a.b.c")
                        .column(
                                "one",
                                TEXT,
                                Model.openai("text-embedding-3-small")
                                        .dimensions(512)
                                        .apiKey(KEY)
                                        .header("OpenAI-Project", "proj_1")
                                        .batches()
                                        .batchTexts(1000)
                                        .batchPoll(Duration.ofMinutes(1)))
                        .column(
                                "two",
                                TEXT,
                                Model.cohere("embed-v4.0").inputType(Model.InputType.CLUSTERING),
                                Reduction.none())
                        .limits(Limits.none()
                                .requestsPerMinute(100)
                                .timeout(Duration.ofSeconds(30))
                                .maxCost(2.5))
                        .consent(CONSENT)
                        .allowedHosts("api.openai.com", "api.cohere.com"));
    }

    @Test
    void reductionsThatAnEvaluationTriedAreReadAsTheyWere() {
        List<Reduction> reductions = new ArrayList<>(List.of(
                Reduction.pca(32).centered().keepFull(),
                Reduction.mllibPca(8).int8(),
                Reduction.packedPca(16).minRecall(0.25),
                Reduction.truncate(64).binary(),
                Reduction.autoencoder(8).sampleRows(500).padFewRows(),
                Reduction.none()));
        for (Reduction reduction : reductions) {
            ReduceSpec read = reduced(reduction);
            assertEquals(read, reduced(Reduction.of(read)));
        }
    }

    private static ReduceSpec reduced(Reduction reduction) {
        return built(job -> job.source("a", "id").column("v", TEXT, Model.hashing(), reduction))
                .embeddings()
                .get(0)
                .reduce();
    }

    @Test
    void textsAreTakenLiterally() {
        JobSpec job = built(builder -> builder.source("a", "id")
                .where("text LIKE '${NAME}'")
                .column("v", TEXT, Model.huggingFace("m").prompt("$${x}: ")));
        assertEquals("text LIKE '${NAME}'", job.source().where().orElseThrow());
        assertEquals("$${x}: ", job.embeddings().get(0).request().options().get("prompt"));
    }

    // ---- problems

    @Test
    void problemsAreNamedByKeyAllTogether() {
        EmbedlakeException problem = assertThrows(EmbedlakeException.class, () -> builder()
                .source("a", "id")
                .column("vector", TEXT, Model.hashing().pooling("mean"), Reduction.pca(5000))
                .build());
        assertEquals(ErrorKind.CONFIGURATION, problem.kind());
        assertEquals(
                """
                Cannot use the job reviews: 2 problems.
                embeddings[0].pooling: is not supported by platform hashing. Remove it or change embeddings[0].platform.
                embeddings[0].reduce.dimensions: 5000 is out of range (1 to 4096)""",
                problem.getMessage());
    }

    @Test
    void aFileThatIsTextIsReadWithItsLines() {
        EmbedlakeException problem =
                assertThrows(EmbedlakeException.class, () -> JobFile.parse("job: x\nsource: {table: a}\n"));
        assertTrue(problem.getMessage().startsWith("Cannot use the job: "), problem.getMessage());
        assertTrue(problem.getMessage().contains("line:2: source.id: is missing"), problem.getMessage());
    }

    @Test
    void timesAreWholeUnits() {
        EmbedlakeException problem =
                assertThrows(EmbedlakeException.class, () -> builder().waveTime(Duration.ofSeconds(90)));
        assertEquals("Cannot set minutes: PT1M30S (a whole number of minutes). Round it.", problem.getMessage());
    }

    @Test
    void onlyKindsOfRejectedTextsAreRetried() {
        EmbedlakeException problem = assertThrows(
                EmbedlakeException.class, () -> RunOptions.defaults().retry(ErrorKind.STORAGE));
        assertEquals(
                "Cannot retry texts of the kind STORAGE (texts are rejected as INVALID_INPUT, TRANSIENT, PROTOCOL). Name another"
                        + " kind.",
                problem.getMessage());
    }

    @Test
    void valuesPrintNoSecretAndEqualWhatSaysTheSame() {
        Model model = Model.openai("m").apiKey(KEY);
        assertEquals("{platform=openai, model=m, api-key=env:OPENAI_API_KEY}", model.toString());
        assertEquals(Model.openai("m").apiKey(KEY), model);
        assertFalse(model.equals(Model.openai("m")));
        assertEquals(Reduction.pca(8), Reduction.pca(8));
        assertEquals(Limits.none().maxCost(1), Limits.none().maxCost(1));
    }
}
