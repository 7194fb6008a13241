package io.embedlake.config;

import io.embedlake.embed.SecretReference;
import io.embedlake.provider.platform.InputType;
import io.embedlake.text.AttributeTemplate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The one declaration of all keys of the job file. Stateless. */
final class Keys {
    static final String HUGGINGFACE = "huggingface";
    static final String HASHING = "hashing";
    static final String WORD_VECTORS = "word-vectors";
    static final String TF_IDF = "tf-idf";
    static final String BAG_OF_WORDS = "bag-of-words";
    static final String BAG_OF_CHARACTERS = "bag-of-characters";
    static final String WORD2VEC = "word2vec";
    static final String AUTOENCODER = "autoencoder";
    static final String GAN = "gan";
    static final String VOCABULARY_LONG = "vocabulary";
    static final String TOKEN = "token";
    static final String SPLIT_ROWS = "split-rows";
    static final String HTTP = "http";

    /** The platforms that send texts to a server. */
    static final List<String> PROVIDERS = List.of(
            "openai",
            "azure-openai",
            "cohere",
            "huggingface-api",
            "tei",
            "voyage",
            "gemini",
            "vertex",
            "mistral",
            "jina",
            "bedrock",
            "databricks",
            "ollama",
            "openai-compatible",
            HTTP);

    private static final List<String> TOLD_WHAT_TEXTS_ARE =
            List.of("cohere", "voyage", "gemini", "vertex", "jina", "bedrock");

    /** The platforms that give each token a vector. */
    static final List<String> WITH_TOKENS = List.of(HUGGINGFACE, "tei");

    private static final List<String> WITH_CLIENTS = List.of("azure-openai", "databricks");

    static final List<String> BAGS = List.of(TF_IDF, BAG_OF_WORDS, BAG_OF_CHARACTERS);
    static final List<String> TABULAR = List.of(AUTOENCODER, GAN);
    private static final List<String> FITTED_ON_TEXTS = List.of(TF_IDF, BAG_OF_WORDS, BAG_OF_CHARACTERS, WORD2VEC);

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
                    "What lies in source.path.",
                    "parquet")
            .insteadOf(SOURCE_TABLE);
    static final Key<List<String>> SOURCE_ID = Key.required(
            "source.id",
            new KeyType.Texts("column", "columns"),
            "The columns that name a row: together unique, none of them null.",
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

    static final Key<String> COLUMN = Key.required(
            "embeddings[].column",
            KeyType.Text.name("letters, digits, _", "[A-Za-z0-9_]+"),
            "The name of the vector column. No id column, no field of the attribute, unique in the job.",
            "text_embedding");
    static final Key<AttributeTemplate> ATTRIBUTE = Key.required(
            "embeddings[].attribute",
            KeyType.Text.attribute(),
            "What is embedded: a column, or a template that joins columns, such as \"{title}\\n\\n{body}\".",
            "text");
    static final Key<String> PLATFORM = Key.withDefault(
            "embeddings[].platform",
            new KeyType.Choice<>(all(
                    List.of(
                            HUGGINGFACE,
                            HASHING,
                            WORD_VECTORS,
                            TF_IDF,
                            BAG_OF_WORDS,
                            BAG_OF_CHARACTERS,
                            WORD2VEC,
                            AUTOENCODER,
                            GAN),
                    PROVIDERS)),
            HUGGINGFACE,
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
            .onlyWith(PLATFORM, all(List.of(HUGGINGFACE, WORD_VECTORS), PROVIDERS));
    static final Key<SecretReference> MODEL_TOKEN = Key.optional(
                    "embeddings[].model-token",
                    new KeyType.Secret(),
                    "HF_TOKEN, else the token that Python's hub client has saved",
                    "The token that the model hub is asked with, for gated and private models: named, never written.",
                    "env:TEAM_HF_TOKEN")
            .onlyWith(PLATFORM, List.of(HUGGINGFACE));
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
                            + " lasttoken, pooler, projection, or several joined by +. With word-vectors and word2vec, those of words: mean,"
                            + " or sif, where frequent words count less.",
                    "mean")
            .onlyWith(PLATFORM, List.of(HUGGINGFACE, WORD_VECTORS, WORD2VEC));
    static final Key<Boolean> NORMALIZE = Key.optional(
                    "embeddings[].normalize",
                    new KeyType.Flag(),
                    "what the model says, else false",
                    "Whether vectors are brought to length 1.",
                    "true")
            .onlyWith(
                    PLATFORM,
                    List.of(HUGGINGFACE, WORD_VECTORS, WORD2VEC, "tei", "huggingface-api", "jina", "bedrock"));
    static final Key<Integer> MAX_TOKENS = Key.optional(
                    "embeddings[].max-tokens",
                    new KeyType.Whole(8, 8192),
                    "the model's limit",
                    "Longer texts are cut to so many tokens, special ones included.",
                    "256")
            .onlyWith(PLATFORM, List.of(HUGGINGFACE, "cohere"));
    static final Key<String> PROMPT_NAME = Key.optional(
                    "embeddings[].prompt-name",
                    KeyType.Text.any("a name"),
                    "the model's default prompt, if it has one",
                    "Which of the model's own prompts is put in front of every text.",
                    "passage")
            .onlyWith(PLATFORM, List.of(HUGGINGFACE, "tei", "huggingface-api"));
    static final Key<String> PROMPT = Key.optional(
                    "embeddings[].prompt",
                    KeyType.Text.any("a text"),
                    "the model's default prompt, if it has one",
                    "What is put in front of every text, instead of a prompt of the model's.",
                    "\"passage: \"")
            .onlyWith(PLATFORM, List.of(HUGGINGFACE));
    static final Key<String> QUERY_PROMPT_NAME = Key.optional(
                    "embeddings[].query-prompt-name",
                    KeyType.Text.any("a name"),
                    "the prompt of the texts",
                    "Which of the model's own prompts a search puts in front of its queries.",
                    "query")
            .onlyWith(PLATFORM, List.of(HUGGINGFACE));
    static final Key<String> QUERY_PROMPT = Key.optional(
                    "embeddings[].query-prompt",
                    KeyType.Text.any("a text"),
                    "the prompt of the texts",
                    "What a search puts in front of its queries; changes no vector of the column.",
                    "\"query: \"")
            .onlyWith(PLATFORM, List.of(HUGGINGFACE));
    static final Key<String> LAYERS = Key.optional(
                    "embeddings[].layers",
                    KeyType.Text.any("layers"),
                    "last",
                    "The hidden layers that are pooled: last, second-to-last, mean-last-four, sum-last-four, concat-last-four,"
                            + " one such as -2, or several as in mean(-1,-2).",
                    "second-to-last")
            .onlyWith(PLATFORM, List.of(HUGGINGFACE));
    static final Key<String> PRECISION = Key.optional(
                    "embeddings[].precision",
                    KeyType.Choice.of("auto", "fp32", "bf16", "fp16"),
                    "auto",
                    "The numbers that the model computes with; auto takes the fastest that keeps vectors within a cosine of"
                            + " 0.999 of fp32 on the executors, and what the column or the store already has.",
                    "auto")
            .onlyWith(PLATFORM, List.of(HUGGINGFACE));
    static final Key<String> LONG_TEXT = Key.optional(
                    "embeddings[].long-text",
                    KeyType.Choice.of("truncate", "error", "split-mean", SPLIT_ROWS),
                    "truncate; with a provider, what its API does",
                    "What becomes of a text with more tokens than max-tokens: its end is cut off and it is counted; it is"
                            + " rejected; or it is cut into pieces that overlap, and gets the mean of their vectors or, with"
                            + " split-rows, as many rows as pieces in a target of its own. Providers know truncate and error at most.",
                    "truncate")
            .onlyWith(
                    PLATFORM,
                    all(
                            List.of(HUGGINGFACE),
                            PROVIDERS.stream()
                                    .filter(name -> !name.equals(HTTP))
                                    .toList()));
    static final Key<Integer> LONG_TEXT_OVERLAP = Key.optional(
                    "embeddings[].long-text-overlap",
                    new KeyType.Whole(0, 4096),
                    "32, or a quarter of max-tokens",
                    "How many tokens neighbouring pieces share when long-text is split-mean or split-rows.",
                    "32")
            .onlyWith(PLATFORM, List.of(HUGGINGFACE));
    static final Key<String> DIMENSIONS = Key.optional(
                    "embeddings[].dimensions",
                    new KeyType.WholeOrWord(new KeyType.Whole(1, 65_536), VOCABULARY_LONG),
                    "hashing: 512; word2vec: 100; autoencoder and gan: 32, or half of what they see; a provider's: the model's own; the others: 256",
                    "The length of the platform's vectors, before they are reduced. With tf-idf and the bags, vocabulary gives a"
                            + " number for each term in place of a projection: keep vocabulary small then.",
                    "512")
            .onlyWith(
                    PLATFORM,
                    all(
                            List.of(HASHING, TF_IDF, BAG_OF_WORDS, BAG_OF_CHARACTERS, WORD2VEC, AUTOENCODER, GAN),
                            PROVIDERS.stream()
                                    .filter(name -> !List.of("databricks", HTTP).contains(name))
                                    .toList()));
    static final Key<Integer> VOCABULARY = Key.optional(
                    "embeddings[].vocabulary",
                    new KeyType.Whole(10, 1_000_000),
                    "20000",
                    "How many words or n-grams the platform's model knows at most: those that most texts have.",
                    "20000")
            .onlyWith(PLATFORM, FITTED_ON_TEXTS);
    static final Key<Integer> MIN_DOCUMENTS = Key.optional(
                    "embeddings[].min-documents",
                    new KeyType.Whole(1, 1_000_000),
                    "1",
                    "In how many texts of the sample a word or n-gram must stand for the platform's model to know it.",
                    "2")
            .onlyWith(PLATFORM, FITTED_ON_TEXTS);
    static final Key<String> NGRAMS = Key.optional(
                    "embeddings[].ngrams",
                    KeyType.Text.range(),
                    "2-4",
                    "How many characters are counted together, spaces between words included.",
                    "2-4")
            .onlyWith(PLATFORM, List.of(BAG_OF_CHARACTERS));
    static final Key<Integer> FIT_ROWS = Key.optional(
                    "embeddings[].fit-rows",
                    new KeyType.Whole(100, 1_000_000),
                    "100000",
                    "How many of the column's different texts, drawn at random, the platform's model is fitted on, once.",
                    "100000")
            .onlyWith(
                    PLATFORM,
                    Stream.concat(FITTED_ON_TEXTS.stream(), TABULAR.stream()).toList());
    static final Key<SecretReference> API_KEY = Key.optional(
                    "embeddings[].api-key",
                    new KeyType.Secret(),
                    "the variable that the provider's own tools read, such as OPENAI_API_KEY; none for servers of one's own",
                    "Where the provider's key is: named, never written. Executors look it up themselves; a file is read again when"
                            + " it changes. With vertex the key file of a service account, or an access token; bedrock signs as"
                            + " Amazon's own tools do when it is not set.",
                    "env:OPENAI_API_KEY")
            .onlyWith(PLATFORM, PROVIDERS);
    static final Key<String> CLIENT_ID = Key.optional(
                    "embeddings[].client-id",
                    KeyType.Text.any("the id of a client"),
                    "api-key is used",
                    "The client, or service principal, that signs calls instead of a key; tokens are got for it and renewed.",
                    "11111111-2222-3333-4444-555555555555")
            .onlyWith(PLATFORM, WITH_CLIENTS);
    static final Key<SecretReference> CLIENT_SECRET = Key.optional(
                    "embeddings[].client-secret",
                    new KeyType.Secret(),
                    "api-key is used",
                    "Where the secret of client-id is: named, never written.",
                    "env:AZURE_CLIENT_SECRET")
            .onlyWith(PLATFORM, WITH_CLIENTS);
    static final Key<String> TENANT = Key.optional(
                    "embeddings[].tenant",
                    KeyType.Text.name("letters, digits, . -", "[A-Za-z0-9.-]+"),
                    "azure-openai with client-id needs one",
                    "The tenant of Microsoft Entra that has the client: its id or its domain.",
                    "contoso.onmicrosoft.com")
            .onlyWith(PLATFORM, List.of("azure-openai"));
    static final Key<String> TOKEN_SCOPE = Key.optional(
                    "embeddings[].token-scope",
                    KeyType.Text.any("a scope"),
                    "https://cognitiveservices.azure.com/.default with azure-openai, all-apis with databricks",
                    "What the tokens of client-id are for.",
                    "https://ai.azure.com/.default")
            .onlyWith(PLATFORM, WITH_CLIENTS);
    static final Key<String> TOKEN_ENDPOINT = Key.optional(
                    "embeddings[].token-endpoint",
                    KeyType.Text.any("a URL"),
                    "Entra's for the tenant; the workspace's own with databricks",
                    "Who gives out the tokens of client-id, such as Entra's servers for governments.",
                    "https://login.microsoftonline.us/contoso.onmicrosoft.com/oauth2/v2.0/token")
            .onlyWith(PLATFORM, WITH_CLIENTS);
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
    static final Key<String> API_VERSION = Key.optional(
                    "embeddings[].api-version",
                    KeyType.Text.name("a date such as 2024-10-21", "[0-9]{4}-[0-9]{2}-[0-9]{2}(-preview)?"),
                    "the API that needs none",
                    "The version of Azure's older API, with deployments in the address.",
                    "2024-10-21")
            .onlyWith(PLATFORM, List.of("azure-openai"));
    static final Key<String> PROJECT = Key.optional(
                    "embeddings[].project",
                    KeyType.Text.any("a project"),
                    "vertex needs one",
                    "The project of Google Cloud that pays.",
                    "my-project")
            .onlyWith(PLATFORM, List.of("vertex"));
    static final Key<String> LOCATION = Key.optional(
                    "embeddings[].location",
                    KeyType.Text.name("lower case, digits, -", "[a-z0-9-]+"),
                    "vertex and bedrock need one",
                    "The region that computes.",
                    "europe-west4")
            .onlyWith(PLATFORM, List.of("vertex", "bedrock"));
    static final Key<InputType> INPUT_TYPE = Key.optional(
                    "embeddings[].input-type",
                    KeyType.Choice.of(InputType.values()),
                    "document with cohere and bedrock; else nothing is said",
                    "What the provider is told about the texts; it changes vectors.",
                    "document")
            .onlyWith(PLATFORM, TOLD_WHAT_TEXTS_ARE);
    static final Key<InputType> QUERY_INPUT_TYPE = Key.optional(
                    "embeddings[].query-input-type",
                    KeyType.Choice.of(InputType.values()),
                    "query where texts are documents, else input-type",
                    "What the provider is told about a search's query; changes no vector of the column.",
                    "query")
            .onlyWith(PLATFORM, TOLD_WHAT_TEXTS_ARE);
    static final Key<String> REQUEST = Key.optional(
                    "embeddings[].request",
                    KeyType.Text.any("a JSON text"),
                    "http needs one",
                    "The body of a call, in JSON: the text \"{texts}\" becomes the list of texts, or the element of a list that holds"
                            + " \"{text}\" is repeated for each; without a list around it, a call has one text. \"{model}\" becomes the model.",
                    "'{\"model\": \"{model}\", \"input\": \"{texts}\"}'")
            .onlyWith(PLATFORM, List.of(HTTP));
    static final Key<String> QUERY_REQUEST = Key.optional(
                    "embeddings[].query-request",
                    KeyType.Text.any("a JSON text"),
                    "request",
                    "What a search sends in its place; changes no vector of the column.",
                    "'{\"model\": \"{model}\", \"input\": \"{texts}\", \"task\": \"query\"}'")
            .onlyWith(PLATFORM, List.of(HTTP));
    static final Key<String> VECTORS = Key.optional(
                    "embeddings[].vectors",
                    KeyType.Text.any("a path"),
                    "http needs one",
                    "Where the vectors stand in the answer, lists of numbers in the order of the texts: names and places joined by points,"
                            + " [*] for every element.",
                    "data[*].embedding")
            .onlyWith(PLATFORM, List.of(HTTP));
    static final Key<String> INDICES = Key.optional(
                    "embeddings[].indices",
                    KeyType.Text.any("a path"),
                    "vectors come in the order of the texts",
                    "Where the numbers of their texts stand, from 0, if the answer has some.",
                    "data[*].index")
            .onlyWith(PLATFORM, List.of(HTTP));
    static final Key<String> USAGE = Key.optional(
                    "embeddings[].usage",
                    KeyType.Text.any("a path"),
                    "tokens are estimated",
                    "Where the answer says how many tokens are charged.",
                    "usage.total_tokens")
            .onlyWith(PLATFORM, List.of(HTTP));
    static final Key<Integer> TEXTS_PER_CALL = Key.optional(
                    "embeddings[].texts-per-call",
                    new KeyType.Whole(1, 10_000),
                    "32; 1 when request has no list of texts",
                    "The most texts of a call.",
                    "96")
            .onlyWith(PLATFORM, List.of(HTTP));
    static final Key<String> KEY_HEADER = Key.optional(
                    "embeddings[].key-header",
                    KeyType.Text.name("letters, digits, -", "[A-Za-z0-9-]{1,64}"),
                    "Authorization, with Bearer before the key",
                    "The header that holds the key.",
                    "X-Api-Key")
            .onlyWith(PLATFORM, List.of("openai-compatible", HTTP));
    static final Key<Map<String, String>> HEADERS = Key.optional(
                    "embeddings[].headers",
                    new HttpHeaders(),
                    "none beside the API's own",
                    "Headers of every call, such as who pays or what a gateway goes by. No place for secrets.",
                    "{OpenAI-Project: proj_1}")
            .onlyWith(PLATFORM, PROVIDERS);
    static final Key<String> USER = Key.optional(
                    "embeddings[].user",
                    KeyType.Text.any("a name"),
                    "nobody is named",
                    "Whom the provider is to see as the end user; changes no fingerprint.",
                    "team-search")
            .onlyWith(PLATFORM, List.of("openai", "azure-openai"));
    static final Key<String> ENCODING = Key.optional(
                    "embeddings[].encoding",
                    KeyType.Choice.of("base64", "float"),
                    "base64; openai-compatible: float",
                    "How the answer is asked to write vectors: base64 is a quarter of the bytes; some gateways know float only. Either is"
                            + " read, whatever was asked for.",
                    "float")
            .onlyWith(PLATFORM, List.of("openai", "azure-openai", "openai-compatible"));
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

    private static List<String> all(List<String> some, List<String> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }

    /** All keys, in the order in which a person would write them. */
    static final List<Key<?>> ALL = List.of(
            JOB,
            SOURCE_TABLE,
            SOURCE_PATH,
            SOURCE_FORMAT,
            SOURCE_ID,
            SOURCE_WHERE,
            TARGET_TABLE,
            TARGET_STORE,
            COLUMN,
            ATTRIBUTE,
            PLATFORM,
            MODEL,
            MODEL_TOKEN,
            GRANULARITY,
            MERGE_WORDS,
            POOLING,
            NORMALIZE,
            MAX_TOKENS,
            PROMPT_NAME,
            PROMPT,
            QUERY_PROMPT_NAME,
            QUERY_PROMPT,
            LAYERS,
            PRECISION,
            LONG_TEXT,
            LONG_TEXT_OVERLAP,
            DIMENSIONS,
            VOCABULARY,
            MIN_DOCUMENTS,
            NGRAMS,
            FIT_ROWS,
            API_KEY,
            CLIENT_ID,
            CLIENT_SECRET,
            TENANT,
            TOKEN_SCOPE,
            TOKEN_ENDPOINT,
            ENDPOINT,
            ALLOW_HTTP,
            API_VERSION,
            PROJECT,
            LOCATION,
            INPUT_TYPE,
            QUERY_INPUT_TYPE,
            REQUEST,
            QUERY_REQUEST,
            VECTORS,
            INDICES,
            USAGE,
            TEXTS_PER_CALL,
            KEY_HEADER,
            HEADERS,
            USER,
            ENCODING,
            MODE,
            BATCH_TEXTS,
            BATCH_AT_ONCE,
            BATCH_QUEUE_TOKENS,
            BATCH_POLL,
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
            TERMS_BY,
            TERMS_AT,
            TERMS_PROVIDER,
            ALLOWED_HOSTS,
            SEARCHES,
            SPARK);

    /** The keys that are the platform's business, passed on as text. */
    static final List<Key<?>> PLATFORM_OPTIONS = List.of(
            MODEL_TOKEN,
            MERGE_WORDS,
            POOLING,
            NORMALIZE,
            MAX_TOKENS,
            PROMPT_NAME,
            PROMPT,
            QUERY_PROMPT_NAME,
            QUERY_PROMPT,
            LAYERS,
            PRECISION,
            LONG_TEXT,
            LONG_TEXT_OVERLAP,
            DIMENSIONS,
            VOCABULARY,
            MIN_DOCUMENTS,
            NGRAMS,
            FIT_ROWS,
            API_KEY,
            CLIENT_ID,
            CLIENT_SECRET,
            TENANT,
            TOKEN_SCOPE,
            TOKEN_ENDPOINT,
            ENDPOINT,
            API_VERSION,
            PROJECT,
            LOCATION,
            INPUT_TYPE,
            QUERY_INPUT_TYPE,
            REQUEST,
            QUERY_REQUEST,
            VECTORS,
            INDICES,
            USAGE,
            TEXTS_PER_CALL,
            KEY_HEADER,
            USER,
            ENCODING,
            MODE);

    /** What a job says of batches. */
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

    private static final List<Group> GROUPS = List.of(
            new Group("source", "The rows to embed: a table, or a folder of files."),
            new Group("target", "Where the vectors go."),
            new Group("embeddings[]", "The vector columns, at least one."),
            new Group("embeddings[].batch", "How large batches are and how many there are at once, with mode batch."),
            new Group("embeddings[].reduce", "How vectors are shortened before they are published."),
            new Group("waves", "How much is embedded before it is saved: a crash loses no more than that."),
            new Group("errors", "What is tolerated."),
            new Group("limits", "How much is asked of a provider, for each endpoint and key."),
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

    /** The keys and groups that stand directly in a group, in order; the empty path is the whole file. */
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
