package io.embedlake.remote.format;

import io.embedlake.spi.ErrorKind;

/** The cause of a fault, by status, code and message together; each has one reaction. */
public enum Cause {
    /** A reply with a status of success and unusable content: an error, a wrong count, index, length or value. Retried, then bisected. */
    WRONG_ANSWER(ErrorKind.PROTOCOL),
    /** Vectors of another length than the model's. Retried; the job stops when every call gets such. */
    OTHER_LENGTH(ErrorKind.PROTOCOL),
    /** The key is wrong, expired or lacks rights. Refreshed once where it can be, else the job stops. */
    AUTHORISATION(ErrorKind.CONFIGURATION),
    /** The provider was not reached: a proxy answered, or a certificate is not trusted. The job stops. */
    BARRED(ErrorKind.CONFIGURATION),
    /** The API is at another address. The job stops, unless the address is of the same host. */
    MOVED(ErrorKind.CONFIGURATION),
    /** There is no such model, deployment or path. The job stops. */
    NOT_FOUND(ErrorKind.CONFIGURATION),
    /** The account has no more money or quota, or would have to wait too long. The job stops and can be resumed. */
    QUOTA(ErrorKind.EXHAUSTED),
    /** Too fast. All senders that share the limit wait. */
    RATE(ErrorKind.THROTTLED),
    /** The call as a whole is too big. Split in two, and the limit is recorded; does not count as an attempt. */
    CALL_TOO_BIG(ErrorKind.INVALID_INPUT),
    /** One text is too long. Bisected to the row. */
    TEXT_TOO_LONG(ErrorKind.INVALID_INPUT),
    /** One text is refused. Bisected to the row. */
    BAD_TEXT(ErrorKind.INVALID_INPUT),
    /** An option is refused: the same for every text. The job stops. */
    BAD_OPTION(ErrorKind.CONFIGURATION),
    /** It may work when tried again; where other calls pass, it is bisected to the row. */
    TRANSIENT(ErrorKind.TRANSIENT),
    /** The model is being loaded: tried again, for minutes. */
    LOADING(ErrorKind.TRANSIENT);

    private final ErrorKind kind;

    Cause(ErrorKind kind) {
        this.kind = kind;
    }

    /** Whether vectors came that may have been charged and cannot be used. */
    public boolean isBroken() {
        return this == WRONG_ANSWER || this == OTHER_LENGTH;
    }

    /** Its effect on a row or a job when retries fail. */
    public ErrorKind kind() {
        return kind;
    }
}
