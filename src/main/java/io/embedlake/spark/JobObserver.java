package io.embedlake.spark;

import io.embedlake.pipeline.WorkPlan;

/** Hears how a job gets on. Called from the job's thread and, for {@link #progress}, from a thread of its own. */
public interface JobObserver {
    /** The plan is made; work begins. */
    void planned(WorkPlan plan);

    /** A step begins that takes a while. */
    void phase(String what);

    /** How far the embedding of a column has got; about once a second. */
    void progress(Progress progress);
}
