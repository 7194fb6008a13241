package io.embedlake.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.SecretReference;
import io.embedlake.text.AttributeTemplate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobSpecTest {
    @TempDir
    Path folder;

    private JobFiles files;

    @BeforeEach
    void prepare() {
        files = new JobFiles(folder);
    }

    /** The keys that the others exclude: an identity in place of keys, and the proxy, which every request would repeat. */
    private static final String IDENTITY =
            """
            job: identity
            source: {table: shop.reviews, id: review_id}
            embeddings:
              - column: vector
                attribute: body
                platform: azure-openai
                model: deployment
                sign-in: managed-identity
                endpoint: https://models.openai.azure.com/
            proxy:
              address: http://proxy.example.com:3128
              user: embedlake
              password: env:PROXY_PASSWORD
            terms-accepted: {by: someone@example.com, at: 2026-11-23, provider: azure-openai}
            """;

    private static final String IMAGES =
            """
            job: pictures
            source: {path: photos, format: images}
            target: {table: delta.`vectors`}
            embeddings:
              - column: vector
                attribute: name
                input: image
                images: {strings: path, base: photos, max-bytes: 20000000, max-pixels: 50000000}
              - {column: of_path, attribute: path}
              - {column: of_content, attribute: content}
            """;

    private static final String FULL =
            """
            job: all-keys_1.0
            source:
              path: s3a://bucket/landing
              format: json
              id: [tenant, id]
              where: "lang = 'en'"
            target:
              table: main.search.vectors
              store: main.search.kept
              compact: never
            embeddings:
              - column: title_vector
                attribute: "{title} - {body}"
                platform: huggingface
                model: organisation/model
                model-token: env:TEAM_TOKEN
                granularity: token
                merge-words: true
                pooling: cls
                normalize: false
                max-tokens: 128
                prompt: "passage: "
                prompt-name: document
                query-prompt: "query: "
                query-prompt-name: query
                layers: second-to-last
                precision: bf16
                long-text: split-mean
                long-text-overlap: 16
                device: gpu
                batch-tokens: 8192
                check-executors: true
                reduce:
                  method: pca
                  dimensions: 32
                  center: true
                  quantize: int8
                  sample-rows: 5000
                  few-rows: pad
                  min-recall: 0.7
              - column: hashed
                attribute: body
                platform: hashing
                dimensions: 1024
                device: cpu
                reduce: {method: none, quantize: packed, bytes: 48, keep-full: true}
                index: {lists: 500}
              - column: spelled
                attribute: body
                platform: bag-of-characters
                dimensions: vocabulary
                vocabulary: 2000
                min-documents: 3
                ngrams: 1-3
                fit-rows: 5000
                reduce: {method: none}
              - column: azure
                attribute: body
                platform: azure-openai
                model: deployment
                api-key: file:/run/secrets/azure
                endpoint: http://models.internal/
                allow-http: true
                api-version: 2024-10-21
                headers: {X-Team: search, X-Cost-Centre: 12}
                user: a-team
                encoding: float
                reduce: {method: none}
              - column: entra
                attribute: body
                platform: azure-openai
                model: deployment
                client-id: 11111111-2222
                client-secret: databricks:models/entra
                tenant: contoso.com
                token-scope: https://ai.azure.com/.default
                token-endpoint: https://login.microsoftonline.us/contoso.com/oauth2/v2.0/token
                endpoint: http://models.internal/
                allow-http: true
                reduce: {method: none}
              - column: vertex
                attribute: body
                platform: vertex
                model: text-embedding-005
                project: my-project
                location: europe-west4
                input-type: document
                query-input-type: query
                reduce: {method: none}
              - column: templated
                attribute: body
                platform: http
                model: house-model
                endpoint: https://models.internal/embed
                request: '{"docs": "{texts}"}'
                query-request: '{"queries": "{texts}"}'
                vectors: result[*].v
                indices: result[*].n
                usage: cost
                texts-per-call: 96
                key-header: X-Api-Key
                server-label: house-2
                reduce: {method: none}
              - column: mistral
                attribute: body
                platform: mistral
                model: mistral-embed
                mode: batch
                batch: {texts: 20000, at-once: 4, queue-tokens: 3000000, poll-s: 60}
                reduce: {method: none}
            limits:
              requests-per-minute: 3000
              tokens-per-minute: 1000000
              inputs-per-minute: 2000
              in-flight: 16
              max-wait-s: 60
              timeout-s: 30
              price-per-million-tokens: 0.02
              max-tokens: 5000000
              max-cost: 12.5
            terms-accepted: {by: someone@example.com, at: 2026-11-23, provider: [azure-openai, vertex, http, mistral]}
            allowed-hosts: [models.internal, europe-west4-aiplatform.googleapis.com, api.mistral.ai]
            waves:
              rows: 2500
              minutes: 3
            errors:
              max-rate: 0.25
            searches: [one thing, another]
            spark:
              spark.sql.shuffle.partitions: 8
              spark.hadoop.fs.s3a.secret.key: env:S3_SECRET
              spark.ui.enabled: false
            """;

    @Test
    void completesTheShortestJobWithDefaults() {
        TableRef reviews = new TableRef.FilePath(
                TableRef.Format.DELTA, folder.resolve("warehouse/reviews").toString());
        assertEquals(
                new JobSpec(
                        "reviews",
                        new SourceSpec(reviews, List.of("review_id"), Optional.empty()),
                        new TargetSpec(reviews, reviews.sibling("_embeddings")),
                        List.of(new EmbeddingSpec(
                                "text_embedding",
                                AttributeTemplate.parse("text"),
                                "huggingface",
                                new EmbedderRequest(Optional.empty(), Map.of()),
                                new ComputeSpec(DeviceChoice.AUTO, BatchTokens.AUTO, false),
                                ReduceSpec.of(ReduceSpec.Method.PCA, 64, 20_000))),
                        0.01,
                        Optional.empty(),
                        new WaveLimits(100_000, Duration.ofMinutes(10)),
                        List.of(),
                        Map.of()),
                files.load(JobFiles.MINIMAL));
    }

    @Test
    void mapsEveryKey() {
        assertEquals(
                new JobSpec(
                        "all-keys_1.0",
                        new SourceSpec(
                                new TableRef.FilePath(TableRef.Format.JSON, "s3a://bucket/landing"),
                                List.of("tenant", "id"),
                                Optional.of("lang = 'en'")),
                        new TargetSpec(
                                TableRef.parse("main.search.vectors"),
                                TableRef.parse("main.search.kept"),
                                Compact.NEVER),
                        List.of(
                                new EmbeddingSpec(
                                        "title_vector",
                                        AttributeTemplate.parse("{title} - {body}"),
                                        "huggingface",
                                        new EmbedderRequest(
                                                Optional.of("organisation/model"),
                                                Map.ofEntries(
                                                        Map.entry("model-token", "env:TEAM_TOKEN"),
                                                        Map.entry("granularity", "token"),
                                                        Map.entry("merge-words", "true"),
                                                        Map.entry("pooling", "cls"),
                                                        Map.entry("normalize", "false"),
                                                        Map.entry("max-tokens", "128"),
                                                        Map.entry("prompt", "passage: "),
                                                        Map.entry("prompt-name", "document"),
                                                        Map.entry("query-prompt", "query: "),
                                                        Map.entry("query-prompt-name", "query"),
                                                        Map.entry("layers", "second-to-last"),
                                                        Map.entry("precision", "bf16"),
                                                        Map.entry("long-text", "split-mean"),
                                                        Map.entry("long-text-overlap", "16"))),
                                        new ComputeSpec(DeviceChoice.GPU, new BatchTokens(8192), true),
                                        new ReduceSpec(
                                                ReduceSpec.Method.PCA,
                                                32,
                                                true,
                                                ReduceSpec.Codes.INT8,
                                                64,
                                                5000,
                                                ReduceSpec.FewRows.PAD,
                                                0.7,
                                                ReduceSpec.Full.STORED)),
                                new EmbeddingSpec(
                                        "hashed",
                                        AttributeTemplate.parse("body"),
                                        "hashing",
                                        new EmbedderRequest(Optional.empty(), Map.of("dimensions", "1024")),
                                        new ComputeSpec(DeviceChoice.CPU, BatchTokens.AUTO, false),
                                        new ReduceSpec(
                                                ReduceSpec.Method.NONE,
                                                64,
                                                false,
                                                ReduceSpec.Codes.PACKED,
                                                48,
                                                20_000,
                                                ReduceSpec.FewRows.REFUSE,
                                                0,
                                                ReduceSpec.Full.PUBLISHED),
                                        Optional.of(new IndexSpec(OptionalInt.of(500)))),
                                new EmbeddingSpec(
                                        "spelled",
                                        AttributeTemplate.parse("body"),
                                        "bag-of-characters",
                                        new EmbedderRequest(
                                                Optional.empty(),
                                                Map.of(
                                                        "dimensions", "vocabulary",
                                                        "vocabulary", "2000",
                                                        "min-documents", "3",
                                                        "ngrams", "1-3",
                                                        "fit-rows", "5000")),
                                        new ComputeSpec(DeviceChoice.AUTO, BatchTokens.AUTO, false),
                                        ReduceSpec.of(ReduceSpec.Method.NONE, 64, 20_000)),
                                new EmbeddingSpec(
                                        "azure",
                                        AttributeTemplate.parse("body"),
                                        "azure-openai",
                                        new EmbedderRequest(
                                                Optional.of("deployment"),
                                                limited(Map.ofEntries(
                                                        Map.entry("api-key", "file:/run/secrets/azure"),
                                                        Map.entry("endpoint", "http://models.internal/"),
                                                        Map.entry("api-version", "2024-10-21"),
                                                        Map.entry("headers.X-Team", "search"),
                                                        Map.entry("headers.X-Cost-Centre", "12"),
                                                        Map.entry("user", "a-team"),
                                                        Map.entry("encoding", "float")))),
                                        new ComputeSpec(DeviceChoice.AUTO, BatchTokens.AUTO, false),
                                        ReduceSpec.of(ReduceSpec.Method.NONE, 64, 20_000)),
                                new EmbeddingSpec(
                                        "entra",
                                        AttributeTemplate.parse("body"),
                                        "azure-openai",
                                        new EmbedderRequest(
                                                Optional.of("deployment"),
                                                Map.ofEntries(
                                                        Map.entry("client-id", "11111111-2222"),
                                                        Map.entry("client-secret", "databricks:models/entra"),
                                                        Map.entry("tenant", "contoso.com"),
                                                        Map.entry("token-scope", "https://ai.azure.com/.default"),
                                                        Map.entry(
                                                                "token-endpoint",
                                                                "https://login.microsoftonline.us/contoso.com/oauth2/v2.0/token"),
                                                        Map.entry("endpoint", "http://models.internal/"),
                                                        Map.entry("limits.requests-per-minute", "3000"),
                                                        Map.entry("limits.tokens-per-minute", "1000000"),
                                                        Map.entry("limits.inputs-per-minute", "2000"),
                                                        Map.entry("limits.in-flight", "16"),
                                                        Map.entry("limits.max-wait-s", "60"),
                                                        Map.entry("limits.timeout-s", "30"),
                                                        Map.entry("limits.price-per-million-tokens", "0.02"),
                                                        Map.entry("limits.max-tokens", "5000000"),
                                                        Map.entry("limits.max-cost", "12.5"))),
                                        new ComputeSpec(DeviceChoice.AUTO, BatchTokens.AUTO, false),
                                        ReduceSpec.of(ReduceSpec.Method.NONE, 64, 20_000)),
                                new EmbeddingSpec(
                                        "vertex",
                                        AttributeTemplate.parse("body"),
                                        "vertex",
                                        new EmbedderRequest(
                                                Optional.of("text-embedding-005"),
                                                limited(Map.ofEntries(
                                                        Map.entry("project", "my-project"),
                                                        Map.entry("location", "europe-west4"),
                                                        Map.entry("input-type", "document"),
                                                        Map.entry("query-input-type", "query")))),
                                        new ComputeSpec(DeviceChoice.AUTO, BatchTokens.AUTO, false),
                                        ReduceSpec.of(ReduceSpec.Method.NONE, 64, 20_000)),
                                new EmbeddingSpec(
                                        "templated",
                                        AttributeTemplate.parse("body"),
                                        "http",
                                        new EmbedderRequest(
                                                Optional.of("house-model"),
                                                limited(Map.ofEntries(
                                                        Map.entry("endpoint", "https://models.internal/embed"),
                                                        Map.entry("request", "{\"docs\": \"{texts}\"}"),
                                                        Map.entry("query-request", "{\"queries\": \"{texts}\"}"),
                                                        Map.entry("vectors", "result[*].v"),
                                                        Map.entry("indices", "result[*].n"),
                                                        Map.entry("usage", "cost"),
                                                        Map.entry("texts-per-call", "96"),
                                                        Map.entry("key-header", "X-Api-Key"),
                                                        Map.entry("server-label", "house-2")))),
                                        new ComputeSpec(DeviceChoice.AUTO, BatchTokens.AUTO, false),
                                        ReduceSpec.of(ReduceSpec.Method.NONE, 64, 20_000)),
                                new EmbeddingSpec(
                                        "mistral",
                                        AttributeTemplate.parse("body"),
                                        "mistral",
                                        new EmbedderRequest(
                                                Optional.of("mistral-embed"),
                                                limited(Map.ofEntries(
                                                        Map.entry("mode", "batch"),
                                                        Map.entry("batch.texts", "20000"),
                                                        Map.entry("batch.at-once", "4"),
                                                        Map.entry("batch.queue-tokens", "3000000"),
                                                        Map.entry("batch.poll-s", "60")))),
                                        new ComputeSpec(DeviceChoice.AUTO, BatchTokens.AUTO, false),
                                        ReduceSpec.of(ReduceSpec.Method.NONE, 64, 20_000))),
                        0.25,
                        Optional.of(new TermsAccepted(
                                "someone@example.com",
                                java.time.LocalDate.of(2026, 11, 23),
                                List.of("azure-openai", "vertex", "http", "mistral"))),
                        new WaveLimits(2500, Duration.ofMinutes(3)),
                        List.of("one thing", "another"),
                        Map.of(
                                "spark.sql.shuffle.partitions", new Setting.Literal("8", "8"),
                                "spark.hadoop.fs.s3a.secret.key",
                                        new Setting.Secret(
                                                new SecretReference(SecretReference.Store.ENVIRONMENT, "S3_SECRET")),
                                "spark.ui.enabled", new Setting.Literal("false", "false"))),
                files.load(FULL));
    }

    /** A provider's options, with the limits of the job. */
    private static Map<String, String> limited(Map<String, String> options) {
        Map<String, String> all = new HashMap<>(options);
        all.putAll(Map.of(
                "limits.requests-per-minute", "3000",
                "limits.tokens-per-minute", "1000000",
                "limits.inputs-per-minute", "2000",
                "limits.in-flight", "16",
                "limits.max-wait-s", "60",
                "limits.timeout-s", "30",
                "limits.price-per-million-tokens", "0.02",
                "limits.max-tokens", "5000000",
                "limits.max-cost", "12.5"));
        return all;
    }

    @Test
    void fullJobUsesEveryKeyButTheTableItReplaces() {
        Keys.ALL.stream()
                .filter(key -> key != Keys.SOURCE_TABLE)
                .forEach(key -> assertEquals(
                        true,
                        (FULL + IDENTITY + IMAGES).contains(key.name() + ":"),
                        () -> key.path() + " is missing from the test"));
    }

    @Test
    void imagesAreNamedByTheirPathsAndRelativePathsBeginWhereTheCommandIsRun() {
        JobSpec job = files.load(IMAGES);

        assertEquals(List.of("path"), job.source().id());
        assertEquals(
                Map.of(
                        "input", "image",
                        "images.strings", "path",
                        "images.base", folder.resolve("photos").toString(),
                        "images.max-bytes", "20000000",
                        "images.max-pixels", "50000000"),
                job.embeddings().get(0).request().options());
        assertEquals(Map.of("input", "image"), job.embeddings().get(1).request().options());
        assertEquals(Map.of(), job.embeddings().get(2).request().options());
    }

    @Test
    void identitiesAndTheProxyReachThePlatform() {
        assertEquals(
                Map.of(
                        "sign-in", "managed-identity",
                        "endpoint", "https://models.openai.azure.com/",
                        "proxy.address", "http://proxy.example.com:3128",
                        "proxy.user", "embedlake",
                        "proxy.password", "env:PROXY_PASSWORD"),
                files.load(IDENTITY).embeddings().get(0).request().options());
    }

    @Test
    void describesEverythingThatWasAskedForAndTheDefaults() {
        Map<String, String> described = files.load(JobFiles.MINIMAL).describe();
        String reviews = folder.resolve("warehouse/reviews").toString();
        assertEquals(
                Map.ofEntries(
                        Map.entry("job", "reviews"),
                        Map.entry("source.table", "delta.`" + reviews + "`"),
                        Map.entry("source.id", "review_id"),
                        Map.entry("target.table", "delta.`" + reviews + "`"),
                        Map.entry("target.store", "delta.`" + reviews + "_embeddings`"),
                        Map.entry("embeddings[0].column", "text_embedding"),
                        Map.entry("embeddings[0].attribute", "text"),
                        Map.entry("embeddings[0].platform", "huggingface"),
                        Map.entry("embeddings[0].granularity", "attribute"),
                        Map.entry("embeddings[0].device", "auto"),
                        Map.entry("embeddings[0].batch-tokens", "auto"),
                        Map.entry("embeddings[0].check-executors", "false"),
                        Map.entry("embeddings[0].reduce.method", "pca"),
                        Map.entry("embeddings[0].reduce.dimensions", "64"),
                        Map.entry("embeddings[0].reduce.center", "false"),
                        Map.entry("embeddings[0].reduce.quantize", "none"),
                        Map.entry("embeddings[0].reduce.sample-rows", "20000"),
                        Map.entry("embeddings[0].reduce.few-rows", "refuse"),
                        Map.entry("embeddings[0].reduce.min-recall", "0.0"),
                        Map.entry("embeddings[0].reduce.keep-full", "false"),
                        Map.entry("waves.rows", "100000"),
                        Map.entry("waves.minutes", "10"),
                        Map.entry("errors.max-rate", "0.01")),
                described);
    }

    @Test
    void describesSecretsAsReferencesAndHidesWhatLooksLikeOne() {
        JobSpec job = files.load(
                JobFiles.MINIMAL
                        + """
                        spark:
                          spark.a.secret.key: env:THE_NAME
                          spark.b.password: hunter2
                          spark.c: ${FROM_OUTSIDE}
                        """,
                Map.of("THE_NAME", "s3cr3t", "FROM_OUTSIDE", "0ut5ide"));
        Map<String, String> described = job.describe();
        assertEquals("env:THE_NAME", described.get("spark.spark.a.secret.key"));
        assertEquals("(hidden)", described.get("spark.spark.b.password"));
        assertEquals("${FROM_OUTSIDE}", described.get("spark.spark.c"));
        for (String text : List.of(described.toString(), job.toString())) {
            for (String secret : List.of("s3cr3t", "hunter2", "0ut5ide")) {
                assertFalse(text.contains(secret), secret);
            }
        }
        assertEquals("hunter2", job.spark().get("spark.b.password").resolve(Map.of(), path -> ""));
        assertEquals("0ut5ide", job.spark().get("spark.c").resolve(Map.of(), path -> ""));
    }

    @Test
    void recordsRefuseWhatNoJobFileCanSay() {
        JobSpec job = files.load(JobFiles.MINIMAL);
        assertEquals(
                "a job has at least one embedding",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new JobSpec(
                                        "x",
                                        job.source(),
                                        job.target(),
                                        List.of(),
                                        0,
                                        Optional.empty(),
                                        job.waves(),
                                        List.of(),
                                        Map.of()))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> new WaveLimits(0, Duration.ofMinutes(1)));
        assertThrows(IllegalArgumentException.class, () -> new WaveLimits(1, Duration.ZERO));
        assertThrows(
                IllegalArgumentException.class,
                () -> new TargetSpec(job.target().table(), job.target().table()));
    }
}
