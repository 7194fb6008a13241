package io.embedlake.cli.doctor;

import io.embedlake.spi.ErrorKind;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What was found on an executor, as it travels to the driver. Immutable.
 *
 * @param executor Spark's name for it
 * @param host where it runs
 * @param beganMillis when it began to look, by its clock
 * @param endedMillis when it was done, by its clock
 * @param lines what it found
 */
record ExecutorAnswer(String executor, String host, long beganMillis, long endedMillis, List<Line> lines)
        implements Serializable {
    ExecutorAnswer {
        lines = List.copyOf(lines);
    }

    /**
     * A finding by name; Java does not send a kind that may be missing. Immutable.
     *
     * @param kind the name of the kind; empty where there is none
     */
    record Line(String check, Finding.Status status, String detail, String kind) implements Serializable {
        static Line of(String check, Finding finding) {
            return new Line(
                    check,
                    finding.status(),
                    finding.detail(),
                    finding.kind().map(ErrorKind::name).orElse(""));
        }

        Finding finding() {
            return new Finding(
                    status,
                    detail,
                    Optional.of(kind).filter(name -> !name.isEmpty()).map(ErrorKind::valueOf));
        }
    }

    /** What a check found; empty where it was not made. */
    String detail(String check) {
        return lines.stream()
                .filter(line -> line.check().equals(check))
                .map(Line::detail)
                .findFirst()
                .orElse("");
    }

    /** The same with one more finding. */
    ExecutorAnswer with(Line line) {
        return new ExecutorAnswer(
                executor,
                host,
                beganMillis,
                endedMillis,
                Stream.concat(lines.stream(), Stream.of(line)).toList());
    }
}
