package io.embedlake.spark;

import io.embedlake.config.EmbeddingSpec;
import io.embedlake.embed.EmbedderSpec;
import io.embedlake.pipeline.WorkPlan;
import io.embedlake.spark.store.Bill;
import io.embedlake.spark.store.ColumnRecord;
import io.embedlake.spark.store.ReductionRecord;

/**
 * One vector column on its way through a job. Immutable.
 *
 * @param index which of the job's embeddings
 * @param embedding what the job says of it
 * @param spec what makes its vectors
 * @param counts what is there and what is left to do
 */
record JobColumn(int index, EmbeddingSpec embedding, EmbedderSpec spec, WorkPlan.Counts counts) {
    /** The same with a spec that says more. */
    JobColumn with(EmbedderSpec loaded) {
        return new JobColumn(index, embedding, loaded, counts);
    }

    /** How many texts have a vector after their waves: all that were not rejected. */
    long vectors(WaveRunner.Done done) {
        return counts.distinct() - counts.rejected() - done.rejected();
    }

    /** What is to be remembered of it. */
    ColumnRecord record(WaveRunner.Done done, ReductionRecord reduction) {
        return new ColumnRecord(
                embedding.column(),
                spec.label(),
                spec.fingerprint().hash(),
                reduction,
                counts.digest(),
                counts.blank(),
                counts.distinct(),
                vectors(done) - done.embedded(),
                done.embedded(),
                counts.rejected() + done.rejected(),
                done.vectors(),
                done.truncated(),
                done.split(),
                done.tokens(),
                done.unknown(),
                done.time(),
                bill(done.tokens()));
    }

    /** What the tokens cost that were sent, and what those would have cost that were not. */
    private Bill bill(long tokens) {
        double tokensPerCharacter = tokens > 0 && counts.toEmbedCharacters() > 0
                ? (double) tokens / counts.toEmbedCharacters()
                : 1 / Planner.CHARACTERS_PER_TOKEN;
        long saved = Math.round(tokensPerCharacter * (counts.characters() - counts.toEmbedCharacters()));
        WorkPlan.Charge charge = Spending.charge(spec);
        return new Bill(charge.of(tokens), saved, charge.of(saved));
    }
}
