package io.embedlake.cli.doctor;

import io.embedlake.spi.ErrorKind;
import java.util.Objects;
import java.util.Optional;

/**
 * What a check found. Immutable.
 *
 * @param status how bad it is
 * @param detail what was found, and what to do about it unless all is well
 * @param kind why it failed; a failure without a kind is a defect of embedlake
 */
public record Finding(Status status, String detail, Optional<ErrorKind> kind) {
    /** How bad a finding is; prints as the command does. */
    public enum Status {
        /** All is well. */
        OK,
        /** A job may run, but not as well as it could. */
        WARNING,
        /** A job will fail. */
        FAILED;

        @Override
        public String toString() {
            return this == FAILED ? name() : name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    public Finding {
        Objects.requireNonNull(status);
        Objects.requireNonNull(detail);
        Objects.requireNonNull(kind);
    }

    static Finding ok(String detail) {
        return new Finding(Status.OK, detail, Optional.empty());
    }

    static Finding warning(String detail) {
        return new Finding(Status.WARNING, detail, Optional.empty());
    }

    static Finding failed(ErrorKind kind, String detail) {
        return new Finding(Status.FAILED, detail, Optional.of(kind));
    }

    static Finding defect(Throwable failure) {
        return new Finding(
                Status.FAILED,
                failure.getClass().getSimpleName() + ": " + failure.getMessage()
                        + ". This is a defect of embedlake, or its class path is not complete.",
                Optional.empty());
    }
}
