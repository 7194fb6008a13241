package io.embedlake.config;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Collects everything that is wrong with a job file, each thing once. Confined to one thread. */
final class Problems {

    /**
     * Something that is wrong.
     *
     * @param origin where
     * @param key the key it concerns; empty when it concerns the whole file
     * @param sentence what is wrong and what would be right
     */
    record Problem(Origin origin, String key, String sentence) {
        @Override
        public String toString() {
            return Stream.of(origin.toString(), key, sentence)
                    .filter(part -> !part.isEmpty())
                    .collect(Collectors.joining(": "));
        }
    }

    private final Set<Problem> found = new LinkedHashSet<>();

    void add(Origin origin, String key, String sentence) {
        found.add(new Problem(origin, key, sentence));
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /** Throws all that was found about the options of an embedding, in one line. */
    void throwIfAnyOption() {
        if (!found.isEmpty()) {
            String all = found.stream()
                    .map(problem -> Stream.of(problem.key(), problem.sentence().replaceFirst("\\.$", ""))
                            .map(part -> part.replaceAll("embeddings\\[0]\\.?", ""))
                            .filter(part -> !part.isEmpty())
                            .collect(Collectors.joining(Suggestion.isOfUnknown(problem.sentence()) ? ": " : " ")))
                    .collect(Collectors.joining("; "));
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot embed with these options: " + all + (all.endsWith("?") ? "" : "."));
        }
    }

    /**
     * Throws all that was found, in the order of the file, the command line last.
     *
     * @param job what cannot be used, such as {@code the job file reviews.yaml}
     */
    void throwIfAny(String job) {
        if (!found.isEmpty()) {
            String count = found.size() == 1 ? "1 problem" : found.size() + " problems";
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    found.stream()
                            .sorted(Comparator.comparing(Problem::origin))
                            .map(Problem::toString)
                            .collect(Collectors.joining("\n", "Cannot use " + job + ": " + count + ".\n", "")));
        }
    }
}
