package io.embedlake;

import io.embedlake.config.JobSpec;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** A job read from a file, checked and complete. Immutable; equal when the jobs are. */
public final class JobFile extends Value<JobSpec> {
    private JobFile(JobSpec spec) {
        super(spec);
    }

    /**
     * Reads the text of a job file. Relative paths start in the working directory, and values may name variables of the environment.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} listing every problem, one per line
     */
    public static JobFile parse(String yaml) {
        return parse(yaml, List.of());
    }

    /**
     * Reads the text of a job file and lays values over it.
     *
     * @param overrides {@code key=value} pairs that override the text, such as {@code embeddings[0].reduce.dimensions=32}
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} as {@link #parse(String)} does
     */
    public static JobFile parse(String yaml, List<String> overrides) {
        return new JobFile(io.embedlake.config.JobFile.parse(yaml, overrides, System.getenv(), here()));
    }

    /**
     * Reads a job file, as {@link #parse} reads its text.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} as {@link #parse} does, and when the file cannot be read
     */
    public static JobFile read(Path file) {
        return read(file, List.of(), System.getenv(), here());
    }

    /**
     * Reads a job file and lays values over it, as the option {@code --set} of the command line does.
     *
     * @param overrides {@code key=value} pairs that override the file, such as {@code embeddings[0].reduce.dimensions=32}
     * @param environment the variables that values may name
     * @param baseDirectory where relative paths start, that of the file too
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} as {@link #read(Path)} does
     */
    public static JobFile read(Path file, List<String> overrides, Map<String, String> environment, Path baseDirectory) {
        return new JobFile(io.embedlake.config.JobFile.load(file, overrides, environment, baseDirectory));
    }

    static Path here() {
        return Path.of("").toAbsolutePath();
    }

    /** The job's name. */
    public String name() {
        return value().job();
    }

    /** The job by key, defaults included and paths resolved; secrets appear as their references. */
    public SortedMap<String, String> describe() {
        return value().describe();
    }

    @Override
    public String toString() {
        return "job " + name();
    }
}
