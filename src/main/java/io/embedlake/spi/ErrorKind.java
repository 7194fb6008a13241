package io.embedlake.spi;

import io.embedlake.annotation.Stable;
import java.util.Arrays;
import java.util.Optional;

/**
 * Decides what happens after an error, and nothing else does.
 *
 * <table>
 *   <caption>Effect of each kind</caption>
 *   <tr><th>kind</th><th>retry</th><th>effect</th></tr>
 *   <tr><td>INVALID_INPUT</td><td>no</td><td>split the batch, find the row, reject it</td></tr>
 *   <tr><td>CONFIGURATION</td><td>no</td><td>the job stops at once and names the key to change</td></tr>
 *   <tr><td>STORAGE</td><td>no</td><td>the job stops: a table or file cannot be read or written</td></tr>
 *   <tr><td>THROTTLED</td><td>yes</td><td>all callers that share the limit wait</td></tr>
 *   <tr><td>TRANSIENT</td><td>yes, bounded</td><td>back off, retry; then reject the rows</td></tr>
 *   <tr><td>EXHAUSTED</td><td>no</td><td>stop cleanly; what is paid for is saved; the run can be resumed</td></tr>
 *   <tr><td>PROTOCOL</td><td>yes, bounded</td><td>bisect, then reject the rows; a doubtful vector is never written</td></tr>
 * </table>
 */
@Stable
public enum ErrorKind {
    /** This text can never be embedded by this embedder. */
    INVALID_INPUT(2),
    /** The job file names something that does not exist, does not fit or is not allowed. */
    CONFIGURATION(2),
    /** A table or file cannot be read or written. */
    STORAGE(5),
    /** A limit was hit; it passes with time. */
    THROTTLED(4),
    /** Something failed that may work when tried again. */
    TRANSIENT(5),
    /** A quota or budget is used up. */
    EXHAUSTED(4),
    /** An answer breaks its contract: count, index, dimension or a non-finite value. */
    PROTOCOL(1);

    private final int exitCode;

    ErrorKind(int exitCode) {
        this.exitCode = exitCode;
    }

    /** What a command that it stops ends with, for schedulers. */
    public int exitCode() {
        return exitCode;
    }

    /** Whether only the affected rows fail, not the job. */
    public boolean concernsRows() {
        return this == INVALID_INPUT || this == PROTOCOL || this == TRANSIENT;
    }

    /** The kind of this name, in any case, if it {@linkplain #concernsRows() concerns rows}. */
    public static Optional<ErrorKind> ofRows(String name) {
        return Arrays.stream(values())
                .filter(ErrorKind::concernsRows)
                .filter(kind -> kind.name().equalsIgnoreCase(name))
                .findFirst();
    }
}
