package io.embedlake.spark.job;

import io.embedlake.pipeline.WorkPlan;
import io.embedlake.spark.executor.Done;
import io.embedlake.spark.store.ColumnRecord;
import io.embedlake.spark.store.ReductionRecord;
import io.embedlake.spark.store.RunCost;

/**
 * A vector column all of whose texts have a vector or a rejection in the store. Immutable.
 *
 * @param planned what was to be done
 * @param done what this run did
 * @param counts the current counts of the store
 */
record EmbeddedColumn(PlannedColumn planned, Done done, WorkPlan.Counts counts) {
    JobColumn column() {
        return planned.column();
    }

    /** Its record for the log of runs. */
    ColumnRecord record(ReductionRecord reduction) {
        return new ColumnRecord(
                column().name(),
                column().spec().label(),
                column().spec().fingerprint().hash(),
                column().spec().inputs(),
                reduction,
                counts.digest(),
                counts.blank(),
                counts.distinct(),
                counts.embedded() - done.embedded(),
                done.embedded(),
                counts.rejected(),
                done.rejections().byKind(),
                done.vectors(),
                done.truncated(),
                done.split(),
                done.tokens(),
                done.unknown(),
                done.caps().most(),
                done.time(),
                cost());
    }

    /** The cost of the tokens that were sent, and the saved cost of the others. */
    private RunCost cost() {
        WorkPlan.Counts before = planned.counts();
        double tokensPerCharacter = done.tokens() > 0 && before.toEmbedCharacters() > 0
                ? (double) done.tokens() / before.toEmbedCharacters()
                : 1 / Planner.CHARACTERS_PER_TOKEN;
        long saved = Math.round(tokensPerCharacter * (before.characters() - before.toEmbedCharacters()));
        WorkPlan.Charge charge = Spending.charge(column().spec());
        return new RunCost(charge.of(done.tokens()), saved, charge.of(saved));
    }
}
