package io.embedlake;

import io.embedlake.spark.store.RunRecord;

/** Reports of runs that never were. Stateless. */
public final class Reports {
    private Reports() {}

    public static RunReport of(RunRecord run, double maxErrorRate) {
        return new RunReport(run, maxErrorRate);
    }
}
