package io.embedlake.config;

import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.InputKind;
import io.embedlake.spi.Platform;
import io.embedlake.spi.Platforms;
import io.embedlake.text.AttributeTemplate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Makes a job of a tree: reads every key, checks what keys mean to each other, and makes paths absolute. Confined to one
 * thread; made for one job.
 */
final class JobReader {
    /** The column that names a file of a folder of images. */
    private static final String IMAGE_PATH = "path";

    private final Path base;
    private final Reading reading;
    private final Set<String> columns = new HashSet<>();

    JobReader(Path base, Reading reading) {
        this.base = base;
        this.reading = reading;
    }

    /** The job; empty when there is any problem, found here or before. */
    Optional<JobSpec> read(Tree tree) {
        Section root = Section.root(tree, reading);
        Optional<String> job = root.value(Keys.JOB);
        Optional<SourceSpec> source = source(root.group("source"));
        Optional<TargetSpec> target = target(root.group("target"), source.map(SourceSpec::table));
        ProviderReader providers = new ProviderReader(root);
        List<EmbeddingSpec> embeddings = new ArrayList<>();
        List<Section> items = root.items("embeddings");
        for (Section item : items) {
            embedding(item, source, providers).ifPresent(embeddings::add);
            requireRoomForPieces(item, items.size(), source, target);
        }
        Section waves = root.group("waves");
        Optional<Integer> rows = waves.value(Keys.WAVES_ROWS);
        Optional<Integer> minutes = waves.value(Keys.WAVES_MINUTES);
        Optional<Double> maxErrorRate = root.group("errors").value(Keys.ERRORS_MAX_RATE);
        Optional<List<String>> searches = root.value(Keys.SEARCHES);
        Optional<Map<String, Setting>> spark = root.value(Keys.SPARK);
        if (!reading.problems().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new JobSpec(
                job.orElseThrow(),
                source.orElseThrow(),
                target.orElseThrow(),
                embeddings,
                maxErrorRate.orElseThrow(),
                providers.terms(),
                new WaveLimits(rows.orElseThrow(), Duration.ofMinutes(minutes.orElseThrow())),
                searches.orElse(List.of()),
                spark.orElse(Map.of())));
    }

    private Optional<SourceSpec> source(Section section) {
        Optional<TableRef> table = section.value(Keys.SOURCE_TABLE);
        Optional<String> path = section.value(Keys.SOURCE_PATH);
        Optional<TableRef.Format> format = section.value(Keys.SOURCE_FORMAT);
        boolean isNamedByPath = format.equals(Optional.of(TableRef.Format.IMAGES)) && !section.has(Keys.SOURCE_ID);
        Optional<List<String>> id = isNamedByPath ? Optional.of(List.of(IMAGE_PATH)) : section.value(Keys.SOURCE_ID);
        Optional<String> where = section.value(Keys.SOURCE_WHERE);
        boolean hasPath = section.has(Keys.SOURCE_PATH);
        boolean hasFormat = section.has(Keys.SOURCE_FORMAT);
        if (section.has(Keys.SOURCE_TABLE)) {
            if (hasPath || hasFormat) {
                section.refuse(
                        hasPath ? Keys.SOURCE_PATH : Keys.SOURCE_FORMAT,
                        "stands beside source.table (either a table, or path and format). Remove one of them.");
            }
        } else if (!hasPath && !hasFormat) {
            section.refuse(Keys.SOURCE_TABLE, "is missing (or path and format). Say where the rows are.");
        } else if (!hasFormat) {
            section.refuse(
                    Keys.SOURCE_FORMAT,
                    "is missing (source.path needs it: "
                            + Keys.SOURCE_FORMAT.type().rule() + ")");
        } else if (!hasPath) {
            section.refuse(Keys.SOURCE_PATH, "is missing (source.format says what lies there)");
        }
        Optional<TableRef> place =
                table.or(() -> path.flatMap(folder -> format.map(kind -> new TableRef.FilePath(kind, folder))));
        Key<?> given = section.has(Keys.SOURCE_TABLE) ? Keys.SOURCE_TABLE : Keys.SOURCE_PATH;
        return place.flatMap(found -> resolve(found, section, given))
                .flatMap(found -> id.map(columns -> new SourceSpec(found, columns, where)));
    }

    private Optional<TargetSpec> target(Section section, Optional<TableRef> source) {
        Optional<TableRef> table = section.has(Keys.TARGET_TABLE)
                ? section.value(Keys.TARGET_TABLE).flatMap(named -> resolve(named, section, Keys.TARGET_TABLE))
                : source;
        Optional<TableRef> store = section.has(Keys.TARGET_STORE)
                ? section.value(Keys.TARGET_STORE).flatMap(named -> resolve(named, section, Keys.TARGET_STORE))
                : table.map(target -> target.sibling("_embeddings"));
        if (source.filter(TableRef::isFiles).isPresent() && table.equals(source)) {
            section.refuse(
                    Keys.TARGET_TABLE,
                    section.has(Keys.TARGET_TABLE)
                            ? table.get() + " is where the source's files are (a table of its own)"
                            : "is missing (" + table.get() + " cannot get a column)."
                                    + " Name the Delta table that gets the vectors.");
        } else if (store.isPresent() && (store.equals(table) || store.equals(source))) {
            section.refuse(
                    Keys.TARGET_STORE,
                    store.get() + " is the " + (store.equals(table) ? "target" : "source")
                            + " itself (a table of its own)");
        }
        Compact compact = section.value(Keys.TARGET_COMPACT).orElse(Compact.AUTO);
        return reading.problems().isEmpty()
                ? Optional.of(new TargetSpec(table.orElseThrow(), store.orElseThrow(), compact))
                : Optional.empty();
    }

    /** The table with an absolute path; one that leads up to the root is a problem. */
    private Optional<TableRef> resolve(TableRef table, Section section, Key<?> key) {
        try {
            return Optional.of(table.resolve(base));
        } catch (IllegalArgumentException e) {
            section.refuse(key, table + " " + e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<EmbeddingSpec> embedding(Section section, Optional<SourceSpec> source, ProviderReader providers) {
        Optional<String> column = section.value(Keys.COLUMN);
        Optional<AttributeTemplate> attribute = section.value(Keys.ATTRIBUTE);
        Optional<String> platform = section.value(Keys.PLATFORM);
        Optional<String> granularity = section.value(Keys.GRANULARITY);
        Optional<String> model = section.value(Keys.MODEL);
        platform.map(Platforms::named).filter(made -> !section.has(Keys.MODEL)).ifPresent(made -> made.neededModel()
                .ifPresent(what -> section.refuse(
                        Keys.MODEL,
                        "is missing (the platform " + made.name() + " has no model of its own). Name " + what + ".")));
        Map<String, String> options = new HashMap<>();
        for (Key<?> option : Keys.PLATFORM_OPTIONS) {
            section.value(option).ifPresent(value -> options.put(option.name(), value.toString()));
        }
        section.value(Keys.HEADERS)
                .ifPresent(headers ->
                        headers.forEach((name, value) -> options.put(Keys.HEADERS.name() + "." + name, value)));
        platform.ifPresent(name -> options.putAll(providers.limits(name)));
        platform.ifPresent(name -> options.putAll(providers.proxy(name)));
        options.putAll(ProviderReader.batch(section));
        images(section, platform).forEach(options::put);
        if (namesImages(source, attribute) || holdsStringsOf(options)) {
            options.putIfAbsent(InputKind.KEY, InputKind.IMAGE.toString());
        }
        if (Platform.VOCABULARY.equals(options.get(Keys.DIMENSIONS.name()))
                && !is(platform, Platform::takesVocabularyAsDimensions)) {
            section.refuse(
                    Keys.DIMENSIONS,
                    "is vocabulary, and the platform " + platform.orElse("")
                            + " makes no vectors with a number for each term ("
                            + String.join(", ", Keys.namesOf(Platform::takesVocabularyAsDimensions)) + " do)");
        }
        granularity.filter(Keys.TOKEN::equals).ifPresent(value -> {
            if (!is(platform, made -> made.knows(Keys.GRANULARITY.name()))) {
                section.refuse(
                        Keys.GRANULARITY,
                        "is token, and the platform " + platform.orElse("")
                                + " makes one vector of a whole attribute (tokens need the platform "
                                + String.join(" or ", Keys.knowing(Keys.GRANULARITY.name())) + ")");
            }
            options.put(Keys.GRANULARITY.name(), value);
        });
        EmbedderRequest request = new EmbedderRequest(model, options);
        platform.ifPresent(name -> providers.check(section, name, request));
        section.value(Keys.ALLOW_HTTP);
        Optional<DeviceChoice> device = section.value(Keys.DEVICE);
        Optional<BatchTokens> batchTokens = section.value(Keys.BATCH_TOKENS);
        Optional<Boolean> checkExecutors = section.value(Keys.CHECK_EXECUTORS);
        Optional<ReduceSpec> reduce = reduce(section.group("reduce"), platform, options);
        Optional<String> lists = section.group("index").value(Keys.INDEX_LISTS);
        if (lists.isPresent() && options.containsKey(Keys.GRANULARITY.name())) {
            section.group("index")
                    .refuse(
                            Keys.INDEX_LISTS,
                            "is for vectors of whole attributes or chunks (the vectors of tokens are not searched). Remove it.");
        }
        column.ifPresent(name -> checkColumn(name, section, attribute, source));
        if (reduce.filter(asked -> asked.full() == ReduceSpec.Full.PUBLISHED).isPresent()) {
            column.ifPresent(name -> checkColumn(EmbeddingSpec.nameOfFullColumn(name), section, attribute, source));
        }
        if (!reading.problems().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new EmbeddingSpec(
                column.orElseThrow(),
                attribute.orElseThrow(),
                platform.orElseThrow(),
                request,
                new ComputeSpec(device.orElseThrow(), batchTokens.orElseThrow(), checkExecutors.orElseThrow()),
                reduce.orElseThrow(),
                lists.map(IndexSpec::parse)));
    }

    /** The settings for images, by key name; relative paths begin where the command is run. */
    private Map<String, String> images(Section section, Optional<String> platform) {
        Section images = section.group("images");
        Map<String, String> options = new TreeMap<>();
        for (Key<?> key : Keys.IMAGE_OPTIONS) {
            images.value(key).ifPresent(value -> options.put(EmbeddingSpec.key(key), value.toString()));
            if (images.has(key) && !is(platform, made -> made.knows(InputKind.KEY))) {
                images.refuse(
                        key,
                        "is for images, and the platform " + platform.orElse("") + " takes none ("
                                + String.join(", ", Keys.knowing(InputKind.KEY))
                                + " do). Remove it or change platform.");
            }
        }
        options.computeIfPresent(
                EmbeddingSpec.key(Keys.IMAGES_BASE),
                (key, folder) -> TableSyntax.hasScheme(folder)
                        ? folder.replaceAll("/+$", "")
                        : base.toAbsolutePath().resolve(folder).normalize().toString());
        return options;
    }

    /** Whether the attribute is the path of the image that a row of the source is. */
    private static boolean namesImages(Optional<SourceSpec> source, Optional<AttributeTemplate> attribute) {
        return source.flatMap(rows -> rows.table().fileFormat())
                        .filter(TableRef.Format.IMAGES::equals)
                        .isPresent()
                && attribute
                        .filter(path -> path.isColumn() && path.source().strip().equalsIgnoreCase(IMAGE_PATH))
                        .isPresent();
    }

    private static boolean holdsStringsOf(Map<String, String> options) {
        return options.containsKey(EmbeddingSpec.key(Keys.IMAGES_STRINGS))
                || options.containsKey(EmbeddingSpec.key(Keys.IMAGES_BASE));
    }

    private static boolean is(Optional<String> platform, Predicate<Platform> kind) {
        return platform.map(Platforms::named).filter(kind).isPresent();
    }

    /** @param options the options of the platform */
    private Optional<ReduceSpec> reduce(Section section, Optional<String> platform, Map<String, String> options) {
        boolean isShortAlready = is(platform, Platform::readsRows);
        Optional<ReduceSpec.Method> method = section.value(Keys.REDUCE_METHOD)
                .map(asked -> isShortAlready && !section.has(Keys.REDUCE_METHOD) && !section.has(Keys.REDUCE_DIMENSIONS)
                        ? ReduceSpec.Method.NONE
                        : asked);
        Optional<Integer> dimensions = section.value(Keys.REDUCE_DIMENSIONS);
        Optional<Boolean> center = section.value(Keys.REDUCE_CENTER);
        Optional<ReduceSpec.Codes> codes = section.value(Keys.REDUCE_QUANTIZE);
        Optional<Integer> bytes = section.value(Keys.REDUCE_BYTES);
        Optional<Integer> sampleRows = section.value(Keys.REDUCE_SAMPLE_ROWS);
        Optional<ReduceSpec.FewRows> fewRows = section.value(Keys.REDUCE_FEW_ROWS);
        Optional<Double> minRecall = section.value(Keys.REDUCE_MIN_RECALL);
        Optional<Boolean> keepFull = section.value(Keys.REDUCE_KEEP_FULL);
        boolean hasSpans = options.containsKey(Keys.GRANULARITY.name())
                || Keys.SPLIT_ROWS.equals(options.get(Keys.LONG_TEXT.name()));
        if (hasSpans && keepFull.equals(Optional.of(true))) {
            section.refuse(
                    Keys.REDUCE_KEEP_FULL,
                    "is true for vectors of tokens or chunks (a full vector stands beside the one short vector of a row). Remove it.");
        }
        if (!reading.problems().isEmpty()) {
            return Optional.empty();
        }
        boolean isSpread = method.orElseThrow().isProjection() && codes.equals(Optional.of(ReduceSpec.Codes.PACKED));
        if (isSpread && section.has(Keys.REDUCE_DIMENSIONS)) {
            section.refuse(
                    Keys.REDUCE_DIMENSIONS,
                    "stands beside quantize packed (as many components share the bits of reduce.bytes as are of use). Remove it.");
        }
        return Optional.of(new ReduceSpec(
                method.orElseThrow(),
                isSpread ? Byte.SIZE * bytes.orElseThrow() : dimensions.orElseThrow(),
                center.orElseThrow(),
                codes.orElseThrow(),
                bytes.orElseThrow(),
                sampleRows.orElseThrow(),
                fewRows.orElseThrow(),
                minRecall.orElseThrow(),
                keepFull.orElseThrow() ? ReduceSpec.Full.PUBLISHED : ReduceSpec.Full.STORED));
    }

    /** Chunks of long texts are rows: they cannot be in the source, nor beside the chunks of another column. */
    private static void requireRoomForPieces(
            Section item, int columns, Optional<SourceSpec> source, Optional<TargetSpec> target) {
        if (!item.value(Keys.LONG_TEXT).equals(Optional.of(Keys.SPLIT_ROWS))) {
            return;
        }
        if (columns > 1) {
            item.refuse(
                    Keys.LONG_TEXT,
                    "is split-rows in a job of " + columns
                            + " vector columns (the rows of the target are the chunks of one column). Give it a job of its own.");
        }
        if (target.isPresent() && target.map(TargetSpec::table).equals(source.map(SourceSpec::table))) {
            item.refuse(
                    Keys.LONG_TEXT,
                    "is split-rows, and the target is the source (a long text gets several rows). Name a table of its own in"
                            + " target.table.");
        }
    }

    private void checkColumn(
            String name, Section section, Optional<AttributeTemplate> attribute, Optional<SourceSpec> source) {
        if (!columns.add(name.toLowerCase(Locale.ROOT))) {
            section.refuse(Keys.COLUMN, name + " is the column of another embedding (unique, whatever the case)");
        }
        if (source.filter(rows -> contains(rows.id(), name)).isPresent()) {
            section.refuse(Keys.COLUMN, name + " is an id column (a column of its own)");
        }
        if (attribute.filter(text -> contains(text.fields(), name)).isPresent()) {
            section.refuse(Keys.COLUMN, name + " is what is embedded (a column of its own)");
        }
    }

    private static boolean contains(List<String> names, String name) {
        return names.stream().anyMatch(name::equalsIgnoreCase);
    }
}
