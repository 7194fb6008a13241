package io.embedlake.config;

import io.embedlake.image.ImageLimits;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.InputKind;
import io.embedlake.spi.Platforms;
import io.embedlake.text.AttributeTemplate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One vector column. Immutable.
 *
 * @param column the column's name
 * @param attribute the text to embed
 * @param platform the name of the platform that makes the vectors
 * @param request the model and options of the platform
 * @param compute how the model is run
 * @param reduce how vectors are shortened
 * @param index the search index of the column, if it gets one
 */
public record EmbeddingSpec(
        String column,
        AttributeTemplate attribute,
        String platform,
        EmbedderRequest request,
        ComputeSpec compute,
        ReduceSpec reduce,
        Optional<IndexSpec> index) {

    /** What is no business of the platform, beside the group of the reduction. */
    private static final List<Key<?>> OWN = List.of(
            Keys.COLUMN,
            Keys.ATTRIBUTE,
            Keys.PLATFORM,
            Keys.MODEL,
            Keys.DEVICE,
            Keys.BATCH_TOKENS,
            Keys.CHECK_EXECUTORS,
            Keys.INDEX_LISTS);

    private static final Set<String> NOT_OF_CALLS = Set.of("attribute", "reduce", "index", "limits", "proxy");

    public EmbeddingSpec {
        Objects.requireNonNull(column);
        Objects.requireNonNull(attribute);
        Objects.requireNonNull(platform);
        Objects.requireNonNull(request);
        Objects.requireNonNull(compute);
        Objects.requireNonNull(reduce);
        Objects.requireNonNull(index);
    }

    /** An embedding without a search index. */
    public EmbeddingSpec(
            String column,
            AttributeTemplate attribute,
            String platform,
            EmbedderRequest request,
            ComputeSpec compute,
            ReduceSpec reduce) {
        this(column, attribute, platform, request, compute, reduce, Optional.empty());
    }

    /** Whether a long text gets a row for each of its chunks. */
    public boolean makesRows() {
        return request.option(key(Keys.LONG_TEXT)).equals(Optional.of(Keys.SPLIT_ROWS));
    }

    /** Whether the attribute is a row of numbers and categories rather than a text. */
    public boolean readsRows() {
        return Platforms.named(platform).readsRows();
    }

    /** What the job says that the attribute holds, if it does. */
    public Optional<InputKind> input() {
        return request.option(InputKind.KEY).map(name -> InputKind.valueOf(name.toUpperCase(Locale.ROOT)));
    }

    /** What the strings of an attribute with images are. */
    public ImageStrings imageStrings() {
        return request.option(key(Keys.IMAGES_STRINGS))
                .map(name -> ImageStrings.valueOf(name.toUpperCase(Locale.ROOT)))
                .orElse(ImageStrings.PATH);
    }

    /** Where relative paths of images begin, if the job says it. */
    public Optional<String> imageBase() {
        return request.option(key(Keys.IMAGES_BASE));
    }

    /** What files of images may hold. */
    public ImageLimits imageLimits() {
        return ImageLimits.of(request.options());
    }

    /** The same embedding of images. */
    public EmbeddingSpec ofImages() {
        Map<String, String> options = new TreeMap<>(request.options());
        options.put(InputKind.KEY, InputKind.IMAGE.toString());
        return new EmbeddingSpec(
                column, attribute, platform, new EmbedderRequest(request.model(), options), compute, reduce, index);
    }

    /** The column with the full vectors, if there is one. */
    public Optional<String> fullColumn() {
        return reduce.full() == ReduceSpec.Full.PUBLISHED ? Optional.of(nameOfFullColumn(column)) : Optional.empty();
    }

    /** How the column with the full vectors of a column is called. */
    public static String nameOfFullColumn(String column) {
        return column + "_full";
    }

    /**
     * The embedding that makes a column.
     *
     * @param job as {@link JobSpec#describe} describes it
     * @param column the column, case-insensitive
     * @return nothing when the job has none
     */
    public static Optional<EmbeddingSpec> of(Map<String, String> job, String column) {
        return keys(job, column).map(EmbeddingSpec::of);
    }

    /**
     * The keys that say what embeds a column and how, as options of {@link JobFile#embedding}; nothing of its reduction, or of what a
     * run may send and spend.
     *
     * @param job as {@link JobSpec#describe} describes it
     * @param column the column, case-insensitive
     * @return nothing when the job has no such column
     */
    public static Optional<Map<String, String>> options(Map<String, String> job, String column) {
        return keys(job, column).map(keys -> {
            Map<String, String> options = new TreeMap<>();
            keys.forEach((key, value) -> {
                if (!NOT_OF_CALLS.contains(key.replaceFirst("\\..*", ""))) {
                    options.put(key, Overrides.quoted(value));
                }
            });
            return options;
        });
    }

    private static Optional<Map<String, String>> keys(Map<String, String> job, String column) {
        for (int i = 0; job.containsKey(item(i) + key(Keys.COLUMN)); i++) {
            Map<String, String> text = new TreeMap<>();
            String item = item(i);
            job.forEach((key, value) -> {
                if (key.startsWith(item)) {
                    text.put(key.substring(item.length()), value);
                }
            });
            if (column.equalsIgnoreCase(text.get(key(Keys.COLUMN)))) {
                return Optional.of(text);
            }
        }
        return Optional.empty();
    }

    private static String item(int index) {
        return "embeddings[" + index + "].";
    }

    /** What {@link #describe} describes. */
    private static EmbeddingSpec of(Map<String, String> text) {
        Map<String, String> options = new TreeMap<>(text);
        OWN.forEach(key -> options.remove(key(key)));
        options.keySet().removeIf(name -> name.startsWith("reduce."));
        options.remove(key(Keys.GRANULARITY), Keys.GRANULARITY.defaultText().orElseThrow());
        return new EmbeddingSpec(
                text.get(key(Keys.COLUMN)),
                AttributeTemplate.parse(text.get(key(Keys.ATTRIBUTE))),
                text.get(key(Keys.PLATFORM)),
                new EmbedderRequest(Optional.ofNullable(text.get(key(Keys.MODEL))), options),
                new ComputeSpec(
                        value(Keys.DEVICE, text), value(Keys.BATCH_TOKENS, text), value(Keys.CHECK_EXECUTORS, text)),
                new ReduceSpec(
                        value(Keys.REDUCE_METHOD, text),
                        value(Keys.REDUCE_DIMENSIONS, text),
                        value(Keys.REDUCE_CENTER, text),
                        value(Keys.REDUCE_QUANTIZE, text),
                        value(Keys.REDUCE_BYTES, text),
                        value(Keys.REDUCE_SAMPLE_ROWS, text),
                        value(Keys.REDUCE_FEW_ROWS, text),
                        value(Keys.REDUCE_MIN_RECALL, text),
                        value(Keys.REDUCE_KEEP_FULL, text) ? ReduceSpec.Full.PUBLISHED : ReduceSpec.Full.STORED),
                Optional.ofNullable(text.get(key(Keys.INDEX_LISTS))).map(IndexSpec::parse));
    }

    private static <T> T value(Key<T> key, Map<String, String> text) {
        String written =
                Optional.ofNullable(text.get(key(key))).or(key::defaultText).orElseThrow();
        return ((KeyType.Single<T>) key.type()).parse(written);
    }

    /** This part of the job as text, by the keys of one embedding. */
    SortedMap<String, String> describe() {
        SortedMap<String, String> text = new TreeMap<>(request.options());
        request.model().ifPresent(model -> text.put(key(Keys.MODEL), model));
        text.put(key(Keys.COLUMN), column);
        text.put(key(Keys.ATTRIBUTE), attribute.source());
        text.put(key(Keys.PLATFORM), platform);
        text.putIfAbsent(key(Keys.GRANULARITY), Keys.GRANULARITY.defaultText().orElseThrow());
        text.put(key(Keys.DEVICE), compute.device().toString());
        text.put(key(Keys.BATCH_TOKENS), compute.batchTokens().toString());
        text.put(key(Keys.CHECK_EXECUTORS), Boolean.toString(compute.checkExecutors()));
        text.put(key(Keys.REDUCE_METHOD), reduce.method().toString());
        if (reduce.method() != ReduceSpec.Method.NONE) {
            text.put(key(Keys.REDUCE_DIMENSIONS), Integer.toString(reduce.dimensions()));
        }
        text.put(key(Keys.REDUCE_CENTER), Boolean.toString(reduce.center()));
        text.put(key(Keys.REDUCE_QUANTIZE), reduce.codes().toString());
        if (reduce.codes() == ReduceSpec.Codes.PACKED) {
            text.put(key(Keys.REDUCE_BYTES), Integer.toString(reduce.bytes()));
        }
        text.put(key(Keys.REDUCE_SAMPLE_ROWS), Integer.toString(reduce.sampleRows()));
        text.put(key(Keys.REDUCE_FEW_ROWS), reduce.fewRows().toString());
        text.put(key(Keys.REDUCE_MIN_RECALL), Double.toString(reduce.minRecall()));
        text.put(key(Keys.REDUCE_KEEP_FULL), Boolean.toString(fullColumn().isPresent()));
        index.ifPresent(asked -> text.put(key(Keys.INDEX_LISTS), asked.toString()));
        return text;
    }

    /** A key's name within an embedding. */
    static String key(Key<?> key) {
        return key.path().substring("embeddings[].".length());
    }
}
