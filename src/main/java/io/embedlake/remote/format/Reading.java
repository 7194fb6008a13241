package io.embedlake.remote.format;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** What a reply means: vectors for all texts of its call, or a fault. There is no third case. */
public sealed interface Reading {
    /** The same, but a fault where vectors have another length than this. */
    default Reading ofLength(OptionalInt expected) {
        return this;
    }

    /**
     * Vectors that passed every check: one for each text, in order, of one length, finite.
     *
     * @param vectors {@code [dimension]} each, in the order of the call's texts
     * @param tokens what the server charged for, if reported
     * @param cut the positions of the texts that the server reports as truncated; few servers report it
     */
    record Answer(List<float[]> vectors, OptionalLong tokens, Set<Integer> cut) implements Reading {
        public Answer {
            vectors = List.copyOf(vectors);
            Objects.requireNonNull(tokens);
            cut = Set.copyOf(cut);
        }

        @Override
        public Reading ofLength(OptionalInt expected) {
            int length = vectors.get(0).length;
            return length == expected.orElse(length)
                    ? this
                    : Fault.of(
                            Cause.OTHER_LENGTH, "vectors of " + length + " values instead of " + expected.getAsInt());
        }

        /** An answer of a server that does not say whether it has cut a text. */
        public Answer(List<float[]> vectors, OptionalLong tokens) {
            this(vectors, tokens, Set.of());
        }
    }

    /**
     * Why there are no vectors.
     *
     * @param cause the kind of fault, which decides the reaction
     * @param reason for messages: the provider's words where they hold no text of a user and no secret, shortened
     * @param delay the wait that the server requests, the longest of its hints
     * @param text the position of the offending text in the call, if the server names it
     * @param cap the limit that was exceeded, if the server names it
     * @param exceeded what the limit counts, if known; a cap without it means items of a call, or tokens of a text, as the cause says
     */
    record Fault(
            Cause cause,
            String reason,
            Optional<Duration> delay,
            OptionalInt text,
            OptionalInt cap,
            Optional<Budgets.Part> exceeded)
            implements Reading {
        public Fault {
            Objects.requireNonNull(cause);
            Objects.requireNonNull(reason);
            Objects.requireNonNull(delay);
            Objects.requireNonNull(text);
            Objects.requireNonNull(cap);
            Objects.requireNonNull(exceeded);
        }

        /** A fault that does not say which budget was exceeded, or is not about one. */
        public Fault(Cause cause, String reason, Optional<Duration> delay, OptionalInt text, OptionalInt cap) {
            this(cause, reason, delay, text, cap, Optional.empty());
        }

        /** The same fault, due to the size of the call. */
        public Fault asTooBig(Budgets.Part part) {
            return new Fault(
                    Cause.CALL_TOO_BIG,
                    reason,
                    Optional.empty(),
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    Optional.of(part));
        }

        /** A fault about which the server says no more. */
        public static Fault of(Cause cause, String reason) {
            return new Fault(cause, reason, Optional.empty(), OptionalInt.empty(), OptionalInt.empty());
        }
    }
}
