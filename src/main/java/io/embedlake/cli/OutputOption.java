package io.embedlake.cli;

import picocli.CommandLine.Option;

/** How a command prints what it found. Filled by picocli; confined to one thread. */
final class OutputOption {
    private enum Output {
        table,
        json
    }

    @Option(names = "--output", description = "How results are printed: ${COMPLETION-CANDIDATES}.")
    private Output output = Output.table;

    boolean json() {
        return output == Output.json;
    }
}
