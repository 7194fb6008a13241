package io.embedlake.cli;

import io.embedlake.spi.EmbedlakeException;
import java.io.PrintStream;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/**
 * Where a command reads its environment and writes: results to one stream, progress and errors to the other, or to a log where the environment
 * asks for objects. Thread-safe.
 *
 * @param environment the environment's variables
 * @param out for results
 * @param err for progress
 * @param errors gets the message of each error
 */
record Terminal(Map<String, String> environment, PrintStream out, PrintStream err, Consumer<String> errors) {
    /** A terminal where errors are printed after the progress. */
    Terminal(Map<String, String> environment, PrintStream out, PrintStream err) {
        this(environment, out, err, LogLines.areAskedFor(environment) ? LogLines::error : err::println);
    }

    /** Set by the launcher when the output is a terminal: Java cannot test a single stream. */
    boolean isWatched() {
        return "true".equals(environment.get("EMBEDLAKE_TERMINAL")) && !isLog();
    }

    /** Whether what is said goes to a log, a message a line. */
    boolean isLog() {
        return LogLines.areAskedFor(environment);
    }

    /** Prints progress. */
    void say(String line) {
        if (isLog()) {
            LogLines.say(line);
        } else {
            err.println(line);
        }
    }

    /** Reports an error. */
    void error(String message) {
        errors.accept(message);
    }

    /** Explains a failure and chooses the exit code; only a defect of embedlake leaves a stack trace. */
    int failed(Exception failure) {
        if (failure instanceof EmbedlakeException known) {
            error(known.getMessage());
            return ExitCode.of(known).number();
        }
        error("Internal error: " + failure.getClass().getSimpleName()
                + ". This is a defect of embedlake; what follows helps to find it.");
        LoggerFactory.getLogger(Terminal.class).error("internal error", failure);
        return ExitCode.INTERNAL.number();
    }
}
