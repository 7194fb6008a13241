package io.embedlake.config;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.SecretReference;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Reads job files. Stateless. */
public final class JobFile {
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    /** The platform where none is named. */
    public static final String DEFAULT_PLATFORM = Keys.PLATFORM.defaultText().orElseThrow();

    private JobFile() {}

    /**
     * Reads a job file, lays overrides over it, fills in the environment, checks everything and completes it.
     *
     * @param file the job file; a relative path starts at the base directory
     * @param overrides {@code key=value} pairs that count more than the file
     * @param environment the variables that values may name
     * @param baseDirectory where relative paths start, in the file and in overrides
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} listing every problem, one per line
     */
    public static JobSpec load(Path file, List<String> overrides, Map<String, String> environment, Path baseDirectory) {
        return read(
                text(file, baseDirectory),
                file.toString(),
                "the job file " + file,
                overrides,
                Origin.COMMAND_LINE,
                environment,
                baseDirectory);
    }

    /**
     * Reads the text of a job file, fills in the environment, checks everything and completes it.
     *
     * @param yaml what a job file holds
     * @param overrides {@code key=value} pairs that count more than the text
     * @param environment the variables that values may name
     * @param baseDirectory where relative paths start
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} listing every problem, one per line
     */
    public static JobSpec parse(
            String yaml, List<String> overrides, Map<String, String> environment, Path baseDirectory) {
        if (yaml.length() > YamlReader.MAX_CHARACTERS) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot read the job: a text of " + yaml.length()
                            + " characters (a job has at most 1 MiB). Give it the text of one job.");
        }
        return read(withoutMark(yaml), "line", "the job", overrides, Origin.OPTION, environment, baseDirectory);
    }

    /**
     * An embedding without a job.
     *
     * @param options keys of a column, and of a job where they concern what embeds
     * @param environment the variables that values may name
     * @param baseDirectory where relative paths start
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} listing every problem in one line
     */
    public static EmbeddingSpec embedding(
            Map<String, String> options, Map<String, String> environment, Path baseDirectory) {
        Problems problems = new Problems();
        Tree empty = tree(Map.of(
                "job", "embed",
                "source", Map.of("table", "rows", "id", "__embedlake_id"),
                "embeddings",
                        List.of(Map.of(
                                "column",
                                "vector",
                                "attribute",
                                "__embedlake_text",
                                "reduce",
                                Map.of("method", "none")))));
        Tree whole = new Overrides(problems, Origin.OPTION).apply(empty, overrides(options));
        Reading reading = new Reading(text -> Interpolation.fill(text, environment), problems);
        Optional<JobSpec> job = new JobReader(baseDirectory, reading).read(whole);
        problems.throwIfAnyOption();
        return job.orElseThrow().embeddings().get(0);
    }

    /**
     * A reduction without a job.
     *
     * @param keys those of {@code reduce} with their values
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} listing every problem in one line
     */
    public static ReduceSpec reduction(Map<String, String> keys) {
        Map<String, String> options = new TreeMap<>(Map.of("platform", "hashing"));
        keys.forEach((key, value) -> options.put("reduce." + key, value));
        return embedding(options, Map.of(), Path.of("")).reduce();
    }

    /** Options as overrides: keys of the whole job, such as {@code limits.max-tokens}, and of its first column. */
    public static List<String> overrides(Map<String, String> options) {
        return options.entrySet().stream()
                .map(option ->
                        (isOfJob(option.getKey()) ? "" : "embeddings[0].") + option.getKey() + "=" + option.getValue())
                .toList();
    }

    /**
     * Refuses options that hold a secret instead of naming one.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} that does not repeat it
     */
    public static void requireReferences(Map<String, String> options) {
        for (Key<?> key : Keys.ALL) {
            String name = key.path().replaceFirst("^embeddings\\[]\\.", "");
            if (key.type() instanceof KeyType.Secret && options.containsKey(name)) {
                try {
                    SecretReference.parse(options.get(name));
                } catch (IllegalArgumentException e) {
                    throw new EmbedlakeException(
                            ErrorKind.CONFIGURATION,
                            "Cannot use the option " + name + ": it " + e.getMessage()
                                    + ". Name where the secret is kept instead of giving it.",
                            e);
                }
            }
        }
    }

    /** A text as the value of an option, with no YAML in it. */
    public static String quoted(String text) {
        return Overrides.quoted(text);
    }

    /** What a key that no column has is likely a typing mistake of, among names that are no keys. */
    public static Optional<String> nearest(String key, Set<String> names) {
        boolean isKnown = Keys.children("embeddings[]").stream()
                .anyMatch(entry -> entry.name().equals(first(key)));
        return isKnown ? Optional.empty() : Suggestion.nearest(key, List.copyOf(names));
    }

    /** Whether a key, such as {@code limits.max-tokens}, is one of the whole job, and not of a column. */
    public static boolean isOfJob(String key) {
        return Keys.children("").stream().anyMatch(entry -> entry.name().equals(first(key)));
    }

    /** The first name of a key with dots, such as {@code limits} of {@code limits.max-tokens}. */
    public static String first(String key) {
        return key.replaceFirst("[.\\[].*", "");
    }

    /**
     * Checks and completes a job whose keys a program sets. Its texts are taken literally: no environment is filled in.
     *
     * @param keys the keys by name: groups are maps, lists are lists, everything else is a text as the file writes it
     * @param baseDirectory where relative paths start
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} listing every problem, one per line, by key
     */
    public static JobSpec of(Map<String, ?> keys, Path baseDirectory) {
        Problems problems = new Problems();
        Optional<JobSpec> job = new JobReader(baseDirectory, new Reading(text -> text, problems)).read(tree(keys));
        problems.throwIfAny("the job " + keys.get(Keys.JOB.name()));
        return job.orElseThrow();
    }

    private static Tree tree(Object value) {
        if (value instanceof Map<?, ?> group) {
            Map<String, Tree> entries = new LinkedHashMap<>();
            group.forEach((name, item) -> entries.put((String) name, tree(item)));
            return new Tree.Mapping(entries, Origin.CODE);
        }
        if (value instanceof List<?> list) {
            return new Tree.Sequence(list.stream().map(JobFile::tree).toList(), Origin.CODE);
        }
        return new Tree.Scalar((String) value, false, Origin.CODE);
    }

    private static JobSpec read(
            String yaml,
            String source,
            String name,
            List<String> overrides,
            Origin laidOver,
            Map<String, String> environment,
            Path baseDirectory) {
        Problems problems = new Problems();
        Optional<Tree> tree = new YamlReader(line -> new Origin(source, line), problems).read(yaml, "");
        if (tree.isEmpty() && problems.isEmpty()) {
            problems.add(new Origin(source, 1), "", "is empty (a job has at least " + required() + ")");
        }
        Reading reading = new Reading(text -> Interpolation.fill(text, environment), problems);
        Optional<JobSpec> job = tree.map(read -> new Overrides(problems, laidOver).apply(read, overrides))
                .flatMap(whole -> new JobReader(baseDirectory, reading).read(whole));
        problems.throwIfAny(name);
        return job.orElseThrow();
    }

    private static String required() {
        return Keys.children("").stream()
                .filter(entry -> entry instanceof Key<?> key && key.isRequired()
                        || entry instanceof Keys.Group group && group.isRequired())
                .map(Keys.Entry::name)
                .collect(Collectors.joining(", "));
    }

    private static String text(Path file, Path baseDirectory) {
        Path path = baseDirectory.resolve(file);
        if (Files.isDirectory(path)) {
            throw unreadable(file, "a directory; a job is one file", null);
        }
        try (InputStream stream = Files.newInputStream(path)) {
            byte[] bytes = stream.readNBytes(YamlReader.MAX_CHARACTERS + 1);
            if (bytes.length > YamlReader.MAX_CHARACTERS) {
                throw unreadable(file, "too long; a job file has at most 1 MiB", null);
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return withoutMark(text);
        } catch (NoSuchFileException e) {
            throw unreadable(file, "no such file", e);
        } catch (AccessDeniedException e) {
            throw unreadable(file, "permission denied", e);
        } catch (CharacterCodingException e) {
            throw unreadable(file, "not UTF-8 text", e);
        } catch (IOException e) {
            throw unreadable(file, e.getClass().getSimpleName() + "; a readable text file", e);
        }
    }

    private static String withoutMark(String text) {
        return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    }

    private static EmbedlakeException unreadable(Path file, String rule, IOException cause) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot read the job file: " + file + " (" + rule + "). Name a job file that can be read.",
                cause);
    }
}
