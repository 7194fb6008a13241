package io.embedlake.pipeline;

import io.embedlake.annotation.Stable;
import io.embedlake.spi.InputKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a job would do. Immutable and printable.
 *
 * @param job the job's name
 * @param source the source table
 * @param target the target table
 * @param store the vector store
 * @param rows the rows of the source that the job is about, and the run would look at
 * @param look which rows these are, and why
 * @param columns the plan of each vector column
 */
@Stable
public record WorkPlan(
        String job, String source, String target, String store, long rows, String look, List<ColumnPlan> columns) {
    public WorkPlan {
        columns = List.copyOf(columns);
    }

    /**
     * What would be done for one vector column.
     *
     * @param column the vector column
     * @param attribute the text to embed
     * @param model the platform and model that make the vectors
     * @param fingerprint everything that changes a vector
     * @param counts rows and texts
     * @param tokens the work in tokens; empty when there is none or it was not counted
     * @param reduction such as {@code pca-64 v1} or {@code pca-64, to be fitted}
     * @param waves how many times the store is committed
     * @param batches how texts go to a provider's batch API; empty where they do not
     * @param charge what tokens cost
     * @param notes what was assumed or chosen for the model, in sentences
     */
    public record ColumnPlan(
            String column,
            String attribute,
            String model,
            String fingerprint,
            InputKind inputs,
            Counts counts,
            Optional<TokenEstimate> tokens,
            String reduction,
            int waves,
            Optional<Batches> batches,
            Charge charge,
            List<String> notes) {
        public ColumnPlan {
            notes = List.copyOf(notes);
        }
    }

    /**
     * How texts go to a provider's batch API. Immutable.
     *
     * @param texts the most texts of a batch
     * @param atOnce the most batches under way
     * @param window the provider's completion window of a batch
     * @param underWay open batches of earlier runs, from the journal
     * @param textsUnderWay their texts
     */
    public record Batches(int texts, int atOnce, Duration window, long underWay, long textsUnderWay) {
        /** The least number of batches for this many texts. */
        public long of(long count) {
            return (count + texts - 1) / texts;
        }
    }

    /**
     * What tokens cost. Immutable.
     *
     * @param usdPerMillionTokens in US dollars; empty where it is unknown
     * @param source the source of the price
     */
    public record Charge(OptionalDouble usdPerMillionTokens, String source) {
        /** Of models that run here. */
        public static final Charge NONE = new Charge(OptionalDouble.of(0), "the model is local");

        /** The cost of this many tokens in US dollars; empty where it is unknown. */
        public OptionalDouble of(long tokens) {
            return usdPerMillionTokens.isPresent()
                    ? OptionalDouble.of(usdPerMillionTokens.getAsDouble() * tokens / 1e6)
                    : OptionalDouble.empty();
        }
    }

    /**
     * How many rows and texts there are. Every row is in exactly one of {@code blank} and {@code withText}, every distinct
     * text in exactly one of {@code embedded}, {@code rejected} and {@code toEmbed}.
     *
     * @param blank rows whose text is null or blank: they get a null vector
     * @param withText rows that have a text
     * @param distinct different texts among them
     * @param embedded texts that the store has already
     * @param rejected texts that an earlier run rejected
     * @param toEmbed texts that are left
     * @param toEmbedCharacters their characters
     * @param characters those of all rows, repeated texts included
     * @param digest identifies what would be published: the pairs of id and text, in any order
     */
    public record Counts(
            long blank,
            long withText,
            long distinct,
            long embedded,
            long rejected,
            long toEmbed,
            long toEmbedCharacters,
            long characters,
            long digest) {
        /** The same after this many of the remaining texts were embedded and rejected. */
        public Counts after(long newlyEmbedded, long newlyRejected) {
            long left = toEmbed - newlyEmbedded - newlyRejected;
            return new Counts(
                    blank,
                    withText,
                    distinct,
                    embedded + newlyEmbedded,
                    rejected + newlyRejected,
                    left,
                    toEmbed == 0 ? 0 : toEmbedCharacters * left / toEmbed,
                    characters,
                    digest);
        }
    }

    /**
     * The texts to embed in tokens, counted on a sample with the model's own tokenizer.
     *
     * @param sampled how many texts were counted
     * @param tokens the tokens of all texts to embed, scaled up from the sample
     * @param truncated the texts that will be cut to the model's limit, scaled up likewise
     * @param split the texts above the model's token limit that will be split into chunks, likewise
     * @param refused the texts that will be rejected because the model cannot take them, likewise
     * @param time how long embedding will take
     * @param measured whether the time comes from an earlier run, rather than from an assumption
     */
    public record TokenEstimate(
            long sampled, long tokens, long truncated, long split, long refused, Duration time, boolean measured) {}
}
