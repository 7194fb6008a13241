package io.embedlake.config;

import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads job files. Stateless. */
public final class JobFile {
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private JobFile() {}

    /**
     * Reads a job file, lays overrides over it, fills in the environment, checks everything and completes it.
     *
     * @param file the job file; a relative path starts at the base directory
     * @param overrides {@code key=value} pairs that count more than the file
     * @param environment the variables that values may name
     * @param baseDirectory where relative paths start, in the file and in overrides
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} with every problem on a line of its own
     */
    public static JobSpec load(Path file, List<String> overrides, Map<String, String> environment, Path baseDirectory) {
        String yaml = text(file, baseDirectory);
        Problems problems = new Problems();
        Optional<Tree> tree = new YamlReader(line -> new Origin(file.toString(), line), problems).read(yaml, "");
        if (tree.isEmpty() && problems.isEmpty()) {
            problems.add(new Origin(file.toString(), 1), "", "is empty (a job has at least " + required() + ")");
        }
        Optional<JobSpec> job = tree.map(read -> new Overrides(problems).apply(read, overrides))
                .flatMap(whole -> new JobReader(baseDirectory, new Reading(environment, problems)).read(whole));
        problems.throwIfAny(file);
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
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
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

    private static EmbedlakeException unreadable(Path file, String rule, IOException cause) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot read the job file: " + file + " (" + rule + "). Name a job file that can be read.",
                cause);
    }
}
