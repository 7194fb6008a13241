package io.embedlake.config;

import io.embedlake.image.ImageLimits;
import io.embedlake.remote.platform.ProviderPlatform;
import io.embedlake.spi.InputKind;
import io.embedlake.spi.Platform;
import io.embedlake.spi.Platforms;
import io.embedlake.spi.SecretReference;
import io.embedlake.text.AttributeTemplate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The one declaration of all keys of the job file. Stateless. */
final class Keys {
    static final String TOKEN = "token";
    static final String SPLIT_ROWS = "split-rows";

    /** The platforms that job files may name, in the order in which documents list them. */
    private static final List<Platform> PLATFORMS =
            Platforms.all().stream().filter(Platform::isListed).toList();

    /** The names of the platforms that send texts to a server. */
    static final List<String> PROVIDERS = namesOf(ProviderPlatform.class::isInstance);

    static final Key<String> JOB = Key.required(
            "job",
            KeyType.Text.name("letters, digits, _ - .", "[A-Za-z0-9_.-]+"),
            "The job's name, for reports.",
            "reviews");

    static final Key<TableRef> SOURCE_TABLE = Key.optional(
            "source.table",
            KeyType.Text.table(),
            "source.path and source.format say where the rows are",
            "The table to read. A relative path starts where the command is run.",
            "delta.`warehouse/reviews`");
    static final Key<String> SOURCE_PATH = Key.optional(
                    "source.path",
                    KeyType.Text.folder(),
                    "source.table says where the rows are",
                    "The folder to read when the source is no table. A relative path starts where the command is run.",
                    "landing/reviews")
            .insteadOf(SOURCE_TABLE);
    static final Key<TableRef.Format> SOURCE_FORMAT = Key.optional(
                    "source.format",
                    KeyType.Choice.of(TableRef.Format.values()),
                    "source.table says where the rows are",
                    "What lies in source.path; images are files whose names end in jpg, png, gif, bmp, tif or webp, in the folder and"
                            + " below it, with the columns path, modificationTime, length and content.",
                    "parquet")
            .insteadOf(SOURCE_TABLE);
    static final Key<List<String>> SOURCE_ID = Key.required(
            "source.id",
            new KeyType.Texts("column", "columns"),
            "The columns that name a row: together unique, none of them null. With source.format images it may be left out, and is"
                    + " path.",
            "review_id");
    static final Key<String> SOURCE_WHERE = Key.optional(
            "source.where",
            KeyType.Text.any("a SQL condition"),
            "all rows",
            "Only the rows that meet this condition are embedded.",
            "\"lang = 'en'\"");

    static final Key<TableRef> TARGET_TABLE = Key.optional(
            "target.table",
            KeyType.Text.table(),
            "the source, when it is a table or a folder of format delta; else it must be given",
            "The Delta table that gets the vector columns.",
            "delta.`warehouse/reviews`");
    static final Key<TableRef> TARGET_STORE = Key.optional(
            "target.store",
            KeyType.Text.table(),
            "the target with _embeddings at the end of its name",
            "The Delta table that keeps every vector ever made, in full length.",
            "delta.`warehouse/reviews_embeddings`");
    static final Key<Compact> TARGET_COMPACT = Key.withDefault(
            "target.compact",
            KeyType.Choice.of(Compact.values()),
            Compact.AUTO.toString(),
            "When small files of the store become large ones: after a run when more than 100 have piled up, or never but by"
                    + " embedlake compact.");

    static final Key<String> COLUMN = Key.required(
            "embeddings[].column",
            KeyType.Text.name("letters, digits, _", "[A-Za-z0-9_]+"),
            "The name of the vector column. No id column, no field of the attribute, unique in the job.",
            "text_embedding");
    static final Key<AttributeTemplate> ATTRIBUTE = Key.required(
            "embeddings[].attribute",
            KeyType.Text.attribute(),
            "What is embedded: a column, or a template that joins columns, such as \"{title}\\n\\n{body}\". Images are in a column"
                    + " of type BINARY, or of paths.",
            "text");
    static final Key<String> PLATFORM = Key.withDefault(
            "embeddings[].platform",
            new KeyType.Choice<>(namesOf(platform -> true)),
            PLATFORMS.get(0).name(),
            "What makes the vectors. The platforms autoencoder and gan take rows of numbers and categories: a column that is an"
                    + " array of numbers, or a template that names columns, such as \"{age} {price} {colour}\". From openai on they are"
                    + " servers that texts are sent to: docs/platforms.md.");
    static final Key<String> MODEL = Key.optional(
                    "embeddings[].model",
                    KeyType.Text.any("a model"),
                    "the platform's own; word-vectors and providers have none",
                    "The model: a name such as organisation/model, or a folder that holds one; with word-vectors, a file of GloVe,"
                            + " word2vec or fastText; with a provider, its name there, or that of a deployment.",
                    "sentence-transformers/all-MiniLM-L6-v2")
            .onlyWith(PLATFORM, knowing("model"));

    static final Key<InputKind> INPUT = Key.optional(
                    "embeddings[]." + InputKind.KEY,
                    KeyType.Choice.of(InputKind.values()),
                    "image, where the attribute is BINARY or the struct of Spark's source image; else text",
                    "What the attribute holds. Images in strings need it: input: image.",
                    "image")
            .onlyWith(PLATFORM, knowing(InputKind.KEY));
    static final Key<ImageStrings> IMAGES_STRINGS = Key.optional(
            "embeddings[].images.strings",
            KeyType.Choice.of(ImageStrings.values()),
            "path",
            "What a string is: the path or URI of a file that Spark's file systems read, or the file itself in base64, also as a"
                    + " data URI.",
            "base64");
    static final Key<String> IMAGES_BASE = Key.optional(
            "embeddings[].images.base",
            KeyType.Text.any("a folder"),
            "as the file system of Spark has it",
            "Where relative paths begin.",
            "s3a://shop/photos");
    static final Key<Integer> IMAGES_MAX_BYTES = Key.optional(
            "embeddings[]." + ImageLimits.MAX_BYTES,
            new KeyType.Whole(1000, 2_000_000_000),
            String.valueOf(ImageLimits.DEFAULT.maxBytes()),
            "The longest file of an image; a longer one is rejected.",
            "20000000");
    static final Key<Integer> IMAGES_MAX_PIXELS = Key.optional(
            "embeddings[]." + ImageLimits.MAX_PIXELS,
            new KeyType.Whole(1, 2_000_000_000),
            String.valueOf(ImageLimits.DEFAULT.maxPixels()),
            "The most pixels of an image, width times height, which take three bytes each; a larger one is rejected before it is"
                    + " decoded.",
            "50000000");

    static final Key<String> GRANULARITY = Key.withDefault(
            "embeddings[].granularity",
            KeyType.Choice.of("attribute", TOKEN),
            "attribute",
            "What gets a vector of its own: the whole attribute, or each of its tokens. The column of tokens is an array of"
                    + " structs of start, end (in characters from 0) and vector; the platforms huggingface and tei make it.");
    static final Key<Boolean> MERGE_WORDS = Key.optional(
                    "embeddings[].merge-words",
                    new KeyType.Flag(),
                    "false",
                    "Whether the tokens of a word become one, with the mean of their vectors.",
                    "true")
            .onlyWith(GRANULARITY, List.of(TOKEN));
    static final Key<String> POOLING = Key.optional(
                    "embeddings[].pooling",
                    KeyType.Text.any("a pooling"),
                    "what the model says, else mean",
                    "How the vectors of tokens become the vector of a text: cls, max, mean, mean_sqrt_len, weightedmean,"
                            + " lasttoken, pooler, projection, or several joined by +; of an image, those of its patches and other positions: mean,"
                            + " patch-mean, cls, max, pooler, projection. With word-vectors and word2vec, those of words: mean,"
                            + " or sif, where frequent words count less.",
                    "mean")
            .onlyWith(PLATFORM, knowing("pooling"));

    static final Key<Boolean> NORMALIZE = Key.optional(
                    "embeddings[].normalize",
                    new KeyType.Flag(),
                    "what the model says, else false",
                    "Whether vectors are brought to length 1.",
                    "true")
            .onlyWith(PLATFORM, knowing("normalize"));

    static final Key<Integer> MAX_TOKENS = Key.optional(
                    "embeddings[].max-tokens",
                    new KeyType.Whole(8, 8192),
                    "the model's limit",
                    "Longer texts are cut to this many tokens, special ones included.",
                    "256")
            .onlyWith(PLATFORM, knowing("max-tokens"));

    static final Key<String> PROMPT_NAME = Key.optional(
                    "embeddings[].prompt-name",
                    KeyType.Text.any("a name"),
                    "the model's default prompt, if it has one",
                    "Which of the model's own prompts is put in front of every text.",
                    "passage")
            .onlyWith(PLATFORM, knowing("prompt-name"));

    static final Key<String> LONG_TEXT = Key.optional(
                    "embeddings[].long-text",
                    KeyType.Choice.of("truncate", "error", "split-mean", SPLIT_ROWS),
                    "truncate; with a provider, what its API does",
                    "What becomes of a text with more tokens than max-tokens: its end is cut off and it is counted; it is"
                            + " rejected; or it is cut into chunks that overlap, and gets the mean of their vectors or, with"
                            + " split-rows, as many rows as chunks in a target of its own. Providers know truncate and error at most.",
                    "truncate")
            .onlyWith(PLATFORM, knowing("long-text"));

    static final Key<String> DIMENSIONS = Key.optional(
                    "embeddings[].dimensions",
                    new KeyType.WholeOrWord(new KeyType.Whole(1, 65_536), Platform.VOCABULARY),
                    "hashing: 512; word2vec: 100; autoencoder and gan: 32, or half of what they see; a provider's: the model's own; the others: 256",
                    "The length of the platform's vectors, before they are reduced. With tf-idf and the bags, vocabulary gives a"
                            + " number for each term in place of a projection: keep vocabulary small then.",
                    "512")
            .onlyWith(PLATFORM, knowing("dimensions"));

    static final Key<Integer> FIT_ROWS = Key.optional(
                    "embeddings[].fit-rows",
                    new KeyType.Whole(100, 1_000_000),
                    "100000",
                    "How many of the column's different texts, drawn at random, the platform's model is fitted on, once.",
                    "100000")
            .onlyWith(PLATFORM, knowing("fit-rows"));

    static final Key<SecretReference> API_KEY = Key.optional(
                    "embeddings[].api-key",
                    new KeyType.Secret(),
                    "the variable that the provider's own tools read, such as OPENAI_API_KEY; none for self-hosted servers",
                    "Where the provider's key is: named, never written. Executors look it up themselves; a file is read again when"
                            + " it changes. With vertex the key file of a service account, or an access token; bedrock signs as"
                            + " Amazon's own tools do when it is not set.",
                    "env:OPENAI_API_KEY")
            .onlyWith(PLATFORM, PROVIDERS);
    static final Key<String> ENDPOINT = Key.optional(
                    "embeddings[].endpoint",
                    KeyType.Text.any("a base URL"),
                    "the provider's own; azure-openai, databricks, tei and openai-compatible have none",
                    "Where the API is, as the provider's own tools want it. Changes no fingerprint.",
                    "http://localhost:8080")
            .onlyWith(PLATFORM, PROVIDERS);
    static final Key<Boolean> ALLOW_HTTP = Key.optional(
                    "embeddings[].allow-http",
                    new KeyType.Flag(),
                    "false",
                    "Whether texts and key may go unencrypted to an endpoint that is not on this machine.",
                    "true")
            .onlyWith(PLATFORM, PROVIDERS);
    static final Key<Map<String, String>> HEADERS = Key.optional(
                    "embeddings[].headers",
                    new HttpHeaders(),
                    "none beside the API's own",
                    "Headers of every call, such as who pays or what a gateway goes by. No place for secrets.",
                    "{OpenAI-Project: proj_1}")
            .onlyWith(PLATFORM, PROVIDERS);
    static final Key<EmbeddingMode> MODE = Key.optional(
                    "embeddings[].mode",
                    KeyType.Choice.of(EmbeddingMode.values()),
                    "stream",
                    "Whether texts go in calls, or in files to the provider's batch API: cheaper, done within a day, resumed by the next"
                            + " start of the job. For openai, mistral, voyage, gemini and cohere; changes no vector.",
                    "batch")
            .onlyWith(PLATFORM, PROVIDERS);
    static final Key<Integer> BATCH_TEXTS = Key.optional(
            "embeddings[].batch.texts",
            new KeyType.Whole(1, 1_000_000),
            "what the provider allows, such as 50000",
            "The most texts of a batch.",
            "20000");
    static final Key<Integer> BATCH_AT_ONCE = Key.optional(
            "embeddings[].batch.at-once", new KeyType.Whole(1, 1000), "8", "The most batches under way.", "8");
    static final Key<Integer> BATCH_QUEUE_TOKENS = Key.optional(
            "embeddings[].batch.queue-tokens",
            new KeyType.Whole(1000, 2_000_000_000),
            "no limit",
            "The most tokens of all batches under way: what the account's batch queue takes. Each batch has its share of them.",
            "3000000");
    static final Key<Integer> BATCH_POLL = Key.optional(
            "embeddings[].batch.poll-s",
            new KeyType.Whole(1, 3600),
            "300",
            "The longest time between two looks at the batches under way.",
            "300");
    static final Key<DeviceChoice> DEVICE = Key.withDefault(
            "embeddings[].device",
            KeyType.Choice.of(DeviceChoice.values()),
            "auto",
            "Where the model runs; auto takes GPUs where there are any.");
    static final Key<BatchTokens> BATCH_TOKENS = Key.withDefault(
            "embeddings[].batch-tokens",
            new KeyType.WholeOrAuto(new KeyType.Whole(64, 1_000_000)),
            "auto",
            "How many tokens, padding included, go through the model at once; auto finds what is fastest on the first batches.");

    static final Key<Boolean> CHECK_EXECUTORS = Key.withDefault(
            "embeddings[].check-executors",
            new KeyType.Flag(),
            "false",
            "Whether every executor first embeds a few reference texts, alone and in a mixed batch, and stops the job when its"
                    + " vectors are not the driver's.");

    static final Key<ReduceSpec.Method> REDUCE_METHOD = Key.withDefault(
            "embeddings[].reduce.method",
            KeyType.Choice.of(ReduceSpec.Method.values()),
            "pca",
            "How vectors are shortened (not at all is the default of the platforms autoencoder and gan): onto the principal components of a sample (mllib-pca has Spark MLlib fit them), to their first"
                    + " values and length 1 (for models that were trained for it), by a small network that is trained on the sample,"
                    + " or not at all.");
    static final Key<Integer> REDUCE_DIMENSIONS = Key.withDefault(
                    "embeddings[].reduce.dimensions",
                    new KeyType.Whole(1, 4096),
                    "64",
                    "The length of a short vector. Principal components that are packed are as many as their bytes have bits.")
            .onlyWith(
                    REDUCE_METHOD,
                    List.of(
                            ReduceSpec.Method.PCA,
                            ReduceSpec.Method.MLLIB_PCA,
                            ReduceSpec.Method.TRUNCATE,
                            ReduceSpec.Method.AUTOENCODER));
    static final Key<Boolean> REDUCE_CENTER = Key.withDefault(
                    "embeddings[].reduce.center",
                    new KeyType.Flag(),
                    "false",
                    "Whether the mean of the sample is subtracted from every vector; cosine search finds more without.")
            .onlyWith(REDUCE_METHOD, List.of(ReduceSpec.Method.PCA, ReduceSpec.Method.MLLIB_PCA));
    static final Key<ReduceSpec.Codes> REDUCE_QUANTIZE = Key.withDefault(
            "embeddings[].reduce.quantize",
            KeyType.Choice.of(ReduceSpec.Codes.values()),
            "none",
            "What the values of a short vector become: floats, bytes on a scale for each dimension (array<tinyint>), bits (binary), or"
                    + " as many bytes as wanted whose bits go where values differ most (binary).");
    static final Key<Integer> REDUCE_BYTES = Key.withDefault(
                    "embeddings[].reduce.bytes", new KeyType.Whole(1, 16_384), "64", "The length of packed codes.")
            .onlyWith(REDUCE_QUANTIZE, List.of(ReduceSpec.Codes.PACKED));
    static final Key<Integer> REDUCE_SAMPLE_ROWS = Key.withDefault(
            "embeddings[].reduce.sample-rows",
            new KeyType.Whole(100, 1_000_000),
            "20000",
            "How many vectors, drawn at random, the reduction is fitted on.");
    static final Key<ReduceSpec.FewRows> REDUCE_FEW_ROWS = Key.withDefault(
            "embeddings[].reduce.few-rows",
            KeyType.Choice.of(ReduceSpec.FewRows.values()),
            "refuse",
            "What happens when there are fewer texts than dimensions: the job stops before any work, or the values that cannot be"
                    + " fitted are zeros.");
    static final Key<Double> REDUCE_MIN_RECALL = Key.withDefault(
            "embeddings[].reduce.min-recall",
            new KeyType.Number(0, 1),
            "0",
            "The share of the ten nearest neighbours that short vectors must find again on the sample; below it nothing is published.");
    static final Key<Boolean> REDUCE_KEEP_FULL = Key.withDefault(
            "embeddings[].reduce.keep-full",
            new KeyType.Flag(),
            "false",
            "Whether the full vectors are published too, in a second column with _full at the end of its name; search then ranks its"
                    + " candidates again by them.");

    static final Key<String> INDEX_LISTS = Key.optional(
            "embeddings[].index.lists",
            new KeyType.WholeOrWord(new KeyType.Whole(1, 65_536), IndexSpec.AUTO),
            "no index: searches read the whole column",
            "The cells of a search index, of which a search reads the nearest: auto makes twice as many as the square root of the"
                    + " number of rows. The index is built and kept up to date by every run.",
            "auto");

    static final Key<Integer> WAVES_ROWS = Key.withDefault(
            "waves.rows",
            new KeyType.Whole(1, 100_000_000),
            "100000",
            "The most rows that are embedded between saves.");
    static final Key<Integer> WAVES_MINUTES = Key.withDefault(
            "waves.minutes", new KeyType.Whole(1, 1440), "10", "The time that should pass between saves.");

    static final Key<Double> ERRORS_MAX_RATE = Key.withDefault(
            "errors.max-rate",
            new KeyType.Number(0, 1),
            "0.01",
            "The share of rows that may be rejected before the job counts as failed.");

    static final Key<List<String>> SEARCHES = Key.optional(
            "searches",
            new KeyType.Texts("query", "queries"),
            "none",
            "Queries whose nearest rows embed prints when it is done: a look at what the vectors are good for.",
            "where aircraft land");

    static final Key<Map<String, Setting>> SPARK = Key.optional(
            "spark",
            new SparkSettings(),
            "Spark's own",
            "Settings for Spark, by name. A secret is named and never written: env:NAME takes it from the environment,"
                    + " file:/absolute/path from a file (file:///path is an ordinary URI).",
            "{spark.sql.shuffle.partitions: 8, spark.hadoop.fs.s3a.secret.key: \"env:AWS_SECRET_ACCESS_KEY\"}");

    static final Key<Integer> LIMITS_REQUESTS = Key.optional(
            "limits.requests-per-minute",
            new KeyType.Whole(1, 1_000_000_000),
            "what the provider's answers name; else its refusals show it",
            "The most requests a minute, of all executors together.",
            "3000");

    static final Key<Integer> LIMITS_TOKENS = Key.optional(
            "limits.tokens-per-minute",
            new KeyType.Whole(1, 2_000_000_000),
            "as with requests-per-minute",
            "The most tokens a minute.",
            "1000000");
    static final Key<Integer> LIMITS_INPUTS = Key.optional(
            "limits.inputs-per-minute",
            new KeyType.Whole(1, 1_000_000_000),
            "no limit",
            "The most texts a minute, for providers that count them.",
            "2000");
    static final Key<Integer> LIMITS_IN_FLIGHT = Key.optional(
            "limits.in-flight",
            new KeyType.Whole(1, 1024),
            "32; ollama: 4",
            "How many calls each executor has under way at once.",
            "32");
    static final Key<Integer> LIMITS_MAX_WAIT = Key.optional(
            "limits.max-wait-s",
            new KeyType.Whole(1, 86_400),
            "120",
            "The longest wait that a provider may ask for; when it asks for more, the job stops and can be resumed.",
            "120");
    static final Key<Integer> LIMITS_TIMEOUT = Key.optional(
            "limits.timeout-s",
            new KeyType.Whole(1, 3600),
            "120",
            "How long a call may take before it is tried again.",
            "120");
    static final Key<Double> LIMITS_PRICE = Key.optional(
            "limits.price-per-million-tokens",
            new KeyType.Number(0, 1000),
            "a list that comes with embedlake; plan names the source",
            "What a million tokens cost, in US dollars.",
            "0.02");
    static final Key<Integer> LIMITS_MAX_TOKENS = Key.optional(
            "limits.max-tokens",
            new KeyType.Whole(1, 2_000_000_000),
            "no limit",
            "The most tokens of a run: it stops before the call that would exceed them (exit code 4), with everything kept, and the next"
                    + " run goes on.",
            "50000000");
    static final Key<Double> LIMITS_MAX_COST = Key.optional(
            "limits.max-cost",
            new KeyType.Number(0, 1_000_000),
            "no limit",
            "The same in US dollars, by the price of tokens, which must be known.",
            "25");
    static final Key<String> PROXY_ADDRESS = Key.optional(
            "proxy.address",
            KeyType.Text.any("an address"),
            "HTTPS_PROXY, HTTP_PROXY or ALL_PROXY of the environment, else Java's own",
            "The proxy of calls to providers and of downloads from the model hub: http://host:port or socks5://host:port. Hosts in NO_PROXY"
                    + " and this machine are asked directly.",
            "http://proxy.example.com:3128");
    static final Key<String> PROXY_USER = Key.optional(
            "proxy.user", KeyType.Text.any("a user"), "nobody logs in", "Who logs in to the proxy.", "embedlake");
    static final Key<SecretReference> PROXY_PASSWORD = Key.optional(
            "proxy.password",
            new KeyType.Secret(),
            "none",
            "Where the password of that user is: named, never written.",
            "env:PROXY_PASSWORD");
    static final Key<List<String>> ALLOWED_HOSTS = Key.optional(
            "allowed-hosts",
            new KeyType.Texts("host", "hosts"),
            "those of the platforms and endpoints that the job names",
            "The only hosts that texts may be sent to.",
            "[api.openai.com]");
    static final Key<String> TERMS_BY = Key.optional(
            "terms-accepted.by",
            KeyType.Text.any("a person"),
            "nobody has",
            "Who has read and accepted the providers' terms.",
            "someone@example.com");
    static final Key<String> TERMS_AT = Key.optional(
            "terms-accepted.at",
            KeyType.Text.name("a date such as 2026-11-23", "[0-9]{4}-[0-9]{2}-[0-9]{2}"),
            "nobody has",
            "When.",
            "2026-11-23");
    static final Key<List<String>> TERMS_PROVIDER = Key.optional(
            "terms-accepted.provider",
            new KeyType.Texts("platform", "platforms"),
            "nobody has",
            "Whose: the platforms, by name. Without it no byte leaves for a provider; servers on this machine, tei and ollama need none.",
            "openai");

    static List<String> namesOf(Predicate<Platform> kind) {
        return PLATFORMS.stream().filter(kind).map(Platform::name).toList();
    }

    /** The platforms that support an option. */
    static List<String> knowing(String option) {
        return namesOf(platform -> platform.knows(option));
    }

    /** The keys of the options that platforms bring along, each once. */
    private static List<Key<?>> declaredByPlatforms() {
        return PLATFORMS.stream()
                .flatMap(platform -> platform.declares().stream())
                .distinct()
                .<Key<?>>map(option -> Key.optional(
                                "embeddings[]." + option.name(),
                                KeyType.of(option.type()),
                                option.absence(),
                                option.doc(),
                                option.example())
                        .onlyWith(PLATFORM, knowing(option.name())))
                .toList();
    }

    private static final List<Key<?>> DECLARED = declaredByPlatforms();

    private static List<Key<?>> concat(List<Key<?>> first, List<Key<?>> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    /** All keys, in the order in which a person would write them. */
    static final List<Key<?>> ALL = concat(
            concat(
                    List.of(
                            JOB,
                            SOURCE_TABLE,
                            SOURCE_PATH,
                            SOURCE_FORMAT,
                            SOURCE_ID,
                            SOURCE_WHERE,
                            TARGET_TABLE,
                            TARGET_STORE,
                            TARGET_COMPACT,
                            COLUMN,
                            ATTRIBUTE,
                            PLATFORM,
                            MODEL,
                            INPUT,
                            IMAGES_STRINGS,
                            IMAGES_BASE,
                            IMAGES_MAX_BYTES,
                            IMAGES_MAX_PIXELS,
                            GRANULARITY,
                            MERGE_WORDS,
                            POOLING,
                            NORMALIZE,
                            MAX_TOKENS,
                            PROMPT_NAME,
                            LONG_TEXT,
                            DIMENSIONS,
                            FIT_ROWS,
                            API_KEY,
                            ENDPOINT,
                            ALLOW_HTTP,
                            HEADERS,
                            MODE,
                            BATCH_TEXTS,
                            BATCH_AT_ONCE,
                            BATCH_QUEUE_TOKENS,
                            BATCH_POLL),
                    DECLARED),
            List.of(
                    DEVICE,
                    BATCH_TOKENS,
                    CHECK_EXECUTORS,
                    REDUCE_METHOD,
                    REDUCE_DIMENSIONS,
                    REDUCE_CENTER,
                    REDUCE_QUANTIZE,
                    REDUCE_BYTES,
                    REDUCE_SAMPLE_ROWS,
                    REDUCE_FEW_ROWS,
                    REDUCE_MIN_RECALL,
                    REDUCE_KEEP_FULL,
                    INDEX_LISTS,
                    WAVES_ROWS,
                    WAVES_MINUTES,
                    ERRORS_MAX_RATE,
                    LIMITS_REQUESTS,
                    LIMITS_TOKENS,
                    LIMITS_INPUTS,
                    LIMITS_IN_FLIGHT,
                    LIMITS_MAX_WAIT,
                    LIMITS_TIMEOUT,
                    LIMITS_PRICE,
                    LIMITS_MAX_TOKENS,
                    LIMITS_MAX_COST,
                    PROXY_ADDRESS,
                    PROXY_USER,
                    PROXY_PASSWORD,
                    TERMS_BY,
                    TERMS_AT,
                    TERMS_PROVIDER,
                    ALLOWED_HOSTS,
                    SEARCHES,
                    SPARK));

    /** The keys that are the platform's business, passed on as text. */
    static final List<Key<?>> PLATFORM_OPTIONS = concat(
            List.of(
                    INPUT,
                    MERGE_WORDS,
                    POOLING,
                    NORMALIZE,
                    MAX_TOKENS,
                    PROMPT_NAME,
                    LONG_TEXT,
                    DIMENSIONS,
                    FIT_ROWS,
                    API_KEY,
                    ENDPOINT,
                    MODE),
            DECLARED);

    /** How images are found and what they may be. */
    static final List<Key<?>> IMAGE_OPTIONS = List.of(IMAGES_STRINGS, IMAGES_BASE, IMAGES_MAX_BYTES, IMAGES_MAX_PIXELS);

    /** A job's settings for batches. */
    static final List<Key<?>> BATCH_OPTIONS = List.of(BATCH_TEXTS, BATCH_AT_ONCE, BATCH_QUEUE_TOKENS, BATCH_POLL);

    /** The limits of the job that a provider's client keeps to. */
    static final List<Key<?>> CLIENT_LIMITS = List.of(
            LIMITS_REQUESTS,
            LIMITS_TOKENS,
            LIMITS_INPUTS,
            LIMITS_IN_FLIGHT,
            LIMITS_MAX_WAIT,
            LIMITS_TIMEOUT,
            LIMITS_PRICE,
            LIMITS_MAX_TOKENS,
            LIMITS_MAX_COST);

    /** The proxy of the job. */
    static final List<Key<?>> PROXY = List.of(PROXY_ADDRESS, PROXY_USER, PROXY_PASSWORD);

    private static final List<Group> GROUPS = List.of(
            new Group("source", "The rows to embed: a table, or a folder of files."),
            new Group("target", "Where the vectors go."),
            new Group("embeddings[]", "The vector columns, at least one."),
            new Group("embeddings[].images", "Where the files of images are, and how large they may be."),
            new Group("embeddings[].batch", "How large batches are and how many there are at once, with mode batch."),
            new Group("embeddings[].reduce", "How vectors are shortened before they are published."),
            new Group("embeddings[].index", "The search index of the column."),
            new Group("waves", "How much is embedded before it is saved: a crash loses no more than that."),
            new Group("errors", "What is tolerated."),
            new Group("limits", "How much is asked of a provider, for each endpoint and key."),
            new Group("proxy", "What stands between this network and others."),
            new Group("proxy", "How providers and the model hub are reached, where a proxy stands between."),
            new Group("terms-accepted", "The consent without which no text is sent to a provider."));

    private Keys() {}

    /** A key or a group of keys. Immutable. */
    sealed interface Entry permits Key, Group {
        /** Its name with its groups. */
        String path();

        /** What it means, in sentences. */
        String doc();

        /** The group that it is part of; empty at the top. */
        default String group() {
            return path().substring(0, Math.max(0, path().lastIndexOf('.')));
        }

        /** Its name within its group. */
        default String name() {
            return path().substring(path().lastIndexOf('.') + 1).replace("[]", "");
        }
    }

    /**
     * Keys that belong together. Immutable.
     *
     * @param path its name with its groups; ends with {@code []} when it is a list of such groups
     * @param doc what the keys are for, in sentences
     */
    record Group(String path, String doc) implements Entry {
        boolean isList() {
            return path.endsWith("[]");
        }

        /** Whether a job must have it, because it must have one of its keys. */
        boolean isRequired() {
            return ALL.stream().anyMatch(key -> key.isRequired() && key.path().startsWith(path + "."));
        }
    }

    /** The keys and groups directly in a group, in order; the empty path is the whole file. */
    static List<Entry> children(String group) {
        Map<String, Entry> children = new LinkedHashMap<>();
        for (Key<?> key : ALL) {
            if (key.group().equals(group)) {
                children.put(key.path(), key);
            } else {
                GROUPS.stream()
                        .filter(child ->
                                child.group().equals(group) && key.path().startsWith(child.path() + "."))
                        .forEach(child -> children.put(child.path(), child));
            }
        }
        return List.copyOf(children.values());
    }

    /** The key of this path, items of lists without their numbers. */
    static Optional<Key<?>> at(String path) {
        return ALL.stream().filter(key -> key.path().equals(path)).findFirst();
    }

    /** The paths of all keys and groups that are called like this, wherever they are. */
    static List<String> called(String name) {
        return Stream.<Entry>concat(GROUPS.stream(), ALL.stream())
                .filter(entry -> entry.name().equals(name))
                .map(Entry::path)
                .collect(Collectors.toList());
    }
}
