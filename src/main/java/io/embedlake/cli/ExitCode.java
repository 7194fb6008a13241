package io.embedlake.cli;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.stream.Stream;

/** How a command ends, for schedulers. */
enum ExitCode {
    /** Done. */
    DONE(0),
    /** A defect of embedlake. */
    INTERNAL(1),
    /** Bad usage or a job file that does not fit. */
    USAGE(2),
    /** Finished, but more was rejected than {@code errors.max-rate} allows. */
    REJECTED(3),
    /** Stopped by a quota or budget; the job can be resumed. */
    EXHAUSTED(4),
    /** A table or file cannot be read or written, or the hub cannot be reached. */
    STORAGE(5);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    static ExitCode of(EmbedlakeException failure) {
        return of(failure.kind());
    }

    static ExitCode of(ErrorKind kind) {
        return Stream.of(values())
                .filter(code -> code.number == kind.exitCode())
                .findFirst()
                .orElseThrow();
    }
}
