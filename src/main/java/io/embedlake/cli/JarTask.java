package io.embedlake.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * The main class for platforms that call it in a JVM of theirs, such as the jar tasks of Databricks: the commands and arguments of {@link Main}, in the
 * Spark session that is running there. It never ends the JVM, and stops only a session that it started. Stateless; tasks may run at the same time.
 */
public final class JarTask {
    private JarTask() {}

    /**
     * Runs a command.
     *
     * @param arguments those of the command line
     * @throws Failure when the command's exit code is not 0
     */
    public static void main(String[] arguments) {
        List<String> errors = new ArrayList<>();
        int exitCode = Main.run(new Terminal(System.getenv(), System.out, System.err, errors::add), arguments);
        if (exitCode != ExitCode.DONE.number()) {
            throw new Failure(exitCode, errors);
        }
    }

    /** A command failed; the message is what the command line prints, and the exit code. Immutable. */
    public static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final int exitCode;

        private Failure(int exitCode, List<String> errors) {
            // Where it was thrown says nothing about a command: no stack trace.
            super(String.join("\n", errors) + " (exit code " + exitCode + ")", null, false, false);
            this.exitCode = exitCode;
        }

        /** How the command ended, as the command line does. */
        public int exitCode() {
            return exitCode;
        }
    }
}
