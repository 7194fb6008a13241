package io.embedlake.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a command says, as messages of a log: where {@code EMBEDLAKE_LOG_FORMAT} is {@code json}, each is an object on a line. Stateless. */
final class LogLines {
    private static final String FORMAT = "EMBEDLAKE_LOG_FORMAT";
    private static final String TEXT = "text";
    private static final String JSON = "json";

    /** By this name the log's configuration lets progress through, whatever its level is. */
    private static final Logger LOG = LoggerFactory.getLogger(LogLines.class);

    private LogLines() {}

    /** Whether an environment asks for them. */
    static boolean areAskedFor(Map<String, String> environment) {
        return JSON.equals(environment.get(FORMAT));
    }

    /** Why an environment cannot be followed, if it cannot. */
    static Optional<String> refusal(Map<String, String> environment) {
        String format = environment.getOrDefault(FORMAT, TEXT);
        return List.of(TEXT, JSON).contains(format)
                ? Optional.empty()
                : Optional.of("Cannot log in the format " + format + " (" + FORMAT + " is text or json). Change it.");
    }

    static void say(String line) {
        LOG.info(line);
    }

    static void error(String message) {
        LOG.error(message);
    }
}
