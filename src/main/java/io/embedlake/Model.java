package io.embedlake;

import io.embedlake.config.DeviceChoice;
import io.embedlake.local.files.ModelLocator;
import io.embedlake.spi.SecretReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * What makes vectors, and how it is run. Immutable: every method gives another model.
 *
 * <p>Each method stands for a key of the job file, which {@code docs/keys.md} explains; which keys a platform has, and which values, is
 * checked when the model is used. Secrets are named, never given.
 */
public final class Model extends Value<Settings> {
    /** The numbers that a local model computes with. */
    public enum Precision {
        /** The fastest that keeps vectors within a cosine of 0.999 of fp32. */
        AUTO,
        /** 32 bits. */
        FP32,
        /** 16 bits with the range of 32. */
        BF16,
        /** 16 bits. */
        FP16;

        @Override
        public String toString() {
            return written(this);
        }
    }

    /** How a text that exceeds the model's token limit is treated. */
    public enum LongText {
        /** Its end is cut off, and it is counted. */
        TRUNCATE,
        /** It is rejected. */
        ERROR,
        /** It is split into overlapping chunks and gets the mean of their vectors. */
        SPLIT_MEAN,
        /** It is split into overlapping chunks, each a row of a separate target. */
        SPLIT_ROWS;

        @Override
        public String toString() {
            return written(this);
        }
    }

    /** The encoding of vectors in a provider's answers. */
    public enum Encoding {
        /** A quarter of the bytes. */
        BASE64,
        /** JSON numbers: supported by every server. */
        FLOAT;

        @Override
        public String toString() {
            return written(this);
        }
    }

    /** The kind of input that a provider is to embed. */
    public enum InputType {
        /** Documents to be searched. */
        DOCUMENT,
        /** Search queries. */
        QUERY,
        /** Texts whose similarity is measured. */
        SIMILARITY,
        /** Input of a classifier. */
        CLASSIFICATION,
        /** Texts to cluster. */
        CLUSTERING;

        @Override
        public String toString() {
            return written(this);
        }
    }

    /** Which identity of Azure signs calls instead of a key. */
    public enum SignIn {
        /** That of a pod of AKS. */
        WORKLOAD_IDENTITY,
        /** That of a machine, an app or a function. */
        MANAGED_IDENTITY;

        @Override
        public String toString() {
            return written(this);
        }
    }

    private Model(Settings keys) {
        super(keys);
    }

    private static String written(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The platform of this name, such as one that another library brings along; {@link #option} sets what it declares. */
    public static Model of(String platform) {
        return new Model(Settings.NONE.with("platform", platform));
    }

    /** A model of the platform of this name. */
    public static Model of(String platform, String model) {
        return new Model(Settings.NONE.with("platform", platform).with("model", model));
    }

    /** The name of the model that comes with embedlake. */
    public static String embedded() {
        return ModelLocator.defaultModel();
    }

    /**
     * A transformer that computes here, with libtorch or ONNX Runtime.
     *
     * @param model a name of the Hugging Face hub such as {@code org/name} or {@code org/name@revision}, or a folder
     */
    public static Model huggingFace(String model) {
        return of("huggingface", model);
    }

    /** Hashed features of words and n-grams: needs no model. */
    public static Model hashing() {
        return of("hashing");
    }

    /** Word vectors of a file of GloVe, word2vec or fastText. */
    public static Model wordVectors(Path file) {
        return of("word-vectors", file.toString());
    }

    /** Weighted words, fitted on the column. */
    public static Model tfIdf() {
        return of("tf-idf");
    }

    /** Counted words, fitted on the column. */
    public static Model bagOfWords() {
        return of("bag-of-words");
    }

    /**
     * Counted n-grams of characters, fitted on the column.
     *
     * @param shortest the shortest n-gram, 1 to 9
     * @param longest the longest n-gram, 1 to 9
     */
    public static Model bagOfCharacters(int shortest, int longest) {
        return new Model(of("bag-of-characters").value().with("ngrams", shortest + "-" + longest));
    }

    /** Word vectors that are trained on the column. */
    public static Model word2vec() {
        return of("word2vec");
    }

    /** A network over rows of numbers and categories, trained on the column. */
    public static Model autoencoder() {
        return of("autoencoder");
    }

    /** The discriminator of a generative adversarial network over rows of numbers and categories, trained on the column. */
    public static Model gan() {
        return of("gan");
    }

    /** A model of OpenAI. */
    public static Model openai(String model) {
        return of("openai", model);
    }

    /** A model of Azure OpenAI, by the name of a deployment. */
    public static Model azureOpenai(String model) {
        return of("azure-openai", model);
    }

    /** A model of Cohere. */
    public static Model cohere(String model) {
        return of("cohere", model);
    }

    /** A model of the inference API of Hugging Face. */
    public static Model huggingFaceApi(String model) {
        return of("huggingface-api", model);
    }

    /** A model of a text-embeddings-inference server; its address is {@link #endpoint}. */
    public static Model tei(String model) {
        return of("tei", model);
    }

    /** A model of Voyage AI. */
    public static Model voyage(String model) {
        return of("voyage", model);
    }

    /** A model of the Gemini API. */
    public static Model gemini(String model) {
        return of("gemini", model);
    }

    /** A model of Vertex AI, with {@link #project} and {@link #location}. */
    public static Model vertex(String model) {
        return of("vertex", model);
    }

    /** A model of Mistral AI. */
    public static Model mistral(String model) {
        return of("mistral", model);
    }

    /** A model of Jina AI. */
    public static Model jina(String model) {
        return of("jina", model);
    }

    /** A model of Amazon Bedrock, with {@link #location}. */
    public static Model bedrock(String model) {
        return of("bedrock", model);
    }

    /** A model of a model serving endpoint of Databricks. */
    public static Model databricks(String model) {
        return of("databricks", model);
    }

    /** A model of an Ollama server. */
    public static Model ollama(String model) {
        return of("ollama", model);
    }

    /** A model of any server with OpenAI's API; its address is {@link #endpoint}. */
    public static Model openaiCompatible(String model) {
        return of("openai-compatible", model);
    }

    /** A model of any other HTTP API, with {@link #endpoint}, {@link #request} and {@link #vectors}. */
    public static Model http(String model) {
        return of("http", model);
    }

    /**
     * An option that another library's platform declares; embedlake's own options have methods.
     *
     * @param name the key's name
     * @param value the value as the job file writes it
     */
    public Model option(String name, String value) {
        return new Model(value().with(name, value));
    }

    /** The attribute holds images: paths of files where it is a string. Nothing else is needed for a column of bytes. */
    public Model images() {
        return new Model(value().with("input", "image"));
    }

    /** The attribute holds images as strings in base64, also as data URIs. */
    public Model imagesInBase64() {
        return new Model(images().value().in("images", "strings", "base64"));
    }

    /** Where relative paths of images begin. */
    public Model imageBase(String folder) {
        return new Model(value().in("images", "base", folder));
    }

    /** The longest file of an image; a longer one is rejected. */
    public Model maxImageBytes(int bytes) {
        return new Model(value().in("images", "max-bytes", Integer.toString(bytes)));
    }

    /** The most pixels of an image; a larger one is rejected before it is decoded. */
    public Model maxImagePixels(int pixels) {
        return new Model(value().in("images", "max-pixels", Integer.toString(pixels)));
    }

    /** Each token gets its own vector: the column is an array of structs of start, end (in characters from 0) and vector. */
    public Model tokens() {
        return new Model(value().with("granularity", "token"));
    }

    /** As {@link #tokens}, and the tokens of a word become one, with the mean of their vectors. */
    public Model words() {
        return new Model(tokens().value().with("merge-words", true));
    }

    /** Vectors are normalized to length 1, whatever the model's settings. */
    public Model normalized() {
        return new Model(value().with("normalize", true));
    }

    /** Vectors are not normalized, whatever the model's settings. */
    public Model notNormalized() {
        return new Model(value().with("normalize", false));
    }

    /** Vectors have a value for each term of the vocabulary in place of a projection: keep it small then. */
    public Model dimensionForEachTerm() {
        return new Model(value().with("dimensions", "vocabulary"));
    }

    /** Texts and key may go unencrypted to an endpoint that is not on this machine. */
    public Model allowHttp() {
        return new Model(value().with("allow-http", true));
    }

    /** A header of every call, such as who pays. No place for secrets. */
    public Model header(String name, String value) {
        return new Model(value().in("headers", name, value));
    }

    /** Texts go in calls, whose answers come at once: the default. */
    public Model streaming() {
        return new Model(value().with("mode", "stream"));
    }

    /** Texts go in files to the provider's batch API: cheaper, done within a day, resumed by the next run. */
    public Model batches() {
        return new Model(value().with("mode", "batch"));
    }

    /** The most texts of a batch. */
    public Model batchTexts(int texts) {
        return new Model(value().in("batch", "texts", Integer.toString(texts)));
    }

    /** The most batches under way. */
    public Model batchesAtOnce(int batches) {
        return new Model(value().in("batch", "at-once", Integer.toString(batches)));
    }

    /** The most tokens of all batches under way. */
    public Model batchQueueTokens(int tokens) {
        return new Model(value().in("batch", "queue-tokens", Integer.toString(tokens)));
    }

    /** The longest time between two looks at the batches under way, in whole seconds. */
    public Model batchPoll(Duration time) {
        return new Model(value().with("batch", value().group("batch").with("poll-s", time, Duration.ofSeconds(1))));
    }

    /** Every executor first embeds a few reference texts; the job stops when its vectors differ from the driver's. */
    public Model checkExecutors() {
        return new Model(value().with("check-executors", true));
    }

    /** The token for the model hub, for gated and private models. */
    public Model modelToken(SecretReference reference) {
        return new Model(value().with("model-token", reference));
    }

    /** How the vectors of tokens, or of words, become the vector of a text, such as {@code mean}, {@code cls} or {@code cls+mean}. */
    public Model pooling(String pooling) {
        return new Model(value().with("pooling", pooling));
    }

    /** Longer texts are treated as {@link #longText} says; special tokens count. */
    public Model maxTokens(int tokens) {
        return new Model(value().with("max-tokens", tokens));
    }

    /** Which of the model's own prompts is put in front of every text. */
    public Model promptName(String name) {
        return new Model(value().with("prompt-name", name));
    }

    /** What is put in front of every text, instead of a prompt of the model's. */
    public Model prompt(String text) {
        return new Model(value().with("prompt", text));
    }

    /** Which of the model's own prompts a search puts in front of its queries; changes no vector of the column. */
    public Model queryPromptName(String name) {
        return new Model(value().with("query-prompt-name", name));
    }

    /** What a search puts in front of its queries; changes no vector of the column. */
    public Model queryPrompt(String text) {
        return new Model(value().with("query-prompt", text));
    }

    /** The hidden layers that are pooled, such as {@code last} or {@code mean(-1,-2)}. */
    public Model layers(String layers) {
        return new Model(value().with("layers", layers));
    }

    /** The numbers that the model computes with. */
    public Model precision(Precision precision) {
        return new Model(value().with("precision", precision));
    }

    /** How a text that exceeds the model's token limit is treated. */
    public Model longText(LongText treatment) {
        return new Model(value().with("long-text", treatment));
    }

    /** The overlap of neighbouring chunks of a long text, in tokens. */
    public Model longTextOverlap(int tokens) {
        return new Model(value().with("long-text-overlap", tokens));
    }

    /** The length of the platform's vectors, before they are reduced. */
    public Model dimensions(int values) {
        return new Model(value().with("dimensions", values));
    }

    /** The largest vocabulary of a fitted model, in words or n-grams. */
    public Model vocabulary(int terms) {
        return new Model(value().with("vocabulary", terms));
    }

    /** The least number of the sample's texts that contain a term of the vocabulary. */
    public Model minDocuments(int texts) {
        return new Model(value().with("min-documents", texts));
    }

    /** On how many different texts, drawn at random, the model is fitted, once. */
    public Model fitRows(int texts) {
        return new Model(value().with("fit-rows", texts));
    }

    /** Where the provider's key is. */
    public Model apiKey(SecretReference reference) {
        return new Model(value().with("api-key", reference));
    }

    /** The client, or service principal, that signs calls instead of a key. */
    public Model clientId(String id) {
        return new Model(value().with("client-id", id));
    }

    /** Where the secret of {@link #clientId} is. */
    public Model clientSecret(SecretReference reference) {
        return new Model(value().with("client-secret", reference));
    }

    /** Which identity of Azure signs calls instead of a key; {@link #clientId} names one that a user has assigned. */
    public Model signIn(SignIn identity) {
        return new Model(value().with("sign-in", identity));
    }

    /** The tenant of Microsoft Entra that has the client: its id or its domain. */
    public Model tenant(String tenant) {
        return new Model(value().with("tenant", tenant));
    }

    /** What the tokens of {@link #clientId} are for. */
    public Model tokenScope(String scope) {
        return new Model(value().with("token-scope", scope));
    }

    /** Who gives out the tokens of {@link #clientId}. */
    public Model tokenEndpoint(String url) {
        return new Model(value().with("token-endpoint", url));
    }

    /** The base URL of the API. */
    public Model endpoint(String url) {
        return new Model(value().with("endpoint", url));
    }

    /** A name that tells self-hosted servers apart whose models have the same name and dimension; changes vectors. */
    public Model serverLabel(String name) {
        return new Model(value().with("server-label", name));
    }

    /** The version of Azure's older API, a date such as {@code 2024-10-21}. */
    public Model apiVersion(String date) {
        return new Model(value().with("api-version", date));
    }

    /** The project of Google Cloud that pays. */
    public Model project(String project) {
        return new Model(value().with("project", project));
    }

    /** The region that computes. */
    public Model location(String region) {
        return new Model(value().with("location", region));
    }

    /** The input type of the column's texts; changes vectors. */
    public Model inputType(InputType type) {
        return new Model(value().with("input-type", type));
    }

    /** The input type of a search's query; changes no vector of the column. */
    public Model queryInputType(InputType type) {
        return new Model(value().with("query-input-type", type));
    }

    /** The body of a call of the platform {@code http}, in JSON with the places {@code {texts}}, {@code {text}} and {@code {model}}. */
    public Model request(String json) {
        return new Model(value().with("request", json));
    }

    /** What a search sends in place of {@link #request}. */
    public Model queryRequest(String json) {
        return new Model(value().with("query-request", json));
    }

    /** The path of the vectors in an answer, such as {@code data[*].embedding}. */
    public Model vectors(String path) {
        return new Model(value().with("vectors", path));
    }

    /** The path of the texts' numbers in an answer, from 0. */
    public Model indices(String path) {
        return new Model(value().with("indices", path));
    }

    /** Where an answer has the number of charged tokens. */
    public Model usage(String path) {
        return new Model(value().with("usage", path));
    }

    /** The most texts of a call of the platform {@code http}. */
    public Model textsPerCall(int texts) {
        return new Model(value().with("texts-per-call", texts));
    }

    /** The header that holds the key. */
    public Model keyHeader(String header) {
        return new Model(value().with("key-header", header));
    }

    /** The end user's id for the provider. */
    public Model user(String name) {
        return new Model(value().with("user", name));
    }

    /** The encoding of vectors to request. */
    public Model encoding(Encoding encoding) {
        return new Model(value().with("encoding", encoding));
    }

    /** Where the model runs; changes no vector. */
    public Model device(DeviceChoice device) {
        return new Model(value().with("device", device));
    }

    /** The tokens of a batch, padding included; by default, what is measured to be fastest. */
    public Model batchTokens(int tokens) {
        return new Model(value().with("batch-tokens", tokens));
    }

    /** The name of its platform, as the job file has it. */
    public String platform() {
        return (String) value().keys().get("platform");
    }

    /** The model's name there, where platforms have several. */
    public Optional<String> model() {
        return Optional.ofNullable((String) value().keys().get("model"));
    }

    /** Its keys; secrets appear as their references. */
    @Override
    public String toString() {
        return value().keys().toString();
    }
}
