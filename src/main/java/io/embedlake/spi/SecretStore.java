package io.embedlake.spi;

/**
 * A place where secrets are kept, other than the environment and files. Implementations are stateless, thread-safe and found through
 * {@link java.util.ServiceLoader}.
 */
public interface SecretStore {
    /** What references to its secrets begin with, before the colon. */
    String prefix();

    /**
     * The secret of this name, from wherever this JVM has access.
     *
     * @throws Unavailable when there is none, or no access
     */
    String secret(String name) throws Unavailable;

    /** Why a secret cannot be had; its words hold no secret. */
    final class Unavailable extends Exception {
        private static final long serialVersionUID = 1L;

        private final String remedy;

        /**
         * A reason.
         *
         * @param rule what should be so, without a full stop
         * @param remedy what to do, as a sentence
         */
        public Unavailable(String rule, String remedy, Throwable cause) {
            super(rule, cause);
            this.remedy = remedy;
        }

        /** What to do, as a sentence. */
        public String remedy() {
            return remedy;
        }
    }
}
